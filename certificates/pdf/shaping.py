"""Shaping one run: HarfBuzz joins, reorders and places the glyphs as the script wants it.

Everything is measured in thousandths of an em of the line in which the run stands, so that one shaping serves every
size.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from certificates.pdf.catalogue import EAST_ASIAN, JOINERS, FontFile
from certificates.pdf.itemising import Run


@dataclass(frozen=True)
class ShapedGlyph:
    """One glyph by its number in the font, in its place from the left end of the run.

    `advance` is the width that the font gives to the glyph. `text` is what a reader that goes by single glyphs may take
    it for; only a `literal` run is well read in that way.
    """

    number: int
    text: str
    x: float
    rise: float
    advance: float


@dataclass(frozen=True)
class ShapedRun:
    """The glyphs of a run from left to right, its width, and how far its ink reaches above and below the base line.

    `literal` says that every glyph stands for exactly one character.
    """

    text: str
    font: FontFile
    right_to_left: bool
    glyphs: tuple[ShapedGlyph, ...]
    units: float
    ascent: float
    descent: float
    literal: bool


@lru_cache(maxsize=512)
def shape(run: Run) -> ShapedRun:
    """Shape a run that has a font."""
    font = run.font
    assert font is not None
    infos, positions = _shaped(run, font)
    em = 1000 * font.scale / font.face.upem
    texts = _texts(run.text, [info.cluster for info in infos])
    glyphs, pen, above, below = [], 0.0, 0.0, 0.0
    for info, place, text in zip(infos, positions, texts, strict=True):
        advance = font.font.get_glyph_h_advance(info.codepoint)
        x, rise = pen + place.x_offset, place.y_offset
        glyphs.append(ShapedGlyph(info.codepoint, text, x * em, rise * em, advance * em))
        ink = font.font.get_glyph_extents(info.codepoint)
        if ink is not None:
            above = max(above, rise + ink.y_bearing)
            below = max(below, -(rise + ink.y_bearing + ink.height))
        pen += place.x_advance
    literal = len(glyphs) == len(run.text) and not any(_is_dependent(c) for c in run.text)
    return ShapedRun(
        run.text, font, run.is_right_to_left, tuple(glyphs), pen * em, above * em, below * em, literal
    )  # fmt: skip


def _shaped(run: Run, font: FontFile) -> tuple[list[Any], list[Any]]:
    import uharfbuzz as hb

    buffer = hb.Buffer()
    buffer.add_str(run.text)
    buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_CHARACTERS
    # a circle of dots in a name would be something that nobody wrote
    buffer.flags = hb.BufferFlags.DO_NOT_INSERT_DOTTED_CIRCLE | hb.BufferFlags.REMOVE_DEFAULT_IGNORABLES
    buffer.guess_segment_properties()
    buffer.language = "und"
    if run.home != EAST_ASIAN:
        buffer.script = run.home
    buffer.direction = "rtl" if run.is_right_to_left else "ltr"
    hb.shape(font.font, buffer, {})
    return buffer.glyph_infos, buffer.glyph_positions


def _texts(text: str, clusters: Sequence[int]) -> list[str]:
    """What each glyph stands for. Glyphs of one cluster share its characters, and none goes without."""
    starts = sorted(set(clusters))
    ends = dict(pairwise([*starts, len(text)]))
    numbers: dict[int, int] = {}
    found = []
    for cluster in clusters:
        whole = text[cluster : ends[cluster]].strip(JOINERS) or " "
        if clusters.count(cluster) == 1:
            found.append(whole)
            continue
        number = numbers[cluster] = numbers.get(cluster, -1) + 1
        found.append(whole[min(number, len(whole) - 1)])
    return found


def _is_dependent(character: str) -> bool:
    """Whether a character is a mark or a joiner, which readers do not place well by its glyph alone."""
    return unicodedata.category(character) in {"Mn", "Mc", "Me"} or character in JOINERS
