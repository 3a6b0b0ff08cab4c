"""What the tables say of an event: the rows and columns that its entry in the register commits to.

The lists are part of the version of a leaf: entries that exist were made with them. A column that is added to a table
later joins a list of a new version, never this one. What a holder or an officer may change afterwards (visibility, state,
a problem of printing) is in no list.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Label, Row, Select, select
from sqlalchemy.orm import Session

from certificates.keys.models import SigningKeyRow
from certificates.models import Artefact, AwardDecision, Credential, CredentialStatus
from certificates.register.leaf import plain
from certificates.resigning.models import SupersededArtefact

ISSUED, SIGNED_AGAIN, ERASED, BADGE = "issued", "re-signed", "erased", "badge"
DOCUMENT_KINDS = (ISSUED, SIGNED_AGAIN)
"""Kinds of entries that commit to a document; the newest of a number is the one that counts. One of kind BADGE commits to
a badge alone: the document is the one that was there."""

CREDENTIAL = (
    "id", "public_id", "number", "decision_id", "person_id", "holder_name", "level_code", "scheme_code",
    "scheme_version", "achievement", "supervision", "waiver", "issuer", "issued_on", "valid_until", "zone",
    "supersedes_id", "base_address", "specimen", "model", "template_version", "ordered_at",
)  # fmt: skip
DECISION = (
    "id", "public_id", "person_id", "level_code", "scheme_code", "scheme_version", "cycle", "rule", "inputs",
    "inputs_hash", "sources", "engine_version", "outcome", "reason", "decided_by", "decided_at",
)  # fmt: skip
ARTEFACT = ("id", "credential_id", "sha256", "size", "file_id", "key_fingerprint", "signed_at", "made_at")
STATUS = (
    "id", "credential_id", "kind", "reason_class", "from_at", "until_at", "by", "second_by", "note", "recorded_at",
)  # fmt: skip
KEY = ("key_id", "purpose", "algorithm", "not_before", "not_after", "fingerprint", "compromised_at")
KEY_EVENTS = "key-"
"""How the kinds of entries begin whose subject is not a certificate but a key of the body."""
_PARTS = (
    ("credential", Credential, CREDENTIAL),
    ("award_decision", AwardDecision, DECISION),
    ("artefact", Artefact, ARTEFACT),
)

Facts = dict[str, dict[str, Any]]


def _named(part: str, table: Any, names: Sequence[str]) -> list[Label[Any]]:
    return [getattr(table, name).label(f"{part}_{name}") for name in names]


def documents() -> Select[Any]:
    """Credentials with their decision and artefact, one row each, for `of_document`."""
    columns = [column for part in _PARTS for column in _named(*part)]
    joined = select(*columns).select_from(Credential)
    return joined.join(AwardDecision, AwardDecision.id == Credential.decision_id).join(
        Artefact, Artefact.credential_id == Credential.id
    )


def of_superseded(row: SupersededArtefact, artefact_id: int) -> Facts:
    """What a document said of itself before it was signed anew; the row of the newest one had its place then."""
    values = {name: plain(getattr(row, name)) for name in ARTEFACT if name != "id"}
    return {"artefact": {"id": artefact_id} | values}


def statuses() -> Select[Any]:
    """Rows of history with the number of their credential, for `of_status`."""
    columns = [*_named("credential_status", CredentialStatus, STATUS), Credential.number]
    return select(*columns).join(Credential, Credential.id == CredentialStatus.credential_id)


def of_document(row: Row[Any]) -> Facts:
    """What a credential, its decision and its document say: the facts of an entry of DOCUMENT_KINDS."""
    return {part: _values(row, part, names) for part, _, names in _PARTS}


def of_status(row: Row[Any]) -> Facts:
    """What a row of history says: the facts of every other entry."""
    return {"credential_status": _values(row, "credential_status", STATUS)}


def keys() -> Select[Any]:
    """Published keys, for `of_key`."""
    return select(*_named("signing_key", SigningKeyRow, KEY))


def of_key(row: Row[Any]) -> Facts:
    """What a published key says: the facts of an entry whose kind begins with KEY_EVENTS."""
    return {"signing_key": _values(row, "signing_key", KEY)}


def _values(row: Row[Any], part: str, names: Sequence[str]) -> dict[str, Any]:
    return {name: plain(row._mapping[f"{part}_{name}"]) for name in names}


def gather(session: Session, kind: str, number: str, at: datetime) -> Facts:
    """The facts of an event that is being entered, whose rows are written already; nothing where there are none."""
    if kind in DOCUMENT_KINDS:
        row = session.execute(documents().where(Credential.number == number)).first()
        return of_document(row) if row is not None else {}
    if kind.startswith(KEY_EVENTS):
        row = session.execute(keys().where(SigningKeyRow.key_id == number)).first()
        return of_key(row) if row is not None else {}
    happened = CredentialStatus.kind == kind, CredentialStatus.recorded_at == at
    statement = statuses().where(Credential.number == number, *happened).order_by(CredentialStatus.id.desc())
    row = session.execute(statement.limit(1)).first()
    return of_status(row) if row is not None else {}
