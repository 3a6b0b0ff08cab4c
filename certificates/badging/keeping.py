"""Keeping the badge of a certificate: made and stored once, before the document that carries it is drawn."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import ids, transaction
from app.extensions import db
from app.storage.models import StoredFile
from certificates.badging import making as badge_making
from certificates.badging import places as badge_places
from certificates.badging.making import JSON_TYPE, TOKEN_TYPE, MadeBadge
from certificates.badging.models import BadgeArtefact, BadgePlace
from certificates.models import Credential
from certificates.pdf.archive import Attachment

PURPOSE, OWNER = "badge", "register"
FILE_NAME = "badge.json"
Note = Callable[[BadgeArtefact], object]
"""What else is written in the transaction that keeps a badge."""


@dataclass(frozen=True)
class KeptBadge:
    """The badge that counts, as it is stored."""

    data: bytes
    sha256: str

    def as_attachment(self) -> Attachment:
        """The badge as it travels within the document."""
        return Attachment(FILE_NAME, JSON_TYPE, self.data, "Open Badges 3.0 credential of this certificate")


def keep(credential: Credential, now: datetime, note: Note | None = None) -> KeptBadge:
    """The stored badge of a certificate, made first where there is none yet; `note` is told of a new one as it is stored.

    To be called by a job that has not written yet (see `transaction.slow_first`): it commits what it keeps, the files
    before the row, so that a job which is cut off finds either the whole badge or none. Raises as `badge_making.make`.
    """
    email = credential.person.email  # before a commit lets go of what was read
    place = badge_places.find_place(credential.id) or _give_place(credential.id, now)
    found = find(credential.id)
    if found is not None:
        return _read(found)
    made = badge_making.make(credential, place, email, now)
    return _store(credential, place, made, now, note)


def _read(kept: BadgeArtefact) -> KeptBadge:
    return KeptBadge(current_app.extensions["store"].get(kept.file_id), kept.sha256)


def find(credential_id: int) -> BadgeArtefact | None:
    """The badge of a certificate that counts, or None while there is none."""
    statement = (
        select(BadgeArtefact)
        .join(BadgeArtefact.place)
        .options(joinedload(BadgeArtefact.place))
        .where(BadgeArtefact.credential_id == credential_id, BadgePlace.live == 1)
    )
    return db.session.scalars(statement).first()


def begin_alone(credential_id: int) -> None:
    """Begin to write; another run for the same certificate waits until this transaction ends."""
    transaction.begin_write()
    db.session.execute(select(Credential.id).where(Credential.id == credential_id).with_for_update())


def _give_place(credential_id: int, now: datetime) -> BadgePlace:
    """Give a place in a transaction of its own: nothing is ever signed for a place that is not taken."""
    begin_alone(credential_id)
    place = badge_places.find_place(credential_id) or badge_places.give_place(credential_id, now)
    transaction.commit()
    transaction.begin_read()
    return place


def _store(credential: Credential, place: BadgePlace, made: MadeBadge, now: datetime, note: Note | None) -> KeptBadge:
    store, sha256 = current_app.extensions["store"], hashlib.sha256(made.data).hexdigest()
    file_id, token_file_id = ids.new_public_id(), ids.new_public_id()
    token = made.token.encode("ascii")
    store.put(file_id, made.data)
    store.put(token_file_id, token)
    number = credential.number
    row = BadgeArtefact(
        place_id=place.id,
        credential_id=credential.id,
        sha256=sha256,
        file_id=file_id,
        token_file_id=token_file_id,
        key_id=made.key_id,
        token_key_id=made.token_key_id,
        made_at=now,
    )
    begin_alone(credential.id)
    other = find(credential.id)
    if other is not None:  # another run was faster; what it made is what counts
        transaction.begin_read()
        return _read(other)
    files = [
        _file(file_id, f"badge-{number}.json", JSON_TYPE, made.data, now),
        _file(token_file_id, f"badge-{number}.jwt", TOKEN_TYPE, token, now),
    ]
    db.session.add_all([*files, row])
    if note is not None:
        note(row)
    transaction.commit()
    transaction.begin_read()
    return KeptBadge(made.data, sha256)


def _file(public_id: str, name: str, media_type: str, data: bytes, now: datetime) -> StoredFile:
    return StoredFile(
        public_id=public_id,
        purpose=PURPOSE,
        owner=OWNER,
        shown_name=name,
        media_type=media_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        stored_at=now,
    )
