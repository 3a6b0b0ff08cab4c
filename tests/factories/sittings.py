"""Sittings for tests: planned an hour ago by an officer, open now, for an exam that is held in sittings."""

from datetime import datetime, timedelta
from typing import Any

from app import clock, transaction
from app.accounts.models import Person
from app.extensions import db
from assessments.exams.models import Exam
from assessments.sittings import planning, queries, seating
from assessments.sittings.models import Seat, Sitting
from assessments.sittings.planning import Plan
from tests.factories.assessments import exam_of, singles
from tests.factories.people import PersonFactory


def sat_exam(**changes: Any) -> Exam:
    """An exam of four questions that is held in sittings."""
    return exam_of(singles(4), **({"needs_sitting": True, "supervision": "supervised", "course_code": ""} | changes))


def sitting_of(
    exam: Exam | None = None,
    officer: Person | None = None,
    *,
    is_open: bool = True,
    now: datetime | None = None,
    **plan: Any,
) -> Sitting:
    """A sitting of the exam from now on for three hours; its doors are open unless told otherwise."""
    now = now or clock.now()
    officer = officer or PersonFactory(holding=["officer"])
    values = {
        "title": "December sitting",
        "supervision": "supervised",
        "opens_at": now,
        "closes_at": now + timedelta(hours=3),
        "needs_code": False,
    }
    sitting = planning.plan_sitting(exam or sat_exam(), Plan(**(values | plan)), officer.public_id, now)
    db.session.flush()
    if is_open:
        planning.open_doors(sitting, officer.public_id, now)
    transaction.commit()
    return sitting


def seat_for(sitting: Sitting, person: Person, label: str = "", now: datetime | None = None) -> Seat:
    """A seat of this person in the sitting."""
    found = queries.get_watched(sitting.public_id, lock=True)
    seat = seating.seat(found, person, label, "officer-of-tests", now or clock.now())
    transaction.commit()
    return seat


def invigilator_of(sitting: Sitting, **changes: Any) -> Person:
    """A member who watches the sitting."""
    person = PersonFactory(**({"name": "Ivo Invigilator"} | changes))
    planning.name_invigilator(
        queries.get_sitting(sitting.public_id, lock=True), person, "officer-of-tests", clock.now()
    )
    transaction.commit()
    return person
