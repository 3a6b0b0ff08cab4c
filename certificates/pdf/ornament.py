"""The drawn parts of the page as PDF path operators: guilloche bands, corner roses and the three medals.

The leaves are those of Laurel's own marks. Everything is computed from a few numbers, in points, and kept as text, so
that a page costs no arithmetic after the first. Curves are cubic Bézier segments.
"""

import math
from functools import cache

_HALF_WAVE = 0.3642
"""Handle length, in half periods, of the Bézier segment that follows a sine from crest to trough."""
_CIRCLE = 0.5523
"""Handle length, in radii, of the Bézier segment that follows a quarter of a circle."""

LEAF_WIDE, LEAF_NEAR, LEAF_FAR = 0.294, 0.22, 0.62
Leaf = tuple[float, float, float, float]
"""Foot of a leaf (x, y), its direction in degrees clockwise from upright, its length. In units of a mark of 32 x 32,
with y downwards as in the marks."""

_STEM_RADIUS = 12.6
_PAIRS = 8
_BERRIES = (27, 65, 103)
_TAIL_TURN = 10.0
_SPRIG: tuple[Leaf, ...] = ((16, 21.5, 0, 19.5), (15.6, 25, -46, 17), (16.4, 25, 46, 17))


@cache
def lace(height: float, period: float, periods: int) -> str:
    """Return a piece of lace of sine waves between 0 and `height`, to be stroked.

    Every wave runs over the same number of periods, each from its own crest, so that pieces set side by side at a
    distance of `period * periods` join without a seam. The waves begin up to a period before and after 0.
    """
    waves = []
    for shift in range(4):
        waves.append(_wave(periods, height / 2, height / 2 * 0.98, period / 2, shift / 4 * period))
        waves.append(_wave(periods, height / 2, height / 2 * 0.55, period / 2, (shift / 4 + 1 / 8) * period))
    return " ".join(waves)


def _wave(periods: int, middle: float, amplitude: float, half: float, x: float) -> str:
    """One sine as crest-to-trough segments that begins and ends on a crest."""
    sign, handle = 1, half * _HALF_WAVE
    parts = [f"{x:.2f} {middle + amplitude:.2f} m"]
    for _ in range(2 * periods):
        start, end = middle + sign * amplitude, middle - sign * amplitude
        parts.append(f"{x + handle:.2f} {start:.2f} {x + half - handle:.2f} {end:.2f} {x + half:.2f} {end:.2f} c")
        x, sign = x + half, -sign
    return " ".join(parts)


@cache
def rose(radius: float, petals: int, inner: float) -> str:
    """Return a rose of circles about the origin, each touching both the outer and the inner radius, to be stroked."""
    small, orbit = (radius - inner) / 2, (radius + inner) / 2
    turns = (2 * math.pi * petal / petals for petal in range(petals))
    return " ".join(circle(orbit * math.cos(turn), orbit * math.sin(turn), small) for turn in turns)


def circle(x: float, y: float, radius: float) -> str:
    """Return a circle as four Bézier segments."""
    k = _CIRCLE * radius
    points = (
        (x + radius, y + k, x + k, y + radius, x, y + radius),
        (x - k, y + radius, x - radius, y + k, x - radius, y),
        (x - radius, y - k, x - k, y - radius, x, y - radius),
        (x + k, y - radius, x + radius, y - k, x + radius, y),
    )
    curves = " ".join(" ".join(f"{value:.2f}" for value in point) + " c" for point in points)
    return f"{x + radius:.2f} {y:.2f} m {curves} h"


def leaf(foot: Leaf) -> str:
    """Return the outline of a leaf, to be filled, in units of its mark with y upwards."""
    length = foot[3]
    wide = LEAF_WIDE * length
    outline = (
        ((wide, LEAF_NEAR * length), (wide * 0.96, LEAF_FAR * length), (0.0, length)),
        ((-wide * 0.96, LEAF_FAR * length), (-wide, LEAF_NEAR * length), (0.0, 0.0)),
    )
    curves = " ".join(" ".join(_turned(foot, *point) for point in curve) + " c" for curve in outline)
    return f"{_turned(foot, 0, 0)} m {curves} h"


def rib(foot: Leaf) -> str:
    """Return the middle rib of a leaf, to be stroked in the colour of the paper."""
    return f"{_turned(foot, 0, 0.1 * foot[3])} m {_turned(foot, 0, 0.8 * foot[3])} l"


