"""Intervals and tests against tables that anybody can look up, and against sums done the long way."""

from itertools import product
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.analysis.distributions import (
    adjusted,
    beta_below,
    chance_of_at_least,
    correlation_interval,
    f_quantile,
)
from assessments.analysis.flags import share_interval


@pytest.mark.parametrize(("n", "low", "high"), [(30, -0.17, 0.52), (200, 0.06, 0.33)])
def test_a_correlation_of_a_fifth_among_few_people_could_be_nearly_anything(n: int, low: float, high: float) -> None:
    interval = correlation_interval(0.20, n)

    assert interval is not None
    assert (round(interval[0], 2), round(interval[1], 2)) == (low, high)


def test_three_people_have_no_interval_and_a_perfect_correlation_no_width() -> None:
    assert correlation_interval(0.5, 3) is None
    assert correlation_interval(-1.0, 9) == (-1.0, -1.0)


@pytest.mark.parametrize(
    ("chance", "above", "below", "value"),
    [(0.95, 1, 1, 161.45), (0.95, 5, 10, 3.326), (0.975, 10, 20, 2.774), (0.95, 120, 60, 1.467), (0.05, 10, 5, 0.3007)],
)
def test_quantiles_of_f_are_those_of_the_tables(chance: float, above: int, below: int, value: float) -> None:
    assert f_quantile(chance, above, below) == pytest.approx(value, rel=2e-4)


def test_the_beta_distribution_where_it_is_a_polynomial() -> None:
    assert beta_below(0.3, 1, 1) == pytest.approx(0.3)
    assert beta_below(0.3, 2, 3) == pytest.approx(1 - (0.7**4 + 4 * 0.3 * 0.7**3))
    assert (beta_below(-1, 2, 2), beta_below(2, 2, 2)) == (0.0, 1.0)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=7), st.integers(0, 8))
def test_unlike_chances_are_summed_over_all_ways(chances: list[float], hits: int) -> None:
    ways = product([0, 1], repeat=len(chances))
    long_way = sum(
        prod(chance if hit else 1 - chance for chance, hit in zip(chances, way, strict=True))
        for way in ways
        if sum(way) >= hits
    )

    assert chance_of_at_least(hits, chances) == pytest.approx(long_way, abs=1e-12)


def test_tiny_chances_keep_their_digits() -> None:
    assert chance_of_at_least(20, [0.01] * 20) == pytest.approx(1e-40)


def test_the_example_of_benjamini_and_hochberg() -> None:
    """The fifteen chances of their paper: four are called at 5 %."""
    chances = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0
    ]  # fmt: skip

    q = adjusted(chances[::-1])[::-1]

    assert [place for place, value in enumerate(q) if value <= 0.05] == [0, 1, 2, 3]
    assert q == sorted(q)
    assert adjusted(chances[:4], tests=15)[:4] == pytest.approx(q[:4])


def test_a_share_of_few_people_stays_between_nothing_and_everything() -> None:
    low, high = share_interval(0.0, 20)

    assert low == pytest.approx(0, abs=1e-12)
    assert 0.15 < high < 0.17
