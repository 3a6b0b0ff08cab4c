"""Results wait while an incident that concerns them, and holds the release, has not been decided."""

from flask_babel import ngettext
from sqlalchemy import func, or_, select

from app.extensions import db
from assessments.exams.models import Attempt
from assessments.results.models import Result
from assessments.sittings.models import Incident, Sitting


def open_incidents(attempt_id: int) -> str | None:
    """A sentence for officers while undecided incidents of the attempt, or of its whole sitting, hold the release."""
    whole = (
        select(Sitting.id)
        .join(Attempt, Attempt.sitting == Sitting.public_id)
        .where(Attempt.id == attempt_id)
        .scalar_subquery()
    )
    concerns = or_(Incident.attempt_id == attempt_id, (Incident.attempt_id.is_(None)) & (Incident.sitting_id == whole))
    waiting = (concerns, Incident.holds_release.is_(True), Incident.decision == "")
    number = db.session.scalar(select(func.count()).select_from(Incident).where(*waiting)) or 0
    if not number:
        return None
    return ngettext("%(num)s incident waits for a decision.", "%(num)s incidents wait for a decision.", number)


def hold(result: Result) -> str | None:
    """The hold of results (assessments.results.holds)."""
    return None if result.attempt_id is None else open_incidents(result.attempt_id)
