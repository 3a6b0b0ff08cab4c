"""What every request has in common: one at a time, decided once, by somebody else than the holder, told to the holder."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app import clock, ids
from app.audit.services import record
from app.errors import DomainError, Missing, Stale
from app.extensions import db
from app.jobs import runner
from app.jobs.ledger import Claim
from app.policy import Actor
from app.storage import services as storage
from app.storage.models import StoredFile
from certificates import queries as certificates
from certificates.changes import queries
from certificates.changes.models import ChangeKind, ChangeRequest, ChangeState
from certificates.holding import services as holding
from certificates.lifecycle import history
from certificates.models import Credential

PROOF_KEPT_FOR = timedelta(days=28)
FORGET_JOB = "certificates.forget-proof"
MOST_OPEN_A_MONTH = 5


def open_request(credential: Credential, kind: ChangeKind, now: datetime, **fields: Any) -> ChangeRequest:
    """A new request about a locked certificate.

    Raises DomainError when one is open already, or when too many were made within a month.
    """
    if queries.find_open(credential.id) is not None:
        raise DomainError(_("You have asked for something about this certificate already. Wait for the answer."))
    recent = [row for row in queries.list_of_person(credential.person_id) if row.asked_at > now - timedelta(days=30)]
    if len(recent) >= MOST_OPEN_A_MONTH:
        raise DomainError(_("You have asked very often within a month. Write to us instead."))
    known: dict[str, Any] = {"development": {}} | fields
    row = ChangeRequest(
        public_id=ids.new_public_id(),
        credential_id=credential.id,
        person_id=credential.person_id,
        kind=kind,
        state=ChangeState.OPEN,
        live=1,
        asked_at=now,
        **known,
    )
    db.session.add(row)
    db.session.flush()
    holder = credential.person.public_id
    record("change.asked", actor=holder, subject=history.subject(credential), detail={"kind": kind.value})
    return row


def take_back(public_id: str, person_id: int, now: datetime) -> None:
    """The holder takes an open request back; a proof goes at once. Raises Missing, or Stale when it was decided."""
    row = queries.get_own_request(public_id, person_id)
    credential = _locked(row)
    _end(row, ChangeState.TAKEN_BACK, now)
    holder = credential.person.public_id
    _forget_proof(row)
    record("change.taken_back", actor=holder, subject=history.subject(credential), detail={"kind": row.kind})


def begin_decision(public_id: str, kinds: tuple[ChangeKind, ...], actor: Actor) -> tuple[ChangeRequest, Credential]:
    """An open request of one of these kinds and its certificate, locked for a decision.

    Raises Missing; Stale when it was decided meanwhile; DomainError for the holder.
    """
    row = queries.get_request(public_id)
    if ChangeKind(row.kind) not in kinds:
        raise Missing
    credential = _locked(row)
    history.refuse_own(credential, actor)
    return row, credential


def _locked(row: ChangeRequest) -> Credential:
    statement = select(Credential.public_id).where(Credential.id == row.credential_id)
    credential = certificates.get_for_change(db.session.scalars(statement).one())
    db.session.refresh(row)
    if row.state != ChangeState.OPEN:
        raise Stale(_("This has been decided in the meantime. Open the list again."))
    return credential


def agree(row: ChangeRequest, credential: Credential, actor: Actor, made: Credential, now: datetime) -> None:
    """Close a request that was granted: `made` is the certificate that comes of it."""
    row.made_number = made.number
    _close(row, credential, ChangeState.AGREED, actor, now, made=made.public_id)


def refuse(public_id: str, answer: str, *, actor: Actor, now: datetime) -> None:
    """Refuse a request with a reason, which the holder reads. Raises as `begin_decision`; DomainError without a reason."""
    row, credential = begin_decision(public_id, tuple(ChangeKind), actor)
    if not answer:
        raise DomainError(_("Say why not; the holder reads it."), "answer")
    row.answer = answer
    _close(row, credential, ChangeState.REFUSED, actor, now)
    values = {"asked": kind_words(row.kind), "reason": answer, "link": holding.own_page()}
    history.notify("certificates.change-refused", credential, **values)


def _close(
    row: ChangeRequest, credential: Credential, state: ChangeState, actor: Actor, now: datetime, **detail: str
) -> None:
    _end(row, state, now)
    row.decided_by = actor.public_id
    if row.file_id:
        row.file_until = now + PROOF_KEPT_FOR
        key = f"{FORGET_JOB}:{row.public_id}"
        runner.order(FORGET_JOB, {"request": row.public_id}, key=key, run_at=row.file_until)
    history.keep_trail(f"change.{state.value}", credential, actor, row.answer, kind=row.kind, **detail)


def _end(row: ChangeRequest, state: ChangeState, now: datetime) -> None:
    row.state, row.live, row.decided_at = state, None, now


def forget_proof(claim: Claim) -> None:
    """The job on the stated day: the proof of a decided request goes."""
    row = queries.get_request(claim.payload["request"])
    if row.file_until is not None and row.file_until <= clock.now():
        _forget_proof(row)


def _forget_proof(row: ChangeRequest) -> None:
    if row.file_id:
        storage.forget(StoredFile.public_id == row.file_id)
    row.file_id = row.file_name = ""


def kind_words(kind: str) -> str:
    """What was asked for, in words."""
    return {
        ChangeKind.SPELLING.value: _("a typing error in your name"),
        ChangeKind.NAME.value: _("a change of name"),
        ChangeKind.RENEWAL.value: _("a renewal"),
    }[str(kind)]
