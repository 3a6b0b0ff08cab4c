"""The picture that other sites show beside a link to a public certificate: 1200 x 630 pixels, drawn from its answer.

It says how the certificate stands when it is fetched, in words and in colour. It always wears light paper, as
certificates do. A name that the two packaged fonts cannot set as it stands, one letter after the other, is left out:
no name is better than boxes. The same facts give the same bytes.
"""

import hashlib
import io
import re
import unicodedata
from dataclasses import astuple, dataclass
from functools import lru_cache
from typing import Any

from certificates.badges import picture
from certificates.badging.making import medal_of
from certificates.pdf.fonts import Style, faces, is_plain, normalise

WIDTH, HEIGHT = 1200, 630
FORM = 1
"""Counts the designs of the card: raised with each, so that copies elsewhere are asked for anew."""
PAPER, SURFACE, INK, MUTED, LINE = "#FBF8F1", "#FFFFFF", "#1B2420", "#55605A", "#DDD6C8"
TONES = {
    "valid": ("#1F4D3A", "#FFFFFF"),
    "warning": ("#7A5200", "#FFFFFF"),
    "danger": ("#A4262C", "#FFFFFF"),
    "neutral": ("#55605A", "#FFFFFF"),
}
_LEFT, _RIGHT, _MEDAL = 84, 1116, 296
_TEXT_WIDTH = 660
_SMALLEST = 24


@dataclass(frozen=True)
class CardFacts:
    """What the card says. `tone` is that of the status head: valid, warning, danger or neutral."""

    status: str
    tone: str
    holder: str
    award: str
    issuer: str
    level_code: str
    where: str

    @property
    def digest(self) -> str:
        """Names the picture by its content."""
        return hashlib.sha256(repr((FORM, *astuple(self))).encode()).hexdigest()[:32]


@lru_cache(maxsize=64)
def draw(facts: CardFacts) -> bytes:
    """The card as a PNG."""
    from PIL import Image, ImageDraw

    card = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(card)
    pen.rectangle((32, 32, WIDTH - 33, HEIGHT - 33), fill=SURFACE, outline=LINE, width=2)
    _draw_medal(card, facts)
    _draw_status(pen, facts)
    _draw_words(pen, facts)
    file = io.BytesIO()
    card.save(file, "PNG", compress_level=6)
    return file.getvalue()


def _draw_medal(card: Any, facts: CardFacts) -> None:
    """The medal of the level at the right; grey once the award is revoked."""
    from PIL import Image

    medal: Any = Image.open(io.BytesIO(picture.draw_png(medal_of(facts.level_code))))
    medal = medal.resize((_MEDAL, _MEDAL), Image.Resampling.LANCZOS)
    if facts.tone == "danger":
        alpha = medal.getchannel("A")
        medal = medal.convert("L").convert("RGBA")
        medal.putalpha(alpha)
    card.paste(medal, (_RIGHT - _MEDAL, 158), medal)


def _draw_status(pen: Any, facts: CardFacts) -> None:
    """The status as a word on its colour."""
    ground, ink = TONES[facts.tone]
    font = _font(facts.status, 40)
    if font is None:
        return
    width = pen.textlength(facts.status, font=font)
    pen.rounded_rectangle((_LEFT, 84, _LEFT + width + 56, 152), radius=10, fill=ground)
    pen.text((_LEFT + 28, 118), facts.status, font=font, fill=ink, anchor="lm")


def _draw_words(pen: Any, facts: CardFacts) -> None:
    """Name and award beside the medal; the body, and where to check, at the foot."""
    top, size = 190, 54
    if _font(facts.holder, size) is not None:
        top, size = _write(pen, facts.holder, (top, 64, 3), INK) + 12, 40
    _write(pen, facts.award, (top, size, 2), INK)
    pen.line((_LEFT, 482, _RIGHT, 482), fill=LINE, width=2)
    _write(pen, facts.issuer, (498, 30, 1), MUTED, _RIGHT - _LEFT)
    _write(pen, facts.where, (538, 26, 1), MUTED, _RIGHT - _LEFT)


def _write(pen: Any, text: str, place: tuple[int, int, int], colour: str, width: int = _TEXT_WIDTH) -> int:
    """Write a text from (top, size, most lines), smaller where it is long; return where it ends."""
    top, size, most = place
    text = normalise(text)
    font = _font(text, size)
    while font is not None and size > _SMALLEST and not _fits(pen, _lines(pen, text, font, width), (font, width, most)):
        size -= 2
        font = _font(text, size)
    if font is None:
        return top
    lines = _lines(pen, text, font, width)[:most]
    for line in _balanced(pen, text, font, width) if len(lines) > 1 else lines:
        pen.text((_LEFT, top), _cut(pen, line, font, width), font=font, fill=colour, anchor="la")
        top += round(size * 1.2)
    return top


def _fits(pen: Any, lines: list[str], within: tuple[Any, int, int]) -> bool:
    font, width, most = within
    return len(lines) <= most and all(pen.textlength(line, font=font) <= width for line in lines)


def _balanced(pen: Any, text: str, font: Any, width: int) -> list[str]:
    """The same number of lines, as even as they come."""
    lines = _lines(pen, text, font, width)
    for narrower in range(width, width // 3, -10):
        tried = _lines(pen, text, font, narrower)
        if not _fits(pen, tried, (font, narrower, len(lines))):
            break
        lines = tried
    return lines


def _lines(pen: Any, text: str, font: Any, width: int) -> list[str]:
    """Break a text at blanks and after hyphens."""
    lines = [""]
    for part in re.findall(r"[^ -]+-?|-| ", text):
        longer = lines[-1] + part
        if lines[-1] and pen.textlength(longer.rstrip(), font=font) > width:
            lines.append(part)
        else:
            lines[-1] = longer
    return [line.strip() for line in lines]


def _cut(pen: Any, line: str, font: Any, width: int) -> str:
    while len(line) > 1 and pen.textlength(line, font=font) > width:
        line = line[:-2] + "…"
    return line


def _font(text: str, size: int) -> Any:
    """The first packaged font that has every letter of a text at this size; None where there is none."""
    text = normalise(text)
    if not text or not is_plain(text) or any(unicodedata.combining(character) for character in text):
        return None
    for face in faces(Style.ROMAN):
        if all(face.glyph(character) is not None for character in text):
            return _loaded(str(face.path), size)
    return None


@lru_cache(maxsize=64)
def _loaded(path: str, size: int) -> Any:
    from PIL import ImageFont

    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
