"""What goes into an export, read from the database: entries of certificates, hashes of documents and badges, keys.

Nothing here tells more to everybody than the site tells to everybody: a name only where its holder shows the certificate
publicly, dates only where the page of a number would show them, and otherwise no more than how it stands.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import current_app
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from app.extensions import db
from app.storage.models import StoredFile
from certificates import queries
from certificates.badging.models import BadgeArtefact
from certificates.checking import verification
from certificates.exit_kit.badge_papers import content_sha256
from certificates.keys import published as published_keys
from certificates.lifecycle.status import Standing, ends_at, starts_at
from certificates.models import Artefact, Credential, CredentialState, Visibility
from certificates.register import merkle
from certificates.register.leaf import SUBJECT, salt_for
from certificates.register.merkle import Position
from certificates.register.models import RegisterEntry, RegisterNode, SignedHead
from certificates.register.proof import Proof
from certificates.register.tree import leaf_of
from certificates.resigning.models import SupersededArtefact

Fetch = Callable[[Sequence[Position]], dict[Position, bytes]]
AT_ONCE = 500


def nodes_of(session: Session) -> Fetch:
    """The nodes of the whole tree, held in memory: an export asks for the path of every certificate."""
    statement = select(RegisterNode.level, RegisterNode.place, RegisterNode.hash)
    kept = {(row.level, row.place): bytes.fromhex(row.hash) for row in session.execute(statement)}
    return lambda positions: {position: kept[position] for position in positions}


def list_entries(session: Session, head: SignedHead, now: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    """The number of each issued certificate under a head, and what the export says of it."""
    fetch = nodes_of(session)
    for credential in session.scalars(_issued(head)):
        standing = queries.standing_of(credential, now)
        yield credential.number, _entry(session, credential, standing, head, fetch, now)


def _issued(head: SignedHead) -> Select[Credential]:
    statement = select(Credential).outerjoin(Credential.artefact)
    statement = statement.options(
        selectinload(Credential.history), joinedload(Credential.artefact), joinedload(Credential.successor),
        defer(Credential.model),
    )  # fmt: skip
    covered = Artefact.id.is_(None) | (Artefact.register_seq <= head.size)
    issued = Credential.state == CredentialState.ISSUED
    return statement.where(issued, covered).order_by(Credential.id).execution_options(yield_per=AT_ONCE)


def _entry(
    session: Session, credential: Credential, standing: Standing, head: SignedHead, fetch: Fetch, now: datetime
) -> dict[str, Any]:
    told: dict[str, Any] = {"status": standing.status.value}
    artefact = credential.artefact
    if not verification.shows_facts(credential, standing.status) or artefact is None:
        return told
    is_public = credential.visibility == Visibility.PUBLIC
    entry = session.get_one(RegisterEntry, artefact.register_seq)
    told |= _dates(credential) | {
        "issued_on": credential.issued_on.isoformat(),
        "valid_until": credential.valid_until.isoformat() if credential.valid_until else None,
        "since": _spelt(standing.since) if standing.since else None,
        "reason": standing.reason_class or None,
        "proof": _prove(entry, head, fetch, shows_number=is_public),
    }
    return told | _public(credential, now) if is_public else told


def _public(credential: Credential, now: datetime) -> dict[str, Any]:
    return {
        "number": credential.number,
        "holder": credential.holder_name,
        "award": credential.achievement["title"],
        "level": credential.achievement["level_title"],
        "supervision": credential.supervision,
        "waiver": credential.waiver or None,
        "replaced_by": _find_public_successor(credential, now),
    }


def _find_public_successor(credential: Credential, now: datetime) -> str | None:
    successor = queries.find_issued_successor(credential.id) if credential.successor is not None else None
    if successor is None or successor.visibility != Visibility.PUBLIC:
        return None
    return successor.number if verification.shows_facts(successor, queries.standing_of(successor, now).status) else None


def _dates(credential: Credential) -> dict[str, str | None]:
    """The moments between which it is valid; a verifier needs no table of time zones then."""
    ends = ends_at(credential.valid_until, credential.zone) if credential.valid_until else None
    begins = starts_at(credential.issued_on, credential.zone)
    return {"begins_at": _spelt(begins), "ends_at": _spelt(ends) if ends else None}


def _spelt(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _prove(entry: RegisterEntry, head: SignedHead, fetch: Fetch, *, shows_number: bool) -> dict[str, Any]:
    """The proof of an entry. The number is in it only where everybody may see it; its salt opens the leaf for who has it."""
    path = merkle.prove_inclusion(entry.seq - 1, head.size, fetch)
    return Proof(
        seq=entry.seq,
        leaf=leaf_of(entry),
        number=entry.number if shows_number else "",
        salt=salt_for(entry.secret, SUBJECT).hex(),
        size=head.size,
        root=head.root,
        path=tuple(step.hex() for step in path),
        note=head.note,
    ).to_json_dict()


def list_documents(session: Session, head: SignedHead) -> dict[str, dict[str, Any]]:
    """What is told of each signed document by its SHA-256: whether it counts, its entry, and the dates printed on it.

    Whose it is stands nowhere. A document of somebody who was erased counts still, and nothing but its hash is known.
    """
    found: dict[str, dict[str, Any]] = {}
    forgotten = select(RegisterEntry).where(RegisterEntry.number == "", RegisterEntry.artefact_sha256 != "")
    for entry in session.scalars(forgotten.where(RegisterEntry.seq <= head.size)):
        found[entry.artefact_sha256] = _document(entry.seq, entry.at, counts=True)
    tables: tuple[Any, ...] = (SupersededArtefact, Artefact)
    for table in tables:
        owned = select(table, RegisterEntry.at, Credential).join(Credential, Credential.id == table.credential_id)
        owned = owned.join(RegisterEntry, RegisterEntry.seq == table.register_seq).options(defer(Credential.model))
        for row, at, credential in session.execute(owned.where(table.register_seq <= head.size)):
            told = _document(row.register_seq, at, counts=table is Artefact)
            found[row.sha256] = told | {"size": row.size} | _dates(credential)
    return dict(sorted(found.items()))


def _document(seq: int, at: datetime, *, counts: bool) -> dict[str, Any]:
    return {"counts": counts, "entry": seq, "registered_at": _spelt(at)}


def list_badges(session: Session) -> list[dict[str, Any]]:
    """What is told of each badge: its hashes as bytes, as content and as a token, its keys, and whether it counts."""
    tokens = select(BadgeArtefact, StoredFile.sha256).join(
        StoredFile, StoredFile.public_id == BadgeArtefact.token_file_id
    )
    found = []
    for badge, token_sha256 in session.execute(tokens.options(joinedload(BadgeArtefact.place))):
        content = _content_sha256(badge)
        if content:
            found.append(_badge(badge, content, token_sha256))
    return sorted(found, key=lambda told: str(told["sha256"]))


def _content_sha256(badge: BadgeArtefact) -> str:
    """Read from the stored file, which must be the one that the row and the register name."""
    try:
        data = current_app.extensions["store"].get(badge.file_id)
    except FileNotFoundError:
        return ""
    return content_sha256(json.loads(data)) if hashlib.sha256(data).hexdigest() == badge.sha256 else ""


def _badge(badge: BadgeArtefact, content: str, token_sha256: str) -> dict[str, Any]:
    return {
        "sha256": badge.sha256,
        "content_sha256": content,
        "token_sha256": token_sha256,
        "counts": badge.place.live == 1,
        "made_at": _spelt(badge.made_at),
        "key": badge.key_id,
        "token_key": badge.token_key_id,
    }


def list_keys() -> list[dict[str, Any]]:
    """Every published key with its state, its window, and its public half; certificates where it has one."""
    names = ("key_id", "purpose", "algorithm", "state", "fingerprint", "subject", "issuer_id", "specimen")
    return [
        {name: getattr(row, name) for name in names}
        | {
            "not_before": _spelt(row.not_before),
            "not_after": _spelt(row.not_after),
            "compromised_at": _spelt(row.compromised_at) if row.compromised_at else None,
            "public_pem": row.public_pem,
            "certificate_pem": row.certificate_pem,
        }
        for row in published_keys.list_keys()
    ]


def list_base_addresses() -> list[str]:
    """Every address under which a certificate was issued."""
    return list(db.session.scalars(select(Credential.base_address).distinct().order_by(Credential.base_address)))
