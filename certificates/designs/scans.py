"""Scanned signatures: each upload is drawn anew before it is kept, and found again by the SHA-256 of what was drawn.

What is kept is a PNG of our own making: no EXIF, no script, no second file behind the picture, no bomb.
"""

import io
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from app.errors import DomainError
from app.extensions import db
from app.storage import services as storage
from app.storage.models import StoredFile
from certificates.designs.models import CertificateDesignVersion
from certificates.pdf import scans

if TYPE_CHECKING:
    from PIL import Image

PURPOSE, OWNER = "signature", "designs"
MOST_BYTES = 4 * 1024 * 1024
MOST_PIXELS = 24_000_000
"""A photograph of a telephone has 12 to 16 million."""
_ROOMS = ((992, 288), (496, 144))
"""Largest sizes that are kept, the second for pictures that would stay too many bytes in the first."""
_COLOURS = 64
_LARGEST_KEPT = 120_000
"""Bytes of a kept picture; two of them fit into a form that comes back to be corrected."""
_LEAST_DIFFERENCE = 40
"""How far, of 255, the darkest spot must be from the lightest to count as ink."""
_UNUSED_FOR = timedelta(days=1)


def redraw(data: bytes) -> bytes:
    """The picture as a small PNG. Raises DomainError for what is no harmless picture of a signature."""
    if len(data) > MOST_BYTES:
        raise DomainError(_("The picture is larger than %(most)s MB.", most=MOST_BYTES // 1024**2))
    plain = _opened(data)
    drawn = b""
    for room in _ROOMS:
        drawn = _drawn(plain, room)
        if len(drawn) <= _LARGEST_KEPT:
            break
    try:
        scans.check_scan(drawn)
    except scans.ScanInvalid:
        raise DomainError(_("The picture is too small, or far too narrow, to be printed.")) from None
    return drawn


def _drawn(plain: "Image.Image", room: tuple[int, int]) -> bytes:
    from PIL import Image

    small = plain.copy()
    small.thumbnail(room)
    target = io.BytesIO()
    small.quantize(_COLOURS, method=Image.Quantize.FASTOCTREE).save(target, "PNG", optimize=True)
    return target.getvalue()


def _opened(data: bytes) -> "Image.Image":
    """The picture upright, with its transparency and without anything that came along with it."""
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise DomainError(_("The picture has too many pixels."))
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except DomainError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise DomainError(_("The picture has too many pixels.")) from None
    except Exception:  # a hostile picture fails in more ways than its decoder documents
        raise DomainError(_("This is not a PNG, JPEG or WebP picture.")) from None
    plain = Image.new("RGBA", upright.size)
    plain.paste(upright)
    white = Image.alpha_composite(Image.new("RGBA", plain.size, "white"), plain).convert("L")
    darkest, lightest = cast("tuple[int, int]", white.getextrema())
    if lightest - darkest < _LEAST_DIFFERENCE:
        raise DomainError(_("There is no ink to be seen on this picture."))
    return plain


def keep(picture: bytes) -> str:
    """Store a picture that `redraw` made, unless it is there already; returns its SHA-256 in hex."""
    sha256 = scans.sha256_of(picture)
    if find(sha256) is None:
        storage.keep_own(picture, "signature.png", "image/png", purpose=PURPOSE, owner=OWNER)
    return sha256


def find(sha256: str) -> StoredFile | None:
    """The stored file with a hash, or None."""
    statement = select(StoredFile).where(StoredFile.purpose == PURPOSE, StoredFile.sha256 == sha256)
    return db.session.scalars(statement.order_by(StoredFile.id)).first()


def read(sha256: str) -> bytes:
    """The bytes of a stored scan. Raises FileNotFoundError when it is unknown or the store has lost it."""
    row = find(sha256)
    if row is None:
        raise FileNotFoundError(f"no scanned signature {sha256} is stored")
    return current_app.extensions["store"].get(row.public_id)


def forget_unused(now: datetime) -> None:
    """Delete scans of an earlier day that no version of any design names: left behind by drafts that went on."""
    named = {
        person["image_sha256"]
        for data in db.session.scalars(select(CertificateDesignVersion.data))
        for person in data["signatories"]
    }
    old = StoredFile.stored_at < now - _UNUSED_FOR
    storage.forget((StoredFile.purpose == PURPOSE) & old & StoredFile.sha256.not_in(named - {""}))
