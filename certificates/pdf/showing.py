"""Writing a shaped run as PDF operators, glyph by glyph from left to right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from certificates.pdf.embedding import font_in
from certificates.pdf.shaping import ShapedRun

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_READ_AS_BLANK = 70.0
"""A gap between letters, in 1/1000 em of the font, that readers begin to take for a blank (Poppler: from 100)."""


def show(canvas: Canvas, run: ShapedRun, size: float) -> tuple[list[str], bool]:
    """Return the operators that show a run at a size, and whether readers find its text by single glyphs.

    Glyphs of one height make one TJ, with moves in thousandths of an em between them (ISO 32000-2, 9.4.3).
    """
    font = font_in(canvas, run.font)
    operators = [f"/{font.name} {size * run.font.scale:.3f} Tf"]
    is_literal = run.literal
    rise, parts, pen = 0.0, "", 0.0
    for glyph in run.glyphs:
        is_literal &= font.use(glyph.number, glyph.text)
        if abs(glyph.rise - rise) > 0.05:
            operators += _shown(parts, rise, size)
            rise, parts = glyph.rise, ""
        is_literal &= glyph.x - pen < _READ_AS_BLANK * run.font.scale
        if abs(glyph.x - pen) > 0.05:
            parts += f"{(pen - glyph.x) / run.font.scale:.1f}"
        parts += f"<{glyph.number:04X}>"
        pen = glyph.x + glyph.advance
    return operators + _shown(parts, rise, size), is_literal


def _shown(parts: str, rise: float, size: float) -> list[str]:
    return [f"{rise * size / 1000:.3f} Ts [{parts.replace('><', '')}] TJ"] if parts else []
