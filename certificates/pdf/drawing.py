"""Putting a laid out certificate on a ReportLab canvas.

The frame is drawn into form objects, once each, and placed as often as it is needed. Text goes through `draw_line`
alone: ReportLab's paragraphs read markup, and a name such as ``O'Brien <b>`` must stay a name.
"""

from reportlab.pdfgen.canvas import Canvas

from certificates.pdf import ornament
from certificates.pdf.fonts import Style, checked
from certificates.pdf.layout import (
    CENTRE,
    FRAME_INNER,
    FRAME_OUTER,
    HEIGHT,
    MEDAL_CENTRE,
    MEDAL_RADIUS,
    QR_SIDE,
    WIDTH,
    Layout,
    up,
)
from certificates.pdf.model import CertificateModel, Medal
from certificates.pdf.qr import path_operators
from certificates.pdf.typesetting import Ink, draw_line, set_line

_BAND_FROM = FRAME_OUTER + 4.5
_BAND_HEIGHT = FRAME_INNER - FRAME_OUTER - 9.0
_ROSE_RADIUS = 12.0
_PERIOD = 12.0
_LACE = 0.55
"""How much of the colour of the frame its lace has; the rest is paper."""


def draw(canvas: Canvas, model: CertificateModel, layout: Layout) -> None:
    """Draw the whole page, from the paper upwards."""
    palette = model.palette
    canvas.setFillColor(palette.paper)
    canvas.rect(0, 0, WIDTH, HEIGHT, stroke=0, fill=1)
    _draw_frame(canvas, model)
    if model.specimen:
        _draw_specimen(canvas, model)
    _draw_medal(canvas, model)
    for rule in layout.rules:
        canvas.setStrokeColor(rule.colour)
        canvas.setLineWidth(rule.thickness)
        canvas.line(rule.x1, rule.y1, rule.x2, rule.y2)
    for text in layout.texts:
        draw_line(canvas, text.line, (text.x, text.y), text.size, text.ink, text.tracking)
    canvas.setFillColor(palette.ink)
    canvas._code.append(path_operators(model.qr_payload, *layout.code_at, QR_SIDE))


def _draw_frame(canvas: Canvas, model: CertificateModel) -> None:
    _draw_bands(canvas, mixed(model.palette.primary, model.palette.paper, _LACE))
    _draw_corners(canvas, model)
    canvas.setStrokeColor(model.palette.primary)
    _box(canvas, FRAME_OUTER, 0.9)
    canvas.setStrokeColor(model.palette.accent)
    _box(canvas, FRAME_INNER, 0.8)


def _box(canvas: Canvas, margin: float, thickness: float) -> None:
    canvas.setLineWidth(thickness)
    canvas.rect(margin, margin, WIDTH - 2 * margin, HEIGHT - 2 * margin, stroke=1, fill=0)


def _draw_bands(canvas: Canvas, colour: str) -> None:
    """Lace along the four sides: one form for the long sides, one for the short."""
    inset = _BAND_FROM + _BAND_HEIGHT
    for name, length in (("BandLong", WIDTH - 2 * inset), ("BandShort", HEIGHT - 2 * inset)):
        canvas.beginForm(name, 0, 0, length, _BAND_HEIGHT)
        canvas.setStrokeColor(colour)
        canvas.setLineWidth(0.32)
        canvas._code.append(ornament.band(round(length, 2), _BAND_HEIGHT, _PERIOD) + " S")
        canvas.endForm()
    places = (
        ("BandLong", (1, 0, 0, 1, inset, _BAND_FROM)),
        ("BandLong", (1, 0, 0, 1, inset, HEIGHT - inset)),
        ("BandShort", (0, 1, -1, 0, inset, inset)),
        ("BandShort", (0, 1, -1, 0, WIDTH - _BAND_FROM, inset)),
    )
    for name, matrix in places:
        _place_form(canvas, name, matrix)


