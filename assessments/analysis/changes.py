"""Answer changes: who turned far more wrong answers into right ones than the cohort does when it changes its mind.

Changing an answer helps most people a little, so the count alone says nothing. Of the answers a person changed, the
share that went from wrong to right is compared with the same share among everybody else's changes: the upper tail of a
binomial with that share (the idea of the erasure detection index, Wollack, Cohen & Eckerly 2015, Educ. Psychol. Meas. 75,
931-953, without its item parameters). Chances are adjusted after Benjamini & Hochberg over all who changed enough.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.analysis.distributions import adjusted, chance_of_at_least
from assessments.analysis.thresholds import INTEGRITY, IntegrityThresholds


@dataclass(frozen=True, slots=True)
class Changes:
    """What one person changed: the first answer to an item against the last one."""

    person: str
    wrong_to_right: int
    right_to_wrong: int
    wrong_to_wrong: int

    @property
    def all(self) -> int:
        """How many answers were changed."""
        return self.wrong_to_right + self.right_to_wrong + self.wrong_to_wrong


@dataclass(frozen=True, slots=True)
class UnusualChanges:
    """`changes` of which `expected` went from wrong to right if the person changed as the cohort does."""

    changes: Changes
    expected: float
    cohort_share: float
    chance: float
    adjusted: float


def count_changes(person: str, points: Sequence[Sequence[float]]) -> Changes:
    """The changes of one person; `points` holds, for each item, the points of each saved answer in order, 0 to 1.

    An item with one answer, or whose last answer earns what the first earned above 0, was not changed to effect; two
    unlike wrong answers count as wrong to wrong, so callers leave out repeated saves of the same answer.
    """
    found = [(steps[0] >= 1, steps[-1] >= 1) for steps in points if len(steps) > 1]
    return Changes(
        person,
        wrong_to_right=found.count((False, True)),
        right_to_wrong=found.count((True, False)),
        wrong_to_wrong=found.count((False, False)),
    )


def unusual_changes(cohort: Sequence[Changes], thresholds: IntegrityThresholds = INTEGRITY) -> list[UnusualChanges]:
    """People to look at, the least likely first; none in groups below `fewest_people`."""
    if len(cohort) < thresholds.fewest_people:
        return []
    right, made = sum(one.wrong_to_right for one in cohort), sum(one.all for one in cohort)
    tested = [one for one in cohort if one.all >= thresholds.fewest_changes]
    shares = [_share_of_others(one, right, made) for one in tested]
    chances = [
        chance_of_at_least(one.wrong_to_right, [share] * one.all) for one, share in zip(tested, shares, strict=True)
    ]
    found = [
        UnusualChanges(one, share * one.all, share, chance, q)
        for one, share, chance, q in zip(tested, shares, chances, adjusted(chances), strict=True)
        if q <= thresholds.most_false
    ]
    return sorted(found, key=lambda row: (row.chance, row.changes.person))


def _share_of_others(one: Changes, right: int, made: int) -> float:
    """Share of wrong to right among the changes of everybody else; one of two is added, so that few changes say little."""
    return (right - one.wrong_to_right + 1) / (made - one.all + 2)
