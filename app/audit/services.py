"""Writing the trail and reading it back.

`record` only notes the act; the notes of a transaction are chained by `write_pending`, which `app.transaction` calls
just before the commit, so that the head of the chain is locked as late and as shortly as possible.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Select, Table, Update, func, insert, select, true, update
from sqlalchemy.orm import Session

from app import clock
from app.audit import chain
from app.audit.models import AuditEntry, AuditHead, AuditPersonal
from app.extensions import db

SYSTEM = "system"


@dataclass(frozen=True)
class Note:
    """An act to be chained: `detail` is plain and permanent, `personal` can be emptied."""

    action: str
    actor: str
    subject: tuple[str, str]
    detail: dict[str, Any] = field(default_factory=dict)
    personal: dict[str, Any] = field(default_factory=dict)
    at: datetime = field(default_factory=clock.now)


def record(
    action: str,
    *,
    actor: str = SYSTEM,
    subject: tuple[str, str] = ("", ""),
    detail: dict[str, Any] | None = None,
    personal: dict[str, Any] | None = None,
) -> None:
    """Note an act of the running transaction: `action` as `thing.done`, `subject` as (kind, public id)."""
    note = Note(action, actor, subject, detail or {}, personal or {})
    db.session().info.setdefault("audit", []).append(note)


def write_pending(session: Session) -> None:
    """Chain the notes of this transaction. Called once, last before its commit."""
    notes = session.info.pop("audit", [])
    if notes:
        write(session, notes)


def write(session: Session, notes: list[Note]) -> None:
    """Append `notes` to the chain in this session's transaction, holding the head's lock until it ends."""
    session.flush()
    found = session.execute(_head()).first()
    seq, previous = found or (0, chain.START)
    entries: list[dict[str, Any]] = []
    personal: list[dict[str, Any]] = []
    for note in notes:
        seq, salt = seq + 1, secrets.token_hex(16)
        entry = _entry(seq, note, chain.commitment(salt, note.personal), previous)
        previous = entry["digest"]
        entries.append(entry)
        if note.personal:
            personal.append({"seq": seq, "salt": salt, "data": note.personal})
    session.execute(insert(_entries), entries)
    if personal:
        session.execute(insert(_personal), personal)
    session.execute(_moved_head() if found else insert(_heads).values(id=1), {"seq": seq, "digest": previous})


_heads, _entries, _personal = (cast(Table, model.__table__) for model in (AuditHead, AuditEntry, AuditPersonal))


@cache
def _head() -> Select[int, str]:
    return select(_heads.c.seq, _heads.c.digest).with_for_update()


@cache
def _moved_head() -> Update:
    return update(_heads)  # of the one row; which columns it sets is said by what it is executed with


def _entry(seq: int, note: Note, sealed: str, previous: str) -> dict[str, Any]:
    """The row of an act, chained to the digest before it."""
    return {
        "seq": seq,
        "at": note.at,
        "action": note.action,
        "actor": note.actor,
        "object_kind": note.subject[0],
        "object_id": note.subject[1],
        "detail": note.detail,
        "commitment": sealed,
        "previous": previous,
        "digest": chain.digest(seq, note.at, note.action, note.actor, note.subject, note.detail, sealed, previous),
    }


@dataclass(frozen=True)
class Fault:
    """The first entry that does not fit, and what is wrong with it."""

    seq: int
    reason: str


def check(session: Session) -> tuple[int, Fault | None]:
    """Walk the whole chain: the number of entries, and the first fault or None."""
    previous, count = chain.START, 0
    head: Sequence[Any] | None = session.execute(select(AuditHead.seq, AuditHead.digest)).first()
    with session.execute(_whole_chain()) as rows:
        for entry, personal, *head_then in rows:
            count, head = count + 1, head_then
            reason = _fault(entry, personal, count, previous)
            if reason:
                return count, Fault(entry.seq, reason)
            previous = entry.digest
    if head is None or head[0] is None:
        return count, Fault(count, "the head of the chain is missing")
    if tuple(head) != (count, previous):
        return count, Fault(head[0], "the head does not match the last entry: entries are missing at the end")
    return count, None


def _whole_chain() -> Select[AuditEntry, AuditPersonal, int, str]:
    """Entries with their personal text and the head, in one statement: what is appended meanwhile is in none of them."""
    return (
        select(AuditEntry, AuditPersonal, AuditHead.seq, AuditHead.digest)
        .outerjoin(AuditPersonal, AuditPersonal.seq == AuditEntry.seq)
        .outerjoin(AuditHead, true())
        .order_by(AuditEntry.seq)
        .execution_options(yield_per=500)
    )


def _fault(entry: AuditEntry, personal: AuditPersonal | None, expected: int, previous: str) -> str:
    if entry.seq != expected:
        return f"entry {expected} is missing"
    if entry.previous != previous:
        return "it does not follow the entry before it"
    subject = (entry.object_kind, entry.object_id)
    made = chain.digest(
        entry.seq, entry.at, entry.action, entry.actor, subject, entry.detail, entry.commitment, entry.previous
    )
    if made != entry.digest:
        return "its content was changed"
    if personal is None:
        return "its personal text is missing" if entry.commitment else ""
    is_erased = not personal.salt and not personal.data
    if not is_erased and chain.commitment(personal.salt, personal.data) != entry.commitment:
        return "its personal text was changed"
    return ""


def erase_personal(session: Session, seqs: list[int]) -> None:
    """Empty the personal text and the salt of these entries; the chain stays verifiable."""
    for personal in session.scalars(select(AuditPersonal).where(AuditPersonal.seq.in_(seqs))):
        personal.salt, personal.data = "", {}


def length(session: Session) -> int:
    """How many entries the chain has."""
    return session.scalar(select(func.count()).select_from(AuditEntry)) or 0
