"""The table of a bank: which items are shown, in which order, and what is worth a look. Pure: rows in, rows out."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from assessments.analysis.thresholds import THRESHOLDS

PAGE_SIZE = 20
STATES = ("ready", "draft", "in_review", "retired")
# Flags in the order in which they need somebody, and what each page calls them (words.py).
FLAGS = (
    "check_key", "wrong_option", "weak", "too_hard", "too_easy", "dead_option", "asked_often", "resting", "pilot",
    "provisional", "few_answers", "healthy",
)  # fmt: skip
_OF_ANSWERS = FLAGS[:6]
SORTS = ("need", "code", "answers", "facility", "discrimination", "newest")
_LAST = Decimal(9)


@dataclass(frozen=True, slots=True)
class Row:
    """One item of the table. Its version in use is shown, or its newest one before there is any.

    `states` holds where the item stands and, beside that, the state of a newer version that is being worked on.
    """

    public_id: str
    code: str
    stem: str
    kind: str
    topic: str
    thinking: str
    number: int
    states: frozenset[str]
    open_number: int = 0
    is_pilot: bool = False
    is_resting: bool = False
    is_public: bool = False
    times_asked: int = 0
    answers: int = 0
    facility: Decimal | None = None
    discrimination: Decimal | None = None
    found: tuple[dict[str, Any], ...] = ()
    interval: tuple[float, float] | None = None
    tags: tuple[str, ...] = ()
    is_asked_often: bool = False
    version_id: int = 0

    @property
    def flags(self) -> tuple[str, ...]:
        """What there is to say of it, the most pressing first."""
        held = {flag["name"] for flag in self.found} | {name for name, holds in self._standing() if holds}
        if "ready" in self.states and not held - {"pilot", "resting"} and self.answers:
            held.add("healthy")
        return tuple(name for name in FLAGS if name in held)

    def _standing(self) -> Iterable[tuple[str, bool]]:
        yield "asked_often", self.is_asked_often
        yield "resting", self.is_resting
        yield "pilot", self.is_pilot
        yield "provisional", THRESHOLDS.fewest <= self.answers < THRESHOLDS.settled
        yield "few_answers", "ready" in self.states and self.answers < THRESHOLDS.fewest

    @property
    def dead_options(self) -> str:
        """The codes of the options that hardly anybody chooses."""
        return ", ".join(flag["option"] for flag in self.found if flag["name"] == "dead_option")


@dataclass(frozen=True, slots=True)
class Filter:
    """What a reader asked for; an empty set asks for everything, but retired items come only when asked for."""

    q: str = ""
    topic: frozenset[str] = frozenset()
    state: frozenset[str] = frozenset()
    flag: frozenset[str] = frozenset()
    kind: frozenset[str] = frozenset()
    thinking: frozenset[str] = frozenset()
    tag: frozenset[str] = frozenset()
    sort: str = SORTS[0]

    @property
    def is_any(self) -> bool:
        """Whether anything is asked for beside the order."""
        return bool(self.q or self.topic or self.state or self.flag or self.kind or self.thinking or self.tag)


def select_rows(rows: Sequence[Row], asked: Filter) -> list[Row]:
    """The rows a reader asked for, in the order asked for."""
    return sorted((row for row in rows if _matches(row, asked)), key=_ORDERS[asked.sort])


def _matches(row: Row, asked: Filter) -> bool:
    words = asked.q.casefold().split()
    searched = f"{row.code} {row.stem}".casefold()
    return (
        bool(row.states & asked.state if asked.state else row.states != {"retired"})
        and all(word in searched for word in words)
        and (not asked.topic or row.topic in asked.topic)
        and (not asked.kind or row.kind in asked.kind)
        and (not asked.thinking or row.thinking in asked.thinking)
        and (not asked.flag or bool(asked.flag.intersection(row.flags)))
        and (not asked.tag or bool(asked.tag.intersection(row.tags)))
    )


def _need(row: Row) -> tuple[Any, ...]:
    """What waits for a reviewer, then by the most pressing flag, the worst figure first."""
    place = FLAGS.index(row.flags[0]) if row.flags else len(FLAGS)
    is_waiting = "in_review" in row.states
    if is_waiting and place >= len(_OF_ANSWERS):
        place = 0
    return place, not is_waiting, row.discrimination if row.discrimination is not None else _LAST, row.code


_ORDERS: dict[str, Callable[[Row], Any]] = {
    "need": _need,
    "code": lambda row: row.code,
    "answers": lambda row: (-row.answers, row.code),
    "facility": lambda row: (row.facility if row.facility is not None else _LAST, row.code),
    "discrimination": lambda row: (row.discrimination if row.discrimination is not None else _LAST, row.code),
    "newest": lambda row: (-max(row.number, row.open_number), row.code),
}


@dataclass
class Facets:
    """How many items there are of each sort, over the whole bank."""

    topic: Counter[str] = field(default_factory=Counter)
    state: Counter[str] = field(default_factory=Counter)
    flag: Counter[str] = field(default_factory=Counter)
    kind: Counter[str] = field(default_factory=Counter)
    thinking: Counter[str] = field(default_factory=Counter)
    tag: Counter[str] = field(default_factory=Counter)


def facets_of(rows: Iterable[Row]) -> Facets:
    """Counts for every filter. Whatever is retired counts among the states alone, since it is shown only when asked for."""
    found = Facets()
    for row in rows:
        found.state.update(row.states)
        if row.states != {"retired"}:
            for counted, value in ((found.topic, row.topic), (found.kind, row.kind), (found.thinking, row.thinking)):
                counted.update([value] if value else [])  # a draft may have none yet
            found.flag.update(row.flags)
            found.tag.update(row.tags)
    return found
