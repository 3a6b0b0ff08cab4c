"""Badges inside pictures: in and out again, once, and nothing that a picture can hide does harm."""

import io
import json
import zlib
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from certificates.badges import baking, picture
from certificates.badges.png_parts import LONGEST_TEXT, SIGNATURE, Chunk, text_chunk, write_chunks
from certificates.badges.svg_parts import NAMESPACE
from tests.certificates.badges.workshop import Workshop

MEDAL = picture.Medal("sprig", "#5B6B73")
TEXT = '{"name": "王小明 ]]> & <b>"}'
NOTHING = Chunk(b"IHDR", b""), Chunk(b"IDAT", b""), Chunk(b"IEND", b"")


def png_with(*extra: Chunk) -> bytes:
    return write_chunks([NOTHING[0], *extra, *NOTHING[1:]])


def itxt(flags: bytes, text: bytes, keyword: bytes = b"openbadgecredential") -> Chunk:
    return Chunk(b"iTXt", keyword + b"\0" + flags + b"\0\0" + text)


def test_a_png_keeps_its_picture_and_carries_the_badge():
    plain = picture.draw_png(MEDAL)
    baked = baking.bake_png(plain, TEXT)

    assert baking.unbake(baked) == TEXT
    with Image.open(io.BytesIO(baked)) as seen, Image.open(io.BytesIO(plain)) as before:
        assert seen.tobytes() == before.tobytes()
        assert seen.info["openbadgecredential"] == TEXT


@pytest.mark.parametrize("text", [TEXT, "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"])
def test_an_svg_carries_json_as_content_and_a_token_as_attribute(text):
    baked = baking.bake_svg(picture.draw_svg(MEDAL, "A medal"), text)
    element = ElementTree.fromstring(baked)[0]

    assert baking.unbake(baked.encode()) == text
    assert element.tag == f"{{{NAMESPACE}}}credential"
    assert (element.get("verify") is None) == text.startswith("{")
    assert "xmlns:openbadges" in baked


def test_a_whole_badge_goes_in_and_comes_out(workshop: Workshop):
    text = json.dumps(workshop.badge(), ensure_ascii=False)

    assert json.loads(baking.unbake(baking.bake_png(picture.draw_png(MEDAL), text))) == workshop.badge()
    assert json.loads(baking.unbake(baking.bake_svg(picture.draw_svg(MEDAL, "x"), text).encode())) == workshop.badge()


def test_nothing_is_baked_twice():
    baked_png = baking.bake_png(picture.draw_png(MEDAL), TEXT)
    baked_svg = baking.bake_svg(picture.draw_svg(MEDAL, "x"), TEXT)

    with pytest.raises(baking.BakingRefused, match="already"):
        baking.bake_png(baked_png, TEXT)
    with pytest.raises(baking.BakingRefused, match="already"):
        baking.bake_svg(baked_svg, TEXT)


def test_the_pictures_of_the_standards_own_samples_are_read(fixtures_dir: Path):
    samples = fixtures_dir / "credentials/ob30-1edtech"

    for name in ("simple-json.png", "simple-json.svg"):
        assert json.loads(baking.unbake((samples / name).read_bytes()))["name"] == "Teamwork Badge"
    for name in ("simple-jwt_v1.png", "simple-jwt_v1.svg"):
        assert baking.unbake((samples / name).read_bytes()).count(".") == 2


def test_a_compressed_text_is_read_as_well():
    assert baking.unbake(png_with(itxt(b"\1\0", zlib.compress(TEXT.encode())))) == TEXT


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no SVG|cannot be read"),
        (SIGNATURE, "middle of a chunk"),
        (picture.draw_png(MEDAL)[:-20], "middle of a chunk"),
        (picture.draw_png(MEDAL).replace(b"IHDR", b"IHDX", 1), "check sum"),
        (picture.draw_png(MEDAL), "no badge"),
        (png_with(text_chunk(baking.KEYWORD, "a"), text_chunk(baking.KEYWORD, "b")), "more than one"),
        (png_with(itxt(b"\1\0", zlib.compress(bytes(50_000_000)))), "too long"),
        (png_with(itxt(b"\0\0", b"a" * (LONGEST_TEXT + 1))), "too long"),
        (png_with(itxt(b"\1\0", b"no zlib")), "broken"),
        (png_with(itxt(b"\1\0", zlib.compress(TEXT.encode())[:-6])), "cut off"),
        (png_with(itxt(b"\2\0", b"x")), "unknown way"),
        (png_with(itxt(b"\0\0", b"\xff\xfe")), "UTF-8"),
        (png_with(Chunk(b"iTXt", b"openbadgecredential\0\0\0")), "cut off"),
        (png_with(Chunk(b"zTXt", b"openbadgecredential\0\0" + zlib.compress(b"{}"))), "no badge"),
        (png_with(*[Chunk(b"tEXt", b"a")] * 20_001), "too many chunks"),
        (b"<html/>", "not an SVG"),
        (b"<svg", "cannot be read"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "no badge"),
        (
            b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>',
            "cannot be read",
        ),
        (b"<svg>" + b"<g>" * 3_000 + b"</g>" * 3_000 + b"</svg>", "nested too deeply"),
        (b"<svg>" + b" " * 6_000_000 + b"</svg>", "too large"),
    ],
)
def test_what_carries_no_readable_badge_is_refused_by_name(data, why):
    with pytest.raises(baking.BakingRefused, match=why):
        baking.unbake(data)


def test_two_badges_in_one_svg_are_refused():
    one = f'<openbadges:credential xmlns:openbadges="{NAMESPACE}" verify="a.b.c"/>'

    with pytest.raises(baking.BakingRefused, match="more than one"):
        baking.unbake(f'<svg xmlns="http://www.w3.org/2000/svg">{one}<g>{one}</g></svg>'.encode())


def test_a_badge_of_an_older_standard_is_told_apart():
    older_png = png_with(text_chunk("openbadges", "https://body.example/assertion"))
    older_svg = (
        b'<svg xmlns="http://www.w3.org/2000/svg"><o:assertion xmlns:o="http://openbadges.org" verify="x"/></svg>'
    )

    for data in (older_png, older_svg):
        with pytest.raises(baking.BakingRefused) as refused:
            baking.unbake(data)
        assert refused.value.older


@pytest.mark.parametrize("svg", ["<svg/>", "<p/>", '<svg xmlns="http://www.w3.org/2000/svg"/>'])
def test_pictures_without_room_are_refused(svg):
    with pytest.raises(baking.BakingRefused):
        baking.bake_svg(svg, TEXT)
    with pytest.raises(baking.BakingRefused, match="no picture"):
        baking.bake_png(write_chunks([NOTHING[0], NOTHING[2]]), TEXT)


def test_declarations_and_comments_before_the_root_stay():
    svg = '<?xml version="1.0"?>\n<!-- <svg> -->\n<svg xmlns="http://www.w3.org/2000/svg" data-a=">"><title>x</title></svg>'

    assert baking.unbake(baking.bake_svg(svg, TEXT).encode()) == TEXT
