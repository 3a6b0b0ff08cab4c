"""Writers are told of items that ask nearly the same, and only of those."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.items.alikeness import MOST_SHOWN, alike, likeness, shingles

STEM = "A customer asks to be left out of the next reference story. What do you do first?"


def test_the_same_question_in_other_dress_is_found():
    dressed = "  A customer asks to be LEFT OUT of the next reference story: what do you do first "

    [found] = alike(STEM, {"A-1": dressed})

    assert (found.code, found.share) == ("A-1", 1.0)


def test_a_question_with_one_word_changed_is_found_and_another_question_is_not():
    others = {
        "NEAR": STEM.replace("first", "next"),
        "FAR": "Which two duties does a member owe to a customer who has changed jobs?",
    }

    assert [found.code for found in alike(STEM, others)] == ["NEAR"]


def test_the_nearest_comes_first_and_few_are_shown():
    others = {f"C-{number}": STEM + " please" * number for number in range(12)}

    found = alike(STEM, others)

    assert found[0].code == "C-0"
    assert len(found) == MOST_SHOWN
    assert [one.share for one in found] == sorted((one.share for one in found), reverse=True)


@pytest.mark.parametrize("empty", ["", "   ", "?!"])
def test_a_stem_without_words_is_like_nothing(empty):
    assert alike(empty, {"A-1": empty, "A-2": STEM}) == []


@given(st.text(), st.text())
def test_likeness_is_the_same_from_both_sides(one, other):
    first, second = shingles(one), shingles(other)

    assert likeness(first, second) == likeness(second, first)
    assert 0 <= likeness(first, second) <= 1
    assert likeness(first, first) == (1 if first else 0)
