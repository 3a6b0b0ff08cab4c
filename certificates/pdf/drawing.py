"""Putting a laid out certificate on a ReportLab canvas, every stroke of it marked for screen readers.

Text goes through `draw_line` alone: ReportLab's paragraphs read markup, and a name such as ``O'Brien <b>`` must stay a
name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from certificates.pdf import frames, ornament
from certificates.pdf.design import Design, Ornament
from certificates.pdf.fonts import Style, checked
from certificates.pdf.model import CertificateModel, Medal
from certificates.pdf.page import Block, Code, Emblem, Item, Layout, SignaturePlace
from certificates.pdf.qr import path_operators
from certificates.pdf.tagging import Tags
from certificates.pdf.typesetting import Ink, draw_line, set_line

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_FRAMES = {
    Ornament.LACE: frames.draw_lace,
    Ornament.BAND: frames.draw_band,
    Ornament.LEAVES: frames.draw_leaves,
}


def draw(canvas: Canvas, model: CertificateModel, design: Design, layout: Layout) -> Tags:
    """Draw the whole page, from the paper upwards; returns the marks."""
    tags = Tags(lambda operators: canvas._code.append(operators))
    with tags.ornament():
        canvas.setFillColor(model.palette.paper)
        canvas.rect(0, 0, layout.width, layout.height, stroke=0, fill=1)
        _FRAMES[design.ornament](canvas, model.palette, layout)
    if model.specimen:
        with tags.element("P"):
            _draw_specimen(canvas, model, layout)
    with tags.ornament():
        _draw_emblem(canvas, model.medal, layout.emblem)
        _draw_rules(canvas, layout)
    for item in layout.items:
        _draw_item(canvas, tags, model, item)
    return tags


def scan_name(sha256: str) -> str:
    """Return the name under which the page calls a scanned signature."""
    return f"SignaturePlace{sha256[:16]}"


def _draw_rules(canvas: Canvas, layout: Layout) -> None:
    for rule in layout.rules:
        canvas.setStrokeColor(rule.colour)
        canvas.setLineWidth(rule.thickness)
        canvas.line(rule.x1, rule.y1, rule.x2, rule.y2)


def _draw_item(canvas: Canvas, tags: Tags, model: CertificateModel, item: Item) -> None:
    match item:
        case Block():
            with tags.element(item.role, item.text if _is_broken_up(item) else ""):
                for text in item.lines:
                    draw_line(canvas, text.line, (text.x, text.y), text.size, text.ink, text.tracking)
        case Code():
            with tags.figure(model.code_alt, item.box):
                left, bottom, right, _ = item.box
                canvas.setFillColor(item.colour)
                canvas._code.append(path_operators(model.qr_payload, left, bottom, right - left))
        case SignaturePlace():
            with tags.figure(model.wording.signature_alt.replace("{name}", item.name), item.box):
                left, bottom, right, top = item.box
                matrix = f"{right - left:.2f} 0 0 {top - bottom:.2f} {left:.2f} {bottom:.2f}"
                canvas._code.append(f"q {matrix} cm /{scan_name(item.sha256)} Do Q")


def _is_broken_up(block: Block) -> bool:
    """Whether the drawn pieces do not make the text by themselves: several lines, or runs in another order."""
    return len(block.lines) > 1 or any(line.line.reordered for line in block.lines)


def _draw_emblem(canvas: Canvas, medal: Medal, emblem: Emblem) -> None:
    """The emblem of the level: a coin with a leaf or a sprig, or the open wreath."""
    if medal is Medal.WREATH:
        _draw_mark(canvas, emblem, ornament.wreath(), 0.0, 2 * emblem.radius, 0.2)
        return
    _draw_coin(canvas, emblem)
    mark = ornament.single_leaf() if medal is Medal.LEAF else ornament.sprig()
    _draw_mark(canvas, emblem, mark, 16.0, 38, 0.9)


def _draw_coin(canvas: Canvas, emblem: Emblem) -> None:
    """A ring of guilloche between two fine circles."""
    radius = emblem.radius
    canvas.saveState()
    canvas.translate(emblem.x, emblem.y)
    canvas.setStrokeColor(emblem.colour)
    canvas.setLineWidth(0.35)
    canvas._code.append(ornament.rose(radius - 1.2, 72, radius - 8.3) + " S")
    canvas.setLineWidth(0.9)
    canvas._code.append(f"{ornament.circle(0, 0, radius)} {ornament.circle(0, 0, radius - 9.5)} S")
    canvas.restoreState()


def _draw_mark(
    canvas: Canvas, emblem: Emblem, mark: tuple[str, str, str], lift: float, side: float, rib: float
) -> None:
    """Draw one of our marks in a square about the middle of the emblem, `lift` points above it; `rib` is the width of
    its ribs in units of the mark."""
    fills, stems, ribs = mark
    scale = side / 32
    canvas.saveState()
    canvas.transform(scale, 0, 0, scale, emblem.x - side / 2, emblem.y + lift - side / 2)
    canvas.setLineCap(1)
    canvas.setFillColor(emblem.colour)
    canvas.setStrokeColor(emblem.colour)
    canvas.setLineWidth(1.4 if rib > 0.5 else 0.4)
    canvas._code.append(f"{stems} S {fills} f")
    canvas.setStrokeColor(emblem.ground)
    canvas.setLineWidth(rib)
    canvas._code.append(f"{ribs} S")
    canvas.restoreState()


def _draw_specimen(canvas: Canvas, model: CertificateModel, layout: Layout) -> None:
    """The word across the page, pale enough to read everything over it."""
    word = checked(model.wording.specimen, "wording.specimen")
    line = set_line(word, Style.ROMAN)
    tracking = 12.0
    size = min(150.0, ((layout.width - layout.left) * 0.76 - tracking * line.gaps) * 1000 / line.units)
    canvas.saveState()
    canvas.translate((layout.left + layout.width) / 2, layout.height / 2)
    canvas.rotate(25)
    at = (-line.width(size, tracking) / 2, -size * 0.33)
    draw_line(canvas, line, at, size, Ink(model.palette.specimen, 1.2), tracking)
    canvas.restoreState()
