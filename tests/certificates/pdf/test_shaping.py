"""Shaping: letters join, reorder and carry their marks as their script wants it, by HarfBuzz and by the eye."""

import pytest
from PIL import ImageChops

from certificates.pdf import typesetting
from certificates.pdf.directions import base_level
from certificates.pdf.fonts import Style
from certificates.pdf.itemising import itemise
from certificates.pdf.render import render
from certificates.pdf.shaping import ShapedRun, shape
from tests.certificates.papers import a_model, page_picture


def shaped(text: str) -> ShapedRun:
    [run] = itemise(text, Style.ROMAN, base_level(text))
    return shape(run)


def numbers(text: str) -> list[int]:
    """The glyphs of a text in the order of reading."""
    run = shaped(text)
    found = [glyph.number for glyph in run.glyphs]
    return found[::-1] if run.right_to_left else found


def test_arabic_letters_take_the_forms_of_their_places_and_run_from_the_right():
    alone = numbers("ه")[0]
    initial, medial, final = numbers("ههه")
    assert len({alone, initial, medial, final}) == 4
    assert numbers("اه")[1] == alone, "after a letter that joins on one side only"
    assert numbers("سلام")[0] != numbers("س")[0]


def test_a_non_joiner_keeps_two_letters_apart_and_leaves_no_glyph():
    assert len(numbers("ه\u200cه")) == 2
    assert numbers("ه\u200cه") == numbers("ه") * 2 != numbers("هه")


def test_devanagari_draws_the_short_i_before_its_consonant_and_joins_consonants():
    assert numbers("हि")[1] == numbers("ह")[0]
    assert len(numbers("क्ष")) == 1


def test_marks_stand_over_their_letters_and_take_no_room():
    bare, marked = shaped("محمد"), shaped("مُحَمَّد")
    assert marked.units == pytest.approx(bare.units, rel=0.1)
    assert marked.ascent > bare.ascent
    assert not marked.literal


def test_thai_marks_stack_without_touching():
    assert shaped("ติ์").ascent > shaped("ติ").ascent > shaped("ต").ascent


@pytest.mark.parametrize("text", ["علي حسن", "שלום", "გიორგი"])
def test_plain_words_are_read_by_their_single_glyphs(text):
    run = shaped(text)
    assert run.literal
    written = [glyph.text for glyph in run.glyphs]
    assert "".join(reversed(written) if run.right_to_left else written) == text


def test_every_glyph_stands_for_something_and_none_is_the_missing_one():
    for text in ("مُحَمَّد الله", "क्षत्रिय", "เกียรติ์", "កញ្ញា", "গীতা আক্তার", "שָׁלוֹם"):
        glyphs = shaped(text).glyphs
        assert all(glyph.number and glyph.text for glyph in glyphs), text


@pytest.mark.parametrize("name", ["علي حسن", "हिन्दी", "สมชาย เกียรติ์"])
def test_the_page_does_not_look_as_it_would_without_shaping(monkeypatch, name):
    def one_by_one(run):
        parts = [shape(itemise(letter, Style.ROMAN, 0)[0]) for letter in run.text if letter != " "]
        glyphs, pen = [], 0.0
        for part in parts:
            glyphs += [
                type(glyph)(glyph.number, glyph.text, pen + glyph.x, 0.0, glyph.advance) for glyph in part.glyphs
            ]
            pen += part.units
        return ShapedRun(run.text, parts[0].font, False, tuple(glyphs), pen, 800.0, 300.0, False)

    right = page_picture(render(a_model(name)))
    monkeypatch.setattr("certificates.pdf.shaping.shape", one_by_one)
    typesetting._set_line.cache_clear()
    try:
        assert ImageChops.difference(right, page_picture(render(a_model(name)))).getbbox()
    finally:
        typesetting._set_line.cache_clear()
