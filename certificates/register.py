"""The register: every event of every certificate in one chain of hashes, so that nothing can be slipped in or out.

An entry holds no name and no reason. Its leaf is SHA-256 over kind, number, document and time; its chain value is
SHA-256 over the chain value before it and the leaf. Whoever keeps one chain value can tell later whether anything up
to it was changed.
"""

import hashlib
import json
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.extensions import db
from certificates.register_models import RegisterEntry, RegisterHead

START = "0" * 64
ISSUED = "issued"


@dataclass(frozen=True)
class RegisterFault:
    """The first entry that does not fit, and what is wrong with it."""

    seq: int
    reason: str


def leaf_of(kind: str, number: str, artefact_sha256: str, at: datetime) -> str:
    """The hash over one event, in hex."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    plain = json.dumps([kind, number, artefact_sha256, moment], separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(plain.encode("ascii")).hexdigest()


def chain_of(previous: str, leaf: str) -> str:
    """The hash over everything up to and with an entry, in hex."""
    return hashlib.sha256(bytes.fromhex(previous) + bytes.fromhex(leaf)).hexdigest()


def append(kind: str, number: str, now: datetime, artefact_sha256: str = "") -> RegisterEntry:
    """Add an event in the running transaction; others that want to add one wait until it ends."""
    head = _locked_head(db.session())
    leaf = leaf_of(kind, number, artefact_sha256, now)
    entry = RegisterEntry(
        seq=head.seq + 1,
        kind=kind,
        number=number,
        artefact_sha256=artefact_sha256,
        at=now,
        leaf=leaf,
        previous=head.chain,
        chain=chain_of(head.chain, leaf),
    )
    db.session.add(entry)
    head.seq, head.chain = entry.seq, entry.chain
    db.session.flush()
    return entry


def _locked_head(session: Session) -> RegisterHead:
    """The head, made with the first entry; two that make it at once end with one."""
    locked = select(RegisterHead).with_for_update().execution_options(populate_existing=True)
    head = session.scalars(locked).one_or_none()
    if head is None:
        own_insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        session.execute(own_insert(RegisterHead).values(id=1, seq=0, chain=START).on_conflict_do_nothing())
        head = session.scalars(locked).one()
    return head


def check(session: Session) -> tuple[int, RegisterFault | None]:
    """Walk the whole register: the number of entries, and the first fault or None."""
    statement = select(RegisterEntry).order_by(RegisterEntry.seq).execution_options(yield_per=500)
    with closing(session.scalars(statement)) as entries:
        count, last, fault = _walk(entries)
    if fault is not None:
        return count, fault
    head = session.scalars(select(RegisterHead)).one_or_none()
    if (count, last) != ((head.seq, head.chain) if head else (0, START)):
        return count, RegisterFault(count, "the head does not match the last entry: entries are missing at the end")
    return count, None


def _walk(entries: Iterable[RegisterEntry]) -> tuple[int, str, RegisterFault | None]:
    previous, count = START, 0
    for entry in entries:
        count += 1
        reason = _find_fault(entry, count, previous)
        if reason:
            return count, previous, RegisterFault(entry.seq, reason)
        previous = entry.chain
    return count, previous, None


def _find_fault(entry: RegisterEntry, expected: int, previous: str) -> str:
    if entry.seq != expected:
        return f"entry {expected} is missing"
    if entry.leaf != leaf_of(entry.kind, entry.number, entry.artefact_sha256, entry.at):
        return "its content was changed"
    if entry.previous != previous or entry.chain != chain_of(previous, entry.leaf):
        return "it does not follow the entry before it"
    return ""
