"""Units of numeric items: each with its factor to the base unit, the one whose factor is 1 and in which the answer stands.

    units = [ { text = "min", factor = "1" }, { text = "h", factor = "60" }, { text = "kg" } ]

A factor may be a fraction ("1/60"). A unit without a factor cannot be right; it is there to be chosen wrongly.
"""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from assessments.grading.kinds.base import Content, ResponseInvalid
from assessments.grading.kinds.checks import check_count, check_distinct, check_text
from assessments.grading.kinds.folding import tidy
from assessments.grading.messages import N_, Fault, fault

UNIT_LIMIT = 40
MOST_UNITS = 12
_FACTOR = re.compile(r"[0-9]{1,20}(\.[0-9]{1,20})?(/[0-9]{1,20}(\.[0-9]{1,20})?)?")
# What a number may end with must not begin a unit, or "2 5m" could be read in two ways.
_BEGINS_LIKE_A_NUMBER = re.compile(r"[0-9.,'+\-\s]")


def check_units(content: Content) -> list[Fault]:
    """Units with texts of their own, factors above zero, and one base unit. Never raises."""
    units = content.get("units")
    if not isinstance(units, list) or not all(isinstance(unit, dict) for unit in units):
        return [fault("units", N_("must be a list of tables { text = ..., factor = ... }"))]
    faults = check_count("units", len(units), 1, MOST_UNITS) + check_distinct(
        "units", [unit.get("text") for unit in units]
    )
    for place, unit in enumerate(units):
        faults += _check_unit(unit, f"units[{place}].")
    if content.get("unit", "") != "":
        faults.append(fault("unit", N_("is for items without units to choose from")))
    if not faults and not any(_factor(unit["factor"]) == 1 for unit in units if "factor" in unit):
        faults.append(fault("units", N_('needs a base unit with the factor "1"')))
    return faults


def unit_texts(content: Content) -> list[str]:
    """The units to choose from, as authored; empty for items without."""
    return [tidy(unit["text"]) for unit in content.get("units", ())]


def factors(content: Content) -> dict[str, Fraction | None]:
    """Each unit with its factor to the base unit, None for one that cannot be right."""
    return {tidy(unit["text"]): _factor(unit.get("factor")) for unit in content.get("units", ())}


def base_unit(content: Content) -> str:
    """The unit in which the answer stands."""
    return next(text for text, factor in factors(content).items() if factor == 1)


def split_unit(text: str, units: Sequence[str]) -> tuple[str, str]:
    """The number and the unit of "2 h", however the unit is spaced; capital letters count only where they must.

    Raises ResponseInvalid when no unit of the item ends the text.
    """
    spaced = tidy(text)
    for fold in (str, str.casefold):
        ending = [unit for unit in units if fold(spaced).endswith(fold(unit)) and len(fold(spaced)) == len(spaced)]
        longest = [unit for unit in ending if len(unit) == max(map(len, ending))]
        if len(longest) == 1:
            return spaced[: -len(longest[0])].rstrip(), longest[0]
    raise ResponseInvalid(N_("Give the number with its unit: one of %(units)s."), part="unit", units=", ".join(units))


def _check_unit(unit: Mapping[str, Any], path: str) -> list[Fault]:
    faults = [
        fault(path + str(name), N_("a unit has no such field")) for name in unit if name not in ("text", "factor")
    ]
    faults += check_text(unit, "text", UNIT_LIMIT, path)
    if not faults and _BEGINS_LIKE_A_NUMBER.match(tidy(unit["text"])):
        faults.append(fault(f"{path}text", N_("must not begin with a digit, a blank or a sign of numbers")))
    if "factor" in unit and not _factor(unit["factor"]):
        faults.append(fault(f"{path}factor", N_('must be a number above zero in quotes, such as "60" or "1/60"')))
    return faults


def _factor(text: Any) -> Fraction | None:
    """The factor written as `text`; None for anything that is none."""
    if not isinstance(text, str) or not _FACTOR.fullmatch(text):
        return None
    above, _, below = text.partition("/")
    return Fraction(above) / Fraction(below or 1) if Fraction(below or 1) else None
