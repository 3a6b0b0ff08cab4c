"""Directions: the order of a mixed line is that of the Unicode bidirectional algorithm, by another's reckoning."""

import random

import bidi
import pytest

from certificates.pdf.directions import base_level, for_readers, levels, visual_order

LETTERS = "ab" + "אב" + "عل" + "12" + "١٢" + " -'.,()[]" + "\u0301"


def shown(text: str) -> str:
    """The characters from left to right, without mirroring."""
    return "".join(text[place] for place in visual_order(levels(text, base_level(text))))


@pytest.mark.parametrize("seed", range(20))
def test_another_implementation_orders_random_lines_in_the_same_way(seed):
    chance = random.Random(seed)
    for _ in range(500):
        text = "".join(chance.choices(LETTERS, k=chance.randint(1, 14))).strip()
        if text:
            assert shown(text) == bidi.get_display(text), text


def test_the_first_letter_gives_the_direction_of_a_line():
    assert [base_level(text) for text in ("Ali علي", "علي Ali", "12 - علي", "12", "")] == [0, 1, 1, 0, 0]


def test_brackets_of_a_pair_go_the_same_way():
    text = "علي (Ali علي) x"
    found = levels(text, 1)
    assert found[text.index("(")] == found[text.index(")")] == 1


def test_a_joiner_stands_on_the_level_of_the_letter_before_it():
    assert levels("Ali علی\u200cرضا", 0) == [0] * 4 + [1] * 7


def test_readers_get_letters_from_the_right_turned_round_and_figures_as_they_are():
    assert for_readers("علي Ali 12") == "يلع\u200e Ali 12"
    assert for_readers("علي حسن") == "نسح يلع"
    assert for_readers("Ali") == "Ali"
