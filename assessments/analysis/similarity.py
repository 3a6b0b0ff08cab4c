"""Pairs of people whose answers agree more than working apart explains, above all in what is wrong.

The null: two people work apart. Each is fully right on an item with the chance that their own score and the item's
facility give (knowing.py); whoever is not picks among the wrong answers as all the others who were not right did. The
alternative: on a share c of the items one of them wrote what the other wrote. The evidence is the likelihood ratio of
the two, item by item: an agreeing answer of chance P counts (1 - c) + c / P, a disagreeing one 1 - c, so that a rare
wrong answer in common weighs much, a right one little, and every disagreement speaks for working apart. It is the test
that finds most where the chances are known (Romero, Riascos & Jara 2015, J. Educ. Behav. Stat. 40, 435-453), here
averaged over a few values of c and over who may have copied.

Under the null the ratio is 1 on average, so its inverse is a chance that errs on the careful side (Markov), whatever
the number of people, and Benjamini & Hochberg's adjustment of these holds however the pairs depend on each other (Wang &
Ramdas 2022, J. R. Stat. Soc. B 84, 822-852). Beside it stands the plainer figure: identical wrong answers and the exact
tail of their number (generalised binomial test, van der Linden & Sotaridona 2006, J. Educ. Behav. Stat. 31, 283-304).

What it cannot do: two who know nearly everything share too little to be told from chance (of made-up pairs with 90 % of
40 answers in common among 300 people, nearly all are found where the source had eight or more wrong, few below five);
who learned the same mistake from the same teacher looks like a pair. A flag is a reason to look at seats, times and papers, and never more.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, compress
from math import exp, log, sqrt
from operator import eq, mul

from assessments.analysis.distributions import adjusted, chance_of_at_least
from assessments.analysis.knowing import chances_of_right
from assessments.analysis.sheets import Answer, Sheet, by_version, check
from assessments.analysis.thresholds import INTEGRITY, IntegrityThresholds

Pair = tuple[str, str]
# Shares of the items that may have been copied; the ratio is the mean over them.
COPIED = (0.4, 0.65, 0.9)


@dataclass(frozen=True, slots=True)
class SimilarPair:
    """Two people and how alike they answered.

    `same` identical wrong answers on `together` items that both answered, `expected` of two who worked apart, `chance`
    of so many or more (one pair). The answers are `ratio` times as likely if some were shared; `adjusted` is the share
    of chance among pairs flagged at this ratio or above. `versions` are the items with the identical wrong answers.
    """

    people: Pair
    same: int
    together: int
    expected: float
    chance: float
    ratio: float
    adjusted: float
    versions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Books:
    """What all sheets say of each version, in order: its share of full points, and the shares of its wrong answers."""

    versions: list[str]
    facilities: dict[str, float]
    wrong: dict[str, dict[tuple[str, ...], float]]


@dataclass(frozen=True, slots=True)
class _Person:
    """One sheet by version: answers (None where there is none), whether they are wrong, and what agreement weighs.

    `gains` has one row for each of COPIED: the logarithm by which agreement with this answer raises the ratio over
    disagreement. `weights` multiply, between two people, to the chance of the same wrong answer.
    """

    name: str
    answers: list[tuple[str, ...] | None]
    wrong: list[bool]
    answered: int
    gains: list[list[float]]
    weights: list[float]


def similar_pairs(
    sheets: Sequence[Sheet], thresholds: IntegrityThresholds = INTEGRITY, pairs: Collection[Pair] | None = None
) -> list[SimilarPair]:
    """Pairs to look at, the most unusual first; none in groups below `fewest_people`.

    `pairs` limits the tests to those who could have seen each other, which finds more with the same share of false
    ones; all pairs are tested unless it is given. Raises SheetsInvalid, KeyError for a pair of somebody without a sheet.
    """
    check(sheets)
    if len(sheets) < thresholds.fewest_people:
        return []
    books = _books(sheets)
    people = {sheet.person: _person(sheet, books) for sheet in sheets}
    tested = list(combinations(sorted(people), 2)) if pairs is None else sorted({_sorted(pair) for pair in pairs})
    ratios = [_ratio(people[one], people[other], thresholds.fewest_same) for one, other in tested]
    q_values = adjusted([min(1.0, 1 / ratio) if ratio else 1.0 for ratio in ratios])
    found = [
        _described(people[one], people[other], books, ratio, q)
        for (one, other), ratio, q in zip(tested, ratios, q_values, strict=True)
        if q <= thresholds.most_false
    ]
    return sorted(found, key=lambda pair: (-pair.ratio, pair.people))


def _is_right(answer: Answer) -> bool:
    """Full points; a partly right answer is one of the wrong ones and can be as telling."""
    return answer.points >= answer.maximum


def _books(sheets: Sequence[Sheet]) -> _Books:
    facilities, wrong = {}, {}
    answers = by_version(sheets)
    for version, seen in answers.items():
        facilities[version] = sum(_is_right(one.answer) for one in seen) / len(seen)
        counts = Counter(one.answer.options for one in seen if one.answer.answered and not _is_right(one.answer))
        # One more than was counted, over one more than all: an answer that few gave is not taken for rarer than it is.
        wrong[version] = {options: (count + 1) / (counts.total() + 1) for options, count in counts.items()}
    return _Books(list(answers), facilities, wrong)


def _person(sheet: Sheet, books: _Books) -> _Person:
    given = {answer.version: answer for answer in sheet.answers}
    share = sum(map(_is_right, sheet.answers)) / max(1, len(sheet.answers))
    chances = chances_of_right([books.facilities[version] for version in given], share)
    right = dict(zip(given, chances, strict=True))
    answers, logs = [], []
    for version in books.versions:
        answer = given.get(version)
        known = answer is not None and answer.answered
        answers.append(answer.options if answer is not None and known else None)
        logs.append(_chance(answer, right[version], books) if answer is not None and known else None)
    return _Person(
        name=sheet.person,
        answers=answers,
        wrong=[
            version in given and given[version].answered and not _is_right(given[version]) for version in books.versions
        ],
        answered=sum(1 << place for place, answer in enumerate(answers) if answer is not None),
        gains=[[0.0 if p is None else log(1 - c + c / p) - log(1 - c) for p in logs] for c in COPIED],
        weights=[(1 - right[v]) * _alike(books.wrong[v]) if v in right else 0.0 for v in books.versions],
    )


def _chance(answer: Answer, right: float, books: _Books) -> float:
    """Chance of just this answer from this person, kept away from 0 for those who got everything or nothing."""
    chance = right if _is_right(answer) else (1 - right) * books.wrong[answer.version][answer.options]
    return max(chance, 1 / 1024)


def _alike(shares: dict[tuple[str, ...], float]) -> float:
    """Root of the chance that two wrong answers are the same."""
    return sqrt(min(1.0, sum(share * share for share in shares.values())))


def _agree(one: _Person, other: _Person) -> list[bool]:
    """Where two people gave the same answer (or neither gave one, which weighs nothing)."""
    return list(map(eq, one.answers, other.answers))


def _ratio(one: _Person, other: _Person, fewest_same: int) -> float:
    """The likelihood ratio, over the shares that may have been copied and over both directions; 0 with too little."""
    agree = _agree(one, other)
    if sum(compress(one.wrong, agree)) < fewest_same:
        return 0.0
    together = (one.answered & other.answered).bit_count()
    ratios = [
        exp(min(700.0, together * log(1 - c) + sum(compress(person.gains[row], agree))))
        for row, c in enumerate(COPIED)
        for person in (one, other)
    ]
    return sum(ratios) / len(ratios)


def _described(one: _Person, other: _Person, books: _Books, ratio: float, q: float) -> SimilarPair:
    both_wrong = [agreed and wrong for agreed, wrong in zip(_agree(one, other), one.wrong, strict=True)]
    chances = [value for value in map(mul, one.weights, other.weights) if value]
    same = sum(both_wrong)
    return SimilarPair(
        people=(one.name, other.name),
        same=same,
        together=(one.answered & other.answered).bit_count(),
        expected=sum(chances),
        chance=chance_of_at_least(same, chances),
        ratio=ratio,
        adjusted=q,
        versions=tuple(compress(books.versions, both_wrong)),
    )


def _sorted(pair: Iterable[str]) -> Pair:
    one, other = sorted(pair)
    return one, other
