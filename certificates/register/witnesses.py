"""Holding the tables of certificates against the register, which committed to them when they were written.

Both ways: what an entry speaks of must be there and be what it was, and what is there must have its entry. Called after
the walk over the register itself, so its entries can be believed here.
"""

import hashlib
from collections import Counter
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from cryptography.x509 import load_pem_x509_certificate
from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from app.privacy.ground import NOBODYS_NAME
from app.storage.models import StoredFile
from certificates.badging.models import BadgeArtefact
from certificates.keys.models import SigningKeyRow
from certificates.lifecycle.status import Event
from certificates.models import Artefact, AwardDecision, Credential, CredentialState, CredentialStatus
from certificates.register import facts
from certificates.register.checking import refuse
from certificates.register.facts import DOCUMENT_KINDS, ISSUED, KEY_EVENTS, SIGNED_AGAIN, Facts
from certificates.register.leaf import parts_of
from certificates.register.models import RegisterEntry
from certificates.resigning.models import SupersededArtefact

Read = Callable[[str], bytes]
"""How the bytes of a stored file are read; raises FileNotFoundError."""
STATUS_KINDS = tuple(kind.value for kind in Event)
_ENTRY = (RegisterEntry.seq, RegisterEntry.parts, RegisterEntry.secret)
_ENTRY_OF_STATUS = and_(
    RegisterEntry.number == Credential.number,
    RegisterEntry.kind == CredentialStatus.kind,
    RegisterEntry.at == CredentialStatus.recorded_at,
)


def check_certificates(session: Session, read: Read | None) -> int:
    """Hold every issued certificate against its newest entry; how many there are. Raises Found.

    `read` gives the bytes of a stored file; without it only hashes are compared.
    """
    count = 0
    with session.execute(_certificates().execution_options(yield_per=200)) as rows:
        for count, row in enumerate(rows, 1):  # noqa: B007  the last one is how many there are
            _check_certificate(row)
            _check_file(row, read)
    _check_decisions(session)
    _check_superseded(session)
    _check_nameless(session)
    _check_entries_of_documents(session)
    return count


def _certificates() -> Select[Any]:
    more = Artefact.register_seq, Credential.state
    told = RegisterEntry.number.label("entered_number"), RegisterEntry.kind.label("entered_kind")
    hashes = RegisterEntry.artefact_sha256.label("entered_sha256"), RegisterEntry.at.label("entered_at")
    file = StoredFile.sha256.label("file_sha256"), StoredFile.size.label("file_size"), StoredFile.deleted_at
    entered = select(RegisterEntry.number, func.max(RegisterEntry.seq).label("newest"))
    newest = entered.where(RegisterEntry.kind.in_(DOCUMENT_KINDS)).group_by(RegisterEntry.number).subquery()
    return (
        facts.documents()
        .add_columns(*more, *_ENTRY, *told, *hashes, *file, newest.c.newest)
        .outerjoin(newest, newest.c.number == Credential.number)
        .outerjoin(RegisterEntry, RegisterEntry.seq == Artefact.register_seq)
        .outerjoin(StoredFile, StoredFile.public_id == Artefact.file_id)
        .order_by(Credential.id)
    )


def _check_certificate(row: Row[Any]) -> None:
    artefact, credential = row.artefact_id, row.credential_id
    if row.state != CredentialState.ISSUED:
        refuse("credential", credential, f"it has a signed document and is said to be {row.state}")
    if row.entered_number != row.credential_number or row.entered_kind not in DOCUMENT_KINDS:
        if row.newest is None:
            refuse("credential", credential, "the register does not know its number")
        refuse("artefact", artefact, f"entry {row.register_seq} of the register is not the one of this document")
    if row.seq != row.newest:
        refuse("artefact", artefact, "the register knows of a later document of this certificate")
    if row.artefact_sha256 != row.entered_sha256:
        refuse("artefact", artefact, f"its hash is not the one in entry {row.seq} of the register")
    _compare(row, facts.of_document(row))


def newest_of(session: Session, number: str) -> int | None:
    """The newest entry of a number that commits to a document."""
    known = RegisterEntry.number == number, RegisterEntry.kind.in_(DOCUMENT_KINDS)
    return session.scalar(select(func.max(RegisterEntry.seq)).where(*known))


def _compare(entry: Row[Any], found: Facts) -> None:
    """Name the row that is not what the entry committed to."""
    parts = parts_of(entry.secret, found)
    for part, made in parts.items():
        if entry.parts.get(part) != made:
            key = found[part].get("id") or found[part]["key_id"]
            refuse(part, key, f"it is not what entry {entry.seq} of the register committed to")


