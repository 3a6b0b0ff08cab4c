"""Arithmetic of credit that kinds share: points from counts, and how a blind guess spreads over points."""

from collections.abc import Iterable
from fractions import Fraction

from assessments.grading.kinds.base import Guess, Score


def share(right: int, of: int, whole: bool) -> Fraction:
    """`right` of `of` as points; with `whole`, one point for all of them and none for fewer."""
    return Fraction(right // of) if whole else Fraction(right, of)


def one_point(right: bool) -> Score:
    """The score of an item with a single right answer."""
    return Score(Fraction(int(right)), {"right": int(right), "of": 1})


def spread(chances: Iterable[tuple[Fraction, Fraction]]) -> Guess:
    """Points with their chances, equal points added up."""
    guess: Guess = {}
    for points, chance in chances:
        guess[points] = guess.get(points, Fraction(0)) + chance
    return guess


def one_chance(chance: Fraction) -> Guess:
    """The whole point with `chance`, else nothing."""
    return {Fraction(1): chance, Fraction(0): 1 - chance}
