"""Answers that came when none could be taken: kept aside, shown to officers, counted or refused by one of them.

Nothing that arrives is dropped. A counted answer becomes the answer of its question; an attempt that has been scored is
then to be scored anew, which features above do on the event LateAnswerCounted. (lms.md 1 D; security.md E2, E4)
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app import bus, ids, transaction
from app.accounts.models import Person
from app.audit.services import record
from app.errors import DomainError, Missing
from app.extensions import db
from assessments.exams import moves
from assessments.exams.domain_events import LateAnswerCounted
from assessments.exams.models import Attempt, AttemptItem, LateAnswer
from assessments.exams.place import Place
from assessments.exams.rules import RUNNING

LATE, PAUSED, HANDED_IN, LEFT = "late", "paused", "handed_in", "left"
COUNTED, REFUSED = "counted", "refused"


def keep_late(
    place: Place, seq: int, response: Any, why: str, now: datetime, once_kept: Callable[[], object] = lambda: None
) -> None:
    """Keep an answer aside, in a transaction of its own after this one: the request itself is refused.

    `why` is one of the words above. The same answer sent again is kept once. `once_kept` is called when it is written, so
    that nobody is told of it before.
    """
    row_id = place.row_id

    def write(session: Session) -> None:
        kept = select(LateAnswer.response, LateAnswer.received_at)
        found = session.execute(kept.where(LateAnswer.attempt_item_id == row_id, LateAnswer.seq == seq)).all()
        if response not in [row.response for row in found]:
            moment, taken = now, {row.received_at for row in found}
            while moment in taken:  # two devices in the same microsecond: neither is dropped
                moment += timedelta(microseconds=1)
            session.execute(insert(LateAnswer), _values(row_id, seq, response, why, moment))
            session.flush()
        once_kept()

    transaction.later_aside(write)


def _values(row_id: int, seq: int, response: Any, why: str, now: datetime) -> dict[str, Any]:
    return {
        "public_id": ids.new_public_id(),
        "attempt_item_id": row_id,
        "seq": seq,
        "response": response,
        "received_at": now,
        "why": why,
    }


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that was kept aside, the attempt it was sent to, and which question it answers."""

    late: LateAnswer
    attempt: Attempt
    position: int


def list_late(*, attempt_id: str = "", sitting: str = "", undecided: bool = True) -> list[Kept]:
    """Answers kept aside, the oldest first: of one attempt or sitting (public ids) or all; decided ones on request."""
    statement = (
        select(LateAnswer, Attempt, AttemptItem.position)
        .join(AttemptItem, AttemptItem.id == LateAnswer.attempt_item_id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .order_by(LateAnswer.received_at, LateAnswer.id)
    )
    if attempt_id:
        statement = statement.where(Attempt.public_id == attempt_id)
    if sitting:
        statement = statement.where(Attempt.sitting == sitting)
    if undecided:
        statement = statement.where(LateAnswer.decision == "")
    return [Kept(late, attempt, position) for late, attempt, position in db.session.execute(statement)]


def get_late(public_id: str) -> LateAnswer:
    """An answer that was kept aside. Raises Missing."""
    late = db.session.scalars(select(LateAnswer).where(LateAnswer.public_id == public_id)).first()
    if late is None:
        raise Missing
    return late


def decide_late(late: LateAnswer, counted: bool, actor: str, reason: str, now: datetime) -> None:
    """Decide once whether an answer counts; counted, it becomes the answer of its question.

    Raises DomainError without a reason (field "reason"), for one's own answer, and where it was decided already.
    """
    if not reason.strip():
        raise DomainError(_("Say why; it goes into the trail."), "reason")
    question = db.session.scalars(select(AttemptItem).where(AttemptItem.id == late.attempt_item_id)).one()
    attempt = moves.lock(question.attempt_id)
    _check_other(attempt, actor)
    _decide_once(late, COUNTED if counted else REFUSED, actor, reason, now)
    if counted:
        _count(late, question.id)
    detail = {"counted": counted, "question": question.position}
    subject = ("attempt", attempt.public_id)
    record("attempt.late_answer_decided", actor=actor, subject=subject, detail=detail, personal={"reason": reason})
    if counted and attempt.state not in RUNNING:
        bus.publish(LateAnswerCounted(attempt.id, attempt.public_id, actor, reason))


def _check_other(attempt: Attempt, actor: str) -> None:
    own = select(Person.id).where(Person.id == attempt.person_id, Person.public_id == actor)
    if db.session.scalar(own) is not None:
        raise DomainError(_("This is your own attempt. Somebody else has to do this."))


def _decide_once(late: LateAnswer, decision: str, actor: str, reason: str, now: datetime) -> None:
    decided = (
        update(LateAnswer)
        .where(LateAnswer.id == late.id, LateAnswer.decision == "")
        .values(decision=decision, decided_by=actor, decided_at=now, reason=reason)
        .execution_options(synchronize_session=False)
    )
    if db.session.execute(decided).rowcount != 1:  # type: ignore[attr-defined]
        raise DomainError(_("This has been decided already."))
    db.session.refresh(late)


def _count(late: LateAnswer, question_id: int) -> None:
    """The answer counts unless the candidate has given a newer one since."""
    counting = (
        update(AttemptItem)
        .where(AttemptItem.id == question_id, AttemptItem.response_seq <= late.seq)
        .values(response=late.response, response_seq=late.seq, answered_at=late.received_at)
        .execution_options(synchronize_session="fetch")
    )
    db.session.execute(counting)
