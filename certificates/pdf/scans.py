"""Scanned signatures: which pictures are accepted, and how one becomes a small picture of the page.

A scan is a PNG or JPEG. It is laid upon the colour of the paper, made no larger than print needs, and kept with few
colours, so that it costs a few kilobytes; the colour of the paper is left unpainted, and no transparency is needed.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pikepdf
    from PIL import Image

LARGEST_SCAN = 400_000
"""Bytes of an accepted file."""
LARGEST_SIDE, SMALLEST_SIDE = 4_000, 24
"""Pixels of the longer and of the shorter side."""
_FORMATS = ("PNG", "JPEG")
_DOTS = (496, 144)
"""Pixels that print needs: 124 x 36 points at 288 to the inch."""
_COLOURS = 24
_FAINT = 40
"""How far, of 255, a grey must be from the paper to count as ink."""


class ScanInvalid(ValueError):
    """A file that cannot be printed as a signature; `problem` is one of "size", "kind" and "pixels"."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"not a usable picture of a signature: {problem}")
        self.problem = problem


@dataclass(frozen=True)
class Scan:
    """A picture of a signature in at most 24 colours: pixels as indices, and the colours as RGB triples.

    `clear` is the index of the paper, which is not painted: what lies under it shows.
    """

    width: int
    height: int
    pixels: bytes
    colours: bytes
    clear: int

    def as_xobject(self, pdf: pikepdf.Pdf) -> pikepdf.Object:
        """Make the picture an image of a file (ISO 32000-2, 8.9.5)."""
        from pikepdf import Array, Dictionary, Name, Stream, String

        space = Array([Name.Indexed, Name.DeviceRGB, len(self.colours) // 3 - 1, String(self.colours)])
        described = Dictionary(
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=self.width,
            Height=self.height,
            ColorSpace=space,
            BitsPerComponent=8,
            Mask=[self.clear, self.clear],
        )
        return pdf.make_indirect(Stream(pdf, self.pixels, described))


def sha256_of(data: bytes) -> str:
    """Return the hash by which a model names a scan."""
    return hashlib.sha256(data).hexdigest()


def check_scan(data: bytes) -> None:
    """Raise ScanInvalid for a file that is too big, no PNG or JPEG, or has too many or too few pixels."""
    if len(data) > LARGEST_SCAN:
        raise ScanInvalid("size")
    _opened(data)


@lru_cache(maxsize=16)
def prepared(data: bytes, paper: str) -> Scan:
    """Return a scan on paper of a colour (``#RRGGBB``), as small as print allows. Raises ScanInvalid."""
    from PIL import Image, ImageChops, ImageColor, ImageOps

    picture = _opened(data).convert("RGBA")
    white = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")
    # the lightest tenth becomes white, as the paper of a photograph is grey; multiplied, white becomes our paper
    clean = ImageOps.autocontrast(white, cutoff=(0, 10), preserve_tone=True)
    flat = _trimmed(ImageChops.multiply(clean, Image.new("RGB", clean.size, paper)), paper)
    few = flat.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    count = max(few.tobytes()) + 1
    colours = bytes((few.getpalette() or [])[: 3 * count])
    return Scan(few.width, few.height, few.tobytes(), colours, _nearest(colours, ImageColor.getrgb(paper)))


def _trimmed(picture: Image.Image, paper: str) -> Image.Image:
    """The ink alone, as large as the room allows, in the middle of its lower edge."""
    from PIL import Image, ImageChops, ImageOps

    ink = ImageChops.difference(picture, Image.new("RGB", picture.size, paper)).convert("L")
    found = ink.point([0 if shade < _FAINT else 255 for shade in range(256)]).getbbox()
    inner = ImageOps.contain(picture.crop(found) if found else picture, _DOTS, Image.Resampling.LANCZOS)
    room = Image.new("RGB", _DOTS, paper)
    room.paste(inner, ((_DOTS[0] - inner.width) // 2, _DOTS[1] - inner.height))
    return room


def _nearest(colours: bytes, wanted: tuple[int, ...]) -> int:
    """The index of the colour that is nearest to a wanted one."""
    triples = [colours[at : at + 3] for at in range(0, len(colours), 3)]
    return min(range(len(triples)), key=lambda n: sum((a - b) ** 2 for a, b in zip(triples[n], wanted, strict=False)))


def _opened(data: bytes) -> Image.Image:
    """Decode a picture after its size has been looked at."""
    from PIL import Image

    try:
        picture = Image.open(io.BytesIO(data), formats=_FORMATS)
        if max(picture.size) > LARGEST_SIDE or min(picture.size) < SMALLEST_SIDE:
            raise ScanInvalid("pixels")
        picture.load()
    except ScanInvalid:
        raise
    except Exception as problem:  # a hostile picture fails in more ways than its decoder documents
        raise ScanInvalid("kind") from problem
    return picture
