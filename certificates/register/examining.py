"""The whole check: the register, its signed heads and kept proofs, and everything that its entries commit to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.register import tree, witnesses
from certificates.register.checking import Fault, Found, Walk, follow, refuse
from certificates.register.facts import DOCUMENT_KINDS
from certificates.register.merkle import verify_inclusion
from certificates.register.models import RegisterEntry, RegisterProof, SignedHead
from certificates.register.note import NoteInvalid, open_head


@dataclass(frozen=True)
class Report:
    """How much was looked at, and the first row that does not fit, or None."""

    entries: int
    heads: int
    certificates: int
    events: int
    fault: Fault | None

    def to_json_dict(self) -> dict[str, Any]:
        """The report as plain data."""
        counted = {
            "entries": self.entries,
            "heads": self.heads,
            "certificates": self.certificates,
            "events": self.events,
        }
        return counted | {"fault": self.fault.to_json_dict() if self.fault else None}


def examine(session: Session, keys: Mapping[str, bytes], read: witnesses.Read | None) -> Report:
    """Check everything as of one moment. `keys` are those of the log; `read` gives the bytes of stored files, or None.

    The session must be at the beginning of a transaction.
    """
    see_one_moment(session)
    heads = session.scalars(select(SignedHead).order_by(SignedHead.id)).all()
    walk, certificates, events, fault = Walk({head.size for head in heads}), 0, 0, None
    try:
        follow(session, walk)
        _check_heads(heads, keys, walk)
        _check_proofs(session, {head.id: head for head in heads})
        certificates = witnesses.check_certificates(session, read)
        witnesses.check_badges(session, read)
        events = witnesses.check_histories(session)
        witnesses.check_keys(session)
    except Found as found:
        fault = found.fault
    return Report(walk.edge.size, len(heads), certificates, events, fault)


def see_one_moment(session: Session) -> None:
    """Let all statements of this transaction see the same rows, whatever is entered meanwhile; SQLite does so anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _check_heads(heads: Sequence[SignedHead], keys: Mapping[str, bytes], walk: Walk) -> None:
    before: SignedHead | None = None
    for head in heads:
        if before is not None and (head.size < before.size or head.at < before.at):
            refuse("register_signed_head", head.id, "it is smaller or older than the head before it")
        _check_head(head, keys)
        if head.size > walk.edge.size:
            refuse(
                "register_signed_head", head.id, f"it was signed over {head.size} entries: some are missing at the end"
            )
        if head.size and walk.roots[head.size] != head.root:
            refuse(
                "register_signed_head", head.id, "what was signed is not the register as it is: entries were changed"
            )
        before = head


def _check_head(head: SignedHead, keys: Mapping[str, bytes]) -> None:
    key = keys.get(head.key_id)
    if key is None:
        refuse("register_signed_head", head.id, f"its key {head.key_id} is not published")
        return
    try:
        signed = open_head(head.note, [key])
    except NoteInvalid as problem:
        refuse("register_signed_head", head.id, str(problem))
    else:
        if (signed.size, signed.root.hex(), signed.at) != (head.size, head.root, head.at):
            refuse("register_signed_head", head.id, "its columns do not say what was signed")


def _check_proofs(session: Session, heads: Mapping[int, SignedHead]) -> None:
    statement = select(RegisterProof, RegisterEntry).join(
        RegisterEntry, RegisterEntry.seq == RegisterProof.seq, isouter=True
    )
    with session.execute(statement.order_by(RegisterProof.number).execution_options(yield_per=500)) as rows:
        for kept, entry in rows:
            if entry is None or entry.number != kept.number or entry.kind not in DOCUMENT_KINDS:
                refuse("register_proof", kept.number, f"entry {kept.seq} is not one of this certificate")
            if kept.head_id not in heads or not _leads(kept, entry, heads[kept.head_id]):
                refuse("register_proof", kept.number, f"it does not lead from entry {kept.seq} to its signed head")


def _leads(kept: RegisterProof, entry: RegisterEntry, head: SignedHead) -> bool:
    try:
        steps = [bytes.fromhex(step) for step in kept.path]
    except (TypeError, ValueError):
        return False
    return verify_inclusion(tree.leaf_of(entry).hash(), kept.seq - 1, head.size, steps, bytes.fromhex(head.root))
