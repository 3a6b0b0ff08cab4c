"""Acts of supervision on one attempt: schedule, authorise, pause, extend, void. Each is one step with actor and reason.

Every act is a compare-and-set move (moves.py), leaves a line in the attempt's history and one in the trail, and is
refused where somebody would act on an attempt of their own.
"""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app import bus
from app.accounts.models import Person
from app.audit.services import record
from app.errors import DomainError
from app.extensions import db
from assessments.exams import asking, beginning, moves, pausing, queries
from assessments.exams.domain_events import AttemptVoided
from assessments.exams.errors import MoveRefused, StartRefused
from assessments.exams.models import Attempt, Exam
from assessments.exams.rules import BEFORE_START, RUNNING, AttemptState
from assessments.exams.times import times_of
from assessments.exams.timing import LONGEST_EXTENSION, extended

Identity = dict[str, Any]
EXTENDABLE = BEFORE_START | RUNNING


def schedule(
    exam: Exam,
    person: Person,
    sitting_public_id: str,
    supervision: str,
    opens_at: datetime,
    closes_at: datetime,
    actor: str,
    now: datetime,
) -> Attempt:
    """An attempt that waits in a sitting for its start between the two moments; a second time the first one.

    Raises StartRefused where the exam's rules give the person no attempt then, DomainError for a seat elsewhere.
    """
    live = queries.find_live(person.id, exam.id)
    if live is None:
        live = _insert_scheduled(exam, person, sitting_public_id, supervision, opens_at, closes_at, actor, now)
    if live.sitting != sitting_public_id:
        raise DomainError(_("%(name)s has an attempt at this exam elsewhere already.", name=person.name), "email")
    return live


def _insert_scheduled(
    exam: Exam,
    person: Person,
    sitting: str,
    supervision: str,
    opens_at: datetime,
    closes_at: datetime,
    actor: str,
    now: datetime,
) -> Attempt:
    permit = queries.seat_permit(person.id, exam, opens_at)
    if not permit.may:
        raise StartRefused(permit)
    values = beginning.identity_of(exam, person.id, person.name, supervision) | beginning.UNSTARTED
    values |= {
        "number": queries.last_number(person.id, exam.id) + 1,
        "seed": beginning.new_seed(),
        "exam_snapshot": beginning.snapshot(exam) | {"opens_at": opens_at.isoformat()},
        "sitting": sitting,
        "closes_at": closes_at,
        "history": [moves.entry(AttemptState.SCHEDULED, now, actor)],
    }
    attempt = beginning.insert_attempt(values)
    if attempt is None:  # another request came first, and has been committed by now
        return queries.get_latest(person.id, exam.id)
    beginning.order_expiry(attempt, closes_at, beginning.delivery_of(attempt).grace)
    _write_trail("attempt.scheduled", attempt, actor, {"exam": exam.code, "number": attempt.number, "sitting": sitting})
    return attempt


def authorise(attempt: Attempt, actor: str, now: datetime, identity: Identity | None = None) -> None:
    """Let the candidate start: their identity is checked. The questions are drawn now, so that a common start is cheap.

    `identity` says who checked it, how and when, {by, how, at}. Raises MoveRefused, BankShort, DomainError.
    """
    attempt = _locked(attempt, actor)
    _take_step("attempt.authorised", attempt, AttemptState.AUTHORISED, actor, now, identity=identity)
    if not queries.list_cells(attempt.id):
        exam = db.session.scalars(select(Exam).where(Exam.id == attempt.exam_id)).one()
        asking.ask(attempt, exam)


def unauthorise(attempt: Attempt, actor: str, reason: str, now: datetime) -> None:
    """Take the authorisation back; the questions stay drawn. Raises MoveRefused, DomainError."""
    attempt = _locked(attempt, actor)
    _take_step("attempt.unauthorised", attempt, AttemptState.SCHEDULED, actor, now, reason)


