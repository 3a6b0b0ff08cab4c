"""One certificate taking the place of another: at once, or on the day on which the period of the old one has ended."""

from datetime import datetime

from sqlalchemy import select

from app import clock
from app.audit.services import record
from app.extensions import db
from app.jobs import runner
from app.jobs.ledger import Claim
from certificates import queries
from certificates.lifecycle import history
from certificates.lifecycle.status import Event, starts_at
from certificates.models import Credential, CredentialState, CredentialStatus

JOB = "certificates.take-over"


def take_over(new: Credential, now: datetime) -> None:
    """Called when `new` (loaded with its predecessor) has been issued: the old one is superseded, now or on its day."""
    if new.predecessor is None:
        return
    begins = starts_at(new.issued_on, new.zone)
    if begins > now:
        runner.order(JOB, {"credential": new.public_id}, key=f"{JOB}:{new.public_id}", run_at=begins)
        return
    _supersede(new.predecessor, now)


def take_over_on_its_day(claim: Claim) -> None:
    """The job: the period of the new certificate begins. Run twice, the second run finds it done."""
    new = queries.get_credential(claim.payload["credential"])
    if new.state == CredentialState.ISSUED and new.predecessor is not None:
        _supersede(new.predecessor, clock.now())


def _supersede(old: Credential, now: datetime) -> None:
    db.session.execute(select(Credential.id).where(Credential.id == old.id).with_for_update())
    happened = select(CredentialStatus.id).where(
        CredentialStatus.credential_id == old.id, CredentialStatus.kind == Event.SUPERSEDED
    )
    if db.session.scalar(happened.limit(1)) is None:
        history.add(old, Event.SUPERSEDED, now, "system")
        record("credential.superseded", subject=history.subject(old))
