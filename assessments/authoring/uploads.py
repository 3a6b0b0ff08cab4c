"""A picture that a writer puts into an item: its size and kind are read from it, its name tells nothing."""

import io
from typing import Any

from flask_babel import gettext as _

from app.errors import DomainError
from assessments.items import pictures
from assessments.items.definitions import ItemsInvalid

KINDS_WITH_PICTURE = ("hotspot", "placing")
MOST_BYTES = 5 * 1024 * 1024
_EXTENSIONS = {"PNG": "png", "JPEG": "jpg"}


def take_picture(definition: dict[str, Any], data: bytes) -> None:
    """Keep the bytes and let the definition name them; what it said of another picture's text alternative stays.

    Raises DomainError at `picture` for what is no picture of ours.
    """
    if len(data) > MOST_BYTES:
        raise DomainError(_("This picture is larger than 5 MB. Choose a smaller one."), "picture")
    form, width, height = _measured(data)
    known = definition.get("picture")
    alt = known.get("alt", "") if isinstance(known, dict) else ""
    sha256 = pictures.sha256_of(data)
    made = {
        "file": f"{sha256[:16]}.{_EXTENSIONS[form]}",
        "alt": alt,
        "width": width,
        "height": height,
        "sha256": sha256,
    }
    definition["picture"] = made
    if pictures.find_stored(sha256) is None:
        try:
            pictures.keep_picture(definition, data)
        except ItemsInvalid as error:
            raise DomainError(_("This is no picture that can be shown."), "picture") from error


def _measured(data: bytes) -> tuple[str, int, int]:
    """Kind, width and height as they are after turning the picture upright."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data), formats=list(_EXTENSIONS)) as picture:
            if picture.width * picture.height > pictures.MOST_PIXELS:
                raise DomainError(_("This picture has more than 40 million pixels. Choose a smaller one."), "picture")
            kind = str(picture.format)
            width, height = ImageOps.exif_transpose(picture).size
    except (Image.DecompressionBombError, UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise DomainError(_("Choose a picture in PNG or JPEG."), "picture") from error
    return kind, width, height
