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
from sqlalchemy import Select, delete, select, update

from app import transaction
from app.accounts.models import Person
from app.audit.services import record
from app.extensions import db
from app.privacy.ground import NOBODYS_NAME
from app.privacy.personal import Named, Personal, pick
from app.storage import services as storage
from app.storage.models import StoredFile
from certificates import queries
from certificates.badging import keeping as badge_keeping
from certificates.badging.models import BadgeArtefact, BadgePlace
from certificates.changes import names
from certificates.changes.models import ChangeRequest, ChangeState, RenewalReminder
from certificates.cpd import services as cpd
from certificates.cpd.models import CpdActivity
from certificates.designs.models import CredentialDrawing
from certificates.lifecycle import history
from certificates.lifecycle.status import Event
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
from certificates.register import services as register


def _export(person: Person) -> dict[str, Any]:
    names = ("level_code", "scheme_code", "scheme_version", "outcome", "reason", "decided_at")
    decisions = select(AwardDecision).where(AwardDecision.person_id == person.id).order_by(AwardDecision.id)
    asked = select(ChangeRequest).where(ChangeRequest.person_id == person.id).order_by(ChangeRequest.id)
    asked_names = ("kind", "state", "new_name", "words", "asked_at", "decided_at", "answer", "file_until")
    done_names = ("done_on", "hours", "kind", "title", "learnt", "recorded_at", "withdrawn_at")
    done = select(CpdActivity).where(CpdActivity.person_id == person.id).order_by(CpdActivity.id)
    return {
        "certificates": [_credential(row) for row in queries.list_own(person.id) if row.artefact],
        "decisions": [pick(row, *names) for row in db.session.scalars(decisions)],
        "asked": [pick(row, *asked_names) for row in db.session.scalars(asked)],
        "continuing_development": [pick(row, *done_names) for row in db.session.scalars(done)],
    }


def _credential(row: Credential) -> dict[str, Any]:
    names = ("number", "holder_name", "achievement", "issued_on", "valid_until", "supervision", "visibility")
    history = [pick(event, "kind", "reason_class", "from_at", "until_at") for event in row.history]
    return pick(row, *names) | {"sha256": row.artefact.sha256 if row.artefact else "", "history": history}


def _files(person: Person) -> Iterator[Named]:
    for row in queries.list_own(person.id):
        if row.artefact:
            yield f"{row.number}.pdf", current_app.extensions["store"].get(row.artefact.file_id)
        badge = badge_keeping.find(row.id)
        if badge is not None:
            yield f"{row.number}.json", current_app.extensions["store"].get(badge.file_id)
    for stored in db.session.scalars(_own_files(person)):
        yield f"{stored.purpose}-{stored.public_id}-{stored.shown_name}", storage.read(stored)


def _own_files(person: Person) -> Select[StoredFile]:
    """Proofs that they handed in: of development, and of a new name."""
    own = StoredFile.owner == person.public_id
    purposes = StoredFile.purpose.in_((cpd.PURPOSE, names.PURPOSE))
    return select(StoredFile).where(own, purposes, StoredFile.deleted_at.is_(None)).order_by(StoredFile.id)


def _obstacles(person: Person) -> list[str]:
    ordered = select(Credential.id).where(
        Credential.person_id == person.id, Credential.state == CredentialState.ORDERED
    )
    if db.session.scalar(ordered.limit(1)) is None:
        return []
    return [_("A certificate is being made for you. Wait until it is there.")]


def _subjects(person: Person) -> list[str]:
    tables = (Credential, AwardDecision, AwardCase, CpdActivity)
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
    _forget_requests(person, now)
    _forget_development(person)


def _forget_requests(person: Person, now: datetime) -> None:
    """What was asked goes without its words; what was open is taken back. Proofs go with the person's other files."""
    own = ChangeRequest.person_id == person.id
    db.session.execute(
        update(ChangeRequest)
        .where(own, ChangeRequest.live == 1)
        .values(state=ChangeState.TAKEN_BACK, live=None, decided_at=now)
    )
    db.session.execute(
        update(ChangeRequest).where(own).values(new_name="", words="", answer="", file_id="", file_name="")
    )


def _forget_development(person: Person) -> None:
    """The record of continuing development; that a renewal rested on so many hours stays with its decision."""
    for table in (CpdActivity, RenewalReminder):
        db.session.execute(delete(table).where(table.person_id == person.id))


def withdraw(credential: Credential, now: datetime) -> None:
    """Take the name off a certificate for good: the entry stays as "withdrawn", the signed file goes."""
    credential.holder_name, credential.visibility = NOBODYS_NAME, Visibility.SHARE_ONLY
    credential.model = credential.model | {"holder_name": NOBODYS_NAME}
    credential.problem = credential.decision.reason = ""
    for table in (CredentialStatus, Revocation):
        db.session.execute(update(table).where(table.credential_id == credential.id).values(note=""))
    _forget_documents(credential)
    if credential.state == CredentialState.ISSUED:
        history.add(credential, Event.WITHDRAWN, now, "system")
    register.forget(credential.number, now)
    record("credential.withdrawn", subject=("credential", credential.public_id))


def _forget_documents(credential: Credential) -> None:
    """The signed files and badges, and what was signed and cut off before it was kept; the badges' salts with them."""
    store = current_app.extensions["store"]
    made = [
        name
        for column, owner in (
            (SigningAttempt.file_id, SigningAttempt.credential_id),
            (BadgeArtefact.file_id, BadgeArtefact.credential_id),
            (BadgeArtefact.token_file_id, BadgeArtefact.credential_id),
        )
        for name in db.session.scalars(select(column).where(owner == credential.id))
    ]
    db.session.execute(update(BadgePlace).where(BadgePlace.credential_id == credential.id).values(salt=""))
    # which fonts it took would still tell the script of the name
    db.session.execute(
        update(CredentialDrawing).where(CredentialDrawing.credential_id == credential.id).values(fonts=[])
    )
    storage.forget(StoredFile.public_id.in_(made))
    for name in made:
        transaction.after_commit(partial(store.delete, name))


PERSONAL = Personal(
    name="certificates", export=_export, erase=_erase, files=_files, obstacles=_obstacles, subjects=_subjects
)
