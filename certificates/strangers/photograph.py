"""Reading the QR codes of a photograph. Only to be run in the reading process: decoders meet bytes of strangers here."""

import io
import warnings
from typing import Any

from certificates.strangers.room import Refused

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 40_000_000
"""What cameras of telephones make; a picture that claims more is not decoded (security: pixel floods)."""
LARGEST_SIDE = 3_000
"""Pixels to which a larger picture is reduced: a code that fills a tenth of it has ten pixels for each module then."""
MOST_CODES = 8
LONGEST_TEXT = 3_000


def read_codes(data: bytes) -> dict[str, Any]:
    """Return the texts of the codes. Raises Refused: `picture` for no picture of these kinds, `size` for too many pixels."""
    import zxingcpp

    picture = _decoded(data)
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return {"texts": [code.text[:LONGEST_TEXT] for code in found[:MOST_CODES]]}


def _decoded(data: bytes) -> Any:
    """The picture in shades of grey. Its size is looked at before a single pixel is unpacked."""
    from PIL import Image, UnidentifiedImageError

    warnings.simplefilter("ignore")  # PIL warns of large pictures; the size is judged here
    try:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as problem:
        raise Refused("size") from problem
    except (UnidentifiedImageError, OSError) as problem:
        raise Refused("picture") from problem
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise Refused("size")
    picture.draft("L", (LARGEST_SIDE, LARGEST_SIDE))  # JPEG is unpacked smaller at once
    grey = picture.convert("L")
    grey.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    return grey
