"""Who may write in an attempt: one person, on one device at a time, until it is closed."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from assessments.exams.errors import AttemptClosed, OtherDevice
from assessments.exams.models import Attempt
from assessments.exams.queries import Place
from assessments.exams.rules import Arrival, AttemptState, arrival


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


def check_writing(attempt: Attempt | Place, candidate: Candidate, now: datetime) -> None:
    """Raises AttemptClosed when nothing can be written any more, OtherDevice when another device writes."""
    if attempt.state != AttemptState.IN_PROGRESS or arrival(now, attempt.deadline_at) is Arrival.CLOSED:
        raise AttemptClosed(attempt.public_id)
    if not is_writer(attempt, candidate):
        raise OtherDevice(attempt.public_id)
