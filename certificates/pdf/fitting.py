"""Fitting a text into a width: smaller first, then on two or three lines of nearly equal length.

A line ends at a space or after a hyphen; a word too long for any line is cut between letters, because a name must be
printed whole even then. Scripts that reach higher or lower than the page's own type are set so much smaller that they
keep to the room of a line. Widths are in points, as are sizes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from certificates.pdf.directions import base_level
from certificates.pdf.fonts import NameNotRenderable, Style, TextProblem
from certificates.pdf.itemising import graphemes
from certificates.pdf.typesetting import SetLine, set_line


@dataclass(frozen=True)
class Step:
    """One try: on so many lines, at a size between the two."""

    lines: int
    largest: float
    smallest: float


@dataclass(frozen=True)
class Fitted:
    """Lines of one size, with tracking in points and the distance between their base lines."""

    lines: tuple[SetLine, ...]
    size: float
    tracking: float
    leading: float

    @property
    def drop(self) -> float:
        """The distance from the first base line to the last."""
        return self.leading * (len(self.lines) - 1)


def fit(
    text: str,
    style: Style,
    width: float,
    steps: Sequence[Step],
    *,
    field: str,
    tracking: float = 0.0,
    leading: float = 1.16,
) -> Fitted:
    """Fit a checked text by the first step that holds it; `tracking` and `leading` are in em.

    Raises NameNotRenderable with the problem LENGTH when no step does.
    """
    base = base_level(text)
    for step in steps:
        lines = [set_line(line, style, base) for line in _balanced(text, style, step.lines)]
        height = max(line.height for line in lines)
        widest = min(width * 1000 / (line.units + 1000 * tracking * line.gaps) for line in lines)
        size = min(step.largest / height, widest)
        if size >= step.smallest / height:
            return Fitted(tuple(lines), size, tracking * size, leading * size * height)
    raise NameNotRenderable(TextProblem.LENGTH, field=field)


@dataclass(frozen=True)
class _Piece:
    """A part of a text that stays together, its width in 1/1000 em, and whether a space follows within a line."""

    text: str
    units: float
    spaced: bool


@lru_cache(maxsize=256)
def _balanced(text: str, style: Style, count: int) -> tuple[str, ...]:
    """Break a text into at most `count` lines so that the longest is as short as can be."""
    if count == 1:
        return (text,)
    pieces = _pieces(text, style)
    space = set_line(" ", style).units
    total = sum(piece.units + space * piece.spaced for piece in pieces)
    if max(piece.units for piece in pieces) > 1.6 * total / count:
        pieces = _letters(text, style)
    low, high = total / count, total
    for _ in range(18):
        middle = (low + high) / 2
        low, high = (low, middle) if len(_packed(pieces, middle, space)) <= count else (middle, high)
    return tuple(_packed(pieces, high, space))


def _packed(pieces: Sequence[_Piece], limit: float, space: float) -> list[str]:
    """Fill lines one after the other up to a width."""
    lines: list[str] = [""]
    used = 0.0
    for piece in pieces:
        if lines[-1] and used + piece.units > limit:
            lines.append("")
            used = 0.0
        lines[-1] += piece.text + " " * piece.spaced
        used += piece.units + space * piece.spaced
    return [line.strip() for line in lines]


def _pieces(text: str, style: Style) -> list[_Piece]:
    """Words, cut after hyphens that stand inside them."""
    found = []
    for word in text.split(" "):
        parts = word.replace("-", "-\n").rstrip("\n").split("\n")
        found += [_Piece(part, set_line(part, style).units, False) for part in parts[:-1]]
        found.append(_Piece(parts[-1], set_line(parts[-1], style).units, True))
    return found


def _letters(text: str, style: Style) -> list[_Piece]:
    """Single letters with their marks; a space stays a piece of its own."""
    return [_Piece(letter, set_line(letter, style).units, False) for letter in graphemes(text)]
