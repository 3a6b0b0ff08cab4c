"""What happens in exams that others may want to know."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LateAnswerCounted:
    """An officer lets an answer count that had been kept aside, in an attempt that is no longer running."""

    attempt_id: int
    public_id: str
    by: str
    reason: str


@dataclass(frozen=True)
class AnswerMarked:
    """The last answer of an attempt that waited for a mark has one; `by` gave it."""

    attempt_id: int
    public_id: str
    by: str


@dataclass(frozen=True)
class AttemptVoided:
    """An attempt was found not to count, whatever it came to."""

    attempt_id: int
    public_id: str
    by: str
    reason: str
