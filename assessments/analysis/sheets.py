"""Answer sheets: what the analysis works on, and the small sums that every part of it needs.

An item that was not shown to a person is absent from the sheet (forms may be drawn at random); an item that was shown
and left empty is there with `answered` False and no points. The first lowers nothing, the second earns nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class SheetsInvalid(ValueError):
    """Sheets that cannot be analysed: a person or an item twice, points outside 0 to maximum, nothing at all."""


class Answer(NamedTuple):
    """One item of a sheet (a named tuple, since there may be half a million).

    `version` names one version of one item. `options` are the codes chosen (a text answer may stand as one code).
    A pilot item has `scored` False: it is analysed and counts in nobody's total.
    """

    version: str
    points: float
    answered: bool = True
    options: tuple[str, ...] = ()
    maximum: float = 1.0
    scored: bool = True


@dataclass(frozen=True, slots=True)
class Sheet:
    """The answers of one person in one attempt, usually the first (see `check`)."""

    person: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class ItemKey:
    """The options that a version offers, in their authored order, and which of them are right."""

    options: tuple[str, ...]
    right: frozenset[str]


@dataclass(frozen=True, slots=True)
class Totals:
    """Points and their maximum over the scored items of one sheet."""

    points: float
    maximum: float

    @property
    def share(self) -> float:
        """0 to 1; 0 where nothing is scored."""
        return self.points / self.maximum if self.maximum else 0.0

    def rest_share(self, answer: Answer) -> float:
        """The share earned on the rest of the sheet, without one of its answers (a pilot item is in no total)."""
        if not answer.scored:
            return self.share
        maximum = self.maximum - answer.maximum
        return (self.points - answer.points) / maximum if maximum else 0.0


class Seen(NamedTuple):
    """One answer to a version beside the totals of the sheet it stands on."""

    person: str
    answer: Answer
    totals: Totals
    total_share: float


def check(sheets: Sequence[Sheet]) -> None:
    """Refuse what would count a person or an item twice: hand in one attempt a person, by default the first.

    Raises SheetsInvalid.
    """
    if not sheets:
        raise SheetsInvalid("there is nothing to analyse")
    if len({sheet.person for sheet in sheets}) < len(sheets):
        raise SheetsInvalid("a person counts once: hand in one attempt each")
    for sheet in sheets:
        if len({answer.version for answer in sheet.answers}) < len(sheet.answers):
            raise SheetsInvalid(f"an item stands twice on the sheet of {sheet.person}")
        for answer in sheet.answers:
            if answer.maximum <= 0 or not 0 <= answer.points <= answer.maximum:
                raise SheetsInvalid(f"{answer.version}: points lie between 0 and a maximum above 0")


def totals(sheet: Sheet) -> Totals:
    """Points and maximum of the scored items."""
    scored = [answer for answer in sheet.answers if answer.scored]
    return Totals(sum(answer.points for answer in scored), sum(answer.maximum for answer in scored))


def by_version(sheets: Iterable[Sheet]) -> Mapping[str, list[Seen]]:
    """All answers to each version, versions in alphabetical order."""
    found: dict[str, list[Seen]] = {}
    for sheet in sheets:
        sum_of_sheet = totals(sheet)
        share = sum_of_sheet.share
        for answer in sheet.answers:
            found.setdefault(answer.version, []).append(Seen(sheet.person, answer, sum_of_sheet, share))
    return dict(sorted(found.items()))


def sheets_of(versions: Sequence[str], rows: Iterable[Sequence[float | None]]) -> list[Sheet]:
    """Sheets of a plain table of points, one row a person and one column an item; None is an omitted answer."""
    return [
        Sheet(
            f"{number:06}",
            tuple(
                Answer(version, points or 0.0, points is not None)
                for version, points in zip(versions, row, strict=True)
            ),
        )
        for number, row in enumerate(rows, 1)
    ]
