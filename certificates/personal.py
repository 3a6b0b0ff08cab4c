"""What certificates hold of a person: the certificates with their signed files, and the decisions behind them.

Number, award, dates, status and register entries stay for ever. The name goes when its holder wants that: the entry is
then "withdrawn", the signed file is deleted, and the register notes the withdrawal.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select, update

from app import transaction
from app.accounts.models import Person
from app.audit.services import record
from app.extensions import db
from app.privacy.ground import NOBODYS_NAME
from app.privacy.personal import Named, Personal, pick
from app.storage import services as storage
from app.storage.models import StoredFile
from certificates import queries, register
from certificates.models import (
    AwardCase,
    AwardDecision,
    Credential,
    CredentialState,
    CredentialStatus,
    Revocation,
    SigningAttempt,
    Visibility,
)


def _export(person: Person) -> dict[str, Any]:
    names = ("level_code", "scheme_code", "scheme_version", "outcome", "reason", "decided_at")
    decisions = select(AwardDecision).where(AwardDecision.person_id == person.id).order_by(AwardDecision.id)
    return {
        "certificates": [_credential(row) for row in queries.list_own(person.id) if row.artefact],
        "decisions": [pick(row, *names) for row in db.session.scalars(decisions)],
    }


def _credential(row: Credential) -> dict[str, Any]:
    names = ("number", "holder_name", "achievement", "issued_on", "valid_until", "supervision", "visibility")
    history = [pick(event, "kind", "reason_class", "from_at", "until_at") for event in row.history]
    return pick(row, *names) | {"sha256": row.artefact.sha256 if row.artefact else "", "history": history}


def _files(person: Person) -> Iterator[Named]:
    for row in queries.list_own(person.id):
        if row.artefact:
            yield f"{row.number}.pdf", current_app.extensions["store"].get(row.artefact.file_id)


def _obstacles(person: Person) -> list[str]:
    ordered = select(Credential.id).where(
        Credential.person_id == person.id, Credential.state == CredentialState.ORDERED
    )
    if db.session.scalar(ordered.limit(1)) is None:
        return []
    return [_("A certificate is being made for you. Wait until it is there.")]


def _subjects(person: Person) -> list[str]:
    tables = (Credential, AwardDecision, AwardCase)
    return [
        name
        for table in tables
        for name in db.session.scalars(select(table.public_id).where(table.person_id == person.id))
    ]


def _erase(person: Person, now: datetime) -> None:
    """Take the name off where its holder wants that; a certificate that was never issued goes nameless anyway."""
    for row in queries.list_own(person.id):
        if person.withdraws_certificates or row.state != CredentialState.ISSUED:
            withdraw(row, now)


def withdraw(credential: Credential, now: datetime) -> None:
    """Take the name off a certificate for good: the entry stays as "withdrawn", the signed file goes."""
    credential.holder_name, credential.visibility = NOBODYS_NAME, Visibility.PRIVATE
    credential.model = credential.model | {"holder_name": NOBODYS_NAME}
    credential.problem = credential.decision.reason = ""
    for table in (CredentialStatus, Revocation):
        db.session.execute(update(table).where(table.credential_id == credential.id).values(note=""))
    _forget_documents(credential)
    if credential.state == CredentialState.ISSUED:
        register.append("withdrawn", credential.number, now)
    record("credential.withdrawn", subject=("credential", credential.public_id))


def _forget_documents(credential: Credential) -> None:
    """The signed file, and any that was signed and cut off before it was kept."""
    store = current_app.extensions["store"]
    signed = list(
        db.session.scalars(select(SigningAttempt.file_id).where(SigningAttempt.credential_id == credential.id))
    )
    storage.forget(StoredFile.public_id.in_(signed))
    for name in signed:
        transaction.after_commit(partial(store.delete, name))


PERSONAL = Personal(
    name="certificates", export=_export, erase=_erase, files=_files, obstacles=_obstacles, subjects=_subjects
)
