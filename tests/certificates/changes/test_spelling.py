"""What passes for a typing error in a name, and what is another name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.changes.spelling import distance, is_typing_error


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Ada Beispeil", "Ada Beispiel"),  # two letters exchanged
        ("Ada Beispil", "Ada Beispiel"),
        ("Jose Nunez", "José Núñez"),
        ("ada beispiel", "Ada Beispiel"),
        ("Beispiel Ada", "Ada Beispiel"),
        ("Ana Maria Perez", "Ana-María Pérez"),
        ("Ðorđe Marković", "Đorđe Marković"),
    ],
)
def test_typing_errors(old, new):
    assert is_typing_error(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Ada Beispiel", "Ada Muster"),
        ("Ada Beispiel", "Ada Beispiel-Muster"),
        ("Ana Li", "Ana Wu"),
        ("Ada Beispiel", "Bea Beispiel"),
        ("Ada Beispiel", "Ada Beispiel"),
        ("Ada Beispiel", "..."),
        ("Ada", ""),
    ],
)
def test_other_names(old, new):
    assert not is_typing_error(old, new)


words = st.text("abcdé", max_size=8)


@given(words, words)
def test_the_distance_is_the_same_both_ways_and_none_only_for_the_same_word(first, second):
    assert distance(first, second) == distance(second, first)
    assert (distance(first, second) == 0) == (first == second)
    assert distance(first, second) <= max(len(first), len(second))


def test_neighbours_exchanged_count_once():
    assert distance("beispeil", "beispiel") == 1
