"""Numbers as people write them, and the tolerance around the answer."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grading.kinds.base import ResponseInvalid
from assessments.grading.kinds.number_text import canonical_number, read_number
from assessments.grading.kinds.registry import kind
from tests.assessments.grading.item_contents import decimal_texts, item_content, properties


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("20", "20"), (" 20 ", "20"), ("+20", "20"), ("-20", "-20"), ("\u221220", "-20"), ("007", "7"), ("-0", "0"),
        ("12.5", "12.5"), ("12,5", "12.5"), (".5", "0.5"), (",5", "0.5"), ("0,125", "0.125"), ("0.125", "0.125"),
        ("1,2340", "1.234"), ("12345,678", "12345.678"), ("1.25", "1.25"), ("1,25", "1.25"),
        ("1 000", "1000"), ("1\u00a0000", "1000"), ("1\u202f000\u202f000", "1000000"), ("1'000.5", "1000.5"),
        ("1\u2019000", "1000"), ("1 234,567", "1234.567"), ("1,234.5", "1234.5"), ("1.234,5", "1234.5"),
        ("1,234,567", "1234567"), ("1.234.567", "1234567"), ("1,234,567.891", "1234567.891"), ("１２．５", "12.5"),
    ],
)  # fmt: skip
def test_a_clear_number_is_read(typed: str, value: str) -> None:
    assert read_number(typed) == Decimal(value)


@pytest.mark.parametrize("typed", ["1,234", "1.234", "-12,345", "999.999", "+1.000"])
def test_a_number_with_two_readings_is_refused_and_both_ways_out_are_told(typed: str) -> None:
    with pytest.raises(ResponseInvalid, match="two ways") as refusal:
        read_number(typed)

    ways_out = refusal.value.message.values
    assert read_number(str(ways_out["thousands"])) == 1000 * read_number(str(ways_out["decimal"]))


@pytest.mark.parametrize(
    "typed",
    [
        "1e3", "1E3", "nan", "NaN", "inf", "-Infinity", "20 minutes", "20%", "0x14", "1_000", "twenty", "½", "10²", "٣",
        "1,23,456", "1 00", "10 20", "1,2,3", "1.2.3", "1,234.567,8", "5.", "5,", ".", ",", "-", "+-5", "--5", "1..5",
        "0 000", "1'234 567", "1,234.", "١٢", "1\n000 000x", "9" * 31, "1" * 5000, "1.\u0661",
    ],
)  # fmt: skip
def test_anything_else_is_refused(typed: str) -> None:
    with pytest.raises(ResponseInvalid):
        read_number(typed)


@properties
@given(st.text("0123456789.,' +-", max_size=14))
def test_what_is_read_has_one_text_that_is_read_as_the_same_number(typed: str) -> None:
    try:
        value = read_number(typed)
    except ResponseInvalid:
        return

    assert read_number(canonical_number(value)) == value


@pytest.mark.parametrize(("typed", "kept"), [("1.2340", "1.2340"), ("-12,3450", "-12.3450"), ("0,125", "0.125")])
def test_a_kept_response_can_be_sent_again_as_it_is_shown(typed: str, kept: str) -> None:
    """Without its last zero 1.2340 would come back to the form as a number with two readings."""
    content = item_content("numeric")

    assert kind("numeric").normalise(content, typed) == kept
    assert kind("numeric").normalise(content, kept) == kept


@properties
@given(decimal_texts, st.integers(0, 3))
def test_equal_numbers_have_one_response(text: str, zeros: int) -> None:
    content = item_content("numeric")
    plain = kind("numeric").normalise(content, text.replace(".", ",") + "0")

    assert kind("numeric").normalise(content, text + "0" * (zeros + 1)) == plain


@pytest.mark.parametrize(
    ("typed", "earned"), [("19.5", 1), ("20.5", 1), ("20,5", 1), ("19.4999", 0), ("20.50001", 0), ("-20", 0)]
)
def test_the_tolerance_counts_at_both_ends(typed: str, earned: int) -> None:
    content = item_content("numeric")

    assert kind("numeric").score(content, kind("numeric").normalise(content, typed)).points == earned


def test_no_arithmetic_context_hides_a_tiny_difference() -> None:
    content = item_content("numeric", answer="1" + "0" * 19, tolerance="0")
    off_by_little = "1" + "0" * 19 + "." + "0" * 9 + "1"

    assert kind("numeric").score(content, off_by_little).points == 0


@pytest.mark.parametrize("raw", [20, 20.0, True, ["20"], {"value": "20"}])
def test_only_text_is_taken_for_a_number(raw: Any) -> None:
    with pytest.raises(ResponseInvalid):
        kind("numeric").normalise(item_content("numeric"), raw)


def test_the_unit_is_shown_and_not_typed() -> None:
    assert kind("numeric").public(item_content("numeric"))["unit"] == "minutes"
