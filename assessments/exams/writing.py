"""Who may write in an attempt: one person, on one device at a time, until it is closed."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from assessments.exams import delivery
from assessments.exams.errors import AttemptClosed, AttemptPaused, OtherDevice, QuestionLeft
from assessments.exams.models import Attempt
from assessments.exams.place import Place
from assessments.exams.rules import RUNNING, Arrival, AttemptState, arrival
from assessments.exams.times import ends_at


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who sits: the person, and the browser session that stands for the device."""

    person_id: int
    public_id: str
    name: str
    session_id: int


def writer_hash(attempt_id: str, session_id: int) -> str:
    """What is kept of the device that writes an attempt.

    The device proves itself with the secret of its signed-in session; a second press of "Start" on the same device
    therefore finds the same writer.
    """
    return hashlib.sha256(f"writer\x00{attempt_id}\x00{session_id}".encode()).hexdigest()


def is_writer(attempt: Attempt | Place, candidate: Candidate) -> bool:
    """Whether this device is the one that writes the attempt."""
    return secrets.compare_digest(attempt.writer_token_hash, writer_hash(attempt.public_id, candidate.session_id))


def is_over(attempt: Attempt | Place, now: datetime) -> bool:
    """Whether the time of a begun attempt and the grace after it are over. While its clock stands still they are not."""
    if isinstance(attempt, Place):
        return attempt.state != AttemptState.PAUSED and attempt.arrives(now, attempt.deadline_at) is Arrival.CLOSED
    grace = delivery.read(attempt.exam_snapshot.get(delivery.KEY)).grace
    return arrival(now, ends_at(attempt, now), grace) is Arrival.CLOSED


def check_writing(attempt: Attempt | Place, candidate: Candidate, now: datetime) -> None:
    """Raises AttemptClosed when nothing can be written any more, AttemptPaused while the clock stands still,
    OtherDevice when another device writes."""
    if attempt.state not in RUNNING or is_over(attempt, now):
        raise AttemptClosed(attempt.public_id)
    if attempt.state == AttemptState.PAUSED:
        raise AttemptPaused(attempt.public_id)
    if not is_writer(attempt, candidate):
        raise OtherDevice(attempt.public_id)


def check_place(place: Place, candidate: Candidate, now: datetime) -> None:
    """As check_writing, for one question: raises QuestionLeft too, for one that can no longer be answered."""
    check_writing(place, candidate, now)
    if place.left_at is not None or place.section != place.section_now:
        raise QuestionLeft(place.public_id, place.position)
    if place.arrives(now, place.bell) is Arrival.CLOSED:
        raise QuestionLeft(place.public_id, place.position)
