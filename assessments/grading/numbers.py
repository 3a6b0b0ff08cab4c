"""Exact numbers, rounded once and half up.

The rounded value is the one that is shown and the one that is compared, so nobody reads 70.0 % and fails at 70.
Python's own `round` rounds half to even and is not used for scores.
"""

import re
from decimal import Decimal
from fractions import Fraction

Exact = Decimal | Fraction | int

_DECIMAL_TEXT = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")


def exact(value: Exact) -> Fraction:
    """`value` as a fraction without loss.

    Raises TypeError for floats, booleans and anything else that is not an exact number,
    ValueError for a Decimal that is not finite.
    """
    if isinstance(value, bool) or not isinstance(value, Decimal | Fraction | int):
        raise TypeError(f"an exact number is needed, not {type(value).__name__}")
    if isinstance(value, Decimal) and not value.is_finite():
        raise ValueError("a finite number is needed")
    return Fraction(value)


def round_half_up(value: Exact, places: int) -> Decimal:
    """`value` with exactly `places` decimals; a tie goes away from zero (decimal.ROUND_HALF_UP).

    Works on whole numbers, so that no arithmetic context can round a second time.
    """
    scaled = exact(value) * 10**places
    doubled = 2 * abs(scaled.numerator) + scaled.denominator
    digits = doubled // (2 * scaled.denominator)
    sign = int(scaled < 0 and digits > 0)
    return Decimal((sign, tuple(int(digit) for digit in str(digits)), -places))


def percent(score: Exact, maximum: Exact, places: int = 1) -> Decimal:
    """`score` of `maximum` in percent, rounded once. Raises ValueError when `maximum` is not above zero."""
    if exact(maximum) <= 0:
        raise ValueError("a percentage needs a maximum above zero")
    return round_half_up(100 * exact(score) / exact(maximum), places)


def find_decimal(text: object) -> Decimal | None:
    """The number an author wrote as text with a point ("2.5"), or None when it is anything else."""
    if isinstance(text, str) and _DECIMAL_TEXT.fullmatch(text):
        return Decimal(text)
    return None


def plain_text(value: Decimal) -> str:
    """`value` without exponent, trailing zeros or a negative zero: one text for equal numbers."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def shown_value(value: object) -> str:
    """What stands in a sentence for `value`: a number written as text loses its idle zeros ("80.0000" is "80")."""
    number = find_decimal(value)
    return str(value) if number is None else plain_text(number)
