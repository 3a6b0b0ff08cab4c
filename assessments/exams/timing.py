"""The clock of an attempt: when its time is up, and what pauses, breaks, extensions and sections do to that. PURE.

Deadline = min(start + time allowed + extensions + pauses, close). While an attempt is paused its clock stands still, so
that its deadline moves with every second, though never beyond the close. (reference/lms.md 1 D, security.md E2)
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

LONGEST_EXTENSION = 24 * 3_600


def seconds_allowed(minutes: int, extra_percent: int = 0) -> int:
    """The time of an exam in seconds with `extra_percent` of it more, to the full second. Raises ValueError."""
    if minutes < 1 or extra_percent < 0:
        raise ValueError("an exam lasts at least a minute, and extra time is not negative")
    seconds = minutes * 60
    return seconds - (-seconds * extra_percent // 100)


@dataclass(frozen=True, slots=True)
class Times:
    """The moments and spans (whole seconds) that make the deadline of an attempt that has begun.

    `paused_at` is set while the clock stands still; `break_until` too where it runs again by itself from then on.
    """

    started_at: datetime
    allowed: int
    extended: int = 0
    paused: int = 0
    closes_at: datetime | None = None
    paused_at: datetime | None = None
    break_until: datetime | None = None

    @property
    def wanted(self) -> datetime:
        """When the time is up if nothing closes before."""
        return self.started_at + timedelta(seconds=self.allowed + self.extended + self.paused)

    @property
    def deadline(self) -> datetime:
        """When the time is up, as it is stored; a pause that still lasts is not in it."""
        return self.wanted if self.closes_at is None else max(min(self.wanted, self.closes_at), self.started_at)


def pause_ends(times: Times, now: datetime) -> datetime:
    """Up to when the running pause counts, as of `now`: a break ends by itself."""
    return now if times.break_until is None else min(now, times.break_until)


def resumed(times: Times, now: datetime) -> Times:
    """The times once the clock runs again at `now`; a part of a second of the pause counts for the candidate."""
    if times.paused_at is None:
        return times
    span = max(pause_ends(times, now) - times.paused_at, timedelta())
    return replace(times, paused=times.paused + whole_seconds(span), paused_at=None, break_until=None)


def whole_seconds(span: timedelta) -> int:
    """A span in seconds, rounded up."""
    return -(-span // timedelta(seconds=1))


def extended(times: Times, seconds: int) -> Times:
    """The times with so many seconds more, the close moved as far as it is in the way of them. Raises ValueError."""
    if not 1 <= seconds <= LONGEST_EXTENSION:
        raise ValueError("an extension is between a second and a day")
    longer = replace(times, extended=times.extended + seconds)
    if times.closes_at is None or times.closes_at >= longer.wanted:
        return longer
    return replace(longer, closes_at=min(longer.wanted, times.closes_at + timedelta(seconds=seconds)))


def deadline_now(times: Times, now: datetime) -> datetime:
    """The deadline as things stand: if the clock stands still, as if it went on now."""
    return resumed(times, now).deadline


def section_deadline(section_started_at: datetime, seconds: int, deadline_at: datetime) -> datetime:
    """When the time of a section is up: never after the whole attempt's.

    Pauses and extensions move the stored start of the section instead of being counted beside it.
    """
    return min(section_started_at + timedelta(seconds=seconds), deadline_at)
