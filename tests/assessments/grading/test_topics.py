"""Topic bands: four segments and a word, and silence where there are too few items."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grading.topics import WORDS, segments, topic_bands
from assessments.grading.wording import BANDS
from tests.assessments.grading.item_contents import properties


@pytest.mark.parametrize(
    ("topic_percent", "lit"),
    [("0", 1), ("46.6", 1), ("46.7", 2), ("69.9", 2), ("70.0", 3), ("84.9", 3), ("85.0", 4), ("100", 4)],
)
def test_the_pass_mark_divides_two_segments_from_three(topic_percent: str, lit: int) -> None:
    assert segments(Decimal(topic_percent), Decimal(70)) == lit


@pytest.mark.parametrize(("items", "word"), [(4, None), (5, "strong")])
def test_fewer_than_five_items_say_nothing(items: int, word: str | None) -> None:
    (band,) = topic_bands([("F1", Fraction(1))] * items, Decimal(70), 1)

    assert (band.items, band.word, band.segments) == (items, word, word and 4)


def test_topics_stand_in_the_order_of_their_codes() -> None:
    bands = topic_bands([("F2", Fraction(1)), ("F1", Fraction(0))] * 5, Decimal(70), 1)

    assert [(band.topic, band.word) for band in bands] == [("F1", "to_study"), ("F2", "strong")]


@properties
@given(st.decimals(0, 100, places=1), st.decimals(0, 100, places=1), st.integers(1, 100))
def test_more_never_means_fewer_segments(one: Decimal, two: Decimal, cut: int) -> None:
    low, high = sorted((one, two))

    assert 1 <= segments(low, Decimal(cut)) <= segments(high, Decimal(cut)) <= 4


def test_each_segment_has_a_word_to_print() -> None:
    assert set(WORDS) == set(BANDS)
