"""The ornament of each composition: a frame of lace, a band of colour, or leaves in the corners.

Lace is drawn into form objects, once each, and placed as often as it is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from certificates.pdf import classic, deed, gallery, ornament
from certificates.pdf.colours import mixed
from certificates.pdf.model import Palette
from certificates.pdf.page import Layout

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_BAND_FROM = classic.FRAME_OUTER + 4.5
_BAND_HEIGHT = classic.FRAME_INNER - classic.FRAME_OUTER - 9.0
_ROSE_RADIUS = 12.0
_PERIOD, _PERIODS = 12.0, 8
"""Length of a wave of the lace, and how many one piece of it has."""
_LACE = 0.55
"""How much of the colour of the frame its lace has; the rest is paper."""
_GHOST = 0.07
"""How much of its colour the wreath behind the words has."""


def draw_lace(canvas: Canvas, palette: Palette, layout: Layout) -> None:
    """The frame of the classic page: lace between two rules, a rose in every corner."""
    _draw_bands(canvas, palette, layout)
    _draw_corners(canvas, palette, layout)
    canvas.setStrokeColor(palette.primary)
    _box(canvas, layout, classic.FRAME_OUTER, 0.9)
    canvas.setStrokeColor(palette.accent)
    _box(canvas, layout, classic.FRAME_INNER, 0.8)


def draw_band(canvas: Canvas, palette: Palette, layout: Layout) -> None:
    """The band of the gallery page with lace along its edge, and the light square behind the code."""
    canvas.setFillColor(palette.primary)
    canvas.rect(0, 0, gallery.BAND, layout.height, stroke=0, fill=1)
    _lace_form(canvas, "BandEdge", layout.height, gallery.LACE, mixed(palette.primary, palette.paper, 0.55))
    _place_form(canvas, "BandEdge", (0, 1, -1, 0, gallery.BAND, 0))
    canvas.setFillColor(palette.accent)
    canvas.rect(gallery.BAND, 0, 2.2, layout.height, stroke=0, fill=1)
    left, bottom, side = gallery.code_tile(layout)
    canvas.setFillColor(palette.paper)
    canvas.rect(left, bottom, side, side, stroke=0, fill=1)


def draw_leaves(canvas: Canvas, palette: Palette, layout: Layout) -> None:
    """The frame of the upright page: two rules, a sprig in every corner, a pale wreath behind the words."""
    _draw_ghost(canvas, palette, layout)
    for margin, thickness in ((deed.FRAME_OUTER, 1.1), (deed.FRAME_INNER, 0.45)):
        canvas.setStrokeColor(palette.primary)
        _box(canvas, layout, margin, thickness)
    for turn, x, y in _corners(layout, (deed.FRAME_OUTER + deed.FRAME_INNER) / 2):
        _draw_sprig(canvas, palette, (x, y), turn)


def _corners(layout: Layout, inset: float) -> list[tuple[int, float, float]]:
    """The four corners with the direction to the middle of the page, in degrees from upright, anticlockwise."""
    right, top = layout.width - inset, layout.height - inset
    return [(-45, inset, inset), (45, right, inset), (135, right, top), (-135, inset, top)]


def _draw_ghost(canvas: Canvas, palette: Palette, layout: Layout) -> None:
    fills, stems, _ = ornament.wreath()
    side = layout.width * 0.78
    shade = mixed(palette.metal, palette.paper, _GHOST)
    canvas.saveState()
    canvas.transform(side / 32, 0, 0, side / 32, (layout.width - side) / 2, layout.height * 0.5 - side * 0.47)
    canvas.setFillColor(shade)
    canvas.setStrokeColor(shade)
    canvas.setLineWidth(0.2)
    canvas._code.append(f"{stems} S {fills} f")
    canvas.restoreState()


def _draw_sprig(canvas: Canvas, palette: Palette, at: tuple[float, float], turn: float) -> None:
    """A sprig that grows out of a corner towards the middle, with the rules broken under it."""
    fills, stems, ribs = ornament.sprig()
    canvas.saveState()
    canvas.translate(*at)
    canvas.setFillColor(palette.paper)
    canvas.rect(-14, -14, 28, 28, stroke=0, fill=1)
    canvas.rotate(turn)
    canvas.scale(deed.CORNER / 32, deed.CORNER / 32)
    canvas.translate(-16, -8)
    canvas.setFillColor(palette.accent)
    canvas.setStrokeColor(palette.accent)
    canvas.setLineWidth(1.1)
    canvas._code.append(f"{stems} S {fills} f")
    canvas.setStrokeColor(palette.paper)
    canvas.setLineWidth(0.8)
    canvas._code.append(f"{ribs} S")
    canvas.restoreState()


def _box(canvas: Canvas, layout: Layout, margin: float, thickness: float) -> None:
    canvas.setLineWidth(thickness)
    canvas.rect(margin, margin, layout.width - 2 * margin, layout.height - 2 * margin, stroke=1, fill=0)


def _draw_bands(canvas: Canvas, palette: Palette, layout: Layout) -> None:
    """Lace along the four sides: one form for the long sides, one for the short."""
    inset = _BAND_FROM + _BAND_HEIGHT
    colour = mixed(palette.primary, palette.paper, _LACE)
    for name, length in (("BandLong", layout.width - 2 * inset), ("BandShort", layout.height - 2 * inset)):
        _lace_form(canvas, name, length, _BAND_HEIGHT, colour)
    places = (
        ("BandLong", (1, 0, 0, 1, inset, _BAND_FROM)),
        ("BandLong", (1, 0, 0, 1, inset, layout.height - inset)),
        ("BandShort", (0, 1, -1, 0, inset, inset)),
        ("BandShort", (0, 1, -1, 0, layout.width - _BAND_FROM, inset)),
    )
    for name, matrix in places:
        _place_form(canvas, name, matrix)


def _lace_form(canvas: Canvas, name: str, length: float, height: float, colour: str) -> None:
    """Define a strip of lace from pieces, their period stretched a little so that whole ones fill the length."""
    count = round(length / (_PERIOD * _PERIODS))
    stretch = length / (count * _PERIOD * _PERIODS)
    piece = f"{name}Piece"
    canvas.beginForm(piece, -_PERIOD, 0, (_PERIODS + 2) * _PERIOD, height)
    canvas.setStrokeColor(colour)
    canvas.setLineWidth(0.32)
    canvas._code.append(ornament.lace(height, _PERIOD, _PERIODS) + " S")
    canvas.endForm()
    canvas.beginForm(name, 0, 0, length, height)
    for number in range(-1, count):
        _place_form(canvas, piece, (stretch, 0, 0, 1, number * _PERIODS * _PERIOD * stretch, 0))
    canvas.endForm()


def _draw_corners(canvas: Canvas, palette: Palette, layout: Layout) -> None:
    canvas.beginForm("Rose", -_ROSE_RADIUS, -_ROSE_RADIUS, _ROSE_RADIUS, _ROSE_RADIUS)
    canvas.setFillColor(palette.paper)
    canvas.circle(0, 0, _ROSE_RADIUS - 0.4, stroke=0, fill=1)
    canvas.setStrokeColor(mixed(palette.primary, palette.paper, 0.7))
    canvas.setLineWidth(0.32)
    canvas._code.append(ornament.rose(_ROSE_RADIUS - 0.6, 22, 2.6) + " S")
    canvas._code.append(ornament.circle(0, 0, _ROSE_RADIUS - 0.6) + " S")
    canvas.endForm()
    near = _BAND_FROM + _BAND_HEIGHT / 2
    for x in (near, layout.width - near):
        for y in (near, layout.height - near):
            _place_form(canvas, "Rose", (1, 0, 0, 1, x, y))


def _place_form(canvas: Canvas, name: str, matrix: tuple[float, ...]) -> None:
    canvas.saveState()
    canvas.transform(*matrix)
    canvas.doForm(name)
    canvas.restoreState()
