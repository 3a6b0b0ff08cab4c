"""What a pass mark means: the chance of passing for people who know a given share of the field.

The model. Somebody who "knows 60 %" knows each drawn item with probability 0.6, independently of the others, and then
earns its point. An item that is not known is answered blindly: points fall as the kind's `blind_guess` says, partial
credit included; numbers and short texts are never guessed. The points of the exam are the sum over its items, so their
distribution is a convolution (Poisson binomial, plain binomial where all items are alike). It is computed in whole
numbers and rounded once. The model leaves out half-knowledge, which helps, and haste and misreading, which harm.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, lcm, prod

from assessments.grading.kinds.base import Guess
from assessments.grading.numbers import Exact, exact, round_half_up

CHANCE_PLACES = 4
KNOWS_ON_THE_SCHEME_PAGE = (Decimal("0.5"), Decimal("0.6"), Decimal("0.7"), Decimal("0.8"))

# A plain number is the chance of the whole point, a mapping gives the chance of each number of points.
Guessing = Exact | Mapping[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class WrongDecisions:
    """Chance that a person below the standard passes, or one at or above it fails; the other one is 0."""

    false_pass: Decimal
    false_fail: Decimal


def points_needed(items_drawn: int, pass_percent: Decimal, places: int = 1) -> Fraction:
    """The fewest points that show as `pass_percent` or more after rounding half up to `places`.

    With 40 items and 70 % this is 27.98, which shows as 70.0 %; in whole points it takes 28.
    """
    step = Fraction(1, 10**places)
    shown = ceil(exact(pass_percent) / step) * step
    return max((shown - step / 2) * items_drawn / 100, Fraction(0))


def chance_of_passing(items_drawn: int, pass_needed: Exact, knows: Exact, guess_chance: Sequence[Guessing]) -> Decimal:
    """Chance (0 to 1, four places) of reaching `pass_needed` points with `items_drawn` items.

    `knows` is the share known, 0 to 1; `guess_chance` has one entry for each drawn item.
    Raises ValueError when the lists differ in length or a probability lies outside 0 to 1.
    """
    return round_half_up(_exact_chance(items_drawn, pass_needed, knows, guess_chance), CHANCE_PLACES)


def wrong_decisions(
    items_drawn: int, pass_needed: Exact, knows: Exact, standard: Exact, guess_chance: Sequence[Guessing]
) -> WrongDecisions:
    """How often the exam errs about a person who knows `knows` when `standard` is the share a professional knows."""
    chance = _exact_chance(items_drawn, pass_needed, knows, guess_chance)
    meets = exact(knows) >= exact(standard)
    return WrongDecisions(
        false_pass=round_half_up(0 if meets else chance, CHANCE_PLACES),
        false_fail=round_half_up(1 - chance if meets else 0, CHANCE_PLACES),
    )


def typical_guess(guesses: Sequence[Guess]) -> Guess:
    """How points fall on an item drawn at random from several, such as those of one cell. Raises ValueError if none."""
    if not guesses:
        raise ValueError("there is no item to guess")
    mixture: Guess = {}
    for points, chance in (pair for guess in guesses for pair in guess.items()):
        mixture[points] = mixture.get(points, Fraction(0)) + chance / len(guesses)
    return mixture


def _exact_chance(items_drawn: int, needed: Exact, knows: Exact, guessing: Sequence[Guessing]) -> Fraction:
    if len(guessing) != items_drawn or items_drawn < 1:
        raise ValueError("one guessing chance is needed for each drawn item, and at least one item")
    known = _probability(exact(knows))
    items = [_item(known, guess) for guess in guessing]
    scale = lcm(*(points.denominator for item in items for points in item))
    weights = [lcm(*(chance.denominator for chance in item.values())) for item in items]
    ways = {0: 1}
    for item, weight in zip(items, weights, strict=True):
        ways = _convolve(ways, [(int(points * scale), int(chance * weight)) for points, chance in item.items()])
    least = exact(needed) * scale
    return Fraction(sum(count for points, count in ways.items() if points >= least), prod(weights))


def _item(known: Fraction, guessing: Guessing) -> Guess:
    """How points fall on one item for somebody who knows it with probability `known`."""
    if isinstance(guessing, Mapping):  # noqa: SIM108  the short form hides what the two are
        guess = dict(guessing)
    else:
        guess = {Fraction(1): exact(guessing), Fraction(0): 1 - exact(guessing)}
    if sum(guess.values()) != 1 or not all(0 <= points <= 1 for points in guess):
        raise ValueError("the chances of a guess add up to 1, its points lie between 0 and 1")
    item = {points: (1 - known) * _probability(chance) for points, chance in guess.items()}
    item[Fraction(1)] = item.get(Fraction(1), Fraction(0)) + known
    return item


def _convolve(ways: Mapping[int, int], item: Iterable[tuple[int, int]]) -> dict[int, int]:
    total: dict[int, int] = {}
    for points, weight in item:
        for sum_so_far, count in ways.items():
            reached = sum_so_far + points
            total[reached] = total.get(reached, 0) + count * weight
    return total


def _probability(value: Fraction) -> Fraction:
    if not 0 <= value <= 1:
        raise ValueError("a probability lies between 0 and 1")
    return value
