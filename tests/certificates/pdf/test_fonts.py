"""What can be printed, what is refused, and that the refusal says why."""

import unicodedata

import pytest

from certificates.pdf.fonts import (
    NameNotRenderable,
    Style,
    TextProblem,
    checked,
    font_hashes,
    missing_glyphs,
    normalise,
)


@pytest.mark.parametrize(
    "name",
    [
        "O'Brien <b>",
        "Nguyễn Thị Minh Khai",
        "Ọlátúndé Ṣẹ̀gun",
        "Łukasz Żółć",
        "Παναγιώτης Ξενάκης",
        "Ἀριστοτέλης",
        "Екатерина Щёголева",
        "Ђорђе Љубичић",
        "Þórður Æsir",
        "Å. J. & Söhne %s {0} \\n $HOME",
    ],
)
def test_names_of_the_three_alphabets_are_printed(name):
    assert checked(name, "holder_name") == name


@pytest.mark.parametrize(
    "name",
    [
        "محمد علي",
        "Dana דנה",
        "अनिल",
        "สมชาย",
        "Արմեն",
        "გიორგი",
        "សុខ",
        "আক্তার",
        "علی\u200cرضا",
        "क्\u200dष",
        "ሰላም",
        "தமிழ்",
    ],
)
def test_names_of_other_scripts_are_printed_where_there_is_a_font(name):
    assert checked(name, "holder_name") == name


def test_letters_are_composed_and_blanks_made_plain():
    apart = unicodedata.normalize("NFD", "  Zoë\u00a0\u2009Ångström ")
    assert apart != "Zoë Ångström"
    assert normalise(apart) == "Zoë Ångström"


@pytest.mark.parametrize(
    ("name", "problem", "characters"),
    [
        ("ܐܒܐ Aba", TextProblem.SCRIPT, "ܐܒ"),
        ("王小明", TextProblem.SCRIPT, "王小明"),
        ("김 Kim", TextProblem.SCRIPT, "김"),
        ("ꭰ", TextProblem.SCRIPT, "ꭰ"),
        ("علي 🎓", TextProblem.GLYPH, "🎓"),
        ("Ada 🎓", TextProblem.GLYPH, "🎓"),
        ("Ada\u202egnirts", TextProblem.CONTROL, "\u202e"),
        ("Ada\x00Lee", TextProblem.CONTROL, "\x00"),
        ("Ada\nLee", TextProblem.CONTROL, "\n"),
        ("Ada\ue000", TextProblem.CONTROL, "\ue000"),
        ("A\u034fda", TextProblem.CONTROL, "\u034f"),
        ("Ada\ufe0f", TextProblem.CONTROL, "\ufe0f"),
        ("Ada\u200cLee", TextProblem.CONTROL, "\u200c"),
        ("علي\u200c", TextProblem.CONTROL, "\u200c"),
        ("علي\u200dحسن", TextProblem.CONTROL, "\u200d"),
        ("\u0301Ada", TextProblem.MARKS, "\u0301"),
        ("Za\u0335\u0336\u0337\u0338lgo", TextProblem.MARKS, "\u0338"),
        ("", TextProblem.EMPTY, ""),
        (" \u00a0 ", TextProblem.EMPTY, ""),
    ],
)
def test_what_cannot_be_printed_faithfully_is_refused_with_its_characters(name, problem, characters):
    with pytest.raises(NameNotRenderable) as refusal:
        checked(name, "holder_name")
    assert (refusal.value.problem, refusal.value.characters, refusal.value.field) == (
        problem,
        characters,
        "holder_name",
    )


def test_the_message_names_characters_so_that_a_person_can_find_them():
    with pytest.raises(NameNotRenderable, match=r"U\+738B CJK UNIFIED IDEOGRAPH-738B “王”"):
        checked("王 Wang", "holder_name")
    with pytest.raises(NameNotRenderable, match=r"U\+202E RIGHT-TO-LEFT OVERRIDE$"):
        checked("Ada\u202e", "holder_name")


def test_the_second_family_helps_out_and_italics_know_their_own_gaps():
    assert missing_glyphs("Ꝑ王王Ж", Style.ROMAN) == "王"
    assert missing_glyphs("Жάé", Style.ITALIC) == ""


def test_the_fonts_in_use_are_known_by_their_hashes():
    hashes = font_hashes()
    assert {name.partition("[")[0] for name in hashes} == {
        "EBGaramond", "EBGaramond-Italic", "NotoSerif", "NotoSerif-Italic",
    }  # fmt: skip
    assert all(len(value) == 64 for value in hashes.values())
