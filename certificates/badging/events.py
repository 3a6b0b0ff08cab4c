"""What an event of a certificate means for its badge: the bit is set at once, and a fresh badge follows a return."""

from datetime import datetime, timedelta

from app.jobs import runner
from certificates.badging import places as badge_places
from certificates.lifecycle.status import Event
from certificates.models import Credential

REFRESH_JOB = "certificates.refresh-badge"
BURNING = (Event.SUSPENDED, Event.REVOKED, Event.SUPERSEDED, Event.WITHDRAWN)
RETURNING = (Event.LIFTED, Event.RESTORED)
A_MOMENT = timedelta(seconds=5)


def follow(credential: Credential, kind: Event, now: datetime, until_at: datetime | None) -> None:
    """Set the bit in the running transaction, or order a fresh badge: now, or for when a suspension ends by itself."""
    if kind in BURNING:
        badge_places.burn(credential.id, now)
    if kind in RETURNING:
        _order(credential, now)
    elif kind is Event.SUSPENDED and until_at is not None:
        _order(credential, until_at + A_MOMENT)


def _order(credential: Credential, at: datetime) -> None:
    key = f"{REFRESH_JOB}:{credential.public_id}:{int(at.timestamp() * 1_000)}"
    runner.order(REFRESH_JOB, {"credential": credential.public_id}, key=key, run_at=at)
