"""Reading exams and attempts. An attempt is only ever found together with the person it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, select
from sqlalchemy.orm import contains_eager, load_only, selectinload

from app import rows
from app.errors import Missing
from app.extensions import db
from assessments.exams.delivery import KEY as DELIVERY
from assessments.exams.item_marks import agreed_marks
from assessments.exams.models import (
    Attempt,
    AttemptAllowance,
    AttemptItem,
    Exam,
)
from assessments.exams.place import Place
from assessments.exams.rules import (
    BEFORE_START,
    RUNNING,
    AttemptPolicy,
    AttemptState,
    PastAttempt,
    Permit,
    Reason,
    after_lessons,
    may_start,
    within_window,
)
from assessments.grading.kinds.realising import realise
from assessments.grading.kinds.registry import is_marked_by_hand
from assessments.grading.scoring import ItemInput
from assessments.items.models import Item, ItemVersion
from assessments.results.counting import counted_since
from assessments.results.models import Result
from courses.queries import unfinished_modules

MOST_QUESTIONS = 1_000


def get_exam(code: str) -> Exam:
    """The exam of this code. Raises Missing."""
    exam = find_exam(code)
    if exam is None:
        raise Missing
    return exam


def find_exam(code: str) -> Exam | None:
    """The exam of this code, or None."""
    return db.session.scalars(select(Exam).where(Exam.code == code)).first()


def list_exams(course_code: str = "") -> Sequence[Exam]:
    """Every exam, or those of one course, by code."""
    statement = select(Exam).order_by(Exam.code)
    return db.session.scalars(statement.where(Exam.course_code == course_code) if course_code else statement).all()


def policy_of(exam: Exam) -> AttemptPolicy:
    """How often the exam may be sat, and with which waits."""
    return AttemptPolicy(exam.attempts, tuple(exam.waits))


def get_attempt(public_id: str, person_id: int) -> Attempt:
    """An attempt of this person. Raises Missing, also for those of others."""
    attempt = db.session.scalars(_attempt(), {"public_id": public_id, "person_id": person_id}).first()
    if attempt is None:
        raise Missing
    return attempt


@cache
def _attempt() -> Select[Attempt]:
    return select(Attempt).where(
        Attempt.public_id == bindparam("public_id"), Attempt.person_id == bindparam("person_id")
    )


def find_live(person_id: int, exam_id: int) -> Attempt | None:
    """The attempt of a person at an exam that runs, stands still or waits in a sitting, or None."""
    return db.session.scalars(_live(), {"person_id": person_id, "exam_id": exam_id}).first()


@cache
def _live() -> Select[Attempt]:
    return select(Attempt).where(
        Attempt.person_id == bindparam("person_id"),
        Attempt.exam_id == bindparam("exam_id"),
        Attempt.state.in_(sorted(BEFORE_START | RUNNING)),
    )


def get_start(code: str, person_id: int) -> tuple[Exam, Attempt | None]:
    """The exam of this code with the person's attempt as in find_live, in one statement. Raises Missing."""
    row = db.session.execute(_start(), {"code": code, "person_id": person_id}).first()
    if row is None:
        raise Missing
    return row[0], row[1]


@cache
def _start() -> Select[Exam, Attempt]:
    own = and_(
        Attempt.exam_id == Exam.id,
        Attempt.person_id == bindparam("person_id"),
        Attempt.state.in_(sorted(BEFORE_START | RUNNING)),
    )
    return select(Exam, Attempt).outerjoin(Attempt, own).where(Exam.code == bindparam("code"))


def get_latest(person_id: int, exam_id: int) -> Attempt:
    """The latest attempt of a person at an exam. Raises Missing."""
    statement = select(Attempt).where(Attempt.person_id == person_id, Attempt.exam_id == exam_id)
    attempt = db.session.scalars(statement.order_by(Attempt.number.desc())).first()
    if attempt is None:
        raise Missing
    return attempt


def past_attempts(person_id: int, exam_id: int) -> list[PastAttempt]:
    """The attempts of a person at an exam as the rules see them, the first one first."""
    statement = (
        select(Attempt.state, Attempt.released_at, Result.outcome)
        .outerjoin(
            Result,
            (Result.attempt_id == Attempt.id) & Result.released_at.is_not(None) & Result.superseded_at.is_(None),
        )
        .where(Attempt.person_id == person_id, Attempt.exam_id == exam_id)
        .order_by(Attempt.number)
    )
    return [
        PastAttempt(AttemptState(state), released_at, outcome == "pass")
        for state, released_at, outcome in db.session.execute(statement)
    ]


