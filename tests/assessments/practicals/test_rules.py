"""The rules that need no database: independence, what is missing, the receipt, names in a text."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.practicals import rules
from assessments.practicals.rules import Gap, Handed, Said, Ties

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
HANDED = Handed("P1", 1, "Ten accounts.", ["a" * 64], "My own work.", NOW)
EMPLOYERS = st.frozensets(st.sampled_from(["acme", "bolt", "north sea wind", "wind"]), max_size=3)
WORDS = st.lists(st.sampled_from(["adviser", "to", "acme", "north", "sea", "wind", "bolts"]), max_size=6).map(" ".join)
TIES = st.builds(Ties, EMPLOYERS, WORDS)


def test_colleagues_are_not_independent():
    assert not rules.are_independent(Ties(frozenset({"acme"})), Ties(frozenset({"acme", "bolt"})))
    assert rules.are_independent(Ties(frozenset({"acme"})), Ties(frozenset({"bolt"})))


def test_a_tie_to_the_others_employer_counts_in_both_directions():
    adviser, employee = Ties(others="adviser to acme and others"), Ties(frozenset({"acme"}))
    assert not rules.are_independent(adviser, employee)
    assert not rules.are_independent(employee, adviser)


def test_a_tie_counts_by_whole_words():
    assert rules.are_independent(Ties(others="adviser to acmeist poets"), Ties(frozenset({"acme"})))


def test_two_people_without_an_employer_are_independent():
    assert rules.are_independent(Ties(), Ties())
    assert rules.are_independent(Ties(frozenset({""})), Ties(others="a b"))


@given(TIES, TIES)
def test_independence_has_no_direction(one: Ties, other: Ties):
    assert rules.are_independent(one, other) == rules.are_independent(other, one)


@given(TIES, TIES, st.integers(1, 3), st.integers(1, 3))
def test_nobody_marks_their_own_or_their_houses_work(learner: Ties, assessor: Ties, one: int, other: int):
    allowed = rules.may_mark(one, learner, other, assessor)
    assert not (allowed and one == other)
    assert not (allowed and learner.employers & assessor.employers)


@given(TIES, TIES, EMPLOYERS)
def test_more_ties_never_allow_more(one: Ties, other: Ties, further: frozenset[str]):
    wider = replace(one, employers=one.employers | further)
    assert rules.are_independent(one, other) or not rules.are_independent(wider, other)


def test_what_is_missing_is_told_in_the_order_of_the_rubric():
    said = {"b": Said("meets", "Good."), "c": Said("meets", "  "), "a": Said(None, "A word.")}
    assert rules.find_gaps(["a", "b", "c", "d"], said) == [
        Gap("a", no_level=True, no_comment=False),
        Gap("c", no_level=False, no_comment=True),
        Gap("d", no_level=True, no_comment=True),
    ]


def test_one_marking_counts_as_it_stands_and_two_wait_for_a_rule():
    marking = {"a": Said("meets", "Good.")}
    assert rules.agree([marking]) == marking
    with pytest.raises(ValueError, match="one marking"):
        rules.agree([marking, marking])


def test_the_receipt_is_stable():
    assert rules.make_receipt(HANDED) == rules.make_receipt(replace(HANDED))


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Ten accounts!"},
        {"files": ["b" * 64]},
        {"files": []},
        {"declaration": "Not mine."},
        {"submitted_at": NOW + timedelta(seconds=1)},
        {"number": 2},
        {"practical": "P2"},
    ],
)
def test_the_receipt_changes_with_each_part_of_what_was_handed_in(change: dict):
    assert rules.make_receipt(replace(HANDED, **change)) != rules.make_receipt(HANDED)


def test_candidate_numbers_have_one_shape_and_few_repeats():
    chance = random.Random(7)
    numbers = [rules.make_candidate_number(chance) for _ in range(500)]
    assert all(len(n) == 7 and n[2] == "-" and n[0] in rules.LETTERS and n[3:].isdecimal() for n in numbers)
    assert len(set(numbers)) > 490


def test_ones_name_is_found_as_words_of_the_text_and_of_file_names():
    assert rules.names_in("Profile_by_LINDQVIST.pdf", ["Tavita Lindqvist"]) == ["Lindqvist"]
    assert rules.names_in("Lindqvists are many", ["Tavita Lindqvist"]) == []
    assert rules.names_in("Jo wrote this", ["Jo Wu"]) == []  # too short to tell
