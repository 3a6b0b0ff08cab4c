"""What happens to keys after their birth: a new one takes over, one is retired, one is stolen.

Each is written into the key folder first, then published, and noted in the trail and in the register. No key is ever
unpublished: what it signed must be checkable as long as anybody keeps a certificate.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.audit.services import record as audit
from app.errors import DomainError
from app.extensions import db
from certificates.badging import services as badging
from certificates.keys import making
from certificates.keys import published as published_keys
from certificates.keys.models import SigningKeyRow
from certificates.keys.records import KeyMissing, KeyPurpose, KeyRecord, KeyState
from certificates.register import services as register
from certificates.resigning import services as resigning
from certificates.resigning.stolen import BADGES, Later, list_badges_later, list_later

MADE, RETIRED, STOLEN = "key-made", "key-retired", "key-stolen"


@dataclass(frozen=True)
class Rotation:
    """A new key, those that it took over from, and how many documents or badges of a stolen one it signs anew."""

    made: KeyRecord
    retired: Sequence[str]
    ordered: int = 0


@dataclass(frozen=True)
class Compromise:
    """Keys that are not believed from `since` on, the documents and badges they signed later, and what is done about them.

    `ordered` says how many of those will be signed anew now; the others wait for the next `rotate`.
    """

    key_ids: Sequence[str]
    since: datetime
    later: Sequence[Later]
    ordered: int


def rotate(purpose: KeyPurpose, body_name: str, now: datetime, *, actor: str, specimen: bool) -> Rotation:
    """Make a new active key for a purpose and retire the one before it, which stays published.

    Raises DomainError without a passphrase, RootAway when a document signer needs the root's key file, and what the key
    store raises.
    """
    published_keys.refuse_without_folder()
    store = published_keys.key_store()
    before = [key.key_id for key in store.list_records(purpose) if key.state is KeyState.ACTIVE]
    made = making.make(store, published_keys.passphrase(), purpose, body_name, now, specimen=specimen)
    published_keys.publish_all()
    published_keys.note_made(made)
    register.append(MADE, made.key_id, now)
    for key_id in before:
        _set(published_keys.get_key(key_id), KeyState.RETIRED, RETIRED, now, actor)
    return Rotation(made, before, _order_waiting(purpose, now))


def _order_waiting(purpose: KeyPurpose, now: datetime) -> int:
    """What waited for a key of this purpose since the last one was stolen."""
    if purpose is KeyPurpose.DOCUMENT_SIGNING:
        return resigning.order_waiting(now)
    return badging.order_waiting(now) if purpose in BADGES else 0


def retire(key_id: str, now: datetime, *, actor: str) -> SigningKeyRow:
    """Let a key sign no more; what it signed stays good. Raises KeyMissing, and DomainError for one that has ended."""
    row = published_keys.get_key(key_id)
    if row.state not in (KeyState.ACTIVE, KeyState.PLANNED):
        raise DomainError(f"Key {row.key_id} is {row.state} already.")
    _set(row, KeyState.RETIRED, RETIRED, now, actor)
    return row


def compromise(key_id: str, since: datetime, now: datetime, *, actor: str) -> Compromise:
    """Say that strangers may have had a key from a moment on. For a root this holds for every key under it.

    Documents that the register holds from before that moment stay good. Those that came later are listed, and ordered
    to be signed anew. Raises KeyMissing, and DomainError for a moment in the future or later than one given before.
    """
    row = published_keys.get_key(key_id)
    if since > now:
        raise DomainError("The moment from which the key is not believed lies in the future.")
    if row.compromised_at is not None and since > row.compromised_at:
        raise DomainError(f"Key {row.key_id} is not believed since {row.compromised_at.isoformat()}, which is earlier.")
    rows = [row, *_leaves_under(row)]
    for affected in rows:
        if affected.compromised_at is None or since < affected.compromised_at:
            _set(affected, KeyState.COMPROMISED, STOLEN, now, actor, since)
    later, ordered = _sign_anew(rows, now)
    return Compromise([affected.key_id for affected in rows], since, later, ordered)


def _sign_anew(rows: Sequence[SigningKeyRow], now: datetime) -> tuple[list[Later], int]:
    """What came after the loss of these keys, documents and badges, and how much of it is signed anew now."""
    documents = [key for key in rows if key.purpose in resigning.RESIGNED]
    badges = [key for key in rows if key.purpose in BADGES]
    signed, baked = list_later(documents), list_badges_later(badges)
    return [*signed, *baked], resigning.order(signed, now) + badging.order_stolen(baked, now)


def _leaves_under(row: SigningKeyRow) -> list[SigningKeyRow]:
    if row.purpose != KeyPurpose.ROOT:
        return []
    return [key for key in published_keys.list_keys() if key.issuer_id == row.key_id and key.key_id != row.key_id]


def _set(
    row: SigningKeyRow, state: KeyState, event: str, now: datetime, actor: str, since: datetime | None = None
) -> None:
    """Change a key in the folder, where it is there, in what is published, and note it."""
    try:
        published_keys.key_store().change_state(row.key_id, state, since)
    except KeyMissing:
        audit("key.not_in_folder", actor=actor, subject=("key", row.key_id))
    row.state, row.compromised_at = state, since
    db.session.flush()
    detail = {"state": state.value} | ({"since": since.isoformat()} if since else {})
    audit("key.changed", actor=actor, subject=("key", row.key_id), detail=detail)
    register.append(event, row.key_id, now)
