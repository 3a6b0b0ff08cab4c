"""Revoking a certificate takes two people, a class of reason and a notice to the holder.

Unless the holder asked for it, the certificate is suspended once the second person has confirmed, while an appeal is
open to the holder, and pages give no reason; the revocation takes effect when the time has passed, or when an appeal
has ended against the holder. A revoked certificate stays revoked; `certificates.correcting` mends one that was wrong.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy import select

from app import bus, clock, ids
from app.audit.services import record
from app.errors import DomainError, Missing, Stale
from app.extensions import db
from app.jobs import runner
from app.jobs.ledger import Claim
from app.policy import Actor
from certificates import queries
from certificates.domain_events import CredentialRevoked
from certificates.lifecycle import history
from certificates.lifecycle.status import MISTAKE, Event
from certificates.models import Credential, Revocation

EFFECT_JOB = "certificates.revocation-effect"
APPEAL_FOR = timedelta(days=28)


class ReasonClass(StrEnum):
    """The kinds of reason for a revocation; never more than the kind is published."""

    ERROR = "error"
    MISCONDUCT = "misconduct"
    REQUEST = "request"


class RevocationState(StrEnum):
    """How far a revocation is."""

    PROPOSED = "proposed"
    DROPPED = "dropped"
    CONFIRMED = "confirmed"
    APPEALED = "appealed"
    EFFECTIVE = "effective"
    REVERSED = "reversed"


def live_revocation(credential: Credential) -> Revocation | None:
    """The revocation that is on its way for a certificate loaded with its revocations."""
    return next((row for row in credential.revocations if row.live), None)


def propose_revocation(
    public_id: str, reason: ReasonClass, note: str, *, actor: Actor, now: datetime, case: str = ""
) -> Revocation:
    """The first of two people asks for a revocation. Nothing changes for the holder yet.

    `case` is where the papers are. Raises DomainError (field `case`) without one, unless the holder asked for it, and
    when a revocation is on its way already.
    """
    if not case and reason is not ReasonClass.REQUEST:
        raise DomainError(_("Enter the reference of the case, so that whoever decides next finds its papers."), "case")
    credential = history.get_changeable(public_id, actor, now)
    if live_revocation(credential) is not None:
        raise DomainError(_("A revocation of this certificate is on its way already."))
    row = Revocation(
        public_id=ids.new_public_id(),
        credential_id=credential.id,
        state=RevocationState.PROPOSED,
        live=1,
        reason_class=reason,
        note=note,
        case_reference=case,
        proposed_by=actor.public_id,
        proposed_at=now,
    )
    db.session.add(row)
    db.session.flush()
    history.keep_trail("revocation.proposed", credential, actor, note, reason=reason.value, case=case)
    return row


def drop_proposal(public_id: str, *, actor: Actor, now: datetime) -> None:
    """Give a proposal up; either person may."""
    credential, row = _revocation(public_id, RevocationState.PROPOSED)
    history.refuse_own(credential, actor)
    _end(row, RevocationState.DROPPED, actor.public_id, now)
    history.keep_trail("revocation.dropped", credential, actor, "")


def confirm_revocation(public_id: str, *, actor: Actor, now: datetime) -> None:
    """The second person confirms. Raises DomainError for the one who proposed it, and for the holder.

    At the holder's own request it takes effect at once. Otherwise the certificate is suspended from now on, the holder
    is told the reason and the time for an appeal, and a job brings it into effect when that time has passed.
    """
    credential, row = _revocation(public_id, RevocationState.PROPOSED)
    history.refuse_own(credential, actor)
    if row.proposed_by == actor.public_id:
        raise DomainError(_("You proposed this revocation. A second person has to confirm it."))
    row.state, row.confirmed_by, row.confirmed_at = RevocationState.CONFIRMED, actor.public_id, now
    history.keep_trail("revocation.confirmed", credential, actor, "", reason=row.reason_class)
    if row.reason_class == ReasonClass.REQUEST:
        _take_effect(credential, row, now)
        return
    row.appeal_until = now + APPEAL_FOR
    history.add(credential, Event.SUSPENDED, now, row.proposed_by, second_by=actor.public_id)
    history.notify(
        "certificates.revocation-notice",
        credential,
        reason=reason_words(row.reason_class),
        note=row.note,
        until=history.day_of(row.appeal_until),
    )
    runner.order(EFFECT_JOB, {"revocation": public_id}, key=f"{EFFECT_JOB}:{public_id}", run_at=row.appeal_until)


def note_appeal(public_id: str, *, actor: Actor, now: datetime) -> None:
    """An appeal has come in: the revocation waits for its end. Raises DomainError after the time for it."""
    credential, row = _revocation(public_id, RevocationState.CONFIRMED)
    history.refuse_own(credential, actor)
    if row.appeal_until is None or now > row.appeal_until:
        raise DomainError(_("The time for an appeal has passed."))
    row.state, row.appealed_at = RevocationState.APPEALED, now
    history.keep_trail("revocation.appealed", credential, actor, "")
    history.notify("certificates.appeal-received", credential)


def end_appeal(public_id: str, *, stands: bool, actor: Actor, now: datetime) -> None:
    """A third person records how the appeal ended. Raises DomainError for either of the two who decided before."""
    credential, row = _revocation(public_id, RevocationState.APPEALED)
    history.refuse_own(credential, actor)
    if actor.public_id in (row.proposed_by, row.confirmed_by):
        raise DomainError(_("You took part in the decision. The end of the appeal is for somebody else to record."))
    record(
        "revocation.appeal_ended", actor=actor.public_id, subject=history.subject(credential), detail={"stands": stands}
    )
    if stands:
        _take_effect(credential, row, now)
        return
    _end(row, RevocationState.REVERSED, actor.public_id, now)
    history.add(credential, Event.LIFTED, now, actor.public_id)
    history.notify("certificates.lifted", credential)


def effect(claim: Claim) -> None:
    """The job at the end of the time for an appeal: the revocation takes effect, if it still waits for nothing else."""
    public_id, now = claim.payload["revocation"], clock.now()
    row = db.session.scalars(select(Revocation).where(Revocation.public_id == public_id)).one()
    credential = _locked(row)
    if row.state == RevocationState.CONFIRMED and row.appeal_until is not None and now >= row.appeal_until:
        _take_effect(credential, row, now)


def _take_effect(credential: Credential, row: Revocation, now: datetime) -> None:
    _end(row, RevocationState.EFFECTIVE, "system", now)
    second = row.confirmed_by or ""
    history.add(credential, Event.REVOKED, now, row.proposed_by, second_by=second, reason_class=row.reason_class)
    record("credential.revoked", subject=history.subject(credential), detail={"reason": row.reason_class})
    history.notify("certificates.revoked", credential, reason=reason_words(row.reason_class))
    bus.publish(CredentialRevoked(credential.person_id, credential.level_code, credential.public_id))


def _revocation(public_id: str, state: RevocationState) -> tuple[Credential, Revocation]:
    """A revocation in this state with its certificate, locked. Raises Missing, or Stale when it has moved on."""
    row = db.session.scalars(select(Revocation).where(Revocation.public_id == public_id)).first()
    if row is None:
        raise Missing
    credential = _locked(row)
    if row.state != state:
        raise Stale(_("This has been decided in the meantime. Open the certificate again."))
    return credential, row


def _locked(row: Revocation) -> Credential:
    """The certificate of a revocation, locked, and the row read again under that lock."""
    statement = select(Credential.public_id).where(Credential.id == row.credential_id)
    credential = queries.get_for_change(db.session.scalars(statement).one())
    db.session.refresh(row)
    return credential


def _end(row: Revocation, state: RevocationState, by: str, now: datetime) -> None:
    row.state, row.live, row.ended_by, row.ended_at = state, None, by, now


def reason_words(reason_class: str) -> str:
    """The kind of reason, as pages and messages say it."""
    return {
        ReasonClass.ERROR.value: _("Issued in error"),
        ReasonClass.MISCONDUCT.value: _("Finding of misconduct"),
        ReasonClass.REQUEST.value: _("At the request of the holder"),
        MISTAKE: _("The revocation was a mistake of ours; a new certificate takes its place"),
    }[str(reason_class)]
