"""Rounding half up, once, and nothing but exact numbers."""

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grading.numbers import exact, find_decimal, percent, plain_text, round_half_up
from tests.assessments.grading.item_contents import properties

decimals = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12)


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        ("69.95", 1, "70.0"),
        ("69.949", 1, "69.9"),
        ("0.5", 0, "1"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("-0.04", 1, "0.0"),
        ("70", 1, "70.0"),
        ("0.00005", 4, "0.0001"),
    ],
)
def test_a_half_goes_away_from_zero(value: str, places: int, shown: str) -> None:
    assert str(round_half_up(Decimal(value), places)) == shown


@properties
@given(decimals, st.integers(0, 6))
def test_rounding_equals_the_decimal_module_with_room_enough(value: Decimal, places: int) -> None:
    unit = Decimal(1).scaleb(-places)
    assert round_half_up(value, places) == value.quantize(unit, ROUND_HALF_UP, Context(prec=400))


@properties
@given(st.fractions(), st.integers(0, 6))
def test_rounding_moves_a_number_by_half_a_unit_at_most(value: Fraction, places: int) -> None:
    assert abs(Fraction(round_half_up(value, places)) - value) <= Fraction(1, 2 * 10**places)


@pytest.mark.parametrize("value", [1.0, 0.1, True, "1", None, [1], float("nan"), 1 + 0j])
def test_floats_and_other_inexact_things_are_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        round_half_up(value, 1)
    with pytest.raises(TypeError):
        percent(value, 40)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "sNaN"])
def test_decimals_that_are_no_numbers_are_refused(value: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        exact(Decimal(value))


@pytest.mark.parametrize(
    ("score", "maximum", "shown"),
    [
        (28, 40, "70.0"),
        (Fraction(2798, 100), 40, "70.0"),
        (Fraction(2797, 100), 40, "69.9"),
        (2, 3, "66.7"),
        (0, 5, "0.0"),
    ],
)
def test_percentages_have_one_place(score: Any, maximum: int, shown: str) -> None:
    assert str(percent(score, maximum)) == shown


@pytest.mark.parametrize("maximum", [0, -1])
def test_a_percentage_of_nothing_is_refused(maximum: int) -> None:
    with pytest.raises(ValueError, match="maximum above zero"):
        percent(0, maximum)


@properties
@given(decimals)
def test_equal_numbers_have_one_plain_text(value: Decimal) -> None:
    text = plain_text(value)

    assert Decimal(text) == value
    assert text == plain_text(Decimal(f"{value:f}{'0' if '.' in f'{value:f}' else '.0'}"))


@pytest.mark.parametrize("text", ["1e3", "NaN", " 1", "1,5", "+1", ".5", "5.", "", "1" * 21, 1, 1.5, None, "٣"])
def test_authors_write_numbers_as_plain_text_with_a_point(text: Any) -> None:
    assert find_decimal(text) is None


def test_an_authored_number_is_read_exactly() -> None:
    assert find_decimal("-12.50") == Decimal("-12.5")
