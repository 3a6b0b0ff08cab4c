"""What exams hold of a person: attempts and answers, and further attempts allowed.

A copy says what was answered, not what was asked, for questions are confidential, nor what was right.
"""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, delete, func, null, or_, select, update
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Person
from app.extensions import db
from app.privacy.personal import Personal, pick
from assessments.exams import file_keeping
from assessments.exams.models import Attempt, AttemptAllowance, AttemptItem, Exam, ItemReport, ItemResponse
from assessments.exams.rules import AttemptState
from assessments.results.models import Result
from assessments.results.personal import forget_answers

OVER = (AttemptState.RELEASED, AttemptState.EXPIRED, AttemptState.ABSENT, AttemptState.VOIDED)
PASSED = "pass"


def _export(person: Person) -> dict[str, Any]:
    statement = select(Attempt).where(Attempt.person_id == person.id).order_by(Attempt.started_at)
    attempts = db.session.scalars(statement.options(joinedload(Attempt.exam), selectinload(Attempt.items))).all()
    allowed = select(AttemptAllowance, Exam.code).join(Exam).where(AttemptAllowance.person_id == person.id)
    return {
        "attempts": [_attempt(attempt) for attempt in attempts],
        "attempts_allowed": [
            pick(row, "reason", "granted_at") | {"exam": code} for row, code in db.session.execute(allowed)
        ],
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    names = ("public_id", "number", "started_at", "deadline_at", "submitted_at", "released_at", "declared_name")
    reports = (
        select(AttemptItem.position, ItemReport.text, ItemReport.made_at)
        .join_from(ItemReport, AttemptItem)
        .where(AttemptItem.attempt_id == attempt.id)
    )
    return pick(attempt, *names, "supervision") | {
        "exam": attempt.exam.code,
        "answers": [pick(item, "position", "response", "answered_at", "flagged") for item in attempt.items],
        "reports": [dict(row._mapping) for row in db.session.execute(reports)],
    }


def _obstacles(person: Person) -> list[str]:
    live = select(Attempt.id).where(Attempt.person_id == person.id, Attempt.state.not_in(OVER)).limit(1)
    if db.session.scalar(live) is None:
        return []
    return [_("An attempt at an exam is under way, or its result is not released yet. Wait until it is.")]


def _subjects(person: Person) -> list[str]:
    return list(db.session.scalars(select(Attempt.public_id).where(Attempt.person_id == person.id)))


def _erase(person: Person, now: datetime) -> None:
    """Attempts stay as numbers and points, of nobody; the statistics of questions rest on them."""
    _empty(select(Attempt.id).where(Attempt.person_id == person.id))
    attempts = update(Attempt).where(Attempt.person_id == person.id)
    db.session.execute(attempts.values(declared_name="", writer_token_hash=""))
    db.session.execute(delete(AttemptAllowance).where(AttemptAllowance.person_id == person.id))


def forget_failed(before: datetime) -> None:
    """Empty the answers of attempts that did not pass, released before a moment, and of voided ones of that age."""
    failed = and_(Result.outcome != PASSED, Result.released_at < before, Result.superseded_at.is_(None))
    ended = func.coalesce(Attempt.submitted_at, Attempt.started_at)
    voided = and_(Attempt.state == AttemptState.VOIDED, ended < before)
    old = (
        select(Attempt.id).outerjoin(Result, Result.attempt_id == Attempt.id).where(or_(failed, voided), _is_answered())
    )
    attempts = list(db.session.scalars(old))
    if attempts:
        _empty(select(Attempt.id).where(Attempt.id.in_(attempts)))


def _is_answered() -> ColumnElement[bool]:
    items = select(AttemptItem.id).where(AttemptItem.attempt_id == Attempt.id, AttemptItem.answered_at.is_not(None))
    return items.exists()


def _empty(attempts: Select[int]) -> None:
    items = select(AttemptItem.id).where(AttemptItem.attempt_id.in_(attempts))
    for table in (ItemResponse, ItemReport):
        db.session.execute(delete(table).where(table.attempt_item_id.in_(items)))
    file_keeping.forget(items)
    emptied = update(AttemptItem).where(AttemptItem.attempt_id.in_(attempts))
    db.session.execute(emptied.values(response=null(), answered_at=None))
    forget_answers(attempts)


PERSONAL = Personal(
    name="exams",
    export=_export,
    erase=_erase,
    files=file_keeping.named_files,
    obstacles=_obstacles,
    subjects=_subjects,
)