def _check_file(row: Row[Any], read: Read | None) -> None:
    name, sha256, size = row.artefact_file_id, row.artefact_sha256, row.artefact_size
    if row.file_sha256 is None or row.deleted_at is not None:
        refuse("stored_file", name, "the document of a certificate is said not to be there")
    if (row.file_sha256, row.file_size) != (sha256, size):
        refuse("stored_file", name, "its hash or its size is not that of the document")
    _check_bytes(name, sha256, read)


def _check_bytes(name: str, sha256: str, read: Read | None) -> None:
    if read is None:
        return
    try:
        data = read(name)
    except FileNotFoundError:
        refuse("stored_file", name, "its bytes are gone")
    else:
        if hashlib.sha256(data).hexdigest() != sha256:
            refuse("stored_file", name, "its bytes are not those that the register committed to")


def check_badges(session: Session, read: Read | None) -> None:
    """Hold the badge that each entry committed to against the stored one. Raises Found."""
    owner = select(BadgeArtefact.id).join(Credential, Credential.id == BadgeArtefact.credential_id)
    owner = owner.where(Credential.number == RegisterEntry.number).order_by(BadgeArtefact.id).limit(1)
    statement = (
        select(RegisterEntry.seq, RegisterEntry.badge_sha256, BadgeArtefact.file_id, StoredFile.sha256, StoredFile.size)
        .add_columns(Credential.number, owner.scalar_subquery().label("some_badge"))
        .join(Credential, Credential.number == RegisterEntry.number)
        .outerjoin(
            BadgeArtefact,
            and_(BadgeArtefact.credential_id == Credential.id, BadgeArtefact.sha256 == RegisterEntry.badge_sha256),
        )
        .outerjoin(StoredFile, StoredFile.public_id == BadgeArtefact.file_id)
        .where(RegisterEntry.badge_sha256 != "")
    )
    with session.execute(statement.order_by(RegisterEntry.seq).execution_options(yield_per=500)) as rows:
        for row in rows:
            _check_badge(row, read)


def _check_badge(row: Row[Any], read: Read | None) -> None:
    if row.file_id is None:
        refuse(
            "badge_artefact", row.some_badge, f"it is not the badge that entry {row.seq} of the register committed to"
        )
    if row.sha256 != row.badge_sha256:
        refuse("stored_file", row.file_id, "its hash is not that of the badge")
    _check_bytes(row.file_id, row.badge_sha256, read)


def _check_superseded(session: Session) -> None:
    """Documents from before a stolen key made us sign anew: each is the one of its own entry still."""
    next_one = aliased(RegisterEntry)
    later = select(func.min(next_one.at)).where(next_one.number == Credential.number, next_one.kind == SIGNED_AGAIN)
    later = later.where(next_one.seq > SupersededArtefact.register_seq).correlate(Credential, SupersededArtefact)
    statement = select(SupersededArtefact, Artefact.id, Credential.number, RegisterEntry, later.scalar_subquery())
    statement = statement.join(Credential, Credential.id == SupersededArtefact.credential_id)
    statement = statement.outerjoin(Artefact, Artefact.credential_id == Credential.id)
    statement = statement.outerjoin(RegisterEntry, RegisterEntry.seq == SupersededArtefact.register_seq)
    for old, artefact_id, number, entry, replaced_at in session.execute(statement.order_by(SupersededArtefact.id)):
        if entry is None or (entry.number, entry.artefact_sha256) != (number, old.sha256):
            refuse("artefact_superseded", old.id, "it is not the document of its entry in the register")
        told = parts_of(entry.secret, facts.of_superseded(old, artefact_id))["artefact"]
        if entry.parts.get("artefact") != told or replaced_at != old.superseded_at:
            refuse("artefact_superseded", old.id, f"it is not what entry {entry.seq} of the register committed to")


def _check_nameless(session: Session) -> None:
    """An issued certificate without a document is one that was erased, and the register knows of as many erasures."""
    bare = select(Credential.id, Credential.holder_name, Credential.number).outerjoin(Credential.artefact)
    bare = bare.where(Artefact.id.is_(None), Credential.state == CredentialState.ISSUED).order_by(Credential.id)
    rows = session.execute(bare).all()
    for row in rows:
        if row.holder_name != NOBODYS_NAME or newest_of(session, row.number) is not None:
            refuse("credential", row.id, "it is said to be issued and has no document")
    erased = select(func.count()).where(RegisterEntry.kind == ISSUED, RegisterEntry.forgotten_by.is_not(None))
    known = session.scalar(erased) or 0
    if len(rows) != known:
        refuse(
            "credential", "*", f"{known} certificates were erased, and {len(rows)} are without a name and a document"
        )


def _check_decisions(session: Session) -> None:
    orphans = select(Credential.id).outerjoin(AwardDecision, AwardDecision.id == Credential.decision_id)
    lost = session.scalar(orphans.where(AwardDecision.id.is_(None)).order_by(Credential.id).limit(1))
    if lost is not None:
        refuse("credential", lost, "the decision that it rests on is not there")


