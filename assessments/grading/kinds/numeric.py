"""Numeric: a number within an absolute tolerance of the answer, both ends included.

Response: decimal text with a point, such as "12.5". The unit stands beside the field and is not typed.
"""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from assessments.grading.kinds.base import (
    Content,
    Explanation,
    Guess,
    Order,
    ResponseInvalid,
    Score,
    explain_answer,
    is_blank,
)
from assessments.grading.kinds.checks import check_shared, check_text
from assessments.grading.kinds.credit import one_chance, one_point
from assessments.grading.kinds.number_text import canonical_number, read_number
from assessments.grading.messages import N_, Fault, fault
from assessments.grading.numbers import exact, find_decimal

UNIT_LIMIT = 40


class Numeric:
    """One point for a number that is close enough."""

    name = "numeric"
    fields = frozenset({"answer", "tolerance", "unit"})

    def check(self, content: Content) -> list[Fault]:
        """As in Kind: answer and tolerance are decimals written as text, the tolerance not below zero."""
        faults = check_shared(content, self.fields)
        for field in ("answer", "tolerance"):
            if find_decimal(content.get(field)) is None:
                faults.append(fault(field, N_('must be a number in quotes with a decimal point, such as "12.5"')))
        tolerance = find_decimal(content.get("tolerance"))
        if tolerance is not None and tolerance < 0:
            faults.append(fault("tolerance", N_("must not be below zero")))
        return faults + ([] if content.get("unit", "") == "" else check_text(content, "unit", UNIT_LIMIT))

    def orders(self, content: Content) -> dict[str, list[str]]:
        """Nothing to shuffle."""
        return {}

    def public(self, content: Content, order: Order | None = None) -> dict[str, Any]:
        """Stem and unit."""
        return {"kind": self.name, "stem": content["stem"], "unit": content.get("unit", "")}

    def normalise(self, content: Content, raw: Any) -> str | None:
        """As in Kind; `raw` is text as number_text.read_number takes it."""
        if is_blank(raw):
            return None
        if not isinstance(raw, str):
            raise ResponseInvalid(N_("Write the number only, in digits, such as 12 or 12.5."))
        return canonical_number(read_number(raw))

    def score(self, content: Content, response: str | None) -> Score:
        """One point within the tolerance, both ends included."""
        tolerance = exact(Decimal(content["tolerance"]))
        return one_point(response is not None and _distance(response, content["answer"]) <= tolerance)

    def right_response(self, content: Content) -> str:
        """The answer as canonical text."""
        return canonical_number(Decimal(content["answer"]))

    def explain(self, content: Content, response: str | None) -> Explanation:
        """One part: the number given and the number expected."""
        return explain_answer(content, response or "", self.right_response(content), self.score(content, response))

    def credit_rule(self, content: Content) -> str:
        """A number close enough; how close is not told."""
        return "number"

    def blind_guess(self, content: Content) -> Guess:
        """As in Kind; a number out of the blue is taken as never right."""
        return one_chance(Fraction(0))


def _distance(given: str, answer: str) -> Fraction:
    """How far apart two numbers are, exactly."""
    return abs(exact(Decimal(given)) - exact(Decimal(answer)))
