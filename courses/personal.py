"""What courses hold of a person: where they enrolled, and the lessons they read."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from app.accounts.models import Person
from app.extensions import db
from app.privacy.personal import Personal, pick
from courses.models import Enrolment, LessonProgress


def _export(person: Person) -> list[dict[str, Any]]:
    statement = select(Enrolment).where(Enrolment.person_id == person.id).order_by(Enrolment.id)
    found = db.session.scalars(statement.options(joinedload(Enrolment.course), joinedload(Enrolment.edition))).all()
    return [
        {
            "course": row.course.code,
            "edition": row.edition.edition,
            "enrolled_at": row.enrolled_at,
            "lessons": _lessons(row.id),
        }
        for row in found
    ]


def _lessons(enrolment_id: int) -> list[dict[str, Any]]:
    statement = select(LessonProgress).where(LessonProgress.enrolment_id == enrolment_id).order_by(LessonProgress.id)
    names = ("lesson_code", "first_opened_at", "last_opened_at", "done_at", "position")
    return [pick(row, *names) for row in db.session.scalars(statement)]


def _erase(person: Person, now: datetime) -> None:
    enrolled = select(Enrolment.id).where(Enrolment.person_id == person.id)
    db.session.execute(delete(LessonProgress).where(LessonProgress.enrolment_id.in_(enrolled)))
    db.session.execute(delete(Enrolment).where(Enrolment.person_id == person.id))


PERSONAL = Personal(name="courses", export=_export, erase=_erase)
