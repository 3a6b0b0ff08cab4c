"""A logo is drawn anew before it is kept: no script, no metadata, no picture bomb."""

import io

from flask_babel import gettext as _

from app.errors import DomainError

MOST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 16_000_000
HIGHEST, WIDEST = 120, 480


def redraw(data: bytes) -> bytes:
    """The picture as a small PNG. Raises DomainError (field `logo`) for anything that is no harmless picture."""
    from PIL import Image, UnidentifiedImageError

    if len(data) > MOST_BYTES:
        raise DomainError(_("The picture is larger than %(most)s MB.", most=MOST_BYTES // 1024**2), "logo")
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise DomainError(_("The picture has too many pixels."), "logo")
            small = picture.convert("RGBA")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise DomainError(_("The picture has too many pixels."), "logo") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise DomainError(_("This is not a PNG, JPEG or WebP picture."), "logo") from None
    small.thumbnail((WIDEST, HIGHEST))
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()
