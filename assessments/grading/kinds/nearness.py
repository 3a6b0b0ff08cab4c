"""How close a number must come to the answer of a numeric item: by a distance, by per cent, or by significant figures.

    tolerance = "0.5"     tolerance_kind = "absolute" (or left out): |given - answer| is at most 0.5
    tolerance = "2"       tolerance_kind = "percent": the distance is at most 2 per cent of the answer
    tolerance = "3"       tolerance_kind = "significant": both, rounded half up to 3 significant figures, are equal

Both ends count. Everything is exact; nothing is rounded but by the third rule.
"""

from decimal import Decimal
from fractions import Fraction

from assessments.grading.kinds.base import Content
from assessments.grading.kinds.checks import check_choice
from assessments.grading.messages import N_, Fault, fault
from assessments.grading.numbers import exact, find_decimal, round_half_up

TOLERANCE_KINDS = ("absolute", "percent", "significant")
MOST_FIGURES = 15


def check_nearness(content: Content) -> list[Fault]:
    """Answer and tolerance are decimals written as text, and fit the kind of tolerance. Never raises."""
    faults = [
        fault(field, N_('must be a number in quotes with a decimal point, such as "12.5"'))
        for field in ("answer", "tolerance")
        if find_decimal(content.get(field)) is None
    ]
    if "tolerance_kind" in content:
        faults += check_choice(content, "tolerance_kind", TOLERANCE_KINDS)
    answer, tolerance = find_decimal(content.get("answer")), find_decimal(content.get("tolerance"))
    if tolerance is not None and tolerance < 0:
        faults.append(fault("tolerance", N_("must not be below zero")))
    if faults or content.get("tolerance_kind", "absolute") == "absolute":
        return faults
    return _check_relative(answer or Decimal(0), tolerance or Decimal(0), content["tolerance_kind"])


def is_near(value: Fraction, content: Content) -> bool:
    """Whether a number lies within the tolerance of the answer."""
    answer, tolerance = exact(Decimal(content["answer"])), exact(Decimal(content["tolerance"]))
    kind = content.get("tolerance_kind", "absolute")
    if kind == "significant":
        return to_figures(value, int(tolerance)) == to_figures(answer, int(tolerance))
    return abs(value - answer) <= (tolerance if kind == "absolute" else abs(answer) * tolerance / 100)


def to_figures(value: Fraction, figures: int) -> Fraction:
    """`value` rounded half up to this many significant figures; 0 stays 0."""
    if not value:
        return value
    # the power of ten of the first figure, from the lengths of both parts, put right by comparing
    power = len(str(abs(value.numerator))) - len(str(value.denominator))
    if abs(value) < Fraction(10) ** power:
        power -= 1
    scale = Fraction(10) ** (figures - 1 - power)
    return exact(round_half_up(value * scale, 0)) / scale


def _check_relative(answer: Decimal, tolerance: Decimal, kind: str) -> list[Fault]:
    faults = [fault("tolerance_kind", N_("needs an answer other than zero"))] if not answer else []
    if kind == "significant" and (tolerance != int(tolerance) or not 1 <= tolerance <= MOST_FIGURES):
        faults.append(fault("tolerance", N_("must be a whole number from 1 to %(most)s"), most=MOST_FIGURES))
    return faults
