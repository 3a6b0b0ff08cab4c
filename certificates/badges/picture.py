"""The picture of a badge: a round medal of the level, drawn from the same leaves as the certificate.

A ring of metal with a guilloche in it holds a field with the emblem: one leaf, a sprig of three, or the wreath around the
sprig. There is no text in it, so it needs no font and no language; the SVG says in its title what it shows. The same
medal gives the same bytes. Units are pixels of the finished picture, y downwards.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from certificates.badges.svg_parts import SVG, escaped
from certificates.pdf import ornament

SIDE = 600
_OVERSAMPLING = 4
_FLATNESS = 32
"""Straight pieces that stand for one curve in the PNG."""
_CENTRE, _RIM, _RING, _FIELD, _HAIR = SIDE / 2, 292.0, 284.0, 226.0, 214.0

Point = tuple[float, float]


@dataclass(frozen=True)
class Medal:
    """Which medal: the emblem (`leaf`, `sprig` or `wreath`) and two colours as ``#RRGGBB``, metal and field."""

    emblem: str
    metal: str
    field: str = "#FFFEF9"

    def __post_init__(self) -> None:
        if self.emblem not in ("leaf", "sprig", "wreath"):
            raise ValueError(f"no emblem is called {self.emblem!r}")


@dataclass(frozen=True)
class _Shape:
    """Path operators with the place to draw them at, filled or stroked. Operators have y upwards when `flipped`."""

    operators: str
    colour: str
    scale: float = 1.0
    move: Point = (0.0, 0.0)
    stroke: float = 0.0
    flipped: bool = False

    def steps(self) -> Iterator[tuple[str, list[Point]]]:
        """Yield each operator (m, l, c or h) with its points in pixels."""
        numbers: list[float] = []
        for token in self.operators.split():
            if not token.isalpha():
                numbers.append(float(token))
                continue
            yield token, [self._placed(*numbers[at : at + 2]) for at in range(0, len(numbers), 2)]
            numbers = []

    def _placed(self, x: float, y: float) -> Point:
        across, down = x, 32 - y if self.flipped else y
        return self.move[0] + self.scale * across, self.move[1] + self.scale * down


def draw_svg(medal: Medal, title: str) -> str:
    """Return the medal as an SVG of its own, with a title for those who cannot see it."""
    shapes = "".join(map(_svg_path, _shapes(medal)))
    return (
        f'<svg xmlns="{SVG}" width="{SIDE}" height="{SIDE}" viewBox="0 0 {SIDE} {SIDE}" role="img">'
        f"<title>{escaped(title)}</title>{shapes}</svg>"
    )


def _svg_path(shape: _Shape) -> str:
    letters = {"m": "M", "l": "L", "c": "C", "h": "Z"}
    path = "".join(letters[step] + " ".join(f"{x:.1f} {y:.1f}" for x, y in points) for step, points in shape.steps())
    if not shape.stroke:
        return f'<path fill="{shape.colour}" d="{path}"/>'
    ends = 'fill="none" stroke-linecap="round" stroke-linejoin="round"'
    return f'<path {ends} stroke="{shape.colour}" stroke-width="{shape.stroke:.1f}" d="{path}"/>'


@lru_cache(maxsize=32)
def draw_png(medal: Medal) -> bytes:
    """Return the medal as a PNG of 600 x 600 pixels on a transparent ground."""
    from PIL import Image, ImageDraw

    size = SIDE * _OVERSAMPLING
    canvas = Image.new("RGBA", (size, size), (*_channels(medal.metal), 0))
    pen = ImageDraw.Draw(canvas)
    for shape in _shapes(medal):
        for line in _lines(shape):
            _draw_line(pen, line, shape)
    file = io.BytesIO()
    canvas.reduce(_OVERSAMPLING).save(file, "PNG", optimize=True)
    return file.getvalue()


def _draw_line(pen, line: list[Point], shape: _Shape) -> None:  # type: ignore[no-untyped-def]
    points = [(x * _OVERSAMPLING, y * _OVERSAMPLING) for x, y in line]
    if not shape.stroke:
        pen.polygon(points, fill=shape.colour)
        return
    width = round(shape.stroke * _OVERSAMPLING)
    pen.line(points, fill=shape.colour, width=width, joint="curve")
    for x, y in (points[0], points[-1]):
        pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=shape.colour)


def _lines(shape: _Shape) -> list[list[Point]]:
    """The outlines of a shape as points close to one another."""
    lines: list[list[Point]] = []
    for step, points in shape.steps():
        if step == "m":
            lines.append(points)
        elif step == "l":
            lines[-1] += points
        elif step == "c":
            lines[-1] += _curve(lines[-1][-1], *points)
        else:
            lines[-1].append(lines[-1][0])
    return lines


def _curve(start: Point, first: Point, second: Point, end: Point) -> list[Point]:
    """Points along a cubic Bézier segment, without its start."""
    found = []
    for number in range(1, _FLATNESS + 1):
        t = number / _FLATNESS
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        corners = (start, first, second, end)
        found.append((_blend(weights, [x for x, _y in corners]), _blend(weights, [y for _x, y in corners])))
    return found


def _blend(weights: tuple[float, ...], values: list[float]) -> float:
    return sum(weight * value for weight, value in zip(weights, values, strict=True))


def _shapes(medal: Medal) -> list[_Shape]:
    """Everything that is drawn, from the ground up."""
    light = _mixed(medal.metal, medal.field, 0.62)
    return [
        _disc(_RIM, _mixed(medal.metal, "#000000", 0.22)),
        _disc(_RING, medal.metal),
        _Shape(ornament.rose(_RING - 5, 88, _FIELD + 5), light, move=(_CENTRE, _CENTRE), stroke=1.1),
        _disc(_FIELD, light),
        _disc(_FIELD - 4, medal.field),
        _Shape(ornament.circle(_CENTRE, _CENTRE, _HAIR), light, stroke=1.6),
        *_emblem(medal),
    ]


def _emblem(medal: Medal) -> list[_Shape]:
    if medal.emblem == "wreath":
        return [*_mark(medal, ornament.wreath(), 12.2, 0.3), *_mark(medal, ornament.sprig(), 5.6, 0.7, lift=-6)]
    if medal.emblem == "sprig":
        return _mark(medal, ornament.sprig(), 11.0, 0.9)
    return _mark(medal, ornament.single_leaf(), 10.5, 0.9)


def _mark(medal: Medal, parts: tuple[str, str, str], scale: float, thick: float, lift: float = 0.0) -> list[_Shape]:
    """A mark of 32 x 32 in the middle: fills and stems in metal, ribs in the colour of the field."""
    corner = (_CENTRE - 16 * scale, _CENTRE - 16 * scale - lift)
    fills, stems, ribs = parts
    return [
        _Shape(stems, medal.metal, scale, corner, thick * scale, flipped=True),
        _Shape(fills, medal.metal, scale, corner, flipped=True),
        _Shape(ribs, medal.field, scale, corner, thick * scale * 0.5, flipped=True),
    ]


def _disc(radius: float, colour: str) -> _Shape:
    return _Shape(ornament.circle(_CENTRE, _CENTRE, radius), colour)


def _channels(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def _mixed(colour: str, other: str, part: float) -> str:
    """A colour with a part of another one in it."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * part):02X}" for a, b in pairs)
