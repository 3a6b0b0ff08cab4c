"""Entering events into the register, proving them, and forgetting whose they were.

Everything happens in the running transaction. The head is locked first, so entries follow one another without a gap, and
those that want to add one at the same time wait.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app import clock
from app.errors import Missing
from app.extensions import db
from app.jobs import runner
from app.rows import insert_of
from certificates.badging.models import BadgeArtefact
from certificates.models import Artefact, Credential
from certificates.register import facts, tree
from certificates.register.facts import BADGE, DOCUMENT_KINDS, ERASED, ISSUED
from certificates.register.leaf import (
    CHAIN_START,
    SUBJECT,
    VERSION,
    facts_of,
    parts_of,
    salt_for,
    spell_seqs,
    subject_of,
)
from certificates.register.models import RegisterEntry, RegisterHead, RegisterProof, SignedHead
from certificates.register.proof import Proof
from certificates.resigning.models import SupersededArtefact

__all__ = ["BADGE", "ISSUED", "append", "forget", "knows_forgotten", "newest_head", "proof_of", "prove"]

HEAD_JOB = "register.head"
EVERY_EVENTS = 100
BATCH = timedelta(seconds=30)


def append(kind: str, number: str, now: datetime, artefact_sha256: str = "", badge_sha256: str = "") -> RegisterEntry:
    """Add an event in the running transaction. What it is about is in its tables already: the entry commits to it."""
    session = db.session()
    session.flush()
    head = _locked_head(session)
    secret = secrets.token_hex(32)
    parts = parts_of(secret, facts.gather(session, kind, number, now))
    entry = RegisterEntry(
        kind=str(kind),
        number=number,
        artefact_sha256=artefact_sha256,
        badge_sha256=badge_sha256,
        at=now,
        subject=subject_of(secret, number),
        facts=facts_of(parts),
        parts=parts,
        secret=secret,
    )
    return _add(session, head, entry)


def _add(session: Session, head: RegisterHead, entry: RegisterEntry) -> RegisterEntry:
    entry.seq, entry.version = head.seq + 1, VERSION
    session.add(entry)
    tree.add_leaf(session, head.seq, tree.leaf_of(entry).hash())
    head.seq = entry.seq
    session.flush()
    _order_head(entry)
    return entry


def _order_head(entry: RegisterEntry) -> None:
    """Have a head signed: after so many events at once, and soon after the last of a batch of certificates."""
    if entry.seq % EVERY_EVENTS == 0:
        runner.order(HEAD_JOB, {}, key=f"{HEAD_JOB}#{entry.seq}")
    elif entry.kind in (*DOCUMENT_KINDS, BADGE):
        span = int(entry.at.timestamp() // BATCH.total_seconds()) + 1
        ends = datetime.fromtimestamp(span * BATCH.total_seconds(), entry.at.tzinfo)
        runner.order(HEAD_JOB, {}, key=f"{HEAD_JOB}~{span}", run_at=ends)


def _locked_head(session: Session) -> RegisterHead:
    """The head, made with the first entry; two that make it at once end with one."""
    locked = select(RegisterHead).with_for_update().execution_options(populate_existing=True)
    head = session.scalars(locked).one_or_none()
    if head is None:
        own_insert = insert_of(session.get_bind().dialect.name)
        session.execute(own_insert(RegisterHead).values(id=1, seq=0, chain=CHAIN_START).on_conflict_do_nothing())
        head = session.scalars(locked).one()
    return head


def forget(number: str, now: datetime | None = None) -> RegisterEntry | None:
    """Cut whatever links a certificate's number to its leaves, for good; the tree stays as it is.

    Number and secret of its entries go, and with them the kept proof and the rows of documents and badges (their files are
    the caller's). An entry of kind `erased` commits to which entries they are, so that nothing else can be emptied unseen.
    None where nothing was entered under the number.
    """
    session = db.session()
    session.flush()
    head = _locked_head(session)
    found = select(RegisterEntry.seq).where(RegisterEntry.number == number).order_by(RegisterEntry.seq)
    seqs = list(session.scalars(found))
    if not number or not seqs:
        return None
    erased = _add(session, head, _erasure(seqs, now or clock.now()))
    _empty(session, head, seqs, erased.seq)
    session.execute(delete(RegisterProof).where(RegisterProof.number == number))
    owner = select(Credential.id).where(Credential.number == number).scalar_subquery()
    for table in (Artefact, SupersededArtefact, BadgeArtefact):
        session.execute(delete(table).where(table.credential_id == owner))
    return erased


def _empty(session: Session, head: RegisterHead, seqs: list[int], erased: int) -> None:
    """Take number and secret off entries, and what the old chain would tell of them to whoever has the number."""
    ends = select(RegisterEntry.chain).where(RegisterEntry.seq.in_(seqs), RegisterEntry.chain == head.chain)
    if session.scalar(ends) is not None:
        head.chain = CHAIN_START
    chainless = {"leaf": None, "previous": None, "chain": None}
    nothing = {"number": "", "secret": "", "parts": {}, "forgotten_by": erased}
    _change(session, RegisterEntry.seq.in_(seqs), nothing | chainless)
    _change(session, RegisterEntry.seq.in_([seq + 1 for seq in seqs]), {"previous": None})


def _erasure(seqs: list[int], now: datetime) -> RegisterEntry:
    secret = secrets.token_hex(32)
    subject = subject_of(secret, spell_seqs(seqs))
    return RegisterEntry(
        kind=ERASED, number="", artefact_sha256="", badge_sha256="", at=now, subject=subject, facts="", secret=secret
    )


def _change(session: Session, which, values) -> None:  # type: ignore[no-untyped-def]  # a condition and its columns
    session.execute(update(RegisterEntry).where(which).values(values).execution_options(synchronize_session="fetch"))


def knows_forgotten(sha256: str) -> bool:
    """Whether a document with this hash was entered for somebody who was erased since: nothing but its hash is known."""
    known = select(RegisterEntry.seq).where(RegisterEntry.artefact_sha256 == sha256, RegisterEntry.number == "")
    return bool(sha256) and db.session.scalar(known.limit(1)) is not None


def newest_head() -> SignedHead | None:
    """The signed head that was made last."""
    return db.session.scalars(select(SignedHead).order_by(SignedHead.id.desc()).limit(1)).first()


def prove(seq: int, head: SignedHead | None = None) -> Proof:
    """That entry `seq` stands in the tree of `head`, or of the newest one; of the tree as it is where none covers it yet.

    Raises Missing where there is no such entry.
    """
    session = db.session()
    entry = session.get(RegisterEntry, seq)
    if entry is None:
        raise Missing
    found = head or newest_head()
    covering = found if found is not None and found.size >= seq else None
    size = covering.size if covering else tree.size_of(session)
    path = tree.path_of(session, seq, size)
    return proof_of(entry, path, covering) if covering else _unsigned(entry, path, size)


def proof_of(entry: RegisterEntry, path: Sequence[str], head: SignedHead) -> Proof:
    """A proof put together from an entry, a path and the head that the path leads to."""
    return _proof(entry, path, head.size, head.root, head.note)


def _unsigned(entry: RegisterEntry, path: Sequence[str], size: int) -> Proof:
    return _proof(entry, path, size, tree.root_at(db.session(), size).hex(), "")


def _proof(entry: RegisterEntry, path: Sequence[str], size: int, root: str, note: str) -> Proof:
    salt = salt_for(entry.secret, SUBJECT).hex() if entry.number else ""
    leaf = tree.leaf_of(entry)
    return Proof(
        seq=entry.seq, leaf=leaf, number=entry.number, salt=salt, size=size, root=root, path=tuple(path), note=note
    )
