"""What exams and practicals lay on the officers' desk: results to release, candidates who have used every attempt."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from app.extensions import db
from app.office.queries import Waiting
from assessments.exams import office_queries
from assessments.results.models import Result


def waiting(now: datetime) -> list[Waiting]:
    """Marked practicals whose result nobody has released, and exams that ask for a decision; one line a kind."""
    return [*_to_release(), *_out_of_attempts()]


def _to_release() -> list[Waiting]:
    unreleased = (Result.kind == "practical", Result.released_at.is_(None), Result.superseded_at.is_(None))
    number = db.session.scalar(select(func.count()).select_from(Result).where(*unreleased)) or 0
    if not number:
        return []
    title = ngettext("%(num)d result waits for its release", "%(num)d results wait for their release", number)
    return [Waiting(title, _("The candidates hear nothing before."), _("Open results"), "/office/results")]


def _out_of_attempts() -> list[Waiting]:
    number = len(office_queries.list_out_of_attempts())
    if not number:
        return []
    title = ngettext("%(num)d candidate has no attempt left", "%(num)d candidates have no attempt left", number)
    return [Waiting(title, _("An officer decides on another one."), _("Open exams"), "/office/exams")]
