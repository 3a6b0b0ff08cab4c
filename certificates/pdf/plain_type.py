"""Setting a run in the page's own type: which face has each letter, kerning, the places of marks; then its operators.

A run is measured in thousandths of an em, so that one setting serves every size. It is drawn with its own characters,
never with private codes, so that it can be searched, copied and read aloud as it was written.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from certificates.pdf.fonts import Face, Style, clusters, faces

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_ABOVE, _BELOW = 230, 220
"""Canonical combining classes of marks above and below (Unicode Standard, section 4.3)."""
_CLEARANCE = 40.0


@dataclass(frozen=True)
class Glyph:
    """One character in its place: `x` from the start of the line, `rise` above the base line, both in 1/1000 em."""

    character: str
    face: Face
    x: float
    rise: float
    advance: float


@dataclass(frozen=True)
class PlainRun:
    """Glyphs of the page's own type; `x` of a glyph is counted from the start of the run."""

    text: str
    glyphs: tuple[Glyph, ...]
    units: float
    gaps: int

    @property
    def has_marks(self) -> bool:
        """Whether a mark stands apart from its letter."""
        return any(map(_is_mark, self.glyphs))


def plain_run(text: str, style: Style) -> PlainRun:
    """Set a text that `fonts.is_plain` knows."""
    glyphs: list[Glyph] = []
    pen = 0.0
    previous: Glyph | None = None
    groups = clusters(text)
    for cluster in groups:
        face = _face_for(cluster, style)
        pen += _kerning(previous, cluster[0], face)
        base = Glyph(cluster[0], face, pen, 0.0, face.advance(cluster[0]))
        glyphs.append(base)
        glyphs.extend(_marks(base, cluster[1:]))
        pen += base.advance
        previous = base
    return PlainRun(text, tuple(glyphs), pen, max(0, len(groups) - 1))


def _face_for(cluster: str, style: Style) -> Face:
    """The first face that has a letter and all its marks; marks of another face would not fit the letter."""
    choices = faces(style)
    return next((face for face in choices if all(face.glyph(c) is not None for c in cluster)), choices[0])


def _kerning(previous: Glyph | None, character: str, face: Face) -> float:
    if previous is None or previous.face is not face:
        return 0.0
    left, right = face.glyph(previous.character), face.glyph(character)
    if left is None or right is None:
        return 0.0
    return face.to_em(face.tables.kerning(left, right))


def _marks(base: Glyph, marks: str) -> Iterable[Glyph]:
    """Put each mark where the font says, else by the edges of the ink; marks of one side stand on each other."""
    last_of_side: dict[int, Glyph] = {}
    for character in marks:
        side = unicodedata.combining(character)
        support = last_of_side.get(side, base)
        x, rise = _told_offset(support, character) or _seen_offset(support, character)
        mark = Glyph(character, base.face, support.x + x, support.rise + rise, base.face.advance(character))
        last_of_side[side] = mark
        yield mark


def _told_offset(support: Glyph, mark: str) -> tuple[float, float] | None:
    """The place of a mark on a glyph by the font's own table, in 1/1000 em."""
    face = support.face
    offset = face.tables.find_mark_offset(face.glyph(support.character) or 0, face.glyph(mark) or 0)
    return None if offset is None else (face.to_em(offset[0]), face.to_em(offset[1]))


def _seen_offset(support: Glyph, mark: str) -> tuple[float, float]:
    """The place of a mark centred on the ink of a glyph: above it, below it, or across it, by its combining class."""
    face = support.face
    left, lower, right, upper = map(face.to_em, face.tables.glyph_box(face.glyph(support.character) or 0))
    mark_left, mark_lower, mark_right, mark_upper = map(face.to_em, face.tables.glyph_box(face.glyph(mark) or 0))
    across = (left + right - mark_left - mark_right) / 2
    if unicodedata.combining(mark) == _ABOVE:
        return across, max(0.0, upper + _CLEARANCE - mark_lower)
    if unicodedata.combining(mark) == _BELOW:
        return across, min(0.0, lower - _CLEARANCE - mark_upper)
    return across, 0.0


def show_plain(canvas: Canvas, run: PlainRun, size: float, tracking: float) -> list[str]:
    """Return the operators that show a run, in pieces of one font subset, rise and spacing; tracking in 1/1000 em."""
    operators: list[str] = []
    piece = _Piece()
    pen = 0.0
    glyphs = list(_tracked(run, tracking))
    for place, glyph in enumerate(glyphs):
        spacing = _spacing(glyphs, place) if _is_mark(glyph) else tracking
        [(subset, code)] = glyph.face.font.splitString(glyph.character, canvas._doc)
        font = glyph.face.font.getSubsetInternalName(subset, canvas._doc)
        if (font, glyph.rise, spacing) != (piece.font, piece.rise, piece.spacing):
            operators.extend(piece.operators(size))
            piece = _Piece(font, glyph.rise, spacing)
        if abs(glyph.x - pen) > 0.05:
            piece.parts.append(pen - glyph.x)
        piece.parts.append(code)
        pen = glyph.x + glyph.advance + spacing
    return operators + piece.operators(size)


def _spacing(glyphs: list[Glyph], place: int) -> float:
    """The way from a mark to the letter after it.

    It goes into the character spacing and not into a move: a mark has no width, and programs that extract text would
    take the move for a space.
    """
    if place + 1 == len(glyphs) or _is_mark(glyphs[place + 1]):
        return 0.0
    return glyphs[place + 1].x - glyphs[place].x - glyphs[place].advance


def _tracked(run: PlainRun, tracking: float) -> Iterable[Glyph]:
    """The glyphs with the letters moved apart; marks stay on theirs."""
    letters = -1
    for glyph in run.glyphs:
        letters += not _is_mark(glyph)
        yield replace(glyph, x=glyph.x + letters * tracking) if tracking else glyph


def _is_mark(glyph: Glyph) -> bool:
    return unicodedata.category(glyph.character) == "Mn"


class _Piece:
    """Codes of one font subset with one rise and one spacing (1/1000 em), and moves between them."""

    def __init__(self, font: str = "", rise: float = 0.0, spacing: float = 0.0) -> None:
        self.font = font
        self.rise = rise
        self.spacing = spacing
        self.parts: list[bytes | float] = []

    def operators(self, size: float) -> list[str]:
        if not self.parts:
            return []
        shown = "".join(f"{part:.1f}" if isinstance(part, float) else f"<{part.hex()}>" for part in self.parts)
        state = f"{self.font} {size:.2f} Tf {self.rise * size / 1000:.2f} Ts {self.spacing * size / 1000:.3f} Tc"
        return [f"{state} [{shown.replace('><', '')}] TJ"]
