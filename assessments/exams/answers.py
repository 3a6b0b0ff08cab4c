"""Saving an answer: by PUT from the page's module or by a plain form, through this one door.

Every arrival is written into an append-only log, refused ones too. An answer counts once its transaction is committed.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session

from app import rows, transaction
from assessments.exams import moves, pausing, quarantine, queries
from assessments.exams.errors import AttemptPaused, QuestionLeft, StaleAnswer, WritingRefused
from assessments.exams.models import AttemptItem, ItemResponse
from assessments.exams.place import Place
from assessments.exams.rules import Arrival, AttemptState, Write, judge_write
from assessments.exams.writing import Candidate, check_place
from assessments.grading.kinds.base import ResponseInvalid
from assessments.grading.kinds.file_answer import FileAnswer, is_taken_out_only
from assessments.grading.kinds.registry import kind
from assessments.grading.messages import N_

MOST_SECONDS = 24 * 3_600


@dataclass(frozen=True, slots=True)
class Saved:
    """What is stored now: sequence number, canonical response, when it arrived, and whether after the deadline."""

    seq: int
    response: Any
    at: datetime
    is_late: bool
    deadline_at: datetime


def save_answer(
    public_id: str,
    candidate: Candidate,
    position: int,
    seq: int,
    raw: Any,
    now: datetime,
    *,
    unless_same: bool = False,
    is_received: bool = False,
    seconds: int = 0,
) -> Saved:
    """Store the answer to one question under the sequence number `seq`, which must be higher than the stored one.

    `raw` as in Kind.normalise, None to clear. A repetition changes nothing. `unless_same`: nor does an answer equal to
    the stored one, which a plain form sends along whenever a candidate leaves a question. `is_received`: the files of
    this answer came in just now (answer_files.py); without it an answer made of files can only become shorter.
    `seconds`: how long the browser says that the question was before the candidate since the last save.
    Raises Missing, ResponseInvalid, OtherDevice, StaleAnswer (kept in the log), and AttemptClosed, AttemptPaused or
    QuestionLeft (what is newer than the stored answer is kept aside, quarantine.py).
    """
    place = _open_place(public_id, candidate, position, now)
    try:
        check_place(place, candidate, now)
    except WritingRefused as refusal:
        _keep_aside(place, refusal, seq, raw, now)
        raise
    response = kind(place.content["kind"]).normalise(place.content, raw)
    if place.content["kind"] == FileAnswer.name and not (is_received or is_taken_out_only(place.response, response)):
        raise ResponseInvalid(N_("Choose a file and send it with the button beside it."))
    write = judge_write(seq, response, place.response_seq, place.response)
    if write is Write.REPEATED or (unless_same and response == place.response):
        return _stored(place)
    if write is Write.NEWER and _swap(place, seq, response, now, min(max(seconds, 0), MOST_SECONDS)):
        return _logged(place, seq, response, now)
    place = _read_again(place)
    if judge_write(seq, response, place.response_seq, place.response) is Write.REPEATED:
        return _stored(place)
    _log_aside(place.row_id, seq, response, now, is_late=False)
    raise StaleAnswer(place.response_seq, place.response)


def _open_place(public_id: str, candidate: Candidate, position: int, now: datetime) -> Place:
    """The question as it stands; a break that is over has ended before."""
    place = queries.get_for_writing(public_id, candidate.person_id, position)
    if place.state != AttemptState.PAUSED:
        return place
    transaction.begin_write()  # two saves that share the attempt must not both wait to change it
    attempt = moves.lock(queries.get_attempt(public_id, candidate.person_id).id)
    pausing.end_due_break(attempt, now)
    return queries.get_for_writing(public_id, candidate.person_id, position)


def _stored(place: Place) -> Saved:
    at = place.answered_at or place.started_at
    return Saved(place.response_seq, place.response, at, at > place.bell, place.deadline_at)


def _read_again(place: Place) -> Place:
    response, seq, at = queries.stored_answer(place.row_id)
    return replace(place, response=response, response_seq=seq, answered_at=at)


def _swap(place: Place, seq: int, response: Any, now: datetime, seconds: int = 0) -> bool:
    """Compare and set: False when a higher or equal number got in between."""
    given = {"row_id": place.row_id, "new_response": response, "new_seq": seq, "at": now, "spent": seconds}
    return rows.run(_SWAP, given).rowcount == 1


_questions: Any = AttemptItem.__table__
# Built once: a room full of candidates sends nothing more often than this.
_SWAP = (
    update(_questions)
    .where(_questions.c.id == bindparam("row_id"), _questions.c.response_seq < bindparam("new_seq"))
    .values(
        response=bindparam("new_response"),
        response_seq=bindparam("new_seq"),
        answered_at=bindparam("at"),
        seconds=_questions.c.seconds + bindparam("spent"),
    )
)
_LOG = insert(ItemResponse.__table__)  # type: ignore[arg-type]  # it is a Table


def _logged(place: Place, seq: int, response: Any, now: datetime) -> Saved:
    is_late = place.arrives(now, place.bell) is Arrival.LATE
    rows.run(_LOG, _entry(place.row_id, seq, response, now, is_late=is_late, is_accepted=True))
    return Saved(seq, response, now, is_late, place.deadline_at)


def _keep_aside(place: Place, refusal: WritingRefused, seq: int, raw: Any, now: datetime) -> None:
    """Log an answer that cannot be taken now, and keep it for an officer unless it is as old as the stored one."""
    try:
        response = kind(place.content["kind"]).normalise(place.content, raw)
    except ResponseInvalid:
        return
    is_late = place.arrives(now, place.bell) is not Arrival.IN_TIME
    _log_aside(place.row_id, seq, response, now, is_late=is_late)
    if judge_write(seq, response, place.response_seq, place.response) is not Write.NEWER or response == place.response:
        return
    quarantine.keep_late(place, seq, response, _why(place, refusal, is_late=is_late), now, refusal.note_kept)


def _why(place: Place, refusal: WritingRefused, *, is_late: bool) -> str:
    if isinstance(refusal, AttemptPaused):
        return quarantine.PAUSED
    if is_late:
        return quarantine.LATE
    return quarantine.LEFT if isinstance(refusal, QuestionLeft) else quarantine.HANDED_IN


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
