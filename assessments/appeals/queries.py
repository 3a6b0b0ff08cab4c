"""Reading appeals: those of a person, those that wait, those assigned to a reviewer."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models import Person, RoleGrant
from app.accounts.queries import held_at
from app.body.queries import get_body
from app.errors import Missing
from app.extensions import db
from app.policy import Role
from assessments.appeals import rules
from assessments.appeals.independence import Part, parts_of
from assessments.appeals.models import Appeal
from assessments.appeals.record import people_behind
from assessments.exams.models import Attempt, Exam
from assessments.results.models import Result


def deadline_of(result: Result) -> datetime:
    """Until when an appeal against a released result can be made; a correction begins the time anew."""
    exam = db.session.scalars(
        select(Exam).join(Attempt, Attempt.exam_id == Exam.id).where(Attempt.id == result.attempt_id)
    ).first()
    known_at = max(result.finalised_at, result.released_at or result.finalised_at)
    days = rules.PRACTICAL_DAYS if exam is None else exam.appeal_days
    return rules.deadline(known_at, days, ZoneInfo(get_body().zone))


def find_latest(result: Result) -> Appeal | None:
    """The latest appeal against a result, or None."""
    statement = select(Appeal).where(Appeal.result_id == result.id).order_by(Appeal.id.desc())
    return db.session.scalars(statement).first()


def list_own(person_id: int) -> Sequence[Appeal]:
    """The appeals of a person, the newest first."""
    statement = select(Appeal).where(Appeal.person_id == person_id).options(joinedload(Appeal.result))
    return db.session.scalars(statement.order_by(Appeal.id.desc())).all()


def list_open() -> Sequence[Appeal]:
    """Appeals without an answer, what is due first."""
    statement = select(Appeal).where(Appeal.state.in_(rules.OPEN)).options(joinedload(Appeal.result))
    return db.session.scalars(statement.order_by(Appeal.due_at, Appeal.id)).all()


def list_closed(most: int = 100) -> Sequence[Appeal]:
    """Appeals that have ended, the latest first."""
    statement = select(Appeal).where(Appeal.state.not_in(rules.OPEN)).options(joinedload(Appeal.result))
    return db.session.scalars(statement.order_by(Appeal.decided_at.desc(), Appeal.id.desc()).limit(most)).all()


def list_assigned(reviewer: str) -> Sequence[Appeal]:
    """What this person (public id) was asked to decide, what is due first."""
    statement = select(Appeal).where(Appeal.reviewer == reviewer).options(joinedload(Appeal.result))
    return db.session.scalars(statement.order_by(Appeal.state != "in_review", Appeal.due_at)).all()


def get_appeal(public_id: str, *, lock: bool = False) -> Appeal:
    """An appeal with its result. Raises Missing."""
    statement = select(Appeal).where(Appeal.public_id == public_id).options(joinedload(Appeal.result, innerjoin=True))
    if lock:
        statement = statement.with_for_update(of=Appeal).execution_options(populate_existing=True)
    found = db.session.scalars(statement).first()
    if found is None:
        raise Missing
    return found


def list_reviewers(appeal: Appeal, now: datetime) -> list[tuple[Person, tuple[Part, ...]]]:
    """Everybody who holds a role that may decide appeals, each with the parts they had; those without any first."""
    holders = select(RoleGrant.person_id).where(
        or_(RoleGrant.role == Role.OFFICER, RoleGrant.role == Role.ASSESSOR), held_at(now)
    )
    people = db.session.scalars(
        select(Person).where(Person.id.in_(holders), Person.closed_at.is_(None)).order_by(Person.name)
    ).all()
    behind = people_behind(appeal.result)
    return sorted([(person, parts_of(person.public_id, behind)) for person in people], key=lambda pair: bool(pair[1]))
