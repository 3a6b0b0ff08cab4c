"""Regions of a picture, the key of a hotspot: whether a point lies in one. Whole pixels, exact, edges included."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from assessments.grading.kinds.pictures import is_pixels
from assessments.grading.messages import N_, Fault, fault

LEAST_CORNERS, MOST_CORNERS = 3, 40
_FIELDS: dict[str, tuple[str, ...]] = {
    "circle": ("x", "y", "radius"),
    "rectangle": ("x", "y", "width", "height"),
    "polygon": ("points",),
}

Region = Mapping[str, Any]
Point = tuple[int, int]


def check_region(region: Any, path: str, size: tuple[int, int]) -> list[Fault]:
    """Faults of one region. `path` ends without a point; `size` is that of the picture."""
    shape = region.get("shape") if isinstance(region, dict) else None
    if not isinstance(shape, str) or shape not in _FIELDS:
        return [fault(path, N_("must be a table with shape circle, rectangle or polygon"))]
    known = _FIELDS[shape]
    faults = [
        fault(f"{path}.{name}", N_("a %(shape)s has no such field"), shape=shape)
        for name in region
        if name not in (*known, "shape")
    ]
    if shape == "polygon":
        return faults + ([] if _are_corners(region.get("points"), size) else [_corners_fault(path)])
    most = max(size)
    wrong = [name for name in known if not is_pixels(region.get(name), most, least=name not in ("x", "y"))]
    return faults + [
        fault(f"{path}.{name}", N_("must be a number of pixels up to %(most)s"), most=most) for name in wrong
    ]


def contains(region: Region, x: int, y: int) -> bool:
    """Whether the point lies in the region or on its edge."""
    if region["shape"] == "circle":
        return bool((x - region["x"]) ** 2 + (y - region["y"]) ** 2 <= region["radius"] ** 2)
    if region["shape"] == "rectangle":
        return bool(0 <= x - region["x"] <= region["width"] and 0 <= y - region["y"] <= region["height"])
    return _in_polygon([(corner[0], corner[1]) for corner in region["points"]], x, y)


def _in_polygon(corners: Sequence[Point], x: int, y: int) -> bool:
    """Counts the edges that a line to the right of the point crosses; odd is inside."""
    inside = False
    for (x1, y1), (x2, y2) in pairwise([*corners, corners[0]]):
        turn = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)
        if turn == 0 and min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) <= y <= max(y1, y2):
            return True
        if (y1 > y) != (y2 > y) and (turn > 0) == (y2 > y1):
            inside = not inside
    return inside


def _are_corners(points: Any, size: tuple[int, int]) -> bool:
    return (
        isinstance(points, list)
        and LEAST_CORNERS <= len(points) <= MOST_CORNERS
        and all(isinstance(point, list) and len(point) == len(size) for point in points)
        and all(is_pixels(value, most) for point in points for value, most in zip(point, size, strict=True))
    )


def _corners_fault(path: str) -> Fault:
    text = N_("must be a list of %(least)s to %(most)s corners [x, y] within the picture")
    return fault(f"{path}.points", text, least=LEAST_CORNERS, most=MOST_CORNERS)
