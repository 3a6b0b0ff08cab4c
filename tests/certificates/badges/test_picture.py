"""The medal of a badge as PNG and SVG."""

import io
from xml.etree import ElementTree

import pytest
from PIL import Image

from certificates.badges.picture import Medal, draw_png, draw_svg

MEDALS = [Medal("leaf", "#8C5A3C"), Medal("sprig", "#5B6B73"), Medal("wreath", "#A97820")]


@pytest.mark.parametrize("medal", MEDALS)
def test_a_png_is_a_round_medal_on_a_clear_ground(medal):
    with Image.open(io.BytesIO(draw_png(medal))) as seen:
        assert (seen.size, seen.mode) == ((600, 600), "RGBA")
        assert [seen.getpixel(place)[3] for place in ((0, 0), (599, 0), (0, 599), (599, 599))] == [0, 0, 0, 0]
        assert seen.getpixel((300, 80))[3] == 255
        edges = {seen.getpixel((x, 100))[3] for x in range(300)}
    assert edges - {0, 255}, "the rim is smooth"


def test_the_metal_shows_in_the_ring_and_the_emblem():
    with Image.open(io.BytesIO(draw_png(MEDALS[1]))) as seen:
        colours = {colour: count for count, colour in seen.getcolors(1 << 20)}
    assert colours[(0x5B, 0x6B, 0x73, 255)] > 20_000
    assert colours[(0xFF, 0xFE, 0xF9, 255)] > 60_000


def test_every_level_has_a_picture_of_its_own_that_never_changes():
    assert len({draw_png(medal) for medal in MEDALS}) == 3
    drawn = draw_png(MEDALS[2])
    draw_png.cache_clear()
    assert draw_png(MEDALS[2]) == drawn


def test_an_svg_shows_the_same_and_says_what_it_is():
    root = ElementTree.fromstring(draw_svg(MEDALS[0], "Medal <of> a level & more"))

    assert (root.get("viewBox"), root.get("role")) == ("0 0 600 600", "img")
    assert root[0].text == "Medal <of> a level & more"
    assert len(root) > 6


def test_an_unknown_emblem_is_refused():
    with pytest.raises(ValueError, match="crown"):
        Medal("crown", "#000000")
