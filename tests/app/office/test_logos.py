"""A logo is drawn anew: no script, no metadata, no bomb, and nothing that is no picture."""

import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from app.errors import DomainError
from app.office.logos import HIGHEST, MOST_BYTES, WIDEST, redraw
from tests.factories.people import PersonFactory


def picture(size=(30, 20), kind="PNG", **more):
    out = io.BytesIO()
    Image.new("RGB", size, "green").save(out, kind, **more)
    return out.getvalue()


def flood(width, height):
    """A PNG of a few bytes that says it is huge."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_comes_out_small_and_as_png(app, kind):
    drawn = Image.open(io.BytesIO(redraw(picture((2_000, 900), kind))))
    assert drawn.format == "PNG"
    assert drawn.width <= WIDEST
    assert drawn.height <= HIGHEST


def test_nothing_hidden_in_the_picture_survives(app):
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "<script>alert(1)</script>")
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    drawn = redraw(picture(pnginfo=info) + b"<script>alert(2)</script>")
    assert b"script" not in drawn
    assert b"home" not in redraw(picture(kind="JPEG", exif=exif))


@pytest.mark.parametrize(
    "data",
    [
        b"", b"<svg onload='alert(1)'/>", b"GIF89a\x01\x00\x01\x00", picture(kind="GIF"), picture(kind="BMP"), picture()[:40],
        b"%PDF-1.7", flood(0, 10), picture(kind="JPEG")[:200], flood(4_001, 4_001), flood(50_000, 50_000), flood(2**31 - 1, 2**31 - 1),
        flood(9_500, 9_500), b"\0" * (MOST_BYTES + 1),
    ],
    ids=lambda data: f"{data[:6]!r}-{len(data)}",
)  # fmt: skip
def test_everything_else_is_refused_at_its_field(app, data):
    with pytest.raises(DomainError) as refused:
        redraw(data)
    assert refused.value.field == "logo"


def test_a_bad_logo_is_refused_beside_its_field_and_the_rest_stays_typed(visit):
    visit.sign_in(PersonFactory(holding=["officer"]))
    typed = {
        "name": "The Test Body", "short_name": "TTB", "field": "testing", "headline": "Typed with care", "purpose": "To test.",
        "contact_email": "office@body.test", "zone": "UTC", "primary_colour": "#1F4D3A", "accent_colour": "#A97820",
        "logo": (io.BytesIO(flood(50_000, 50_000)), "logo.png"),
    }  # fmt: skip
    answer = visit.post("/office/settings", typed, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "too many pixels" in answer.text
    assert "Typed with care" in answer.text
