"""Keeping files: detected by content, named by us, written before their row."""

import hashlib
import unicodedata
from collections.abc import Collection
from datetime import datetime
from functools import partial

from flask import Response, current_app
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, delete, func, select

from app import clock, ids, transaction
from app.errors import DomainError
from app.extensions import db
from app.storage.kinds import FileKind, find_kind
from app.storage.models import StoredFile

MOST_BYTES_A_PERSON = 1024**3
MOST_FILES_A_PERSON = 500


def keep(
    data: bytes, shown_name: str, *, purpose: str, owner: str, allowed: Collection[str], most_bytes: int
) -> StoredFile:
    """Store a visitor's file. Raises DomainError (field `file`): too large, of another kind, or over quota."""
    if not data:
        raise DomainError(_("The file is empty."), "file")
    if len(data) > most_bytes:
        raise DomainError(_("The file is larger than %(most)s MB.", most=most_bytes // 1024**2), "file")
    kind = find_kind(data, shown_name)
    if kind is None or kind.code not in allowed:
        wanted = ", ".join(sorted(allowed))
        message = _("This is not a file of a kind that can be handed in here (%(kinds)s).", kinds=wanted)
        raise DomainError(message, "file")
    _check_quota(owner, len(data))
    return keep_own(data, name_for(shown_name, kind), kind.media_type, purpose=purpose, owner=owner)


def keep_own(data: bytes, shown_name: str, media_type: str, *, purpose: str, owner: str) -> StoredFile:
    """Store bytes that the system made itself."""
    public_id = ids.new_public_id()
    current_app.extensions["store"].put(public_id, data)
    row = StoredFile(
        public_id=public_id,
        purpose=purpose,
        owner=owner,
        shown_name=shown_name,
        media_type=media_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        stored_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row


def clean_name(name: str) -> str:
    """A visitor's file name made safe to show and to offer: no path, no control characters, at most 120 long."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    spaced = " ".join(unicodedata.normalize("NFC", last).split())
    plain = "".join(c for c in spaced if unicodedata.category(c)[0] != "C")
    stem, dot, ending = plain.strip(". ").rpartition(".")
    if not dot:
        return (ending or "file")[:120]
    return f"{stem[: 119 - len(ending[:10])]}.{ending[:10]}"


def name_for(name: str, kind: FileKind) -> str:
    """The clean name, with the ending of what the file is: `report.html` that is a PDF is offered as `report.html.pdf`."""
    clean = clean_name(name)
    endings = {kind.code, "jpeg"} if kind.code == "jpg" else {kind.code}
    return clean if clean.rpartition(".")[2].lower() in endings and "." in clean else f"{clean}.{kind.code}"


def _check_quota(owner: str, size: int) -> None:
    used = db.session.execute(
        select(func.count(), func.coalesce(func.sum(StoredFile.size), 0)).where(
            StoredFile.owner == owner, StoredFile.deleted_at.is_(None)
        )
    ).one()
    if used[0] >= MOST_FILES_A_PERSON or used[1] + size > MOST_BYTES_A_PERSON:
        raise DomainError(_("Your space for files is full. Remove some that you no longer need."), "file")


def read(row: StoredFile) -> bytes:
    """The bytes of a stored file. Raises FileNotFoundError when the store has lost them."""
    return current_app.extensions["store"].get(row.public_id)


def as_attachment(row: StoredFile) -> Response:
    """The file as a download that no browser runs: attachment, no sniffing, sandboxed."""
    response = Response(read(row), mimetype=row.media_type.split(";")[0])
    response.headers.set("Content-Disposition", "attachment", filename=row.shown_name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def forget(which: ColumnElement[bool]) -> None:
    """Delete these files for good: rows now, bytes once the transaction is committed."""
    store = current_app.extensions["store"]
    for name in db.session.scalars(delete(StoredFile).where(which).returning(StoredFile.public_id)).all():
        transaction.after_commit(partial(store.delete, name))


def sweep(before: datetime) -> None:
    """Delete bytes older than `before` that no row knows: left behind by a transaction that did not end well."""
    store = current_app.extensions["store"]
    known = set(db.session.scalars(select(StoredFile.public_id)))
    for name in set(store.list_old(before)) - known:
        store.delete(name)
