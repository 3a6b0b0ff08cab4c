"""Itemising: every part of a line goes to the type that has it, and letters are never torn apart."""

import pytest

from certificates.pdf.fonts import Style
from certificates.pdf.itemising import faults, graphemes, itemise


def cut(text: str, base: int = 0, style: Style = Style.ROMAN) -> list[tuple[str, int, str]]:
    return [(run.text, run.level, run.home) for run in itemise(text, style, base)]


def test_a_line_is_cut_by_script_and_direction():
    assert cut("Ali علي") == [("Ali ", 0, ""), ("علي", 1, "Arab")]
    assert cut("علي Ali 12 ب", 1) == [("علي ", 1, "Arab"), ("Ali 12", 2, ""), (" ب", 1, "Arab")]
    assert cut("O'Brien-Արմեն Ж") == [("O'Brien-", 0, ""), ("Արմեն ", 0, "Armn"), ("Ж", 0, "")]


def test_a_bracket_that_runs_from_the_right_is_set_with_the_script_that_does():
    assert cut("دنا (Ali)", 1) == [("دنا (", 1, "Arab"), ("Ali", 2, ""), (")", 1, "Arab")]


def test_scripts_of_east_asia_stay_together():
    assert cut("金 김 さくら タロー 々") == [("金 김 さくら タロー 々", 0, "Hani")]


def test_what_a_font_lacks_goes_back_to_the_type_of_the_page():
    assert cut("गीता № गीता")[1][::2] == ("№ "[:1], "")


def test_figures_of_a_script_are_set_with_it_in_their_own_direction():
    assert cut("علي ١٢", 1) == [("علي ", 1, "Arab"), ("١٢", 2, "Arab")]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("e\u0301a", ["e\u0301", "a"]),
        ("हिन्दी", ["हि", "न्दी"]),
        ("क्\u200dष", ["क्\u200dष"]),
        ("เกีย", ["เกี", "ย"]),
        ("កញ្ញា", ["ក", "ញ្ញា"]),
        ("علی\u200cرضا", ["ع", "ل", "ی\u200c", "ر", "ض", "ا"]),
    ],
)
def test_letters_that_belong_together_are_never_parted(text, parts):
    assert graphemes(text) == parts


def test_faults_tell_scripts_without_a_font_from_letters_that_a_font_lacks():
    assert faults("Ali ܐܒ 🎓", Style.ROMAN, 0) == ("ܐܒ", "🎓")
    assert faults("علي 🎓", Style.ROMAN, 1) == ("", "🎓")
    assert faults("علي Ali", Style.ITALIC, 1) == ("", "")
