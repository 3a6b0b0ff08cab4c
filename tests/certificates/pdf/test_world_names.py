"""The names of the world: each stands on the page whole, inside the frame, and is extracted as it was written."""

import csv
import unicodedata
from pathlib import Path

import pytest
from PIL import ImageChops

from certificates.pdf.fitting import Step, fit
from certificates.pdf.fonts import NameNotRenderable, Style, checked, normalise
from certificates.pdf.model import Signatory
from certificates.pdf.render import render
from tests.certificates.papers import a_model, page_picture, page_text
from tests.certificates.pdf.lettering import poppler_text

ONE_SCRIPT = [
    "علي حسن", "ماريا", "محمد عبد الرحمن", "دانيال ١٢", "דוד בן־גוריון", "हिन्दी क्षत्रिय", "สมชาย เกียรติ์", "Արմեն Գրիգորյան",
    "გიორგი", "សុខ កញ្ញា", "আক্তার হোসেন", "Nguyễn Thị", "Ọlátúndé Ṣẹ̀gun", "Рамада́н", "Ἀριστοτέλης",
]  # fmt: skip
TWO_DIRECTIONS = ["Ali علي", "علي Ali", "علي Ali 12", "ديفيد (David) حسن", "Dana (דנה) Cohen", "Anna-Արմեն علي"]
MARKED = ["مُحَمَّد", "שָׁלוֹם", "علی\u200cرضا", "क्\u200dष"]
EAST_ASIAN = ["山田太郎", "김철수", "さくら", "タロー", "王 (Wang) 小明", "陳國華 علي"]
LONG_ARABIC = " ".join(["محمد عبد الرحمن الهاشمي"] * 7)[:160].strip()


@pytest.mark.parametrize("name", [*ONE_SCRIPT, *TWO_DIRECTIONS, *MARKED])
def test_a_name_is_extracted_in_the_order_in_which_it_is_read(name):
    assert normalise(name) in poppler_text(render(a_model(name)))


@pytest.mark.parametrize("name", EAST_ASIAN)
def test_a_name_of_east_asia_is_extracted_as_it_was_written(east_asian_fonts, name):
    assert normalise(name) in poppler_text(render(a_model(name)))


@pytest.mark.parametrize("name", ["علي حسن", "דוד כהן", "हिन्दी क्षत्रिय", "Արմեն", "Ali علي"])
def test_a_second_reader_agrees_on_words_without_marks(name):
    assert name in page_text(render(a_model(name)))


def test_letters_that_come_apart_are_composed_first():
    name = "Zoe\u0308 \u05e9\u05dc\u05d5\u05dd \u1112\u1161\u11ab"
    assert unicodedata.normalize("NFC", name) == normalise(name)
    apart = unicodedata.normalize("NFD", "Zoë آدم")
    assert "Zoë آدم" in poppler_text(render(a_model(apart)))


def test_a_long_arabic_name_goes_on_two_lines_and_loses_nothing():
    assert len(LONG_ARABIC) > 150
    name = checked(LONG_ARABIC, "holder_name")
    block = fit(name, Style.ROMAN, 640, (Step(1, 47, 27), Step(2, 27, 19), Step(3, 18, 9.5)), field="holder_name")
    assert 1 < len(block.lines) <= 3
    assert " ".join(line.text for line in block.lines) == LONG_ARABIC
    assert max(line.width(block.size) for line in block.lines) <= 640.01
    assert LONG_ARABIC in poppler_text(render(a_model(LONG_ARABIC)))


def test_a_line_of_latin_within_an_arabic_name_keeps_the_direction_of_the_whole():
    name = "علي " + "Featherstonehaugh " * 7 + "حسن"
    block = fit(checked(name, "name"), Style.ROMAN, 300, (Step(1, 40, 30), Step(2, 30, 4)), field="name")
    last = block.lines[-1]
    assert last.text.startswith("Feather")
    assert last.runs[0].text.strip() == "حسن"


@pytest.mark.parametrize("name", ["علي حسن", "مُحَمَّد الله", LONG_ARABIC, "शक्तिंद्री हूँ", "ญี่ปุ่น ฎี้ ฐู้", "שָׁלוֹם"])
def test_tall_and_low_letters_keep_to_the_room_of_the_name(name):
    """The ink of the name stays between the line above and the line below it."""
    page, empty = page_picture(render(a_model(name))), page_picture(render(a_model("-")))
    room = (100, 440, page.width - 100, 640)  # from under "certifies that" to over "has earned", two pixels a point
    changed = ImageChops.difference(page, empty)
    inside = changed.crop(room).getbbox()
    left, top, right, bottom = changed.getbbox()
    assert inside is not None
    assert (left, top) >= (130, room[1])
    assert right <= page.width - 130
    assert top >= 464, "touches the line above"
    assert bottom <= 618, "touches the line below"


def test_the_body_and_signatories_are_set_in_any_script_as_well():
    pdf = render(
        a_model(
            "Ada",
            body_name="جمعية الأمثلة",
            signatories=(Signatory("სალომე ბერიძე", "Նախագահ"), Signatory("רות כהן", "अध्यक्ष")),
        )
    )
    found = poppler_text(pdf)
    assert [
        text for text in ("جمعية الأمثلة", "სალომე ბერიძე", "Նախագահ", "רות כהן", "अध्यक्ष") if text not in found
    ] == []


def corpus(folder: Path) -> list[str]:
    """All forenames and surnames of the outside collection, local and romanised, each once."""
    names: set[str] = set()
    for path in sorted((folder / "names" / "sigpwned").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                names.update(name for name in (row["Localized Name"], row["Romanized Name"]) if name)
    return sorted(names)


def wrongly_printed(name: str) -> str:
    """How the page of a name is wrong; empty when it says the name."""
    try:
        pdf = render(a_model(name))
    except NameNotRenderable as refusal:
        return f"{name}: {refusal}"
    found = poppler_text(pdf)
    return "" if normalise(name) in found else f"{name}: not found in {found}"


def test_a_sample_of_the_worlds_names_is_printed_and_extracted(fixtures_dir: Path, east_asian_fonts):
    assert [fault for name in corpus(fixtures_dir)[::67] if (fault := wrongly_printed(name))] == []


@pytest.mark.soak
def test_all_of_the_worlds_names_are_printed_and_extracted(fixtures_dir: Path, east_asian_fonts):
    names = corpus(fixtures_dir)
    assert len(names) > 4_000
    assert [fault for name in names if (fault := wrongly_printed(name))] == []
