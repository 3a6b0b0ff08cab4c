"""Files that come with a practical: looked at, cleaned and stored under names of ours.

Pictures are drawn anew, which drops place, device and owner; PDF and office files are kept as they are, so what their
own properties say stays in them. A marker downloads them as "File 1.pdf" and never reads a name the learner chose.
"""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flask import Response, current_app
from flask_babel import gettext as _

from app import transaction
from app.errors import DomainError
from app.storage.kinds import find_kind
from app.storage.models import StoredFile
from app.storage.services import as_attachment, clean_name

if TYPE_CHECKING:
    from PIL import Image

PURPOSE = "practical"
MOST_PIXELS = 40_000_000
MEGABYTE = 1024**2
PICTURES = {"jpg": "JPEG", "png": "PNG"}
ENDINGS = {"jpeg": "jpg"}
PATIENCE_SECONDS = 10.0
"""How long a picture waits for another one that is being drawn."""
_one_picture = threading.Lock()


@dataclass(frozen=True)
class Prepared:
    """A file that may be stored: its bytes after cleaning, and the name its owner sees."""

    data: bytes
    shown_name: str


def prepare(data: bytes, shown_name: str, *, allowed: list[str], most_megabytes: int) -> Prepared:
    """Look at a visitor's file and clean it; slow, so done before the writing transaction.

    Raises DomainError (field `file`): empty, too large, of another kind than its name says or than is allowed, a PDF
    without a PDF's end, a picture that cannot be drawn.
    """
    if not data:
        raise DomainError(_("The file is empty."), "file")
    if len(data) > most_megabytes * MEGABYTE:
        raise DomainError(_("The file is larger than %(most)s MB.", most=most_megabytes), "file")
    name = clean_name(shown_name)
    code = _check_kind(data, name, allowed)
    if code == "pdf":
        _check_pdf(data)
    return Prepared(_redraw(data, PICTURES[code]) if code in PICTURES else data, name)


def _check_kind(data: bytes, name: str, allowed: list[str]) -> str:
    kind = find_kind(data, name)
    ending = name.rsplit(".", 1)[-1].lower()
    if kind is None or kind.code not in allowed:
        wanted = ", ".join(allowed)
        raise DomainError(_("This kind of file cannot be handed in. Possible are: %(kinds)s.", kinds=wanted), "file")
    if ENDINGS.get(ending, ending) != kind.code:
        message = _(
            "The name of the file does not fit what is in it: it holds a file of kind %(kind)s.", kind=kind.code
        )
        raise DomainError(message, "file")
    return kind.code


def _check_pdf(data: bytes) -> None:
    """Refuse what only begins like a PDF (ISO 32000-1, 7.5.5: it ends with `startxref` and `%%EOF`)."""
    head, tail = data[:2048].lower(), data[-2048:]
    if b"startxref" not in tail or b"%%EOF" not in tail or b"<html" in head or b"<script" in head:
        raise DomainError(_("This PDF cannot be read. Save it again from the program it came from."), "file")


def _redraw(data: bytes, kind: str) -> bytes:
    """The picture drawn anew; one at a time, for each may take hundreds of megabytes while it is unpacked."""
    if not _one_picture.acquire(timeout=PATIENCE_SECONDS):
        raise DomainError(_("Many pictures are being read at this moment. Send yours again in a minute."), "file")
    try:
        return _drawn_anew(data, kind)
    finally:
        _one_picture.release()


def _drawn_anew(data: bytes, kind: str) -> bytes:
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise DomainError(_("The picture is too large: at most 40 million pixels."), "file")
            ImageOps.exif_transpose(picture, in_place=True)
            mode = _mode(picture.mode, kind)
            return _saved(picture if picture.mode == mode else picture.convert(mode), kind)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise DomainError(_("The picture is too large: at most 40 million pixels."), "file") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise DomainError(
            _("This picture cannot be read. Save it again from the program it came from."), "file"
        ) from None


def _mode(mode: str, kind: str) -> str:
    if kind == "JPEG":
        return "L" if mode == "L" else "RGB"
    return "RGBA" if mode in ("RGBA", "LA", "PA", "P") else "RGB"


def _saved(picture: Image.Image, kind: str) -> bytes:
    picture.info.clear()
    out = io.BytesIO()
    picture.save(out, kind, **({"quality": 90} if kind == "JPEG" else {"optimize": False}))
    return out.getvalue()


def blind_name(ordinal: int, stored: StoredFile) -> str:
    """The name a marker sees: the number of the file and its kind, nothing of the learner's own."""
    ending = stored.shown_name.rsplit(".", 1)[-1].lower()
    return _("File %(number)s", number=ordinal) + f".{ENDINGS.get(ending, ending)}"


def as_blind_attachment(ordinal: int, stored: StoredFile) -> Response:
    """The file as a download under its blind name."""
    response = as_attachment(stored)
    response.headers.set("Content-Disposition", "attachment", filename=blind_name(ordinal, stored))
    return response


def forget(stored: StoredFile, now: datetime) -> None:
    """Mark a file as deleted; its bytes go once the transaction has been committed."""
    stored.deleted_at = now
    store, name = current_app.extensions["store"], stored.public_id
    transaction.after_commit(lambda: store.delete(name))
