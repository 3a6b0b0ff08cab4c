"""The keys of this body: made once, kept in the key folder, their public halves published in the database for ever.

Private keys never leave the folder `keys` of the instance; whatever checks documents needs the published rows only.
A demonstration has keys of its own, marked as specimens, made at its birth; a real body makes its keys with
`laurel keys init` and a passphrase from the environment. No key is ever made silently.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from flask import current_app
from sqlalchemy import select

from app.audit.services import record as audit
from app.config import Settings
from app.errors import DomainError
from app.extensions import db
from certificates.keys.authority import LONGEST_NAME, Subject, Window, make_document_signer, make_root
from certificates.keys.store import KeyMissing, KeyPurpose, KeyRecord, KeyState, KeyStore
from certificates.register_models import SigningKeyRow
from certificates.signing import DocumentSigner

ROOT_FOR, SIGNER_FOR = timedelta(days=365 * 20), timedelta(days=365 * 3)


def key_store() -> KeyStore:
    """The key folder of this instance."""
    return KeyStore(_settings().instance_path / "keys")


def _settings() -> Settings:
    return current_app.extensions["settings"]


def passphrase() -> str:
    """What opens the keys: LAUREL_KEY_PASSPHRASE; outside production the secret key serves where none is set."""
    settings = _settings()
    if settings.key_passphrase or settings.mode == "production":
        return settings.key_passphrase
    return settings.secret_key


def init_keys(body_name: str, now: datetime, *, specimen: bool) -> KeyRecord:
    """Make a root and a document signer, keep both and publish their public halves. Returns the signer's record.

    Raises DomainError when there is an active signer already or no passphrase is set, and what the key store raises.
    """
    if not passphrase():
        raise DomainError("Set LAUREL_KEY_PASSPHRASE first: keys are never kept without one.")
    store = key_store()
    if any(key.state is KeyState.ACTIVE for key in store.list_records(KeyPurpose.DOCUMENT_SIGNING)):
        raise DomainError("This folder has an active document signer already.")
    begins = now.replace(microsecond=0)
    owner = body_name[:LONGEST_NAME]
    root = make_root(Subject("Certificate root", owner), Window(begins, begins + ROOT_FOR))
    signer = make_document_signer(root, Subject("Certificate signing", owner), Window(begins, begins + SIGNER_FOR))
    store.add(root, KeyPurpose.ROOT, passphrase(), KeyState.ACTIVE, specimen=specimen)
    record = store.add(signer, KeyPurpose.DOCUMENT_SIGNING, passphrase(), KeyState.ACTIVE, specimen=specimen)
    publish_all()
    audit("key.made", subject=("key", record.key_id), detail={"fingerprint": record.fingerprint, "specimen": specimen})
    return record


def publish_all() -> int:
    """Bring the published rows in line with the key folder; how many were new. Rows are never removed."""
    store, known = key_store(), {row.key_id: row for row in list_keys()}
    new = 0
    for record in store.list_records():
        row = known.get(record.key_id)
        if row is None:
            db.session.add(_row(record, store.get_certificate(record.key_id)))
            new += 1
        else:
            row.state, row.compromised_at = record.state, record.compromised_at
    db.session.flush()
    return new


def _row(record: KeyRecord, certificate: x509.Certificate) -> SigningKeyRow:
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
        certificate_pem=certificate.public_bytes(Encoding.PEM).decode(),
        specimen=record.specimen,
        compromised_at=record.compromised_at,
    )


def list_keys() -> Sequence[SigningKeyRow]:
    """Every published key, oldest first."""
    return db.session.scalars(select(SigningKeyRow).order_by(SigningKeyRow.not_before, SigningKeyRow.id)).all()


def root_certificates(keys: Sequence[SigningKeyRow]) -> list[x509.Certificate]:
    """The roots among published keys, as certificates."""
    return [
        x509.load_pem_x509_certificate(key.certificate_pem.encode()) for key in keys if key.purpose == KeyPurpose.ROOT
    ]


def open_signer(now: datetime) -> DocumentSigner:
    """The document signer that may sign now, held open in this process. Raises KeyMissing, or as the key store does."""
    active = [key for key in key_store().list_records(KeyPurpose.DOCUMENT_SIGNING) if key.may_sign_at(now)]
    if not active:
        raise KeyMissing("no document signer is active now; `laurel keys init` makes one")
    newest = active[-1]
    held: dict[str, DocumentSigner] = current_app.extensions.setdefault("document_signers", {})
    if newest.key_id not in held:
        held[newest.key_id] = DocumentSigner(key_store().open_key(newest.key_id, passphrase()))
    return held[newest.key_id]
