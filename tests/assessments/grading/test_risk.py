"""Length, attempts and waiting from stated risks, against sums done the long way and against people who sit the exam."""

from decimal import Decimal
from fractions import Fraction
from math import comb
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grading.blueprint import Cell, ItemRef
from assessments.grading.kinds.base import Guess
from assessments.grading.kinds.registry import kind
from assessments.grading.numbers import round_half_up
from assessments.grading.points import AlikePoints, Points
from assessments.grading.risk import (
    Risks,
    days_between,
    exam_risk,
    find_length,
    most_attempts,
    over_attempts,
    stock_gaps,
)
from assessments.grading.simulator import simulate
from assessments.grading.standard import chance_of_passing, points_needed
from tests.assessments.grading.item_contents import item_content, properties

NEVER: Guess = {Fraction(0): Fraction(1)}
ONE_IN_FOUR: Guess = {Fraction(1): Fraction(1, 4), Fraction(0): Fraction(3, 4)}
MULTIPLE: Guess = kind("multiple").blind_guess(item_content("multiple"))
RISKS = Risks(Decimal("0.5"), Decimal("0.85"), Decimal("0.05"), Decimal("0.05"))


def tail(items: int, least: int, chance: Fraction) -> Fraction:
    """The textbook sum."""
    return sum(
        (comb(items, hits) * chance**hits * (1 - chance) ** (items - hits) for hits in range(least, items + 1)),
        Fraction(0),
    )


def test_the_risks_of_an_exam_are_the_binomial_sums() -> None:
    """Forty items, 28 to pass, a quarter guessed: half known is right with 5/8, 85 % known with 0.8875."""
    risk = exam_risk([ONE_IN_FOUR] * 40, Decimal(70), 3, RISKS)
    once = tail(40, 28, Fraction(5, 8))

    assert risk.false_pass_once == round_half_up(once, 4)
    assert risk.false_pass == round_half_up(1 - (1 - once) ** 3, 4)
    assert risk.false_fail == round_half_up(1 - tail(40, 28, Fraction(71, 80)), 4)
    assert not risk.is_kept


@properties
@given(
    st.lists(st.sampled_from([NEVER, ONE_IN_FOUR, MULTIPLE]), min_size=1, max_size=12),
    st.decimals(0, 1, places=2),
    st.decimals(0, 100, places=0),
)
def test_growing_item_by_item_gives_what_the_one_sum_gives(guesses: list[Guess], knows: Decimal, mark: Decimal) -> None:
    points = Points(Fraction(knows))
    for guess in guesses:
        points.add(guess)
    needed = points_needed(len(guesses), mark)

    assert round_half_up(points.chance_of(needed), 4) == chance_of_passing(len(guesses), needed, knows, guesses)
    assert sum(chance for _points, chance in points) == 1


MIXED: Guess = {
    Fraction(1): Fraction(2, 11), Fraction(0): Fraction(7, 11), Fraction(1, 5): Fraction(1, 11), Fraction(1, 3): Fraction(1, 11),
}  # fmt: skip


@pytest.mark.parametrize("guess", [NEVER, ONE_IN_FOUR, MULTIPLE, MIXED])
@pytest.mark.parametrize("knows", [Fraction(0), Fraction(1, 2), Fraction(17, 20), Fraction(1)])
def test_double_precision_agrees_with_whole_numbers_far_beyond_what_is_shown(guess: Guess, knows: Fraction) -> None:
    exactly, roughly = Points(knows), AlikePoints(knows, guess)
    for items in range(1, 61):
        exactly.add(guess)
        roughly.add()
        for mark in (Decimal(0), Decimal(50), Decimal(70), Decimal(100)):
            needed = points_needed(items, mark)
            assert abs(exactly.chance_of(needed) - roughly.chance_of(needed)) < Fraction(1, 10**10)


@pytest.mark.parametrize("guess", [NEVER, ONE_IN_FOUR, MULTIPLE], ids=["none", "one in four", "partial"])
@pytest.mark.parametrize("attempts", [1, 3])
def test_the_shortest_exam_keeps_the_risks_and_no_shorter_one_does(guess: Guess, attempts: int) -> None:
    found = find_length(guess, Decimal(75), attempts, RISKS, most=90)

    assert found is not None
    kept = [exam_risk([guess] * items, Decimal(75), attempts, RISKS).is_kept for items in range(1, 91)]
    assert kept.index(True) + 1 == found.shortest.items
    assert found.steady is not None
    assert all(kept[found.steady - 1 :])
    assert not kept[found.steady - 2]