def last_number(person_id: int, exam_id: int) -> int:
    """The number of the latest attempt, 0 before the first."""
    statement = select(func.max(Attempt.number)).where(Attempt.person_id == person_id, Attempt.exam_id == exam_id)
    return db.session.scalar(statement) or 0


def count_allowances(person_id: int, exam_id: int) -> int:
    """How many further attempts officers have allowed this person."""
    statement = select(func.count()).where(AttemptAllowance.person_id == person_id, AttemptAllowance.exam_id == exam_id)
    return db.session.scalar(statement) or 0


def seen_codes(person_id: int, exam_id: int, last: int | None = None) -> set[str]:
    """Codes of the items this person has been asked in the `last` attempts at the exam, in all of them if None."""
    given = {"person_id": person_id, "exam_id": exam_id, "last": MOST_QUESTIONS if last is None else last}
    return set(rows.run(_seen(), given).scalars())


@cache
def _seen() -> Select[Any]:
    tries, asked = Attempt.__table__.c, AttemptItem.__table__.c
    own = (tries.person_id == bindparam("person_id"), tries.exam_id == bindparam("exam_id"))
    newest = select(tries.id).where(*own).order_by(tries.number.desc()).limit(bindparam("last"))
    return (
        select(Item.__table__.c.code)
        .select_from(AttemptItem.__table__)
        .join(ItemVersion.__table__, ItemVersion.__table__.c.id == asked.item_version_id)
        .join(Item.__table__, Item.__table__.c.id == ItemVersion.__table__.c.item_id)
        .where(asked.attempt_id.in_(newest))
    )


@dataclass(frozen=True, slots=True)
class Cell:
    """A question in the grid: where it is, whether it is answered and flagged, and when its answer came."""

    position: int
    is_answered: bool
    is_flagged: bool
    answered_at: datetime | None = None
    section: int = 0
    is_left: bool = False


def list_cells(attempt_id: int) -> list[Cell]:
    """Every question of an attempt in its place, without its text."""
    found = rows.run(_cells(), {"attempt_id": attempt_id})
    return [
        Cell(position, bool(answered), bool(flagged), at, section, left is not None)
        for position, answered, flagged, at, section, left in found
    ]


@cache
def _cells() -> Select[Any]:
    asked = AttemptItem.__table__.c
    return (
        select(
            asked.position, asked.response.is_not(None), asked.flagged, asked.answered_at, asked.section, asked.left_at
        )
        .where(asked.attempt_id == bindparam("attempt_id"))
        .order_by(asked.position)
    )


def _check_place(position: int) -> None:
    """Numbers that no attempt has never reach the database. Raises Missing."""
    if not 1 <= position <= MOST_QUESTIONS:
        raise Missing


def get_question(attempt_id: int, position: int) -> AttemptItem:
    """One question of an attempt with the version it asks. Raises Missing."""
    _check_place(position)
    question = db.session.scalars(_question(), {"attempt_id": attempt_id, "position": position}).first()
    if question is None:
        raise Missing
    return question


@cache
def _question() -> Select[AttemptItem]:
    return (
        select(AttemptItem)
        .join(AttemptItem.item_version)
        .outerjoin(ItemVersion.stimulus)
        .options(contains_eager(AttemptItem.item_version).contains_eager(ItemVersion.stimulus))
        .where(AttemptItem.attempt_id == bindparam("attempt_id"), AttemptItem.position == bindparam("position"))
    )


def get_version(version_id: int) -> ItemVersion:
    """A version with the case it is asked about, for a look as a learner. Raises Missing."""
    statement = select(ItemVersion).outerjoin(ItemVersion.stimulus).options(contains_eager(ItemVersion.stimulus))
    version = db.session.scalars(statement.where(ItemVersion.id == version_id)).first()
    if version is None:
        raise Missing
    return version


def get_for_writing(public_id: str, person_id: int, position: int) -> Place:
    """One question of an attempt, read so that the attempt cannot be closed before this transaction ends.

    Answers of one attempt may be written side by side; closing waits for them, and they for it. Raises Missing.
    """
    _check_place(position)
    given = {"public_id": public_id, "person_id": person_id, "position": position}
    row = rows.run(_for_writing(), given).first()
    if row is None:
        raise Missing
    place = Place(*row)
    return replace(place, content=realise(place.content, place.order))


