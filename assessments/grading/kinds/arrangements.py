"""Chances of random arrangements, exact: how often so many things stand right when somebody knows nothing."""

from fractions import Fraction
from functools import cache
from math import comb, factorial


def chance_of_hits(hits: int, pairs: int, rights: int) -> Fraction:
    """Chance of exactly `hits` right pairs when `pairs` lefts get different ones of `rights` entries at random.

    Inclusion and exclusion over the pairs that are right (the problem of coincidences).
    """
    ways = sum(
        (-1) ** extra * comb(pairs - hits, extra) * factorial(rights - hits - extra)
        for extra in range(pairs - hits + 1)
    )
    return Fraction(comb(pairs, hits) * ways, factorial(rights))


def chance_of_neighbours(hits: int, steps: int) -> Fraction:
    """Chance that a random order of `steps` holds exactly `hits` right neighbours.

    Glue the neighbours that are right together and count the orders of the rest that hold none.
    """
    left = steps - hits
    none = sum((-1) ** glued * comb(left - 1, glued) * factorial(left - glued) for glued in range(left))
    return Fraction(comb(steps - 1, hits) * none, factorial(steps))


def chance_of_run(links: int, steps: int) -> Fraction:
    """Chance that the longest stretch of right neighbours in a random order of `steps` holds exactly `links` of them."""
    return _chance_of_runs_up_to(links, steps) - _chance_of_runs_up_to(links - 1, steps)


def _chance_of_runs_up_to(links: int, steps: int) -> Fraction:
    """Chance that no stretch holds more than `links` right neighbours.

    An order is cut where no right neighbour follows. The steps fall, in their right order, into stretches of at most
    links + 1 steps; the stretches are then put into an order in which none follows its own.
    """
    if links < 0:
        return Fraction(0)
    ways = sum(
        _compositions(steps, stretches, links + 1) * chance_of_neighbours(0, stretches) * factorial(stretches)
        for stretches in range(1, steps + 1)
    )
    return Fraction(ways) / factorial(steps)


@cache
def _compositions(total: int, parts: int, most: int) -> int:
    """Ways to write `total` as an ordered sum of `parts` numbers from 1 to `most`."""
    if parts == 0:
        return int(total == 0)
    return sum(_compositions(total - first, parts - 1, most) for first in range(1, min(most, total) + 1))