def test_guessing_and_attempts_make_an_exam_longer() -> None:
    lengths = [
        found.shortest.items
        for guess, attempts in ((NEVER, 1), (ONE_IN_FOUR, 1), (ONE_IN_FOUR, 3))
        for found in [find_length(guess, Decimal(75), attempts, RISKS)]
        if found is not None
    ]

    assert lengths == [28, 35, 63]


def test_some_risks_no_exam_keeps() -> None:
    hopeless = Risks(Decimal("0.70"), Decimal("0.71"), Decimal("0.01"), Decimal("0.01"))

    assert find_length(ONE_IN_FOUR, Decimal(75), 3, hopeless, most=60) is None


def test_a_capable_person_may_be_given_a_second_attempt() -> None:
    once, twice = (
        exam_risk([ONE_IN_FOUR] * 20, Decimal(80), 3, Risks(Decimal("0.3"), Decimal("0.8"), 1, 1, fails_within=within))
        for within in (1, 2)
    )

    assert once.false_fail == round_half_up(1 - tail(20, 16, Fraction(17, 20)), 4)
    assert twice.false_fail == round_half_up((1 - tail(20, 16, Fraction(17, 20))) ** 2, 4)


@properties
@given(st.decimals(0, 1, places=3), st.decimals(0, 1, places=3))
def test_one_attempt_more_than_allowed_breaks_the_risk(once: Decimal, limit: Decimal) -> None:
    allowed = most_attempts(once, limit)

    if allowed is None:
        assert once == 0 or limit == 1
    else:
        assert over_attempts(once, allowed) <= limit < over_attempts(once, allowed + 1)


@given(st.integers(1, 20), st.integers(1, 800))
def test_the_wait_is_the_shortest_that_keeps_to_the_attempts(attempts: int, days: int) -> None:
    wait = days_between(attempts, days)

    assert len(range(0, days, wait)) <= attempts
    assert wait == 1 or len(range(0, days, wait - 1)) > attempts


def test_a_cell_holds_three_times_what_all_attempts_draw_or_is_named() -> None:
    cells = [Cell("F1", "apply", 2), Cell("F2", "apply", 1)]
    bank = [ItemRef(f"{topic}-{place}", topic, "apply") for topic in ("F1", "F2") for place in range(9)]

    [gap] = stock_gaps(cells, bank, attempts=3)

    assert (gap.topic, gap.needed, gap.available, gap.missing) == ("F1", 18, 9, 9)


@pytest.mark.parametrize("guess", [ONE_IN_FOUR, MULTIPLE], ids=["one in four", "partial"])
def test_people_who_sit_the_exam_pass_as_often_as_the_sums_say(guess: Guess) -> None:
    """4,000 people a level: four standard deviations are about 3 in a hundred at most."""
    guesses, levels = [guess] * 30, [Decimal("0.5"), Decimal("0.65"), Decimal("0.8")]

    for found in simulate(guesses, Decimal(70), levels, 3, 4_000, Random(20)):
        once = chance_of_passing(30, points_needed(30, Decimal(70)), found.knows, guesses)
        assert float(found.passed_first) == pytest.approx(float(once), abs=0.032)
        assert float(found.passed) == pytest.approx(float(over_attempts(once, 3)), abs=0.032)


def test_learning_between_attempts_helps_and_the_same_seed_gives_the_same_people() -> None:
    def run(learns: Any) -> Any:
        return simulate([ONE_IN_FOUR] * 30, Decimal(70), [Decimal("0.5")], 3, 500, Random(2), learns)[0]

    assert run(0) == run(0)
    assert run(Decimal("0.4")).passed > run(0).passed
    assert run(1).passed_at[2] == 0, "who knows everything at the second attempt needs no third"


@pytest.mark.parametrize(
    "refused",
    [
        lambda: Risks(Decimal("0.8"), Decimal("0.5"), 0, 0),
        lambda: Risks(Decimal("0.5"), Decimal("0.8"), 2, 0),
        lambda: Risks(Decimal("0.5"), Decimal("0.8"), 0, 0, fails_within=0),
        lambda: exam_risk([], Decimal(70), 1, RISKS),
        lambda: find_length(NEVER, Decimal(70), 0, RISKS),
        lambda: most_attempts(2, 0),
        lambda: days_between(0, 9),
        lambda: Points(Fraction(2)),
        lambda: Points(Fraction(1, 2)).add({Fraction(1): Fraction(1, 2)}),
        lambda: simulate([], Decimal(70), [], 1, 1, Random(0)),
        lambda: simulate([NEVER], Decimal(70), [Decimal(2)], 1, 1, Random(0)),
    ],
)
def test_what_makes_no_sense_is_refused(refused: Any) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        refused()
