"""Setting one line of type: runs of the page's own type and of shaped scripts from left to right; then its operators.

A line is measured in thousandths of an em, so that one setting serves every size. Programs that extract text find it
as it was written: by its own characters where every glyph stands for one, else by a replacement text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from certificates.pdf import catalogue
from certificates.pdf.catalogue import FontRecord
from certificates.pdf.fonts import Style, is_plain
from certificates.pdf.plain_type import Glyph, PlainRun, plain_run, show_plain

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

    from certificates.pdf.shaping import ShapedRun

_ASCENT, _DESCENT = 780.0, 350.0
"""The room of a line above and below the base line, in 1/1000 em; letters of the page's own type keep to it."""


@dataclass(frozen=True)
class SetLine:
    """A line of runs from left to right, its width in 1/1000 em without tracking, and how many gaps tracking widens.

    `text` is in the order of reading. `height` says how much taller than the page's own type the line is (1: not), and
    `lift` by how much of 1/1000 em its base line is raised to keep low letters in the room of a line. `shown` is the
    order in which readers must find a line of both directions, empty where they find it by its runs.
    A `reordered` line is drawn in another order than it is read.
    """

    text: str
    runs: tuple[PlainRun | ShapedRun, ...]
    units: float
    gaps: int
    height: float = 1.0
    lift: float = 0.0
    shown: str = ""
    reordered: bool = False

    @property
    def glyphs(self) -> tuple[Glyph, ...]:
        """The glyphs of the page's own type."""
        return tuple(glyph for run in self.runs if isinstance(run, PlainRun) for glyph in run.glyphs)

    @property
    def fonts(self) -> frozenset[FontRecord]:
        """Which fonts the line is set in."""
        shaped = {run.font.record for run in self.runs if not isinstance(run, PlainRun)}
        return frozenset({glyph.face.record for glyph in self.glyphs} | shaped)

    def width(self, size: float, tracking: float = 0.0) -> float:
        """Return the width in points at a size, with `tracking` points between the letters."""
        return self.units * size / 1000 + tracking * self.gaps


@dataclass(frozen=True)
class Ink:
    """How a line is drawn: colour, and `swell`, a fine outline in points that makes the letters a little bolder."""

    colour: str
    swell: float = 0.0


def set_line(text: str, style: Style, base: int | None = None) -> SetLine:
    """Set a normalised text that `fonts.checked` let pass.

    `base` is the direction of the whole of which the line is a part (certificates.pdf.directions); left out, the line
    is the whole.
    """
    return _set_line(text, style, base, catalogue.folder())


def list_fonts(lines: Iterable[SetLine]) -> tuple[FontRecord, ...]:
    """Return every font that some lines are set in, sorted by name, to be kept with the page."""
    found = {record for line in lines for record in line.fonts}
    return tuple(sorted(found, key=lambda record: (record.name, record.sha256)))


def draw_line(
    canvas: Canvas, line: SetLine, at: tuple[float, float], size: float, ink: Ink, tracking: float = 0.0
) -> None:
    """Draw a line with its left end and base line at a point (PDF points, from the lower left corner of the page)."""
    canvas.setFillColor(ink.colour)
    if ink.swell:
        canvas.setStrokeColor(ink.colour)
    x, y = at[0], at[1] + line.lift * size / 1000
    operators: list[str] = []
    for run in line.runs:
        start = [f"BT 1 0 0 1 {x:.2f} {y:.2f} Tm"]
        if ink.swell:
            start.append(f"2 Tr {ink.swell:.3g} w")
        shown, replacement = _shown(canvas, run, size, tracking)
        drawn = [*start, *shown, "0 Tc 0 Ts 0 Tr ET"]
        operators += _replaced(replacement, drawn) if replacement and not line.shown else drawn
        x += run.units * size / 1000 + (tracking * run.gaps if isinstance(run, PlainRun) else 0.0)
    canvas._code.extend(_replaced(line.shown, operators) if line.shown else operators)


@lru_cache(maxsize=512)
def _set_line(text: str, style: Style, base: int | None, folder: Path | None) -> SetLine:
    if is_plain(text, style):
        run = plain_run(text, style)
        return SetLine(text, (run,), run.units, run.gaps)
    return _mixed_line(text, style, base)


def _mixed_line(text: str, style: Style, base: int | None) -> SetLine:
    from certificates.pdf import directions, itemising
    from certificates.pdf.shaping import shape

    level = directions.base_level(text) if base is None else base
    cut = itemising.itemise(text, style, level)
    order = directions.visual_order([run.level for run in cut])
    runs = tuple(shape(run) if (run := cut[at]).font else plain_run(run.text, style) for at in order)
    height, lift = _room(runs)
    return SetLine(
        text=text,
        runs=runs,
        units=sum(run.units for run in runs),
        gaps=sum(run.gaps for run in runs if isinstance(run, PlainRun)),
        height=height,
        lift=lift,
        shown=directions.for_readers(text) if any(run.is_right_to_left for run in cut[:-1]) else "",
        reordered=any(run.is_right_to_left for run in cut),
    )


def _room(runs: Sequence[PlainRun | ShapedRun]) -> tuple[float, float]:
    """How much taller than a line of the page's own type some runs are, and how far up they go to fit that room."""
    shaped = [run for run in runs if not isinstance(run, PlainRun)]
    above, below = max(run.ascent for run in shaped), max(run.descent for run in shaped)
    if len(shaped) < len(runs):
        above = max(above, _ASCENT)
    height = max(1.0, (above + below) / (_ASCENT + _DESCENT))
    over, under = above - height * _ASCENT, below - height * _DESCENT
    return height, max(under, 0.0) - max(over, 0.0)


def _shown(canvas: Canvas, run: PlainRun | ShapedRun, size: float, tracking: float) -> tuple[list[str], str]:
    """The operators of a run, and the text that must replace it for readers, if any."""
    if isinstance(run, PlainRun):
        replacement = run.text if tracking or run.has_marks else ""
        return show_plain(canvas, run, size, 1000 * tracking / size), replacement
    from certificates.pdf.showing import show

    operators, is_literal = show(canvas, run, size)
    # Poppler and PDFium turn round what runs from the right, and so they do with replacement texts
    return operators, "" if is_literal else run.text[:: -1 if run.right_to_left else 1]


def _replaced(text: str, operators: list[str]) -> list[str]:
    """Wrap operators so that a reader gets whole words (ISO 32000-2, 14.9.4, replacement text)."""
    replacement = b"\xfe\xff" + text.encode("utf-16-be")
    return [f"/Span <</ActualText <{replacement.hex()}>>> BDC", *operators, "EMC"]
