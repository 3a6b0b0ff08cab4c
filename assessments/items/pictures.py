"""Pictures of items: kept without what a file may tell beside its image, and shown only where their item is shown.

The address of a picture is made anew each time its item is shown to somebody, is theirs alone and runs out. It carries
neither the name of the file nor that of the item, since both may tell the answer.
"""

import hashlib
import io
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from flask import Response, current_app, url_for
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select

from app import clock
from app.errors import Missing
from app.extensions import db
from app.policy import Permission, current_actor, requires
from app.storage import services as storage
from app.storage.models import StoredFile
from assessments.items.definitions import ItemsInvalid

PURPOSE, OWNER = "item picture", "items"
MOST_PIXELS = 40_000_000
# Longer than a page of an exam stays open; whoever comes back to the page gets a new address.
SHOWN_FOR = timedelta(hours=6)
_FORMATS = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG"}
_MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg"}


def sha256_of(data: bytes) -> str:
    """What an item pins its picture by."""
    return hashlib.sha256(data).hexdigest()


def keep_pictures(definitions: Iterable[Mapping[str, Any]], media: Mapping[str, bytes]) -> int:
    """Store the pictures of these items that are not stored yet; `media` gives bytes by file name. How many were new.

    Raises ItemsInvalid for bytes of another size or kind than the definition says.
    """
    new = 0
    for definition in definitions:
        picture = definition.get("picture")
        if picture and picture["file"] in media and find_stored(sha256_of(media[picture["file"]])) is None:
            keep_picture(definition, media[picture["file"]])
            new += 1
    return new


def keep_picture(definition: Mapping[str, Any], data: bytes) -> StoredFile:
    """Store the picture of one item, drawn anew so that it carries no words of its author. Raises ItemsInvalid."""
    picture = definition["picture"]
    form = _FORMATS[picture["file"].rpartition(".")[2]]
    try:
        drawn = _redrawn(data, form, (picture["width"], picture["height"]))
    except ValueError as error:
        raise ItemsInvalid([(str(definition.get("code", "?")), "picture", str(error))]) from error
    return storage.keep_own(drawn, _kept_name(sha256_of(data)), _MEDIA_TYPES[form], purpose=PURPOSE, owner=OWNER)


def find_stored(sha256: str) -> StoredFile | None:
    """The stored picture that was made from a file with these bytes."""
    statement = select(StoredFile).where(StoredFile.purpose == PURPOSE, StoredFile.shown_name == _kept_name(sha256))
    return db.session.scalars(statement.limit(1)).first()


def address_of(content: Mapping[str, Any]) -> str:
    """Where the picture of this item can be seen by whoever makes this request; empty when it is not stored."""
    row = find_stored(content["picture"].get("sha256", ""))
    if row is None:
        return ""
    until = int((clock.now() + SHOWN_FOR).timestamp())
    return url_for("items.picture", token=_signer().dumps([row.public_id, current_actor().public_id, until]))


@requires(Permission.PUBLIC)
def show(token: str) -> Response:
    """The picture, to the person for whom the address was made, until it runs out. Raises Missing for anybody else."""
    try:
        public_id, person, until = _signer().loads(token)
    except (BadData, ValueError, TypeError):
        raise Missing from None
    if person != current_actor().public_id or clock.now().timestamp() > until:
        raise Missing
    row = db.session.scalars(
        select(StoredFile).where(StoredFile.public_id == public_id, StoredFile.purpose == PURPOSE)
    ).first()
    if row is None:
        raise Missing
    response = Response(storage.read(row), mimetype=row.media_type)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="item picture")


def _kept_name(sha256: str) -> str:
    return f"from {sha256}"


def _redrawn(data: bytes, form: str, size: tuple[int, int]) -> bytes:
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data), formats=[form]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ValueError("has more than 40 million pixels")
            upright = ImageOps.exif_transpose(picture).convert("RGB" if form == "JPEG" else "RGBA")
    except (
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        UnidentifiedImageError,
        OSError,
        SyntaxError,
    ) as error:
        raise ValueError("cannot be read as a picture of this kind") from error
    if upright.size != size:
        raise ValueError(f"is {upright.width} by {upright.height} pixels, not {size[0]} by {size[1]}")
    upright.info.clear()
    out = io.BytesIO()
    upright.save(out, form, **({"quality": 90} if form == "JPEG" else {}))
    return out.getvalue()
