"""Counting values into bars, and the bars of a chart in the units of its drawing. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10, sqrt

MOST_BARS = 20
WIDTH, HEIGHT, FOOT = 640, 150, 24
LEAST_HEIGHT = 3.0

Bin = tuple[float, float, int, int]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: `low` to below `high`, how many, how many of them are marked; the rest is where to draw it.

    `is_whole`: what is counted are whole numbers, so that 0 to below 2 reads as 0–1.
    """

    low: float
    high: float
    count: int
    marked: int
    x: float
    width: float
    height: float
    marked_height: float
    is_whole: bool

    @property
    def label(self) -> str:
        """What the bar counts: 3, 10–14, or 10–15 of what is measured."""
        if self.is_whole:
            return f"{self.low:g}" if self.high - self.low == 1 else f"{self.low:g}–{self.high - 1:g}"
        return f"{self.low:g}–{self.high:g}"


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of one width, left to right; `line` is the place of a threshold; `is_root`: heights grow with the root."""

    bars: tuple[Bar, ...]
    line: float | None
    is_root: bool
    step: int


def count(values: Mapping[str, float], marked: Collection[str] = (), width: float | None = None) -> list[Bin]:
    """Bins of one round width, at most MOST_BARS of them unless `width` says how wide; empty ones between are kept."""
    if not values:
        return []
    wide = width or round_width(max(values.values()) - min(values.values()) + 1)
    first = floor(min(values.values()) / wide)
    counts = [[0, 0] for _ in range(floor(max(values.values()) / wide) - first + 1)]
    for name, value in values.items():
        place = floor(value / wide) - first
        counts[place][0] += 1
        counts[place][1] += name in marked
    return [((first + place) * wide, (first + place + 1) * wide, *both) for place, both in enumerate(counts)]  # type: ignore[misc]


def round_width(span: float) -> float:
    """The least of 1, 2, 5, 10, 20, 50 … that cuts `span` into MOST_BARS or fewer."""
    least = max(1.0, span / MOST_BARS)
    power = 10 ** floor(log10(least))
    return float(next(power * digit for digit in (1, 2, 5, 10) if power * digit >= least))


def draw(
    bins: Sequence[Sequence[float]], line: float | None = None, *, is_root: bool = False, is_whole: bool = False
) -> Chart | None:
    """A chart of the bins; `line` is a value on their scale. None without bins."""
    if not bins:
        return None
    most = _scaled(max(one[2] for one in bins), is_root)
    wide = WIDTH / len(bins)
    bars = [_bar(place, one, (most, wide), is_root, is_whole) for place, one in enumerate(bins)]
    low, high = bins[0][0], bins[-1][1]
    at = None if line is None else round(min(max((line - low) / (high - low), 0), 1) * WIDTH, 1)
    return Chart(tuple(bars), at, is_root, ceil(len(bins) / 12))


def _bar(place: int, one: Sequence[float], scale: tuple[float, float], is_root: bool, is_whole: bool) -> Bar:
    low, high, number, marked = one
    most, wide = scale
    height, part = (_height(value, most, is_root) for value in (number, marked))
    gap = min(4.0, wide / 5)
    x, width = round(place * wide + gap / 2, 1), round(wide - gap, 1)
    return Bar(low, high, int(number), int(marked), x, width, height, part, is_whole)


def _height(value: float, most: float, is_root: bool) -> float:
    """Never too low to be seen, unless there is nothing."""
    return 0.0 if not value else round(max(LEAST_HEIGHT, HEIGHT * _scaled(value, is_root) / most), 1)


def _scaled(value: float, is_root: bool) -> float:
    return sqrt(value) if is_root else value