def _turned(foot: Leaf, x: float, y: float) -> str:
    """Place a point of an upright leaf: turned clockwise, moved to the foot, y upwards."""
    angle = math.radians(foot[2])
    across = x * math.cos(angle) + y * math.sin(angle)
    along = -x * math.sin(angle) + y * math.cos(angle)
    return f"{foot[0] + across:.2f} {32 - foot[1] + along:.2f}"


def mirrored(side: tuple[Leaf, ...]) -> tuple[Leaf, ...]:
    """Return leaves and their mirror images about the middle of the mark."""
    return side + tuple((32 - x, y, -turn, length) for x, y, turn, length in side)


@cache
def wreath() -> tuple[str, str, str]:
    """Return fills (leaves and berries), stems and ribs of the wreath, in a square of 32 x 32 with y upwards."""
    leaves = mirrored(_wreath_side())
    stems = " ".join(f"{_tail(side)} {_arc(_TAIL_TURN, 150, side)}" for side in (1, -1))
    berries = " ".join(circle(*_on_wreath(turn, 11.0, side), 0.36) for turn in _BERRIES for side in (1, -1))
    knot = circle(16, 16 - _STEM_RADIUS - 0.35, 0.55)
    return " ".join((*map(leaf, leaves), berries, knot)), stems, " ".join(map(rib, leaves))


def _tail(side: int) -> str:
    """The end of a stem, which crosses the other one under the knot."""
    x, y = _on_wreath(_TAIL_TURN, _STEM_RADIUS, side)
    return (
        f"{16 + side * 2.9:.2f} {y - 2.1:.2f} m {16 + side * 1.6:.2f} {y - 1.5:.2f} 16 {y - 0.6:.2f} {x:.2f} {y:.2f} c"
    )


def _wreath_side() -> tuple[Leaf, ...]:
    """The leaves of the left branch: pairs that lean out of the stem and grow smaller upwards, one leaf at the tip."""
    side: list[Leaf] = []
    for pair in range(_PAIRS):
        turn = 17 + 131 * pair / (_PAIRS - 1)
        length = 4.9 - 1.5 * pair / (_PAIRS - 1)
        x, up = _on_wreath(turn, _STEM_RADIUS, 1)
        foot = (x, 32 - up)
        side += [(*foot, turn - 90 - 34, length), (*foot, turn - 90 + 27, length * 0.92)]
    x, up = _on_wreath(151, _STEM_RADIUS, 1)
    return (*side, (x, 32 - up, 63.0, 3.2))


def _on_wreath(turn: float, radius: float, side: int) -> tuple[float, float]:
    """A point of the wreath: degrees from the bottom, clockwise on the left branch (side 1), mirrored on the right."""
    angle = math.radians(turn)
    return 16 - side * radius * math.sin(angle), 16 - radius * math.cos(angle)


def _arc(start: float, end: float, side: int) -> str:
    """A stem along the wreath, in Bézier segments of at most 40 degrees."""
    count = math.ceil((end - start) / 40)
    step = math.radians((end - start) / count)
    handle = 4 / 3 * math.tan(step / 4) * _STEM_RADIUS
    x, y = _on_wreath(start, _STEM_RADIUS, side)
    parts = [f"{x:.2f} {y:.2f} m"]
    for number in range(count):
        first, last = (math.radians(start) + step * n for n in (number, number + 1))
        x0, y0 = _on_wreath(math.degrees(first), _STEM_RADIUS, side)
        x3, y3 = _on_wreath(math.degrees(last), _STEM_RADIUS, side)
        x1, y1 = x0 - side * handle * math.cos(first), y0 + handle * math.sin(first)
        x2, y2 = x3 + side * handle * math.cos(last), y3 - handle * math.sin(last)
        parts.append(f"{x1:.2f} {y1:.2f} {x2:.2f} {y2:.2f} {x3:.2f} {y3:.2f} c")
    return " ".join(parts)


@cache
def sprig() -> tuple[str, str, str]:
    """Return fills, stem and ribs of the sprig of three leaves, in a square of 32 x 32 with y upwards."""
    return " ".join(map(leaf, _SPRIG)), "16 2 m 16 12 l", " ".join(map(rib, _SPRIG))


@cache
def single_leaf() -> tuple[str, str, str]:
    """Return fill, stem and rib of the single leaf, leaning to the right, in a square of 32 x 32 with y upwards."""
    turn = 28.0
    angle = math.radians(turn)
    foot: Leaf = (16 - 10 * math.sin(angle), 16 + 10 * math.cos(angle), turn, 24.0)
    stem = f"{_turned(foot, 0, 0)} m {_turned(foot, 0, -5)} l"
    return leaf(foot), stem, rib(foot)
