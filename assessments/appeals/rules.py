"""The rules of appeals: until when one can be made, by when it is answered, and what may follow. PURE."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

ANSWER_WITHIN = timedelta(days=28)
PRACTICAL_DAYS = 28
SOON = timedelta(days=7)


class Ground(StrEnum):
    """What an appeal rests on."""

    QUESTION = "question"
    MARKING = "marking"
    CONDUCT = "conduct"
    ARRANGEMENTS = "arrangements"
    OTHER = "other"


class Remedy(StrEnum):
    """What an upheld appeal leads to."""

    NONE = "none"
    REGRADE = "regrade"
    REMARK = "remark"
    VOID = "void"
    NEW_ATTEMPT = "new_attempt"


OPEN = ("made", "in_review")


def deadline(known_at: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The last moment for an appeal: the end of the day in the body's zone that is `days` after the result was known."""
    last = known_at.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(last, time(23, 59, 59), zone)


def is_open_for(known_at: datetime, days: int, zone: ZoneInfo, now: datetime) -> bool:
    """Whether an appeal can still be made."""
    return now <= deadline(known_at, days, zone)


def due_tone(due_at: datetime, now: datetime) -> str:
    """The colour of a due date: danger once it has passed, warning in its last week, else none."""
    if due_at < now:
        return "danger"
    return "warning" if due_at - now <= SOON else "neutral"
