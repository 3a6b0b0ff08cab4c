"""The keys of this body: made once, kept in the key folder, their public halves published in the database for ever.

Private keys never leave their folder; whatever checks documents needs the published rows only. Where LAUREL_SIGNER names
a socket, this process holds no key at all and asks the signer behind it. A demonstration has keys of its own, marked as
specimens, made at its birth; a real body makes its keys with `laurel keys init` and a passphrase from the environment.
No key is ever made silently.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flask import current_app
from sqlalchemy import select

from app.audit.services import record as audit
from app.config import Settings
from app.errors import DomainError
from app.extensions import db
from certificates.keys import making
from certificates.keys.material import public_der, public_pem
from certificates.keys.models import SigningKeyRow
from certificates.keys.records import KeyMissing, KeyPurpose, KeyRecord, KeyState, KeyStoreError, newest_active
from certificates.keys.remote import SignerProcess
from certificates.keys.signers import FolderKeys, KeySource, Signer, no_active
from certificates.keys.store import KeyStore
from certificates.signatures.signing import DocumentSigner

if TYPE_CHECKING:
    from cryptography import x509


def key_store() -> KeyStore:
    """The key folder. A process that signs through the signer may not be able to read it."""
    return KeyStore(_settings().keys_path)


def _settings() -> Settings:
    return current_app.extensions["settings"]


def passphrase_of(settings: Settings) -> str:
    """What opens the keys: LAUREL_KEY_PASSPHRASE; outside production the secret key serves where none is set."""
    if settings.key_passphrase or settings.mode == "production":
        return settings.key_passphrase
    return settings.secret_key


def passphrase() -> str:
    """What opens the keys of this application."""
    return passphrase_of(_settings())


def key_source() -> KeySource:
    """Where this process gets signatures from: the signer process if one is set, else the key folder."""
    settings = _settings()
    sources: dict[Settings, KeySource] = current_app.extensions.setdefault("key_sources", {})
    if settings not in sources:
        path = settings.signer_path
        sources[settings] = SignerProcess(path) if path else FolderKeys(key_store(), passphrase())
    return sources[settings]


def signer_for(purpose: KeyPurpose, now: datetime) -> Signer:
    """The key that signs for a purpose now: an active one whose public half is published, so that all can check it.

    Raises KeyMissing when no key of that purpose is active, SignerAway when the signer process does not answer,
    KeyStoreError when what answers under its id is another key, and what the key store raises; all are KeyStoreError.
    """
    source = key_source()
    record, row = _get_active(source, purpose, now)
    signer = source.signer(record)
    _refuse_another(signer.public_bytes(), row)
    return signer


def open_signer(now: datetime) -> DocumentSigner:
    """The document signer that may sign now. Raises as `signer_for` does."""
    source = key_source()
    newest, row = _get_active(source, KeyPurpose.DOCUMENT_SIGNING, now)
    held: dict[tuple[Settings, str], DocumentSigner] = current_app.extensions.setdefault("document_signers", {})
    place = (_settings(), newest.key_id)
    if place not in held:
        key = source.document_key(newest)
        public: Any = key.certificate.public_key()
        _refuse_another(public_der(public), row)
        held[place] = DocumentSigner(key)
    return held[place]


def _get_active(source: KeySource, purpose: KeyPurpose, now: datetime) -> tuple[KeyRecord, SigningKeyRow]:
    """The newest active key among those that are published and not called stolen, whatever a folder says of them."""
    rows = {row.key_id: row for row in list_keys(purpose) if row.compromised_at is None}
    newest = newest_active([record for record in source.list_records(purpose) if record.key_id in rows], now)
    if newest is None:
        raise no_active(purpose)
    return newest, rows[newest.key_id]


def _refuse_another(public: bytes, row: SigningKeyRow) -> None:
    """What is behind a socket describes its keys itself: the published row decides which key it has to be."""
    if public != public_der(row.public_key):
        raise KeyStoreError(f"what answers as key {row.key_id} is not the key that was published under this id")


def list_missing(now: datetime) -> list[KeyPurpose]:
    """The purposes for which no key may sign now. Raises what the source of keys raises."""
    records = key_source().list_records()
    return making.find_missing(records, now)


def init_keys(body_name: str, now: datetime, *, specimen: bool) -> list[KeyRecord]:
    """Make the keys that are missing, keep them and publish every public half. Returns those made, perhaps none.

    Raises DomainError where no passphrase is set or the folder is not told, and what the key store raises.
    """
    refuse_without_folder()
    store = key_store()
    made = making.make_missing(store, passphrase(), body_name, now, specimen=specimen)
    publish_all()
    for record in made:
        note_made(record)
    return made


def note_made(record: KeyRecord) -> None:
    """Write the making of a key into the trail."""
    detail = {"purpose": record.purpose.value, "fingerprint": record.fingerprint, "specimen": record.specimen}
    audit("key.made", subject=("key", record.key_id), detail=detail)


def refuse_without_folder() -> None:
    """Raise DomainError where keys cannot be kept: no passphrase, or the signer's folder is not named."""
    if not passphrase():
        raise DomainError("Set LAUREL_KEY_PASSPHRASE first: keys are never kept without one.")
    if _settings().signer and not _settings().keys_folder:
        raise DomainError("Set LAUREL_KEYS to the folder of the signer process: it keeps the keys of this body.")