def _check_entries_of_documents(session: Session) -> None:
    """Every number that the register issued still has its certificate with a document."""
    owned = select(Artefact.id).join(Credential, Credential.id == Artefact.credential_id)
    owned = owned.where(Credential.number == RegisterEntry.number)
    orphans = select(RegisterEntry.seq).where(RegisterEntry.kind.in_(DOCUMENT_KINDS), RegisterEntry.number != "")
    seq = session.scalar(orphans.where(~owned.exists()).order_by(RegisterEntry.seq).limit(1))
    if seq is not None:
        refuse("register_entry", seq, "the certificate or the document that it speaks of is not there")


def check_histories(session: Session) -> int:
    """Hold every row of history against its entry, and every such entry against its row; how many rows. Raises Found."""
    count = 0
    statement = facts.statuses().add_columns(*_ENTRY).outerjoin(RegisterEntry, _ENTRY_OF_STATUS)
    unmatched: Counter[tuple[str, Any]] = Counter()
    with session.execute(statement.order_by(CredentialStatus.id).execution_options(yield_per=500)) as rows:
        for count, row in enumerate(rows, 1):  # noqa: B007  the last one is how many there are
            if not _check_history(session, row):
                unmatched[row.credential_status_kind, row.credential_status_recorded_at] += 1
    _check_entries_of_statuses(session)
    _check_forgotten_histories(session, unmatched)
    return count


def _check_history(session: Session, row: Row[Any]) -> bool:
    """Hold one row of history against its entry; False where its certificate was erased and the entry has no number."""
    if row.seq is not None:
        _compare(row, facts.of_status(row))
        return True
    if newest_of(session, row.number) is not None:
        refuse("credential_status", row.credential_status_id, "no entry of the register speaks of it")
    return False


def _check_entries_of_statuses(session: Session) -> None:
    row = aliased(CredentialStatus)
    owned = select(row.id).join(Credential, Credential.id == row.credential_id)
    same = (
        Credential.number == RegisterEntry.number,
        row.kind == RegisterEntry.kind,
        row.recorded_at == RegisterEntry.at,
    )
    orphans = select(RegisterEntry.seq).where(RegisterEntry.kind.in_(STATUS_KINDS), RegisterEntry.number != "")
    seq = session.scalar(orphans.where(~owned.where(*same).exists()).order_by(RegisterEntry.seq).limit(1))
    if seq is not None:
        refuse("register_entry", seq, "the row of history that it speaks of is not there, or was changed")


def _check_forgotten_histories(session: Session, rows: Counter[tuple[str, Any]]) -> None:
    """Of an erased certificate the history stays, and its entries have no number: kinds and moments are held together."""
    statement = select(RegisterEntry.seq, RegisterEntry.kind, RegisterEntry.at).where(
        RegisterEntry.kind.in_(STATUS_KINDS), RegisterEntry.number == ""
    )
    for seq, kind, at in session.execute(statement.order_by(RegisterEntry.seq)):
        if not rows[kind, at]:
            refuse("register_entry", seq, "the row of history that it speaks of is not there, or was changed")
        rows[kind, at] -= 1
    for (kind, at), left in rows.items():
        if left:
            same = CredentialStatus.kind == kind, CredentialStatus.recorded_at == at
            first = session.scalar(select(func.min(CredentialStatus.id)).where(*same))
            refuse("credential_status", first, "no entry of the register speaks of it")


def check_keys(session: Session) -> None:
    """Hold every published key against the newest entry about it, and its public half against its name. Raises Found."""
    entered = select(RegisterEntry.number, func.max(RegisterEntry.seq).label("seq"))
    newest = entered.where(RegisterEntry.kind.startswith(KEY_EVENTS)).group_by(RegisterEntry.number).subquery()
    statement = facts.keys().add_columns(*_ENTRY).join(newest, newest.c.number == SigningKeyRow.key_id)
    for row in session.execute(statement.join(RegisterEntry, RegisterEntry.seq == newest.c.seq)):
        _compare(row, facts.of_key(row))
    for key in session.scalars(select(SigningKeyRow).order_by(SigningKeyRow.id)):
        if not _is_named_for_itself(key):
            refuse("signing_key", key.key_id, "its id and its fingerprint are not those of its public half")


def _is_named_for_itself(key: SigningKeyRow) -> bool:
    """The fingerprint is over the certificate where a key has one, else over the public half (certificates.keys.records)."""
    try:
        public = load_pem_public_key(key.public_pem.encode())
        if key.certificate_pem:
            certificate = load_pem_x509_certificate(key.certificate_pem.encode())
            made, same = certificate.fingerprint(SHA256()).hex(), certificate.public_key() == public
        else:
            der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
            made, same = hashlib.sha256(der).hexdigest(), True
    except ValueError:
        return False
    return same and made == key.fingerprint and made.startswith(key.key_id)
