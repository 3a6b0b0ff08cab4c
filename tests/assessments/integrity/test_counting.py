"""Bars, bursts, seats and words of answers: the plain parts of the reports."""

from datetime import UTC, datetime, timedelta

import pytest

from assessments.grading.kinds.registry import kind
from assessments.integrity.answer_words import answer_words
from assessments.integrity.bursts import FEWEST, Step, bursts
from assessments.integrity.counting import HEIGHT, LEAST_HEIGHT, count, draw, round_width
from assessments.integrity.seating import are_neighbours
from tests.assessments.grading.item_contents import KIND_NAMES, item_content

NOON, NIGHT = datetime(2026, 3, 1, 12, tzinfo=UTC), datetime(2026, 3, 1, 23, 30, tzinfo=UTC)


def corrections(moment, number, apart):
    """So many answers made right, one every `apart` seconds; the wrong ones came an hour before."""
    return [
        step
        for place in range(number)
        for step in (
            Step(f"Q{place}", 0.0, moment - timedelta(hours=1)),
            Step(f"Q{place}", 1.0, moment + timedelta(seconds=apart * place)),
        )
    ]


@pytest.mark.parametrize(
    ("number", "apart", "found"), [(FEWEST, 30, 1), (FEWEST - 1, 1, 0), (FEWEST, 31, 0), (20, 60, 0)]
)
def test_a_burst_takes_five_changes_to_right_in_two_minutes(number, apart, found):
    assert len(bursts({"P": corrections(NOON, number, apart)}, UTC)) == found


def test_night_is_told_by_the_clock_of_the_body():
    (burst,) = bursts({"P": corrections(NIGHT, 6, 5)}, UTC)
    assert (burst.changes, burst.seconds, burst.is_night) == (6, 25.0, True)
    assert not bursts({"P": corrections(NOON, 6, 5)}, UTC)[0].is_night


def test_answers_taken_out_and_given_again_are_no_corrections():
    steps = [
        step
        for place in range(9)
        for step in (
            Step(f"Q{place}", 1.0, NOON),
            Step(f"Q{place}", 0.0, NOON, is_given=False),
            Step(f"Q{place}", 1.0, NOON),
        )
    ]
    assert bursts({"P": steps}, UTC) == []


def test_every_value_falls_into_one_bin_and_gaps_are_kept():
    bins = count({"a": 0, "b": 0, "c": 3, "d": 7}, {"d"})
    assert [(low, number, marked) for low, _high, number, marked in bins] == [
        (0, 2, 0), (1, 0, 0), (2, 0, 0), (3, 1, 0), (4, 0, 0), (5, 0, 0), (6, 0, 0), (7, 1, 1),
    ]  # fmt: skip
    assert count({}) == []


@pytest.mark.parametrize(("span", "width"), [(1, 1), (20, 1), (21, 2), (90, 5), (300, 20), (1001, 100)])
def test_bins_have_round_widths(span, width):
    assert round_width(span) == width


def test_a_single_case_beside_thousands_can_still_be_seen():
    chart = draw([(0, 1, 4000, 0), (1, 2, 1, 1)], line=1)
    assert (chart.bars[0].height, chart.bars[1].height) == (HEIGHT, LEAST_HEIGHT)
    assert chart.bars[1].marked_height == LEAST_HEIGHT
    assert chart.line == 320
    assert draw([]) is None


@pytest.mark.parametrize(
    ("one", "other", "beside"),
    [
        ("A7", "A8", True), ("12", "11", True), ("A7", "B8", False), ("A7", "A9", False), ("a7", "A8", True),
        ("", "1", False), ("door", "desk", False),
    ],
)  # fmt: skip
def test_seats_side_by_side_have_neighbouring_numbers_in_one_row(one, other, beside):
    assert are_neighbours(one, other) is beside


@pytest.mark.parametrize("name", [name for name in KIND_NAMES if name not in ("parametrised", "essay", "file_answer")])
def test_every_kind_of_answer_has_words_and_a_right_one_reads_as_its_key(name):
    content = item_content(name, code="X-1")
    right = answer_words(content, kind(name).right_response(content))
    assert right.given
    assert right.expected
    assert answer_words(content, None).given == ("No answer",)
    if name not in ("short_text", "numeric"):  # their key is a rule, not one answer
        assert set(right.given) == set(right.expected)


def test_an_answer_that_people_mark_is_only_counted():
    words = answer_words(item_content("essay", code="X-2"), "Three words here")
    assert words.given == ("A text of 3 words",)
