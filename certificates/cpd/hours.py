"""Counting hours of continuing development against what a scheme asks. Pure.

Other features may know of hours too (marking, attendance): they are read through `CpdSource` functions, listed in
`app.wiring`, and cannot be edited by the holder.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from certificates.awarding.award import RenewalTerms

QUARTER = Decimal("0.25")
MOST_HOURS = Decimal(60)


class CpdKind(StrEnum):
    """How something was learnt."""

    STRUCTURED = "structured"
    SELF_DIRECTED = "self-directed"
    CONTRIBUTION = "contribution"


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of one activity. `ref` names it for good: `own:<public id>`, or `<feature>:<its id>`."""

    ref: str
    done_on: date
    hours: Decimal
    kind: CpdKind
    title: str


CpdSource = Callable[[int, date], Sequence[Hours]]
"""Given a person's row id and the first day that matters, the hours a feature knows of."""


@dataclass(frozen=True, slots=True)
class Account:
    """What counts towards a renewal and what is asked for it."""

    counted: tuple[Hours, ...]
    terms: RenewalTerms

    @property
    def total(self) -> Decimal:
        """All hours that count."""
        return sum((entry.hours for entry in self.counted), Decimal(0))

    @property
    def structured(self) -> Decimal:
        """The structured ones among them."""
        return sum((entry.hours for entry in self.counted if entry.kind is CpdKind.STRUCTURED), Decimal(0))

    @property
    def is_enough(self) -> bool:
        """Whether a renewal may be asked for."""
        return self.total >= self.terms.hours and self.structured >= self.terms.structured_hours

    @property
    def share(self) -> float:
        """How full the ring is, 0 to 1; it closes only when nothing is missing."""
        parts = [(self.total, self.terms.hours), (self.structured, self.terms.structured_hours)]
        return float(min([min(have / ask, Decimal(1)) for have, ask in parts if ask] or [Decimal(1)]))


def account(entries: Iterable[Hours], first: date, used: Collection[str], terms: RenewalTerms) -> Account:
    """What counts: done on `first` or later, and not used for an earlier renewal of the same level. Oldest first."""
    counting = [entry for entry in entries if entry.done_on >= first and entry.ref not in used]
    return Account(tuple(sorted(counting, key=lambda entry: (entry.done_on, entry.ref))), terms)


def is_in_quarters(hours: Decimal) -> bool:
    """Whether these are whole quarters of an hour, more than none and no more than one entry may hold."""
    return hours.is_finite() and QUARTER <= hours <= MOST_HOURS and hours % QUARTER == 0


def to_look_at(count: int) -> int:
    """How many of so many activities an officer looks at more closely: a fifth, and at least three."""
    return min(count, max(3, -(-count // 5)))
