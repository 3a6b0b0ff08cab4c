"""Drawing the numbers of a parametrised item: a variant has a number, and the number alone decides what it holds.

Nothing here asks Python's own random numbers, whose order may change with a release: each parameter takes its value by
SHA-256 of the item's code, the number of the variant and the parameter's name. The same number gives the same
question in every process and in ten years. What these rules give is pinned by tests; they never change.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from assessments.grading.expression_values import Budget, ExpressionInvalid, number_of
from assessments.grading.expressions import evaluate, parse
from assessments.grading.kinds.base import Content
from assessments.grading.messages import N_, Message
from assessments.grading.numbers import exact, find_decimal, plain_text, round_half_up

MOST_NUMBER = 1_000_000
MOST_TRIES = 200
MOST_STEPS = 20_000
MOST_PLACES = 10


class VariantInvalid(ValueError):
    """A variant that cannot be made; `path` names the field of the definition."""

    def __init__(self, path: str, message: Message) -> None:
        self.path, self.message = path, message
        super().__init__(f"{path}: {message.english}")


@dataclass(frozen=True, slots=True)
class Drawn:
    """The values of one variant: numbers for formulas, and the text that stands for each name."""

    numbers: Mapping[str, Fraction]
    texts: Mapping[str, str]
    budget: Budget


def draw_values(content: Content, number: int) -> Drawn:
    """The values of variant `number`; draws are repeated until every condition holds. Raises VariantInvalid."""
    budget = Budget(MOST_STEPS)
    for attempt in range(MOST_TRIES):
        drawn = _draw(content, f"{content.get('code', '')}/{number}/{attempt}", budget)
        if _holds(content.get("conditions", ()), drawn):
            return drawn
    raise VariantInvalid("conditions", Message(N_("no values were found for which every condition holds")))


def compute(text: str, drawn: Drawn, path: str) -> Fraction:
    """The number that a formula gives for these values. Raises VariantInvalid."""
    try:
        return number_of(evaluate(parse(text), drawn.numbers, drawn.budget), 1)
    except ExpressionInvalid as error:
        raise _at(path, error) from error


def judge(text: str, drawn: Drawn, path: str) -> bool:
    """Whether a comparison holds for these values. Raises VariantInvalid, also for what is no comparison."""
    try:
        value = evaluate(parse(text), drawn.numbers, drawn.budget)
    except ExpressionInvalid as error:
        raise _at(path, error) from error
    if not isinstance(value, bool):
        raise VariantInvalid(path, Message(N_("must be a comparison, such as a < b")))
    return value


def number_text(value: Fraction, places: int | None, path: str) -> str:
    """`value` as decimal text, rounded half up to `places` where they are given.

    Raises VariantInvalid when no places are given and the number has no end, or more than ten decimals.
    """
    rounded = round_half_up(value, MOST_PLACES if places is None else places)
    if places is None and exact(rounded) != value:
        raise VariantInvalid(
            path, Message(N_("the number has too many decimals: say to how many places it is rounded"))
        )
    return plain_text(rounded)


def count_of(row: Mapping[str, Any]) -> int:
    """How many values a range has. The row holds sound `from`, `to` and `step`."""
    first, last, step = (exact(Decimal(row[name])) for name in ("from", "to", "step"))
    return int((last - first) / step) + 1


def _draw(content: Content, salt: str, budget: Budget) -> Drawn:
    numbers: dict[str, Fraction] = {}
    texts: dict[str, str] = {}
    drawn = Drawn(numbers, texts, budget)
    for place, row in enumerate(content["parameters"]):
        text = _text_of(row, salt, drawn, f"parameters[{place}]")
        texts[row["name"]] = text
        found = find_decimal(text)
        if found is not None:
            numbers[row["name"]] = exact(found)
    return drawn


def _text_of(row: Mapping[str, Any], salt: str, drawn: Drawn, path: str) -> str:
    if "formula" in row:
        return number_text(compute(row["formula"], drawn, f"{path}.formula"), row.get("places"), f"{path}.formula")
    if "choices" in row:
        choices: Sequence[str] = row["choices"]
        return choices[_chance(f"{salt}/{row['name']}", len(choices))]
    first, step = (exact(Decimal(row[name])) for name in ("from", "step"))
    return number_text(first + step * _chance(f"{salt}/{row['name']}", count_of(row)), None, path)


def _chance(salt: str, count: int) -> int:
    """A whole number from 0 to below `count`; 256 bits make the leaning towards the first ones immeasurable."""
    return int.from_bytes(hashlib.sha256(salt.encode("utf-8", "surrogatepass")).digest(), "big") % count


def _holds(conditions: Sequence[str], drawn: Drawn) -> bool:
    return all(judge(text, drawn, f"conditions[{place}]") for place, text in enumerate(conditions))


def _at(path: str, error: ExpressionInvalid) -> VariantInvalid:
    return VariantInvalid(
        path, Message(N_("place %(at)s of the formula: %(what)s"), {"at": error.at, "what": error.message})
    )