def _draw_corners(canvas: Canvas, model: CertificateModel) -> None:
    canvas.beginForm("Rose", -_ROSE_RADIUS, -_ROSE_RADIUS, _ROSE_RADIUS, _ROSE_RADIUS)
    canvas.setFillColor(model.palette.paper)
    canvas.circle(0, 0, _ROSE_RADIUS - 0.4, stroke=0, fill=1)
    canvas.setStrokeColor(mixed(model.palette.primary, model.palette.paper, 0.7))
    canvas.setLineWidth(0.32)
    canvas._code.append(ornament.rose(_ROSE_RADIUS - 0.6, 22, 2.6) + " S")
    canvas._code.append(ornament.circle(0, 0, _ROSE_RADIUS - 0.6) + " S")
    canvas.endForm()
    near = _BAND_FROM + _BAND_HEIGHT / 2
    for x in (near, WIDTH - near):
        for y in (near, HEIGHT - near):
            _place_form(canvas, "Rose", (1, 0, 0, 1, x, y))


def _place_form(canvas: Canvas, name: str, matrix: tuple[float, ...]) -> None:
    canvas.saveState()
    canvas.transform(*matrix)
    canvas.doForm(name)
    canvas.restoreState()


def _draw_medal(canvas: Canvas, model: CertificateModel) -> None:
    """The emblem of the level: a coin with a leaf or a sprig, or the open wreath."""
    if model.medal is Medal.WREATH:
        _draw_mark(canvas, model, ornament.wreath(), MEDAL_CENTRE, 2 * MEDAL_RADIUS, 0.2)
        return
    _draw_coin(canvas, model)
    mark = ornament.single_leaf() if model.medal is Medal.LEAF else ornament.sprig()
    _draw_mark(canvas, model, mark, MEDAL_CENTRE - 16, 38, 0.9)


def _draw_coin(canvas: Canvas, model: CertificateModel) -> None:
    """A ring of guilloche between two fine circles."""
    middle = up(MEDAL_CENTRE)
    canvas.saveState()
    canvas.translate(CENTRE, middle)
    canvas.setStrokeColor(model.palette.metal)
    canvas.setLineWidth(0.35)
    canvas._code.append(ornament.rose(MEDAL_RADIUS - 1.2, 72, MEDAL_RADIUS - 8.3) + " S")
    canvas.setLineWidth(0.9)
    canvas._code.append(f"{ornament.circle(0, 0, MEDAL_RADIUS)} {ornament.circle(0, 0, MEDAL_RADIUS - 9.5)} S")
    canvas.restoreState()


def _draw_mark(
    canvas: Canvas, model: CertificateModel, mark: tuple[str, str, str], from_top: float, side: float, rib: float
) -> None:
    """Draw one of our marks in a square about the centre axis; `rib` is the width of its ribs in units of the mark."""
    fills, stems, ribs = mark
    scale = side / 32
    canvas.saveState()
    canvas.transform(scale, 0, 0, scale, CENTRE - side / 2, up(from_top) - side / 2)
    canvas.setLineCap(1)
    canvas.setFillColor(model.palette.metal)
    canvas.setStrokeColor(model.palette.metal)
    canvas.setLineWidth(1.4 if rib > 0.5 else 0.4)
    canvas._code.append(f"{stems} S {fills} f")
    canvas.setStrokeColor(model.palette.paper)
    canvas.setLineWidth(rib)
    canvas._code.append(f"{ribs} S")
    canvas.restoreState()


def _draw_specimen(canvas: Canvas, model: CertificateModel) -> None:
    """The word across the page, pale enough to read everything over it."""
    word = checked(model.wording.specimen, "wording.specimen")
    line = set_line(word, Style.ROMAN)
    tracking = 12.0
    size = min(150.0, (640 - tracking * line.gaps) * 1000 / line.units)
    canvas.saveState()
    canvas.translate(CENTRE, HEIGHT / 2)
    canvas.rotate(25)
    at = (-line.width(size, tracking) / 2, -size * 0.33)
    draw_line(canvas, line, at, size, Ink(model.palette.specimen, 1.2), tracking)
    canvas.restoreState()


def mixed(colour: str, ground: str, share: float) -> str:
    """Return a colour as it looks when only a share of it covers the ground; all as ``#RRGGBB``."""
    pairs = ((int(colour[at : at + 2], 16), int(ground[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(share * over + (1 - share) * under):02X}" for over, under in pairs)
