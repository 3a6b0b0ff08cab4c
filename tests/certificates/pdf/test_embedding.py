"""Embedding: what is shown is in the file, as wide as the file says, and each code has its text."""

import io
import re

import pikepdf
import pypdf
import pytest
from fontTools.cffLib import CFFFontSet
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont
from pikepdf import pdfa

from certificates.pdf.embedding import unicode_map
from certificates.pdf.fonts import Style
from certificates.pdf.model import CertificateModel
from certificates.pdf.render import render
from certificates.pdf.typesetting import list_fonts, set_line
from tests.certificates.papers import a_model

NAMES = {
    "TrueType": "مُحَمَّد علي",
    "TrueType of one weight among many": "क्षत्रिय גיתה გიორგი",
    "a collection with CFF outlines": "山田太郎 김철수",
}


def opened(model: CertificateModel) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(render(model)))


def shaped_fonts(pdf: pikepdf.Pdf) -> dict[str, pikepdf.Object]:
    found = pdf.pages[0].Resources.Font
    return {name: font for name, font in found.items() if font.Subtype == "/Type0"}


def shown_codes(pdf: pikepdf.Pdf) -> dict[str, set[int]]:
    """The codes that the page shows in each shaped font."""
    font, found = "", {}
    for operands, operator in pikepdf.parse_content_stream(pdf.pages[0]):
        if str(operator) == "Tf":
            font = str(operands[0])
        elif str(operator) == "TJ" and font.startswith("/W"):
            for part in operands[0]:
                if isinstance(part, pikepdf.String):
                    raw = bytes(part)
                    found.setdefault(font, set()).update(
                        int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2)
                    )
    return found


def declared_widths(font: pikepdf.Object) -> dict[int, float]:
    parts = list(font.DescendantFonts[0].W)
    return {int(first): float(widths[0]) for first, widths in zip(parts[::2], parts[1::2], strict=True)}


def program_widths(font: pikepdf.Object) -> dict[int, float]:
    """The widths in the embedded program by code, for the glyphs that have ink or room."""
    descriptor = font.DescendantFonts[0].FontDescriptor
    if "/FontFile2" in descriptor:
        program = TTFont(io.BytesIO(descriptor.FontFile2.read_bytes()))
        em = program["head"].unitsPerEm
        return {number: 1000 * program["hmtx"][name][0] / em for number, name in enumerate(program.getGlyphOrder())}
    outlines = CFFFontSet()
    outlines.decompile(io.BytesIO(descriptor.FontFile3.read_bytes()), None)
    top = outlines[0]
    widths = {}
    for name in top.charset[1:]:
        drawn = top.CharStrings[name]
        drawn.draw(BoundsPen(None))
        widths[int(name.removeprefix("cid"))] = drawn.width
    return widths


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_every_code_that_is_shown_has_a_glyph_its_width_and_a_text(east_asian_fonts, name):
    pdf = opened(a_model(name))
    fonts, shown = shaped_fonts(pdf), shown_codes(pdf)
    assert set(fonts) == set(shown)
    for key, font in fonts.items():
        declared, embedded = declared_widths(font), program_widths(font)
        mapped = font.ToUnicode.read_bytes().partition(b"beginbfchar")[2]
        texts = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", mapped)
        assert shown[key] == set(declared) == {int(code, 16) for code, _ in texts}
        assert 0 not in shown[key]
        assert all(int(text[:4], 16) not in (0, 0xFEFF, 0xFFFE) for _, text in texts)
        assert all(abs(declared[code] - embedded[code]) < 1 for code in declared)
        assert re.fullmatch(r"/[A-Z]{6}\+[\w-]+", str(font.BaseFont))


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_validator_finds_the_fonts_archivable(east_asian_fonts, name):
    def faults(pdf: bytes) -> set[str]:
        return {line for line in str(pdfa.validate_written(io.BytesIO(pdf), "3b")).splitlines() if "ont" in line}

    assert faults(render(a_model(name))) == faults(render(a_model("Ada")))


def test_subsets_are_small_and_the_same_on_every_run(east_asian_fonts):
    plain = len(render(a_model("Ada")))
    for name in NAMES.values():
        pdf = render(a_model(name))
        assert pdf == render(a_model(name))
        assert len(pdf) < plain + 16_000


def test_a_font_that_two_lines_share_is_there_once():
    pdf = opened(a_model("علي حسن", body_name="جمعية الأمثلة"))
    assert len(shaped_fonts(pdf)) == 1
    assert not shaped_fonts(opened(a_model("Ada")))


def test_a_long_character_map_is_written_in_blocks():
    written = unicode_map({code: chr(code) for code in range(1, 251)}).decode()
    assert re.findall(r"(\d+) beginbfchar", written) == ["100", "100", "50"]
    assert "<0041> <0041>" in written


def test_the_fonts_of_a_page_are_known_by_name_version_and_hash():
    records = list_fonts([set_line("Ali علي", Style.ROMAN), set_line("Ada", Style.ITALIC)])
    assert [record.name for record in records] == ["Amiri Regular", "EB Garamond Italic", "EB Garamond Regular"]
    assert all(record.version.startswith("Version ") and len(record.sha256) == 64 for record in records)


def test_an_outside_reader_accepts_the_fonts():
    pdf = render(a_model("علي हिन्दी"))
    fonts = pypdf.PdfReader(io.BytesIO(pdf)).pages[0]["/Resources"]["/Font"].values()
    assert sum("/DescendantFonts" in font.get_object() for font in fonts) == 2
