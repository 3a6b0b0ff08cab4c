"""Scoring an exam: points of each item, their total, the percentage and whether it reaches the pass mark.

Points are added exactly. The total (four places) and the percentage (one place) are each rounded once, half up, from
the exact sum; the percentage that is shown is the one compared with the pass mark. An unanswered item earns no point.
An answer that people mark has no points before it is marked, and until then the exam has no score: unmarked is never zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from assessments.grading.kinds.base import POINT_PLACES, Content
from assessments.grading.kinds.hand_marks import Mark, MarkedByHand
from assessments.grading.kinds.registry import kind
from assessments.grading.numbers import exact, percent, round_half_up
from assessments.grading.topics import TopicBand, topic_bands


@dataclass(frozen=True, slots=True)
class ItemInput:
    """One item of an attempt. `content` as in kinds/base.py, realised; `response` canonical, None when unanswered.

    `mark` is what a person gave, for kinds that people mark; None before that, and for every other kind.
    """

    code: str
    topic: str
    content: Content
    response: Any = None
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class ExamRules:
    """What an exam needs to be passed: `pass_percent`, and the places to which percentages are rounded."""

    pass_percent: Decimal
    places: int = 1

    def __post_init__(self) -> None:
        if not 0 <= exact(self.pass_percent) <= 100:
            raise ValueError("a pass mark lies between 0 and 100 per cent")


@dataclass(frozen=True, slots=True)
class ItemScore:
    """Points of one item, to four places."""

    code: str
    topic: str
    points: Decimal
    answered: bool


@dataclass(frozen=True, slots=True)
class ExamScore:
    """The score of one attempt. `maximum` is the number of items, each worth one point."""

    total: Decimal
    maximum: int
    percent: Decimal
    passed: bool
    answered: int
    items: tuple[ItemScore, ...]
    topics: tuple[TopicBand, ...]

    @property
    def unanswered(self) -> int:
        """How many items were left empty."""
        return self.maximum - self.answered


class AwaitingMarks(ValueError):
    """An exam has no score yet; `codes` are the items whose answers people have still to mark."""

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = tuple(codes)
        super().__init__(f"marks are missing for {', '.join(self.codes)}")


def awaiting_marks(items: Sequence[ItemInput]) -> tuple[str, ...]:
    """Codes of the items that were answered and that nobody has marked yet."""
    return tuple(item.code for item in items if item_points(item) is None)


def item_points(item: ItemInput) -> Fraction | None:
    """The exact points of one item, 0 to 1; None for an answer that waits for a person's mark.

    Raises ValueError for a mark on an item that the engine scores, or out of another maximum than the item's.
    """
    asked = kind(item.content["kind"])
    if not isinstance(asked, MarkedByHand):
        if item.mark is not None:
            raise ValueError(f"{item.code} is scored by the engine and takes no mark")
        return asked.score(item.content, item.response).exact
    if item.mark is not None:
        return asked.score_marked(item.content, item.mark).exact
    return None if item.response is not None else asked.score(item.content, None).exact


def score_exam(items: Sequence[ItemInput], rules: ExamRules) -> ExamScore:
    """Score `items` by `rules`.

    Raises AwaitingMarks while an answer has to be marked, ValueError when there are no items, an item occurs twice or
    a mark does not belong to its item, KindUnknown for an unknown kind.
    """
    _check_items(items)
    exact_points = _points_of(items)
    total = sum(exact_points, Fraction(0))
    shown = percent(total, len(items), rules.places)
    return ExamScore(
        total=round_half_up(total, POINT_PLACES),
        maximum=len(items),
        percent=shown,
        passed=shown >= rules.pass_percent,
        answered=sum(item.response is not None for item in items),
        items=tuple(_item_score(item, points) for item, points in zip(items, exact_points, strict=True)),
        topics=topic_bands(
            ((item.topic, points) for item, points in zip(items, exact_points, strict=True)),
            rules.pass_percent,
            rules.places,
        ),
    )


def _points_of(items: Sequence[ItemInput]) -> list[Fraction]:
    found = [item_points(item) for item in items]
    waiting = [item.code for item, points in zip(items, found, strict=True) if points is None]
    if waiting:
        raise AwaitingMarks(waiting)
    return [points for points in found if points is not None]


def _check_items(items: Sequence[ItemInput]) -> None:
    if not items:
        raise ValueError("an exam without items has no score")
    if len({item.code for item in items}) < len(items):
        raise ValueError("an item may occur only once in an attempt")


def _item_score(item: ItemInput, points: Fraction) -> ItemScore:
    return ItemScore(item.code, item.topic, round_half_up(points, POINT_PLACES), item.response is not None)
