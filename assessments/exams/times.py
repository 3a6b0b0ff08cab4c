"""The times of a stored attempt, breaks included, as the pure clock (timing.py) reads them."""

from datetime import datetime, timedelta
from typing import Any

from assessments.exams.models import Attempt
from assessments.exams.rules import AttemptState
from assessments.exams.timing import Times, deadline_now

SECONDS = "seconds"  # of an extension, in its line of history
MINUTES = "minutes"  # of a break, in its line of history; a pause by an officer names none


def times_of(attempt: Attempt) -> Times:
    """The times of an attempt that has begun. Raises LookupError for one that has not."""
    if attempt.started_at is None:
        raise LookupError("an attempt that has not begun has no clock")
    return Times(
        started_at=attempt.started_at,
        allowed=attempt.seconds_allowed,
        extended=attempt.extended_seconds,
        paused=attempt.paused_seconds,
        closes_at=attempt.closes_at,
        paused_at=attempt.paused_at,
        break_until=break_until(attempt),
    )


def span(attempt: Attempt) -> tuple[datetime, datetime]:
    """Start and deadline of an attempt that has begun. Raises LookupError for one that has not."""
    if attempt.started_at is None or attempt.deadline_at is None:
        raise LookupError("an attempt that has not begun has no clock")
    return attempt.started_at, attempt.deadline_at


def break_until(attempt: Attempt) -> datetime | None:
    """When the break ends that the candidate is taking; None in a pause by an officer and while the clock runs."""
    if attempt.paused_at is None:
        return None
    steps = [line for line in attempt.history if SECONDS not in line]  # time may be given during a break
    minutes = steps[-1].get(MINUTES) if steps else None
    return attempt.paused_at + timedelta(minutes=minutes) if minutes else None


def breaks_taken(attempt: Attempt) -> int:
    """How many breaks the candidate has begun."""
    return sum(1 for line in attempt.history if line.get(MINUTES))


def breaks_left(attempt: Attempt) -> int:
    """How many breaks the candidate may still take."""
    given: dict[str, Any] = attempt.accommodation or {}
    return max(given.get("breaks", 0) - breaks_taken(attempt), 0) if given.get("break_minutes") else 0


def ends_at(attempt: Attempt, now: datetime) -> datetime:
    """The deadline of a begun attempt as things stand now, whether its clock runs or stands still."""
    if attempt.paused_at is None and attempt.deadline_at is not None:
        return attempt.deadline_at
    return deadline_now(times_of(attempt), now)


def stands_still(attempt: Attempt, now: datetime) -> bool:
    """Whether the clock of an attempt stands still at this moment; a break that is over no longer counts as one."""
    until = break_until(attempt)
    return attempt.state == AttemptState.PAUSED and (until is None or now < until)
