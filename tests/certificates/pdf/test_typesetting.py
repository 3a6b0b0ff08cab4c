"""Lines of type: kerning, small capitals and the places of marks come from the font itself."""

from certificates.pdf.fonts import Style, faces
from certificates.pdf.typesetting import set_line


def test_pairs_with_a_hole_between_them_move_together():
    face = faces(Style.ROMAN)[0]
    for pair in ("To", "AV", "Ty"):
        apart = sum(face.advance(character) for character in pair)
        assert set_line(pair, Style.ROMAN).units < apart - 15
    assert set_line("nn", Style.ROMAN).units == 2 * face.advance("n")


def test_a_mark_takes_no_room_and_stands_over_its_letter():
    plain, marked = set_line("Mab", Style.ROMAN), set_line("M\u0303ab", Style.ROMAN)
    assert marked.units == plain.units
    over_capital = marked.glyphs[1]
    over_small = set_line("m\u0303", Style.ROMAN).glyphs[1]
    assert over_capital.rise > over_small.rise + 100, "a mark on a capital stands higher"


def test_marks_stack_upwards_and_downwards():
    for text, style in (("b\u0303\u0301", Style.ITALIC), ("e\u0303\u0301", Style.ROMAN)):
        first, second = set_line(text, style).glyphs[1:]
        assert second.rise > first.rise
    below = set_line("Q\u0331", Style.ROMAN).glyphs[1]
    assert below.rise < 0, "a line under Q goes under its tail"


def test_a_mark_without_a_place_of_its_own_clears_the_letter():
    tall, mark = set_line("b\u0303", Style.ITALIC).glyphs
    tables = tall.face.tables
    top_of_letter = tables.glyph_box(tall.face.glyph("b") or 0)[3]
    foot_of_mark = tables.glyph_box(mark.face.glyph("\u0303") or 0)[1] + mark.rise
    assert foot_of_mark > top_of_letter


def test_small_capitals_are_their_own_glyphs_for_the_same_letters():
    roman, small = faces(Style.ROMAN)[0], faces(Style.SMALL_CAPITALS)[0]
    assert small.glyph("a") != roman.glyph("a")
    assert small.glyph("A") == roman.glyph("A")
    assert small.advance("m") != roman.advance("m")


def test_a_letter_and_its_marks_come_from_one_face():
    garamond, noto = faces(Style.ROMAN)
    line = set_line("aꝑ", Style.ROMAN)
    assert {glyph.face for glyph in line.glyphs} <= {garamond, noto}
    for cluster in ("e\u0323\u0300", "ȩ\u0304"):
        assert len({glyph.face for glyph in set_line(cluster, Style.ROMAN).glyphs}) == 1


def test_tracking_widens_the_gaps_between_letters_only():
    line = set_line("e\u0323gun", Style.SMALL_CAPITALS)
    assert line.width(10, 2) == line.width(10) + 3 * 2
