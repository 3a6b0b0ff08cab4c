"""Signed heads: made by a job, kept for ever; and the proofs that are kept with each certificate.

A head is made within the hour when something was added, after every hundred events, and half a minute after the last
certificate of a batch; where nothing happens, once a day, so that anybody can see that the register is alive.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import clock, transaction
from app.body.queries import get_body
from app.extensions import db
from app.jobs import runner
from app.jobs.ledger import Claim
from certificates.keys import published as published_keys
from certificates.keys.records import KeyMissing, KeyPurpose, KeyStoreError
from certificates.keys.signers import Signer
from certificates.register import tree
from certificates.register.facts import DOCUMENT_KINDS
from certificates.register.models import RegisterEntry, RegisterHead, RegisterProof, SignedHead
from certificates.register.note import TreeHead, key_from_der, key_from_pem, origin_of, sign_head
from certificates.register.proof import Proof
from certificates.register.services import HEAD_JOB, newest_head, proof_of, prove

EVERY_SECONDS = 3_600
AT_LEAST = timedelta(days=1)
PAGE_SIZE = 500
PROOFS_AT_ONCE = 500
PROOF_JOB = "register.proofs"
log = structlog.get_logger(__name__)


class RegisterBroken(RuntimeError):
    """The tree does not begin with a head that was signed before; nothing more is signed until that is looked into."""


def log_keys() -> dict[str, tuple[str, bytes]]:
    """The published keys of the log: key id -> PEM, and the 32 bytes of an Ed25519 key. Retired ones stay."""
    return {
        row.key_id: (row.public_pem, key_from_pem(row.public_pem.encode()))
        for row in published_keys.list_keys(KeyPurpose.LOG)
    }


def head_as_json(head: SignedHead) -> dict[str, Any]:
    """A signed head as plain data: size, root in hex, time, key, and the note that was signed."""
    at = head.at.astimezone(UTC).isoformat(timespec="seconds")
    return {"id": head.id, "size": head.size, "root": head.root, "at": at, "key": head.key_id, "note": head.note}


@transaction.slow_first
def sign_due(claim: Claim) -> None:
    """The job: sign the tree as it is, where that is due. A body that has no key for it is told so in its log."""
    now = clock.now()
    if not _is_due(newest_head(), tree.size_of(db.session()), now):
        transaction.begin_write()
    else:
        try:
            sign_now(published_keys.signer_for(KeyPurpose.LOG, now), now)
        except KeyStoreError as problem:
            log.warning("register_head_unsigned", problem=str(problem))
            return
    runner.order(PROOF_JOB, {}, key=f"{PROOF_JOB}:{claim.job_id}")


def _is_due(newest: SignedHead | None, size: int, now: datetime) -> bool:
    if newest is None:
        return size > 0
    return size > newest.size or now - newest.at >= AT_LEAST


def sign_now(signer: Signer, now: datetime) -> SignedHead:
    """Sign the tree as it is and keep the head. The running transaction must not have written; it ends as a writing one.

    Raises RegisterBroken where the tree does not begin with the newest signed one, and KeyMissing for a key that nobody
    could check the head with.
    """
    if signer.key_id not in log_keys():
        raise KeyMissing(f"key {signer.key_id} is not published; `laurel keys init` publishes what is in the folder")
    session, moment = db.session(), now.replace(microsecond=0)
    size, newest = tree.size_of(session), newest_head()
    _refuse_another_past(newest, size)
    head = TreeHead(origin_of(get_body().domain), size, tree.root_at(session, size), moment)
    note = sign_head(head, signer.sign, key_from_der(signer.public_bytes()))
    transaction.begin_write()
    db.session.scalars(select(RegisterHead).with_for_update()).one_or_none()
    newest = newest_head()
    if newest is not None and (newest.size > size or newest.at > moment):
        return newest  # another one was faster
    row = SignedHead(size=size, root=head.root.hex(), at=moment, key_id=signer.key_id, note=note)
    db.session.add(row)
    db.session.flush()
    return row


def _refuse_another_past(newest: SignedHead | None, size: int) -> None:
    if newest is None:
        return
    if newest.size > size or tree.root_at(db.session(), newest.size).hex() != newest.root:
        raise RegisterBroken(f"the register is not the one whose head was signed at {newest.size}: `laurel log check`")


def keep_proofs(claim: Claim) -> None:
    """The job: keep a proof for each certificate whose document was entered and has none yet, a few hundred at a time."""
    head = newest_head()
    if head is None:
        return
    missing = db.session.scalars(_unproven(head).limit(PROOFS_AT_ONCE)).all()
    for number in missing:
        refresh_proof(number, clock.now())
    if len(missing) == PROOFS_AT_ONCE:
        runner.order(PROOF_JOB, {}, key=f"{PROOF_JOB}:{claim.job_id}+")


def _unproven(head: SignedHead):  # type: ignore[no-untyped-def]  # a statement
    proven = select(RegisterProof.seq).where(RegisterProof.number == RegisterEntry.number).scalar_subquery()
    return (
        select(RegisterEntry.number)
        .where(RegisterEntry.kind.in_(DOCUMENT_KINDS), RegisterEntry.number != "", RegisterEntry.seq <= head.size)
        .where((proven.is_(None)) | (proven < RegisterEntry.seq))
        .group_by(RegisterEntry.number)
        .order_by(RegisterEntry.number)
    )


def refresh_proof(number: str, now: datetime) -> Proof | None:
    """Keep the proof of a certificate's newest document anew, against the newest head; None where that is not possible yet."""
    entry, head = find_document_entry(number), newest_head()
    if entry is None or head is None or head.size < entry.seq:
        return None
    made = prove(entry.seq, head)
    row = RegisterProof(number=number, seq=entry.seq, head_id=head.id, path=list(made.path), made_at=now)
    db.session.merge(row)
    db.session.flush()
    return made


