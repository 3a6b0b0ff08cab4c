"""Sitting an exam many times with a known truth: how many pass by what they know, and at which attempt.

It uses the model of standard.py, and one thing that sums cannot do easily: people may learn between attempts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from random import Random

from assessments.grading.kinds.base import Guess
from assessments.grading.numbers import Exact, exact, round_half_up
from assessments.grading.standard import CHANCE_PLACES, points_needed


@dataclass(frozen=True, slots=True)
class Simulated:
    """People who know the same share at first: how many of them pass, by attempt, of `people`."""

    knows: Decimal
    people: int
    passed_at: tuple[int, ...]

    @property
    def passed(self) -> Decimal:
        """Share who passed in any attempt, to four places."""
        return round_half_up(Fraction(sum(self.passed_at), self.people), CHANCE_PLACES)

    @property
    def passed_first(self) -> Decimal:
        """Share who passed the first time, to four places."""
        return round_half_up(Fraction(self.passed_at[0], self.people), CHANCE_PLACES)


def simulate(
    guesses: Sequence[Guess],
    pass_percent: Decimal,
    knows: Sequence[Decimal],
    attempts: int,
    people: int,
    rng: Random,
    learns: Exact = 0,
) -> list[Simulated]:
    """Let `people` of each level in `knows` sit an exam of one item for each of `guesses`, until they pass.

    `learns` is the share of what is not yet known that they learn between two attempts, 0 to 1.
    Raises ValueError without items, attempts or people, and for shares outside 0 to 1.
    """
    if not guesses or attempts < 1 or people < 1:
        raise ValueError("a simulation has items, attempts and people")
    if not all(0 <= exact(share) <= 1 for share in (*knows, learns)):
        raise ValueError("shares lie between 0 and 1")
    needed = float(points_needed(len(guesses), pass_percent)) - 1e-9
    tables = [_table(guess) for guess in guesses]
    return [
        Simulated(level, people, _level(tables, needed, float(level), attempts, people, rng, float(exact(learns))))
        for level in knows
    ]


_Table = list[tuple[float, float]]


def _level(
    tables: Sequence[_Table], needed: float, knows: float, attempts: int, people: int, rng: Random, learns: float
) -> tuple[int, ...]:
    passed_at = [0] * attempts
    for _ in range(people):
        known = knows
        for attempt in range(attempts):
            if _points(tables, known, rng) >= needed:
                passed_at[attempt] += 1
                break
            known += learns * (1 - known)
    return tuple(passed_at)


def _table(guess: Guess) -> _Table:
    """Rising chances with the points that fall up to there."""
    reached, table = Fraction(0), []
    for points, chance in sorted(guess.items()):
        reached += chance
        table.append((float(reached), float(points)))
    return table


def _points(tables: Sequence[_Table], known: float, rng: Random) -> float:
    return sum(1.0 if rng.random() < known else _guessed(table, rng.random()) for table in tables)


def _guessed(table: _Table, chance: float) -> float:
    return next((points for reached, points in table if chance < reached), table[-1][1])