def publish_all() -> int:
    """Bring the published rows in line with the key folder; how many were new. Rows are never removed.

    A key that is published as compromised stays so, whatever a folder that was restored from a copy says.
    """
    store, known = key_store(), {row.key_id: row for row in list_keys()}
    new = 0
    for record in store.list_records():
        row = known.get(record.key_id)
        if row is None:
            db.session.add(_row(record, store))
            new += 1
        elif row.state != KeyState.COMPROMISED or record.state is KeyState.COMPROMISED:
            row.state, row.compromised_at = record.state, record.compromised_at
    db.session.flush()
    return new


def _row(record: KeyRecord, store: KeyStore) -> SigningKeyRow:
    from cryptography.hazmat.primitives.serialization import Encoding

    chain = store.get_chain(record)
    return SigningKeyRow(
        key_id=record.key_id,
        purpose=record.purpose,
        algorithm=record.algorithm,
        not_before=record.not_before,
        not_after=record.not_after,
        state=record.state,
        fingerprint=record.fingerprint,
        subject=record.subject,
        issuer_id=record.issuer_id,
        certificate_pem=chain[0].public_bytes(Encoding.PEM).decode() if chain else "",
        kept_public_pem=public_pem(store.get_public(record)),
        specimen=record.specimen,
        compromised_at=record.compromised_at,
    )


def list_keys(purpose: KeyPurpose | None = None) -> Sequence[SigningKeyRow]:
    """Every published key, oldest first; only those of one purpose when it is given. One statement."""
    statement = select(SigningKeyRow).order_by(SigningKeyRow.not_before, SigningKeyRow.id)
    if purpose is not None:
        statement = statement.where(SigningKeyRow.purpose == purpose)
    return db.session.scalars(statement).all()


def get_key(key_id: str) -> SigningKeyRow:
    """One published key, by its whole id or the beginning of it. Raises KeyMissing for none and for several."""
    found = [row for row in list_keys() if key_id and row.key_id.startswith(key_id.lower())]
    if len(found) != 1:
        raise KeyMissing(f"{len(found) or 'no'} keys have the id {key_id!r}; `laurel keys list` names them")
    return found[0]


def root_certificates(keys: Sequence[SigningKeyRow]) -> list[x509.Certificate]:
    """The roots among published keys, as certificates."""
    return [_certificate(key.certificate_pem) for key in keys if key.purpose == KeyPurpose.ROOT]


@lru_cache(maxsize=32)
def _certificate(pem: str) -> x509.Certificate:
    from cryptography import x509

    return x509.load_pem_x509_certificate(pem.encode())


def ends_soon(keys: Sequence[SigningKeyRow], now: datetime, within: timedelta) -> list[SigningKeyRow]:
    """The active keys whose window ends within a span of time and that no newer key follows."""
    active = [key for key in keys if key.state == KeyState.ACTIVE]
    last = {key.purpose: key for key in sorted(active, key=lambda key: key.not_after)}
    return [key for key in last.values() if key.not_after <= now + within]
