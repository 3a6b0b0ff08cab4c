"""What sittings hold of a person: seats, sittings watched, and incidents about their attempts."""

from datetime import datetime
from typing import Any

from sqlalchemy import null, select, update

from app.accounts.models import Person
from app.extensions import db
from app.privacy.personal import Personal, pick
from assessments.exams.models import Attempt
from assessments.sittings import queries
from assessments.sittings.models import Incident, Seat


def _export(person: Person) -> dict[str, Any]:
    return {
        "seats": [
            pick(sitting, "title", "place", "opens_at", "closes_at", "supervision")
            | pick(seat, "label", "made_at")
            | {"exam": sitting.exam.code}
            for sitting, seat in queries.list_own(person.id)
        ],
        "watched": [pick(sitting, "title", "opens_at", "closes_at") for sitting in queries.list_watched_by(person.id)],
        "incidents": [pick(row, "kind", "at", "decision", "decision_note", "data") for row in _incidents(person)],
    }


def _incidents(person: Person) -> list[Incident]:
    statement = select(Incident).join(Attempt, Attempt.id == Incident.attempt_id)
    return list(db.session.scalars(statement.where(Attempt.person_id == person.id).order_by(Incident.id)))


def _subjects(person: Person) -> list[str]:
    seats = db.session.scalars(select(Seat.public_id).where(Seat.person_id == person.id))
    return [*seats, *(row.public_id for row in _incidents(person))]


def _erase(person: Person, now: datetime) -> None:
    """Seats and incidents stay as numbers, of nobody; words and addresses go."""
    db.session.execute(update(Seat).where(Seat.person_id == person.id).values(label=""))
    own = select(Attempt.id).where(Attempt.person_id == person.id)
    about = update(Incident).where(Incident.attempt_id.in_(own))
    db.session.execute(about.values(text="", decision_note="", data=null()))


PERSONAL = Personal(name="sittings", export=_export, erase=_erase, subjects=_subjects)
