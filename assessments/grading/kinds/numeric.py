"""Numeric: a number that comes close enough to the answer (nearness.py), typed alone or with its unit (units.py).

Response: decimal text with a point, such as "12.5"; where the item lists units, with the unit behind it: "2 h". Without a
list the unit stands beside the field and is not typed. A number with two readings, such as 1,234, is refused with both
ways out (number_text.py), since a page cannot know how its reader writes numbers.
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
from assessments.grading.kinds.checks import check_choice, check_shared, check_text
from assessments.grading.kinds.credit import one_chance, one_point
from assessments.grading.kinds.exporting import plain_definition
from assessments.grading.kinds.nearness import check_nearness, is_near
from assessments.grading.kinds.number_text import LONGEST, canonical_number, read_number
from assessments.grading.kinds.units import UNIT_LIMIT, base_unit, check_units, factors, split_unit, unit_texts
from assessments.grading.messages import N_, Fault
from assessments.grading.numbers import exact

# What the right number with a wrong unit earns.
WRONG_UNIT = {"nothing": Fraction(0), "half": Fraction(1, 2)}
_DIGITS = N_("Write the number only, in digits, such as 12 or 12.5.")


class Numeric:
    """One point for a number that is close enough."""

    name = "numeric"
    fields = frozenset({"answer", "tolerance", "tolerance_kind", "unit", "units", "wrong_unit"})

    def check(self, content: Content) -> list[Fault]:
        """As in Kind: answer and tolerance are decimals written as text; a unit to show, or units to choose from."""
        faults = check_shared(content, self.fields) + check_nearness(content)
        if "wrong_unit" in content:
            faults += check_choice(content, "wrong_unit", tuple(WRONG_UNIT))
        if "units" in content:
            return faults + check_units(content)
        return faults + ([] if content.get("unit", "") == "" else check_text(content, "unit", UNIT_LIMIT))

    def orders(self, content: Content) -> dict[str, list[str]]:
        """Nothing to shuffle."""
        return {}

    def public(self, content: Content, order: Order | None = None) -> dict[str, Any]:
        """Stem, and the unit or the units to choose from; never their factors."""
        shown = {"kind": self.name, "stem": content["stem"], "unit": content.get("unit", "")}
        return shown | ({"units": unit_texts(content)} if "units" in content else {})

    def normalise(self, content: Content, raw: Any) -> str | None:
        """As in Kind; `raw` is text as number_text.read_number takes it, with its unit where the item lists units.

        A page with a list of units to open sends { number, unit }.
        """
        text = _one_text(raw) if isinstance(raw, dict) and "units" in content else raw
        if is_blank(text):
            return None
        if not isinstance(text, str):
            raise ResponseInvalid(_DIGITS)
        if "units" not in content:
            return canonical_number(read_number(text))
        if len(text) > LONGEST + UNIT_LIMIT:
            raise ResponseInvalid(_DIGITS)
        number, unit = split_unit(text, unit_texts(content))
        return f"{canonical_number(read_number(number))} {unit}"

    def score(self, content: Content, response: str | None) -> Score:
        """One point within the tolerance, both ends included; what a wrong unit leaves of it is for the item to say."""
        if response is None or "units" not in content:
            return one_point(response is not None and is_near(exact(Decimal(response)), content))
        known = factors(content)
        number, unit = split_unit(response, list(known))
        value, factor = exact(Decimal(number)), known[unit]
        if factor is not None and is_near(value * factor, content):
            return one_point(True)
        is_right_number = any(other is not None and is_near(value * other, content) for other in known.values())
        left = WRONG_UNIT[content.get("wrong_unit", "nothing")]
        return Score(left if is_right_number else Fraction(0), {"right": 0, "of": 1})

    def right_response(self, content: Content) -> str:
        """The answer as canonical text, in the base unit where the item lists units."""
        number = canonical_number(Decimal(content["answer"]))
        return f"{number} {base_unit(content)}" if "units" in content else number

    def explain(self, content: Content, response: str | None) -> Explanation:
        """One part: the number given and the number expected."""
        return explain_answer(content, response or "", self.right_response(content), self.score(content, response))

    def credit_rule(self, content: Content) -> str:
        """A number close enough; how close is not told. With units, what a wrong one leaves."""
        if "units" not in content:
            return "number"
        return "number_half_for_unit" if content.get("wrong_unit") == "half" else "number_and_unit"

    def blind_guess(self, content: Content) -> Guess:
        """As in Kind; a number out of the blue is taken as never right."""
        return one_chance(Fraction(0))

    def export(self, content: Content) -> dict[str, Any]:
        """As in Kind."""
        return plain_definition(content)


def _one_text(raw: dict[Any, Any]) -> Any:
    """What a form with a field and a list sends, as one text; None when both are empty. Raises ResponseInvalid."""
    number, unit = raw.get("number"), raw.get("unit")
    if is_blank(number) and is_blank(unit):
        return None
    if not isinstance(number, str) or not isinstance(unit, str | None) or is_blank(number):
        raise ResponseInvalid(_DIGITS, part="number")
    return f"{number} {unit or ''}"
