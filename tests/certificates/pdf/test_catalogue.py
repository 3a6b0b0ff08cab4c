"""The catalogue: packaged fonts first, then the folder that was named, and always the identity of what was used."""

import hashlib
from pathlib import Path

import pytest

from certificates.pdf import catalogue
from certificates.pdf.catalogue import EAST_ASIAN
from tests.certificates.pdf.lettering import in_folder

SETTABLE = ("Arab", "Armn", "Beng", "Deva", "Ethi", "Geor", "Gujr", "Guru", "Hebr", "Khmr", "Taml", "Thai")


@pytest.mark.parametrize("script", SETTABLE)
def test_a_packaged_font_sets_each_of_these_scripts_at_regular_weight(script):
    font = catalogue.list_fonts(script, "")[0]
    assert font.axes.get("wght", 400.0) == 400.0
    assert hashlib.sha256(font.path.read_bytes()).hexdigest() == font.record.sha256
    assert font.record.version.startswith("Version ")


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("さくら 山田", "JP"),
        ("金 김", "KR"),
        ("王小明", "SC"),
        ("陳國華", "TC"),
        ("渡辺", "JP"),
        ("𠮷", "SC"),
        ("", "SC"),
    ],
)
def test_the_region_of_han_characters_is_told_by_their_company(text, region):
    assert catalogue.region_of(text) == region


def test_without_a_folder_there_is_no_font_for_east_asia_nor_for_unknown_scripts():
    assert catalogue.choose_font(EAST_ASIAN, "王") is None
    assert catalogue.choose_font("Syrc", "ܐ") is None


def test_fonts_of_the_folder_come_after_those_of_the_product(tmp_path: Path):
    amiri = catalogue.list_fonts("Arab", "")[0].path
    for name in ("NotoNaskhArabic-Regular.ttf", "deep/NotoSansSyriac-Regular.ttf", "NotoSansSyriac-Bold.ttf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(amiri.read_bytes())
    with in_folder(tmp_path):
        assert [font.path.name for font in catalogue.list_fonts("Arab", "")][::2] == [
            amiri.name,
            "NotoNaskhArabic-Regular.ttf",
        ]
        assert [font.path.name for font in catalogue.list_fonts("Syrc", "")] == ["NotoSansSyriac-Regular.ttf"]
    assert catalogue.list_fonts("Syrc", "") == ()


@pytest.mark.parametrize(("text", "family"), [("金철", "KR"), ("王小明", "SC"), ("陳國華", "TC"), ("さくら", "JP")])
def test_of_a_collection_the_font_of_the_region_is_taken(east_asian_fonts, text, family):
    font = catalogue.choose_font(EAST_ASIAN, text)
    assert font is not None
    assert font.record.name == f"Noto Serif CJK {family}"
