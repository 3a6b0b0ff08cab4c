"""Values, operators and functions of formulas (expressions.py), and what may go wrong with them.

Numbers are fractions of at most MOST_BITS bits above and below the line (about 77 digits). Each operation costs a step
of a budget that is shared by all formulas of one question, so that no formula can take long.
"""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, isqrt

from assessments.grading.messages import N_, Message
from assessments.grading.numbers import round_half_up

Value = Fraction | bool

MOST_BITS = 256
MOST_EXPONENT = 256
MOST_PLACES = 20
MOST_ARGUMENTS = 12
ROOT_PLACES = 30


class ExpressionInvalid(ValueError):
    """A formula that cannot be read or evaluated. `at` is the place in its text, from 1."""

    def __init__(self, text: str, at: int, **values: object) -> None:
        self.at = at
        self.message = Message(text, values)
        super().__init__(f"at {at}: {self.message.english}")


class DivisionByZero(ExpressionInvalid):
    """A division by zero, or zero to a power below zero."""


class NumberTooLarge(ExpressionInvalid):
    """A number with more digits than a formula may work with."""


class BudgetSpent(ExpressionInvalid):
    """The formulas of one question take more steps than they may."""


class Budget:
    """Steps that are left for the formulas of one question."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def spend(self, steps: int, at: int) -> None:
        """Take `steps` away. Raises BudgetSpent when there are not that many left."""
        self.left -= steps
        if self.left < 0:
            raise BudgetSpent(N_("the formulas of this question take too many steps"), at)


def bounded(value: Value, at: int) -> Value:
    """`value` again. Raises NumberTooLarge."""
    if isinstance(value, Fraction) and max(value.numerator.bit_length(), value.denominator.bit_length()) > MOST_BITS:
        raise NumberTooLarge(N_("the number becomes too large, or too fine"), at)
    return value


def number_of(value: Value, at: int) -> Fraction:
    """`value` as a number. Raises ExpressionInvalid for the answer of a comparison."""
    if isinstance(value, bool):
        raise ExpressionInvalid(N_("a number is needed here, not a comparison"), at)
    return value


def truth_of(value: Value, at: int) -> bool:
    """`value` as a truth value. Raises ExpressionInvalid for a number."""
    if not isinstance(value, bool):
        raise ExpressionInvalid(N_("a comparison is needed here, not a number"), at)
    return value


def power(base: Fraction, exponent: Fraction, at: int) -> Fraction:
    """`base` to a whole `exponent`; the size of the result is judged before it is computed."""
    if exponent.denominator != 1 or abs(exponent) > MOST_EXPONENT:
        raise ExpressionInvalid(
            N_("an exponent is a whole number from -%(limit)s to %(limit)s"), at, limit=MOST_EXPONENT
        )
    if base == 0 and exponent < 0:
        raise DivisionByZero(N_("this divides by zero"), at)
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    if (bits - 1) * abs(int(exponent)) > MOST_BITS:
        raise NumberTooLarge(N_("the number becomes too large, or too fine"), at)
    return Fraction(base ** int(exponent))


def root(value: Fraction, at: int) -> Fraction:
    """The square root: exact where it is a fraction, else cut off after 30 decimals."""
    if value < 0:
        raise ExpressionInvalid(N_("a number below zero has no square root"), at)
    above, below = isqrt(value.numerator), isqrt(value.denominator)
    if above * above == value.numerator and below * below == value.denominator:
        return Fraction(above, below)
    scale = 10**ROOT_PLACES
    return Fraction(isqrt(value.numerator * scale * scale // value.denominator), scale)


def rounded(value: Fraction, places: Fraction, at: int) -> Fraction:
    """`value` to `places` decimals, a tie away from zero."""
    if places.denominator != 1 or not 0 <= places <= MOST_PLACES:
        raise ExpressionInvalid(N_("places are a whole number from 0 to %(limit)s"), at, limit=MOST_PLACES)
    return Fraction(round_half_up(value, int(places)))


def percentage(part: Fraction, whole: Fraction, at: int) -> Fraction:
    """How many per cent of `whole` are `part`."""
    if whole == 0:
        raise DivisionByZero(N_("this divides by zero"), at)
    return 100 * part / whole


@dataclass(frozen=True, slots=True)
class Function:
    """What a function does with its values, and how many it takes."""

    act: Callable[[Sequence[Fraction], int], Fraction]
    least: int = 1
    most: int = 1


FUNCTIONS = {
    "min": Function(lambda values, at: min(values), 1, MOST_ARGUMENTS),
    "max": Function(lambda values, at: max(values), 1, MOST_ARGUMENTS),
    "abs": Function(lambda values, at: abs(values[0])),
    "floor": Function(lambda values, at: Fraction(floor(values[0]))),
    "ceil": Function(lambda values, at: Fraction(ceil(values[0]))),
    "sqrt": Function(lambda values, at: root(values[0], at)),
    "round": Function(lambda values, at: rounded(values[0], values[1] if len(values) > 1 else Fraction(0), at), 1, 2),
    "percent": Function(lambda values, at: percentage(values[0], values[1], at), 2, 2),
}
RESERVED = frozenset(FUNCTIONS) | {"if"}


def _plain(act: Callable[[Fraction, Fraction], Value]) -> Callable[[Fraction, Fraction, int], Value]:
    return lambda left, right, at: act(left, right)


OPERATORS: dict[str, Callable[[Fraction, Fraction, int], Value]] = {
    "+": _plain(operator.add),
    "-": _plain(operator.sub),
    "*": _plain(operator.mul),
    "/": _plain(operator.truediv),
    "<": _plain(operator.lt),
    "<=": _plain(operator.le),
    ">": _plain(operator.gt),
    ">=": _plain(operator.ge),
    "==": _plain(operator.eq),
    "!=": _plain(operator.ne),
    "**": power,
}