def find_document_entry(number: str) -> RegisterEntry | None:
    """The newest entry of a number that commits to a document."""
    statement = select(RegisterEntry).where(RegisterEntry.number == number, RegisterEntry.kind.in_(DOCUMENT_KINDS))
    return db.session.scalars(statement.order_by(RegisterEntry.seq.desc()).limit(1)).first()


def find_kept_proof(number: str) -> Proof | None:
    """The proof that is kept with a certificate; it holds for ever, and `refresh_proof` brings it up to the newest head."""
    kept = select(RegisterProof).options(joinedload(RegisterProof.head)).where(RegisterProof.number == number)
    row = db.session.scalars(kept).first()
    entry = db.session.get(RegisterEntry, row.seq) if row is not None else None
    return proof_of(entry, row.path, row.head) if entry is not None and row is not None else None


def list_heads(after: int = 0, most: int = PAGE_SIZE) -> Sequence[SignedHead]:
    """Signed heads in the order they were made, those after the row `after`."""
    statement = select(SignedHead).where(SignedHead.id > after).order_by(SignedHead.id)
    return db.session.scalars(statement.limit(most)).all()


def list_latest(most: int) -> Sequence[SignedHead]:
    """The signed heads that were made last, the newest first."""
    return db.session.scalars(select(SignedHead).order_by(SignedHead.id.desc()).limit(most)).all()


def list_seqs(number: str) -> Sequence[int]:
    """The entries of a certificate, oldest first."""
    statement = select(RegisterEntry.seq).where(RegisterEntry.number == number).order_by(RegisterEntry.seq)
    return db.session.scalars(statement).all()


def list_entries(first: int, last: int) -> Sequence[RegisterEntry]:
    """The entries from `first` to `last`, both included."""
    statement = select(RegisterEntry).where(RegisterEntry.seq.between(first, last))
    return db.session.scalars(statement.order_by(RegisterEntry.seq)).all()


__all__ = ["HEAD_JOB", "PROOF_JOB", "keep_proofs", "list_heads", "refresh_proof", "sign_due", "sign_now"]