def mark_absent(attempt: Attempt, actor: str, now: datetime) -> None:
    """The candidate never came; the attempt is used up. Raises MoveRefused, DomainError."""
    _take_step("attempt.absent", _locked(attempt, actor), AttemptState.ABSENT, actor, now)


def pause(attempt: Attempt, actor: str, reason: str, now: datetime) -> None:
    """Let the clock stand still; what arrives meanwhile is kept aside. Raises MoveRefused, DomainError."""
    attempt = _locked(attempt, actor)
    _take_step("attempt.paused", attempt, AttemptState.PAUSED, actor, now, reason, paused_at=now)


def resume(attempt: Attempt, actor: str, now: datetime) -> None:
    """Let the clock run again: the deadline moves by the pause, up to the close. Raises MoveRefused, DomainError."""
    attempt = _locked(attempt, actor)
    if attempt.state != AttemptState.PAUSED:
        raise MoveRefused
    _take_step("attempt.resumed", attempt, AttemptState.IN_PROGRESS, actor, now, **pausing.resuming(attempt, now))
    pausing.order_end(attempt)


def extend(attempt: Attempt, seconds: int, actor: str, reason: str, now: datetime) -> None:
    """Give so many seconds more, before the start or while it runs; the close moves where it is in the way.

    Raises MoveRefused for an attempt that has ended, DomainError (field "seconds") for another number than 1 to a day.
    """
    attempt = _locked(attempt, actor)
    if not 1 <= seconds <= LONGEST_EXTENSION:
        raise DomainError(_("Extra time is between a second and a day."), "seconds")
    values = _extending(attempt, seconds)
    if not moves.amend(attempt, EXTENDABLE, now, actor, reason, {"seconds": seconds}, **values):
        raise MoveRefused
    _write_trail("attempt.extended", attempt, actor, {"seconds": seconds}, {"reason": reason})
    if attempt.state == AttemptState.IN_PROGRESS:
        pausing.order_end(attempt)


def _extending(attempt: Attempt, seconds: int) -> dict[str, Any]:
    if attempt.started_at is None:
        return {"extended_seconds": attempt.extended_seconds + seconds}
    before = times_of(attempt)
    after = extended(before, seconds)
    return {
        "extended_seconds": after.extended,
        "closes_at": after.closes_at,
        "deadline_at": after.deadline,
        "section_started_at": attempt.section_started_at
        and attempt.section_started_at + (after.wanted - before.wanted),
    }


def void(attempt: Attempt, actor: str, reason: str, now: datetime) -> None:
    """Find that the attempt does not count; it uses up none. Raises MoveRefused, DomainError without a reason."""
    attempt = _locked(attempt, actor)
    if not reason.strip():
        raise DomainError(_("Say why; it goes into the trail."), "reason")
    _take_step("attempt.voided", attempt, AttemptState.VOIDED, actor, now, reason, paused_at=None)
    bus.publish(AttemptVoided(attempt.id, attempt.public_id, actor, reason))


def _locked(attempt: Attempt, actor: str) -> Attempt:
    """The attempt as it stands, held. Raises DomainError for an act on one's own."""
    found = moves.lock(attempt.id)
    own = select(Person.id).where(Person.id == found.person_id, Person.public_id == actor)
    if db.session.scalar(own) is not None:
        raise DomainError(_("This is your own attempt. Somebody else has to do this."))
    return found


def _take_step(
    act: str, attempt: Attempt, after: AttemptState, actor: str, now: datetime, reason: str = "", **values: Any
) -> None:
    if not moves.move(attempt, after, by=actor, reason=reason, at=now, **values):
        raise MoveRefused
    _write_trail(act, attempt, actor, personal={"reason": reason} if reason else None)


def _write_trail(
    act: str,
    attempt: Attempt,
    actor: str,
    detail: dict[str, Any] | None = None,
    personal: dict[str, Any] | None = None,
) -> None:
    record(act, actor=actor, subject=("attempt", attempt.public_id), detail=detail, personal=personal)
