"""What a certificate is worth at a moment, told from its dates and its history. Pure.

The history only grows. Of several things that are true at once the gravest is said: revoked, suspended, withdrawn by
the holder, superseded, not yet valid, expired, valid. "Valid through" a day means until that day ends where the body
is at home. A revocation is never undone (the bit in a published status list cannot be taken back either): one that was
a mistake keeps its word, is said to have been a mistake, and a new certificate takes the place of the old one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Status(StrEnum):
    """The word for a certificate at a moment; `unknown` is the answer for a number that no certificate has."""

    VALID = "valid"
    NOT_YET_VALID = "not-yet-valid"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


class Event(StrEnum):
    """What can happen to a certificate."""

    SUSPENDED = "suspended"
    LIFTED = "lifted"
    REVOKED = "revoked"
    CORRECTED = "corrected"  # the revocation was a mistake of the body
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"  # by the holder
    RESTORED = "restored"  # by the holder


MISTAKE = "mistake"
"""The class of reason that is said of a revocation once it has been corrected."""
WITHDRAWALS = (Event.WITHDRAWN, Event.RESTORED)


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One event: in force from `from_at`; a suspension ends at `until_at` if it has one. Times carry a zone."""

    kind: Event
    from_at: datetime
    until_at: datetime | None = None
    reason_class: str = ""


@dataclass(frozen=True, slots=True)
class Dates:
    """First and last day of validity, both included; `last` is None for an award that never expires."""

    first: date
    last: date | None
    zone: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The status, the moment since which it has it, and for a revocation the class of its reason."""

    status: Status
    since: datetime | None = None
    reason_class: str = ""


def standing_at(moment: datetime, dates: Dates, history: Sequence[HistoryEntry]) -> Standing:
    """How a certificate stands at `moment`."""
    past = [entry for entry in history if entry.from_at <= moment]
    found = _first(past, Event.REVOKED)
    if found is not None:
        corrected = _first(past, Event.CORRECTED) is not None
        return Standing(Status.REVOKED, found.from_at, MISTAKE if corrected else found.reason_class)
    suspended = _suspended_since(past, moment)
    if suspended is not None:
        return Standing(Status.SUSPENDED, suspended)
    withdrawn = _withdrawn_since(past)
    if withdrawn is not None:
        return Standing(Status.WITHDRAWN, withdrawn)
    found = _first(past, Event.SUPERSEDED)
    if found is not None:
        return Standing(Status.SUPERSEDED, found.from_at)
    return _by_dates(moment, dates)


def is_withdrawn(moment: datetime, history: Sequence[HistoryEntry]) -> bool:
    """Whether its holder has withdrawn it at `moment`, also where a graver word, such as suspended, is said of it."""
    return _withdrawn_since([entry for entry in history if entry.from_at <= moment]) is not None


def ends_at(last: date, zone: str) -> datetime:
    """The moment at which the day `last` is over where the body is at home."""
    return _midnight(last + timedelta(days=1), zone)


def starts_at(first: date, zone: str) -> datetime:
    """The moment at which the day `first` begins where the body is at home."""
    return _midnight(first, zone)


def _by_dates(moment: datetime, dates: Dates) -> Standing:
    begins = starts_at(dates.first, dates.zone)
    if moment < begins:
        return Standing(Status.NOT_YET_VALID)
    if dates.last is not None and moment >= ends_at(dates.last, dates.zone):
        return Standing(Status.EXPIRED, ends_at(dates.last, dates.zone))
    return Standing(Status.VALID, begins)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))


def _first(past: Iterable[HistoryEntry], kind: Event) -> HistoryEntry | None:
    """The earliest event of a kind: later ones of the same kind change nothing."""
    return min((entry for entry in past if entry.kind is kind), key=lambda entry: entry.from_at, default=None)


def _suspended_since(past: Sequence[HistoryEntry], moment: datetime) -> datetime | None:
    """When the suspension in force began. A lift ends every suspension that began before it or with it."""
    lifted = max((entry.from_at for entry in past if entry.kind is Event.LIFTED), default=None)
    running = [
        entry.from_at
        for entry in past
        if entry.kind is Event.SUSPENDED
        and (entry.until_at is None or moment < entry.until_at)
        and (lifted is None or entry.from_at > lifted)
    ]
    return min(running, default=None)


def _withdrawn_since(past: Iterable[HistoryEntry]) -> datetime | None:
    """When the holder withdrew it, unless the holder has taken that back at that moment or later."""
    past = list(past)
    restored = max((entry.from_at for entry in past if entry.kind is Event.RESTORED), default=None)
    standing = [
        entry.from_at
        for entry in past
        if entry.kind is Event.WITHDRAWN and (restored is None or entry.from_at > restored)
    ]
    return min(standing, default=None)
