"""What My path is shown with: the next step, rows in words, nodes of the map."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from app.shell import day_words
from assessments.grading.numbers import shown_value
from assessments.grading.requirements import Reason
from assessments.grading.wording import REASONS

DONE, CURRENT, OPEN, WAITING, LOCKED = "done", "current", "open", "waiting", "locked"


@dataclass(frozen=True)
class Step:
    """The one thing to do next; `ring` is None or (share, centre, small, caption)."""

    label: str
    title: str
    sentence: str
    action: str = ""
    href: str = ""
    minutes: str = ""
    ring: tuple[float, str, str, str] | None = None


@dataclass(frozen=True)
class Row:
    """A requirement in words: done, current (next), open, waiting or locked, with the exact reason."""

    title: str
    state: str
    reason: str
    href: str
    action: str


@dataclass(frozen=True)
class Way:
    """All of My path that depends on the rule."""

    nodes: list[dict[str, Any]]
    rows: list[Row]
    step: Step


def say(reason: Reason) -> str:
    """A reason of the engine as a sentence, its numbers without idle zeros."""
    return _(REASONS[reason.code], **{name: shown_value(value) for name, value in reason.values.items()})


def short_day(day: date | datetime) -> str:
    """A day in few letters: 7 Nov."""
    return day_words(day.date() if isinstance(day, datetime) else day, "d MMM")


def long_day(day: date) -> str:
    """A day in words: 7 November 2026."""
    return day_words(day, "d MMMM y")