_attempts, _questions, _versions = (model.__table__ for model in (Attempt, AttemptItem, ItemVersion))


@cache
def _for_writing() -> Select[Any]:
    attempt, question = _attempts.c, _questions.c
    return (
        select(
            attempt.public_id,
            attempt.state,
            attempt.started_at,
            attempt.deadline_at,
            attempt.writer_token_hash,
            attempt.exam_snapshot[DELIVERY],
            attempt.section,
            attempt.section_started_at,
            question.id,
            question.position,
            question.section,
            question.left_at,
            _versions.c.content,
            question.order,
            question.response,
            question.response_seq,
            question.answered_at,
        )
        .select_from(_attempts)
        .join(_questions, question.attempt_id == attempt.id)
        .join(_versions, _versions.c.id == question.item_version_id)
        .where(attempt.public_id == bindparam("public_id"), attempt.person_id == bindparam("person_id"))
        .where(question.position == bindparam("position"))
        .with_for_update(read=True, of=_attempts)
    )


def stored_answer(row_id: int) -> tuple[Any, int, datetime | None]:
    """The answer to a question as it stands now, its sequence number, and when it came."""
    question = _questions.c
    stored = select(question.response, question.response_seq, question.answered_at).where(question.id == row_id)
    response, seq, at = rows.run(stored).one()
    return response, seq, at


@dataclass(frozen=True, slots=True)
class Answered:
    """A question of a closed attempt: its row, what the engine scores, and when the answer came."""

    row_id: int
    scored: ItemInput
    answered_at: datetime | None
    is_public: bool


def list_answered(attempt_id: int) -> list[Answered]:
    """Every question of an attempt that scores, with its answer, in order; with its mark where people have given one."""
    found = db.session.execute(_answered(), {"attempt_id": attempt_id}).all()
    marks = agreed_marks([row.id for row in found if is_marked_by_hand(row.content)])
    return [
        Answered(
            row_id, ItemInput(code, topic, realise(content, order), response, marks.get(row_id)), answered_at, is_public
        )
        for row_id, code, topic, content, order, response, answered_at, is_public in found
    ]


@cache
def _answered() -> Select[Any]:
    return (
        select(
            AttemptItem.id,
            Item.code,
            ItemVersion.topic,
            ItemVersion.content,
            AttemptItem.order,
            AttemptItem.response,
            AttemptItem.answered_at,
            Item.is_public,
        )
        .join(ItemVersion, ItemVersion.id == AttemptItem.item_version_id)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(AttemptItem.attempt_id == bindparam("attempt_id"), AttemptItem.is_pilot.is_(False))
        .order_by(AttemptItem.position)
    )


def list_attempts(person_id: int, exam_id: int | None = None) -> Sequence[Attempt]:
    """The attempts that a person has begun, the latest first, each with its exam."""
    statement = (
        select(Attempt)
        .options(selectinload(Attempt.exam).options(load_only(Exam.code, Exam.title)))
        .where(Attempt.person_id == person_id)
        .where(Attempt.started_at.is_not(None))
        .order_by(Attempt.started_at.desc())
    )
    return db.session.scalars(statement.where(Attempt.exam_id == exam_id) if exam_id else statement).all()


def permit_for(person_id: int, exam: Exam, now: datetime) -> Permit:
    """Whether the person may start the exam now, why, and from when."""
    permit = within_window(seat_permit(person_id, exam, now), exam.opens_at, exam.closes_at, exam.needs_sitting, now)
    return after_lessons(permit, _unread(person_id, exam)) if permit.reason is Reason.FREE else permit


def seat_permit(person_id: int, exam: Exam, at: datetime) -> Permit:
    """Whether attempts and waits would let the person sit the exam at that moment, whatever its window.

    Where what was passed counts no more, attempts of before that moment are none (assessments.results.counting).
    """
    past, allowed = past_attempts(person_id, exam.id), count_allowances(person_id, exam.id)
    permit = may_start(policy_of(exam), past, allowed, at)
    since = counted_since(person_id, exam.code, at) if permit.reason is Reason.PASSED else None
    if since is None:
        return permit
    fresh = [attempt for attempt in past if attempt.released_at is None or attempt.released_at >= since]
    return may_start(policy_of(exam), fresh, allowed, at)


def _unread(person_id: int, exam: Exam) -> list[str]:
    """The modules of the exam's course that the person has not read; none for an exam that belongs to no course."""
    try:
        return unfinished_modules(person_id, exam.course_code)
    except Missing:
        return []
