"""The picture of an item, and places on it. Pure: a kind knows size and words of a picture, never where it is kept.

`picture = { file, alt, width, height, sha256 }`: a file of the course's `media` folder, its text alternative, its size in
pixels, and the SHA-256 of its bytes, which the import adds: a picture that changes makes another version of its item.
Positions are whole pixels from the upper left corner. Candidates get them in thousandths of the width.
"""

import re
from collections.abc import Mapping, Sequence
from string import ascii_uppercase
from typing import Any

from assessments.grading.kinds.base import Content
from assessments.grading.kinds.checks import check_text
from assessments.grading.messages import N_, Fault, fault

FRAME = 1000
LONGEST_SIDE = 10_000
ALT_LIMIT = 2000
# Two places closer than this share of the width would be hard to tell apart on a phone.
LEAST_DISTANCE = 20
_FIELDS = frozenset({"file", "alt", "width", "height", "sha256"})
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}\.(png|jpg|jpeg)")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_ROWS = 8  # places whose heights lie within an eighth of the picture are read from left to right

Place = Mapping[str, Any]


def check_picture(content: Content) -> list[Fault]:
    """Faults of the field `picture`."""
    picture = content.get("picture")
    if not isinstance(picture, dict):
        return [fault("picture", N_("must be a table { file = ..., alt = ..., width = ..., height = ... }"))]
    faults = [fault(f"picture.{name}", N_("a picture has no such field")) for name in picture if name not in _FIELDS]
    faults += check_text(picture, "alt", ALT_LIMIT, "picture.")
    if not _matches(_FILE, picture.get("file")):
        faults.append(fault("picture.file", N_("must be the plain name of a .png or .jpg file")))
    if "sha256" in picture and not _matches(_SHA256, picture["sha256"]):
        faults.append(fault("picture.sha256", N_("must be 64 hexadecimal digits, or left away")))
    sides = [side for side in ("width", "height") if not is_pixels(picture.get(side), LONGEST_SIDE, least=1)]
    return faults + [
        fault(f"picture.{side}", N_("must be a number of pixels from 1 to %(most)s"), most=LONGEST_SIDE)
        for side in sides
    ]


def size_of(content: Content) -> tuple[int, int]:
    """Width and height; the largest there can be for a picture that is not sound."""
    picture = content.get("picture")
    table: Mapping[str, Any] = picture if isinstance(picture, dict) else {}
    return _side(table.get("width")), _side(table.get("height"))


def is_pixels(value: Any, most: int, least: int = 0) -> bool:
    """Whether `value` is a whole number of pixels in these bounds."""
    return type(value) is int and least <= value <= most


def check_position(place: Place, path: str, size: tuple[int, int]) -> list[Fault]:
    """Faults of the fields `x` and `y`."""
    return [
        fault(path + name, N_("must be a number of pixels from 0 to %(most)s"), most=most)
        for name, most in zip(("x", "y"), size, strict=True)
        if not is_pixels(place.get(name), most)
    ]


def check_apart(field: str, places: Sequence[Place], width: int) -> list[Fault]:
    """Places that lie nearly on top of each other. Positions that are no numbers are passed over."""
    sound = [place for place in places if type(place.get("x")) is int and type(place.get("y")) is int]
    for number, one in enumerate(sound):
        for other in sound[:number]:
            if LEAST_DISTANCE**2 * ((one["x"] - other["x"]) ** 2 + (one["y"] - other["y"]) ** 2) < width**2:
                codes = f"{other.get('code')}, {one.get('code')}"
                return [fault(field, N_("two places lie closer than a twentieth of the width: %(codes)s"), codes=codes)]
    return []


def public_picture(content: Content) -> dict[str, Any]:
    """The text alternative and the height in thousandths of the width; the address is added where there is one."""
    width, height = size_of(content)
    return {"alt": content["picture"]["alt"], "height": height * FRAME // width}


def public_position(content: Content, place: Place) -> dict[str, int]:
    """The position of a place in thousandths of the width."""
    width, _height = size_of(content)
    return {"x": place["x"] * FRAME // width, "y": place["y"] * FRAME // width}


def lettered(content: Content, places: Sequence[Place]) -> dict[str, Place]:
    """A, B, C ... for the places in reading order: the letters follow from the positions, which everybody sees, alone."""
    _width, height = size_of(content)
    read = sorted(places, key=lambda place: (place["y"] * _ROWS // (height + 1), place["x"], place["y"]))
    return dict(zip(ascii_uppercase, read, strict=False))


def _side(value: Any) -> int:
    return int(value) if is_pixels(value, LONGEST_SIDE, least=1) else LONGEST_SIDE


def _matches(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None
