"""Fitting: smaller, then more lines, then a clear refusal; never beyond the width."""

import random

import pytest

from certificates.pdf.fitting import Step, fit
from certificates.pdf.fonts import NameNotRenderable, Style, TextProblem, checked

STEPS = (Step(1, 47, 27), Step(2, 27, 19), Step(3, 18, 9.5))
WIDTH = 640.0


def fitted(text: str):
    return fit(checked(text, "holder_name"), Style.ROMAN, WIDTH, STEPS, field="holder_name")


def test_a_short_name_is_as_large_as_may_be():
    block = fitted("Ada Lee")
    assert (len(block.lines), block.size) == (1, 47)


def test_a_longer_name_shrinks_before_it_wraps():
    block = fitted("Maria da Conceição Albuquerque de Vasconcelos")
    assert len(block.lines) == 1
    assert 27 <= block.size < 47


def test_lines_are_nearly_equal_and_break_between_words():
    name = "Wilhelmina Oluwaseun Konstantinopolska Marguerite Featherstonehaugh Vanderbilt"
    block = fitted(name)
    first, second = block.lines
    assert abs(first.width(block.size) - second.width(block.size)) < 0.25 * WIDTH
    assert f"{first.text} {second.text}" == name


def test_a_line_may_end_after_a_hyphen_and_nothing_is_lost():
    name = "-".join(["Featherstonehaugh"] * 7)
    block = fitted(name)
    assert "".join(line.text for line in block.lines) == name
    assert all(line.text.endswith("-") for line in block.lines[:-1])


def test_a_word_too_long_for_any_line_is_cut_between_letters():
    name = "e\u0323" * 160
    block = fitted(name)
    assert "".join(line.text for line in block.lines) == checked(name, "holder_name")
    assert len(block.lines) > 1


@pytest.mark.parametrize("seed", range(40))
def test_whatever_fits_is_inside_the_width_and_whole(seed):
    chance = random.Random(seed)
    words = ["".join(chance.choices("aeiouWMlj-éŁ", k=chance.randint(1, 20))) for _ in range(chance.randint(1, 10))]
    name = checked(" ".join(words), "holder_name")[:160].strip()
    block = fitted(name)
    assert max(line.width(block.size) for line in block.lines) <= WIDTH + 0.01
    assert "".join(line.text for line in block.lines).replace(" ", "") == name.replace(" ", "")


def test_what_no_line_holds_is_refused_with_its_field():
    with pytest.raises(NameNotRenderable) as refusal:
        fitted("W" * 400)
    assert (refusal.value.problem, refusal.value.field) == (TextProblem.LENGTH, "holder_name")
