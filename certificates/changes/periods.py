"""When a certificate may be renewed, and for which period. Pure: days where the body is at home, no clock.

A renewal that is late begins on the day it is decided and ends where the cycle would have ended, so that nobody gains
time by being late and nothing is ever dated back (as ISO/IEC 17021-1, 9.6.3.2.5 has it for management systems).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from certificates.awarding.award import RenewalTerms, last_day

REMIND_BEFORE = (90, 60, 30, 7)


class Phase(StrEnum):
    """Where a day lies in the life of a certificate that ends."""

    EARLY = "early"
    OPEN = "open"
    LATE = "late"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Window:
    """The first day on which a renewal may be asked for, the last day of validity, and the last day to ask."""

    opens: date
    ends: date
    closes: date

    def phase(self, day: date) -> Phase:
        """Where `day` lies."""
        if day < self.opens:
            return Phase.EARLY
        if day <= self.ends:
            return Phase.OPEN
        return Phase.LATE if day <= self.closes else Phase.OVER


def window_of(last: date, terms: RenewalTerms) -> Window:
    """The window of a certificate that is valid through `last`."""
    return Window(add_months(last, -terms.months_before), last, add_months(last, terms.months_after))


def next_period(last: date, decided_on: date, years: int) -> tuple[date, date | None]:
    """First and last day of the period after one that ends with `last`; None as last day for an award for life now.

    A decision so late that the whole period would be over begins a cycle of its own.
    """
    due = last + timedelta(days=1)
    first = max(due, decided_on)
    end = last_day(due, years)
    return first, end if end is None or end >= first else last_day(first, years)


def reminder_due(last: date, today: date) -> int | None:
    """Which reminder is due: the smallest number of days before the end that has been reached; None before and after.

    A server that was away for weeks sends one message, not all that it missed.
    """
    left = (last - today).days
    if left < 0:
        return None
    return min((days for days in REMIND_BEFORE if left <= days), default=None)


def add_months(day: date, months: int) -> date:
    """The same day some months away, or the last day of a month that is too short."""
    month = day.year * 12 + day.month - 1 + months
    first = date(month // 12, month % 12 + 1, 1)
    after = date((month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), after - timedelta(days=1))
