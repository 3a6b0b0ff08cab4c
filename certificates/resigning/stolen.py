"""Which documents rest on a stolen key, and what a file that such a key has signed is still worth.

The register decides: what it holds from before the moment of loss was signed by us. What came later may be ours too, and
then the register knows its hash; it is signed anew (`certificates.resigning`). Whatever the register does not know was
signed by somebody else.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, or_, select

from app.extensions import db
from certificates.badging.models import BadgeArtefact, BadgePlace
from certificates.keys.models import SigningKeyRow
from certificates.keys.records import KeyPurpose
from certificates.models import Artefact, Credential, CredentialState
from certificates.register.models import RegisterEntry
from certificates.resigning.models import SupersededArtefact
from certificates.signatures.document_check import DocumentCheck, DocumentVerdict

BADGES = (KeyPurpose.BADGE, KeyPurpose.BADGE_JWT)


class KeyDoubt(StrEnum):
    """Why a file with a signature of ours is not believed as it stands."""

    KEY_STOLEN = "key-stolen"  # signed with a stolen key, and not by us
    SIGNED_ANEW = "signed-anew"  # issued by us with a key that was stolen then; the register has a newer copy
    KEY_UNPUBLISHED = "key-unpublished"  # vouched for by our root, and never published by us


@dataclass(frozen=True)
class Later:
    """A certificate whose document or badge was registered after the key of its signature was stolen."""

    number: str
    public_id: str
    sha256: str
    registered_at: datetime


def list_later(keys: Sequence[SigningKeyRow]) -> list[Later]:
    """The documents that rest on these compromised keys and that the register holds from the moment of loss or later."""
    touched = [_touched_by(key) for key in keys if key.compromised_at is not None]
    if not touched:
        return []
    statement = (
        select(Credential.number, Credential.public_id, Artefact.sha256, RegisterEntry.at)
        .join(Artefact, Artefact.credential_id == Credential.id)
        .join(RegisterEntry, RegisterEntry.seq == Artefact.register_seq)
        .where(Credential.state == CredentialState.ISSUED, or_(*touched))
        .order_by(RegisterEntry.seq)
    )
    return [Later(*row) for row in db.session.execute(statement)]


def _touched_by(key: SigningKeyRow) -> ColumnElement[bool]:
    return and_(Artefact.key_fingerprint == key.fingerprint, RegisterEntry.at >= key.compromised_at)


def list_badges_later(keys: Sequence[SigningKeyRow]) -> list[Later]:
    """The badges that count, rest on these compromised keys, and were kept at the moment of loss or later."""
    touched = [_badge_touched_by(key) for key in keys if key.compromised_at is not None]
    if not touched:
        return []
    statement = (
        select(Credential.number, Credential.public_id, BadgeArtefact.sha256, BadgeArtefact.made_at)
        .join(BadgeArtefact, BadgeArtefact.credential_id == Credential.id)
        .join(BadgePlace, BadgePlace.id == BadgeArtefact.place_id)
        .where(Credential.state == CredentialState.ISSUED, BadgePlace.live == 1, or_(*touched))
        .order_by(BadgeArtefact.id)
    )
    return [Later(*row) for row in db.session.execute(statement)]


def _badge_touched_by(key: SigningKeyRow) -> ColumnElement[bool]:
    signed = or_(BadgeArtefact.key_id == key.key_id, BadgeArtefact.token_key_id == key.key_id)
    return and_(signed, BadgeArtefact.made_at >= key.compromised_at)


def rests_on_stolen(badge: BadgeArtefact, keys: Sequence[SigningKeyRow]) -> bool:
    """Whether one of the two keys of a badge was stolen when it was made. One from before the loss stays good."""
    lost = {key.key_id: key.compromised_at for key in keys if key.compromised_at is not None}
    return any(key in lost and badge.made_at >= lost[key] for key in (badge.key_id, badge.token_key_id))


def judge(check: DocumentCheck, keys: Sequence[SigningKeyRow]) -> tuple[DocumentCheck, KeyDoubt | None]:
    """The check of a file with stolen keys in mind, and the doubt if there is one.

    Of a stolen key only what the register holds by its hash from before the loss is believed as it stands. What we
    issued with it afterwards is ours and out of date. Everything else was signed by somebody else.
    """
    if check.verdict not in (DocumentVerdict.EXACT, DocumentVerdict.GENUINE_NOT_EXACT):
        return check, None
    key = next((key for key in keys if key.fingerprint == check.signer_fingerprint), None)
    if key is not None and key.compromised_at is None:
        return check, None
    if check.verdict is DocumentVerdict.EXACT:
        since = key.compromised_at if key is not None else None
        registered_at = _find_registered(check.sha256)
        if since is None or (registered_at is not None and registered_at < since):
            return check, None
        return _told(check, DocumentVerdict.GENUINE_NOT_EXACT, check.number), KeyDoubt.SIGNED_ANEW
    number = _find_superseded(check.sha256)
    if number is not None:
        return _told(check, DocumentVerdict.GENUINE_NOT_EXACT, number), KeyDoubt.SIGNED_ANEW
    doubt = KeyDoubt.KEY_STOLEN if key is not None else KeyDoubt.KEY_UNPUBLISHED
    return _told(check, DocumentVerdict.OTHER_SIGNER, check.number), doubt


def _told(check: DocumentCheck, verdict: DocumentVerdict, number: str | None) -> DocumentCheck:
    return replace(check, verdict=verdict, number=number)


def _find_registered(sha256: str) -> datetime | None:
    joined = select(RegisterEntry.at).join(Artefact, Artefact.register_seq == RegisterEntry.seq)
    return db.session.scalar(joined.where(Artefact.sha256 == sha256))


def _find_superseded(sha256: str) -> str | None:
    joined = select(Credential.number).join(SupersededArtefact, SupersededArtefact.credential_id == Credential.id)
    return db.session.scalar(joined.where(SupersededArtefact.sha256 == sha256))
