"""The distribution of the points of an exam that grows item by item.

standard.chance_of_passing computes the same for one exam; here each further item costs one step, so that lengths can be
tried one after the other: exactly in whole numbers, or in double precision where hundreds of lengths are tried.
"""

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, fsum, lcm
from operator import mul

from assessments.grading.kinds.base import Guess
from assessments.grading.numbers import Exact, exact


class Points:
    """How the points of somebody who knows `knows` (0 to 1) fall on the items added so far."""

    def __init__(self, knows: Fraction) -> None:
        """Begin without items. Raises ValueError for a share outside 0 to 1."""
        if not 0 <= knows <= 1:
            raise ValueError("a share known lies between 0 and 1")
        self.knows, self.items = knows, 0
        self._scale, self._ways, self._all = 1, {0: 1}, 1

    def add(self, guess: Guess) -> None:
        """One more item, answered blindly as `guess` says when it is not known. Raises ValueError for no distribution."""
        if sum(guess.values()) != 1 or not all(0 <= points <= 1 for points in guess):
            raise ValueError("the chances of a guess add up to 1, its points lie between 0 and 1")
        item = {points: (1 - self.knows) * chance for points, chance in guess.items()}
        item[Fraction(1)] = item.get(Fraction(1), Fraction(0)) + self.knows
        self._rescale(lcm(self._scale, *(points.denominator for points in item)))
        weight = lcm(*(chance.denominator for chance in item.values()))
        steps = [(int(points * self._scale), int(chance * weight)) for points, chance in item.items() if chance]
        ways: dict[int, int] = {}
        for points, count in steps:
            for reached, so_far in self._ways.items():
                ways[reached + points] = ways.get(reached + points, 0) + so_far * count
        self._ways, self._all, self.items = ways, self._all * weight, self.items + 1

    def chance_of(self, needed: Exact) -> Fraction:
        """Chance of `needed` points or more."""
        least = exact(needed) * self._scale
        return Fraction(sum(count for points, count in self._ways.items() if points >= least), self._all)

    def __iter__(self) -> Iterator[tuple[Fraction, Fraction]]:
        """Pairs of points and their chance, in rising order."""
        return (
            (Fraction(points, self._scale), Fraction(count, self._all)) for points, count in sorted(self._ways.items())
        )

    def _rescale(self, scale: int) -> None:
        times = scale // self._scale
        if times > 1:
            self._ways = {points * times: count for points, count in self._ways.items()}
            self._scale = scale


class AlikePoints:
    """The same for items that are all guessed alike, in double precision: the error stays far below a millionth.

    A bank with several kinds of items has many possible totals with very large weights, so that trying 200 lengths in
    whole numbers takes ten seconds, and here a tenth of that.
    """

    def __init__(self, knows: Fraction, guess: Guess) -> None:
        """Begin without items. Raises ValueError for a share outside 0 to 1 and for no distribution."""
        first = Points(knows)
        first.add(guess)
        self.items = 0
        self._scale = lcm(*(points.denominator for points, _ in first))
        self._item = [(int(points * self._scale), float(chance)) for points, chance in first if chance]
        self._ways = [1.0]

    def add(self) -> None:
        """One more item."""
        padding = [0.0] * self._scale
        before = padding + self._ways + padding
        reach = len(self._ways) + self._scale
        shifted = [before[self._scale - points : self._scale - points + reach] for points, _ in self._item]
        chances = [chance for _, chance in self._item]
        self._ways = [sum(map(mul, chances, column)) for column in zip(*shifted, strict=True)]
        self.items += 1

    def chance_of(self, needed: Exact) -> Fraction:
        """Chance of `needed` points or more, to twelve places."""
        least = ceil(exact(needed) * self._scale)
        return Fraction(round(min(fsum(self._ways[max(least, 0) :]), 1.0), 12)).limit_denominator(10**12)
