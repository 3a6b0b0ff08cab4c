"""The chance of passing, against sums that can be done by hand."""

from decimal import Decimal
from fractions import Fraction
from math import comb
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grading.kinds.registry import kind
from assessments.grading.numbers import percent, round_half_up
from assessments.grading.standard import chance_of_passing, points_needed, typical_guess, wrong_decisions
from tests.assessments.grading.item_contents import item_content, properties

shares = st.decimals(0, 1, places=2)


def binomial_tail(items: int, least: int, chance: Fraction) -> Decimal:
    """The textbook sum."""
    tail = sum(comb(items, hits) * chance**hits * (1 - chance) ** (items - hits) for hits in range(least, items + 1))
    return round_half_up(tail, 4)


@pytest.mark.parametrize(
    ("knows", "guess", "chance"),
    [
        ("0.5", "0.25", "0.8594"),  # each item is right with 5/8: 1 - (3/8)^2 = 55/64
        ("0", "0", "0"),
        ("1", "0", "1"),
        ("0", "0.5", "0.75"),
    ],
)
def test_two_items_one_needed(knows: str, guess: str, chance: str) -> None:
    assert chance_of_passing(2, 1, Decimal(knows), [Decimal(guess)] * 2) == Decimal(chance)


def test_unequal_items_are_not_averaged() -> None:
    """Both needed, one with a coin to toss and one with none: knows half, so 3/4 times 1/2."""
    assert chance_of_passing(2, 2, Decimal("0.5"), [Decimal("0.5"), Decimal(0)]) == Decimal("0.3750")


@pytest.mark.parametrize("knows", ["0.5", "0.6", "0.7", "0.8"])
@pytest.mark.parametrize("guess", ["0", "0.25"])
def test_forty_like_items_give_the_binomial_distribution(knows: str, guess: str) -> None:
    each = Fraction(knows) + (1 - Fraction(knows)) * Fraction(guess)

    assert chance_of_passing(40, 28, Decimal(knows), [Decimal(guess)] * 40) == binomial_tail(40, 28, each)


@properties
@given(shares, shares, st.integers(1, 12), st.data())
def test_who_knows_more_never_passes_less(one: Decimal, two: Decimal, needed: int, data: Any) -> None:
    guesses = data.draw(st.lists(shares, min_size=12, max_size=12))
    low, high = sorted((one, two))

    assert 0 <= chance_of_passing(12, needed, low, guesses) <= chance_of_passing(12, needed, high, guesses) <= 1


@properties
@given(shares, st.lists(shares, min_size=6, max_size=6), st.randoms())
def test_the_order_of_the_items_has_no_part_in_the_chance(knows: Decimal, guesses: list[Decimal], rng: Any) -> None:
    mixed = list(guesses)
    rng.shuffle(mixed)

    assert chance_of_passing(6, 4, knows, guesses) == chance_of_passing(6, 4, knows, mixed)


def test_partial_credit_counts_in_a_blind_guess() -> None:
    """Two of five to choose: both hit 1/10 (1 point), one hit 6/10 (1/5), none 3/10 (0). Two such items, 1.2 needed:
    1 and 1, 1 and 1/5, 1/5 and 1: 1/100 + 2 * 6/100."""
    guess = kind("multiple").blind_guess(item_content("multiple"))

    assert guess == {Fraction(1): Fraction(1, 10), Fraction(1, 5): Fraction(6, 10), Fraction(0): Fraction(3, 10)}
    assert chance_of_passing(2, Decimal("1.2"), 0, [guess, guess]) == Decimal("0.13")


@pytest.mark.parametrize(
    ("items", "mark", "needed"), [(40, "70", "27.98"), (20, "70", "13.99"), (40, "0", "0"), (30, "66.67", "20.00")]
)
def test_points_needed_are_the_fewest_that_show_the_pass_mark(items: int, mark: str, needed: str) -> None:
    least = points_needed(items, Decimal(mark))

    assert round_half_up(least, 2) == Decimal(needed)
    assert percent(least, items) >= Decimal(mark)
    assert least == 0 or percent(least - Fraction(1, 10**9), items) < Decimal(mark)


def test_an_exam_errs_one_way_about_one_person() -> None:
    coin = [Decimal("0.5")] * 2

    below = wrong_decisions(2, 1, Decimal("0.5"), Decimal("0.7"), coin)
    above = wrong_decisions(2, 1, Decimal("0.8"), Decimal("0.7"), coin)

    assert (below.false_pass, below.false_fail) == (Decimal("0.9375"), 0)
    assert (above.false_pass, above.false_fail) == (0, Decimal("0.01"))


def test_a_cell_guesses_like_the_mean_of_its_items() -> None:
    single, short = (kind(name).blind_guess(item_content(name)) for name in ("single", "short_text"))

    mixture = typical_guess([single, short])

    assert mixture[Fraction(1)] == Fraction(1, 6)
    assert sum(mixture.values()) == 1
    with pytest.raises(ValueError, match="no item"):
        typical_guess([])


@pytest.mark.parametrize(
    ("items", "knows", "guesses"),
    [(2, "0.5", ["0"]), (0, "0.5", []), (1, "1.1", ["0"]), (1, "-0.1", ["0"]), (1, "0.5", ["1.5"]), (1, "0.5", ["-1"])],
)
def test_impossible_numbers_are_refused(items: int, knows: str, guesses: list[str]) -> None:
    with pytest.raises(ValueError, match=r"probability|one guessing chance"):
        chance_of_passing(items, 1, Decimal(knows), [Decimal(guess) for guess in guesses])


@pytest.mark.parametrize("guess", [{Fraction(1): Fraction(1, 2)}, {Fraction(2): Fraction(1)}])
def test_a_guess_must_be_a_distribution_over_points(guess: dict[Fraction, Fraction]) -> None:
    with pytest.raises(ValueError, match="add up to 1"):
        chance_of_passing(1, 1, Decimal("0.5"), [guess])
