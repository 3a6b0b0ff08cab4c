"""Saving an answer: by PUT from the page's module or by a plain form, through this one door.

Every arrival is written into an append-only log, refused ones too. An answer counts once its transaction is committed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session

from app import transaction
from app.extensions import db
from assessments.exams import queries
from assessments.exams.errors import AttemptClosed, StaleAnswer
from assessments.exams.models import Attempt, AttemptItem, ItemResponse
from assessments.exams.rules import Arrival, Write, arrival, judge_write
from assessments.exams.writing import Candidate, check_writing
from assessments.grading.kinds.base import ResponseInvalid
from assessments.grading.kinds.registry import kind


@dataclass(frozen=True, slots=True)
class Saved:
    """What is stored now: sequence number, canonical response, when it arrived, and whether after the deadline."""

    seq: int
    response: Any
    at: datetime
    is_late: bool
    deadline_at: datetime


def save_answer(
    public_id: str, candidate: Candidate, position: int, seq: int, raw: Any, now: datetime, *, unless_same: bool = False
) -> Saved:
    """Store the answer to one question under the sequence number `seq`, which must be higher than the stored one.

    `raw` as in Kind.normalise, None to clear. A repetition changes nothing. `unless_same`: nor does an answer equal to
    the stored one, which a plain form sends along whenever a candidate leaves a question.
    Raises Missing, ResponseInvalid, OtherDevice, AttemptClosed (kept in the log) and StaleAnswer (kept in the log).
    """
    attempt, question = queries.get_for_writing(public_id, candidate.person_id, position)
    content = question.item_version.content
    try:
        check_writing(attempt, candidate, now)
    except AttemptClosed:
        _log_closed(question, content, seq, raw, now)
        raise
    response = kind(content["kind"]).normalise(content, raw)
    write = judge_write(seq, response, question.response_seq, question.response)
    if write is Write.REPEATED or (unless_same and response == question.response):
        return _stored(attempt, question)
    if write is Write.NEWER and _swap(question, seq, response, now):
        return _logged(attempt, question, seq, response, now)
    db.session.refresh(question, ["response", "response_seq", "answered_at"])
    if judge_write(seq, response, question.response_seq, question.response) is Write.REPEATED:
        return _stored(attempt, question)
    _log_aside(question.id, seq, response, now, is_late=False)
    raise StaleAnswer(question.response_seq, question.response)


def _stored(attempt: Attempt, question: AttemptItem) -> Saved:
    at = question.answered_at or attempt.started_at
    return Saved(question.response_seq, question.response, at, at > attempt.deadline_at, attempt.deadline_at)


def _swap(question: AttemptItem, seq: int, response: Any, now: datetime) -> bool:
    """Compare and set: False when a higher or equal number got in between."""
    given = {"row_id": question.id, "new_response": response, "new_seq": seq, "at": now}
    return db.session.execute(_SWAP, given).rowcount == 1  # type: ignore[attr-defined]


_rows: Any = AttemptItem.__table__
# Built once: a room full of candidates sends nothing more often than this.
_SWAP = (
    update(_rows)
    .where(_rows.c.id == bindparam("row_id"), _rows.c.response_seq < bindparam("new_seq"))
    .values(response=bindparam("new_response"), response_seq=bindparam("new_seq"), answered_at=bindparam("at"))
)
_LOG = insert(ItemResponse.__table__)  # type: ignore[arg-type]  # it is a Table


def _logged(attempt: Attempt, question: AttemptItem, seq: int, response: Any, now: datetime) -> Saved:
    is_late = arrival(now, attempt.deadline_at) is Arrival.LATE
    values = _entry(question.id, seq, response, now, is_late=is_late, is_accepted=True)
    db.session.execute(_LOG, values)
    return Saved(seq, response, now, is_late, attempt.deadline_at)


def _log_closed(question: AttemptItem, content: dict[str, Any], seq: int, raw: Any, now: datetime) -> None:
    try:
        response = kind(content["kind"]).normalise(content, raw)
    except ResponseInvalid:
        return
    _log_aside(question.id, seq, response, now, is_late=True)


def _log_aside(row_id: int, seq: int, response: Any, now: datetime, *, is_late: bool) -> None:
    values = _entry(row_id, seq, response, now, is_late=is_late, is_accepted=False)

    def write(session: Session) -> None:
        session.execute(_LOG, values)

    transaction.later_aside(write)


def _entry(row_id: int, seq: int, response: Any, now: datetime, *, is_late: bool, is_accepted: bool) -> dict[str, Any]:
    return {
        "attempt_item_id": row_id,
        "seq": seq,
        "response": response,
        "received_at": now,
        "late": is_late,
        "accepted": is_accepted,
    }
