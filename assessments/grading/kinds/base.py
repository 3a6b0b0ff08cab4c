"""What every kind of item can do, and the small values it answers with.

`content` is an item's definition: a dict of JSON values with the fields of docs/course-format.md.
`raw` is whatever arrived from outside; `response` is what `normalise` made of it, None when unanswered.
Functions that take a `content` expect one for which `check` found no fault.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol

from assessments.grading.messages import Fault, Message
from assessments.grading.numbers import round_half_up

Content = Mapping[str, Any]
Order = Mapping[str, Sequence[str]]
# How points fall to somebody who does not know: points (0 to 1) with their probability, adding up to 1.
Guess = dict[Fraction, Fraction]

POINT_PLACES = 4


class ResponseInvalid(ValueError):
    """A response that cannot be read. `message` is for the candidate, `part` names the field within the item."""

    def __init__(self, text: str, part: str = "", **values: object) -> None:
        self.message = Message(text, values)
        self.part = part
        super().__init__(self.message.english)


class OrderInvalid(ValueError):
    """A shown order that does not hold each code exactly once."""


@dataclass(frozen=True, slots=True)
class Score:
    """Points of one item as an exact fraction of one; `detail` counts what was right, wrong and how many there were."""

    exact: Fraction
    detail: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 0 <= self.exact <= 1:
            raise ValueError("points of an item lie between 0 and 1")

    @property
    def points(self) -> Decimal:
        """The points as shown, to four places. Totals are built from `exact`, so that they are rounded once."""
        return round_half_up(self.exact, POINT_PLACES)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an item after release: what was given there, what was expected, and whether it was right."""

    code: str
    text: str
    given: str
    expected: str
    right: bool
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Feedback on one item, to be shown after release (exam) or at once (practice)."""

    answered: bool
    score: Score
    parts: tuple[Part, ...]
    feedback: str


class Kind(Protocol):
    """A kind of item."""

    name: str
    fields: frozenset[str]

    def check(self, content: Content) -> list[Fault]:
        """What is wrong with a definition; never raises, whatever `content` holds."""

    def public(self, content: Content, order: Order | None = None) -> dict[str, Any]:
        """What a candidate may see before release, in the given order. Raises OrderInvalid."""

    def orders(self, content: Content) -> dict[str, list[str]]:
        """What a caller may shuffle with its own seeded Random: name of the list to its public codes."""

    def normalise(self, content: Content, raw: Any) -> Any:
        """The canonical response, or None when nothing was given. Raises ResponseInvalid and nothing else."""

    def score(self, content: Content, response: Any) -> Score:
        """The points of a canonical response; None scores 0."""

    def right_response(self, content: Content) -> Any:
        """A canonical response that earns the full point."""

    def explain(self, content: Content, response: Any) -> Explanation:
        """What was right and wrong in a response, part by part."""

    def credit_rule(self, content: Content) -> str:
        """Key of the printed rule in wording.CREDIT_RULES."""

    def blind_guess(self, content: Content) -> Guess:
        """How points fall to somebody who picks at random (see standard.py)."""

    def export(self, content: Content) -> dict[str, Any]:
        """The definition as plain values, key included, that are read as the same item again (exporting.py)."""


def explain_answer(content: Content, given: str, expected: str, score: Score) -> Explanation:
    """The explanation of an item with one answer; `given` is empty when it was left unanswered."""
    part = Part("answer", content["stem"], given, expected, score.exact == 1)
    return Explanation(bool(given), score, (part,), content["feedback"])


def is_blank(raw: Any) -> bool:
    """True for what a form or a program sends when nothing was answered: None, blank text, empty list or object."""
    if isinstance(raw, str):
        return not raw.strip()
    return raw is None or (isinstance(raw, list | dict) and not raw)


def ordered(codes: Sequence[str], wanted: Sequence[str] | None) -> list[str]:
    """`wanted` when it holds each of `codes` exactly once, `codes` when it is None. Raises OrderInvalid."""
    if wanted is None:
        return list(codes)
    if sorted(wanted) != sorted(codes):
        raise OrderInvalid("the order must hold each code exactly once")
    return list(wanted)
