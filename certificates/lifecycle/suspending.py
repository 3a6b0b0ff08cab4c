"""Suspending a certificate: one officer may, for a week; lifting ends it before its time."""

from datetime import datetime, timedelta

from flask_babel import gettext as _

from app.errors import DomainError
from app.policy import Actor
from certificates import queries
from certificates.lifecycle import history
from certificates.lifecycle.revocations import RevocationState, live_revocation
from certificates.lifecycle.status import Event, Status

LONGEST_SUSPENSION = timedelta(days=7)
QUIET_AFTER_SUSPENSION = timedelta(days=28)


def suspend(public_id: str, days: int, note: str, *, actor: Actor, now: datetime) -> None:
    """Suspend for up to seven days; one officer may. Raises DomainError beyond that, or at `days` out of range.

    The same officer cannot do it again within four weeks: what lasts longer is for two people to decide.
    """
    credential = history.get_changeable(public_id, actor, now)
    if not 1 <= days <= LONGEST_SUSPENSION.days:
        raise DomainError(_("Choose from one day to seven."), "days")
    earlier = [row for row in credential.history if row.kind == Event.SUSPENDED and row.by == actor.public_id]
    if any(row.until_at is not None and row.recorded_at > now - QUIET_AFTER_SUSPENSION for row in earlier):
        raise DomainError(
            _("You suspended this certificate less than four weeks ago. Another officer has to look at it.")
        )
    until = now + timedelta(days=days)
    history.add(credential, Event.SUSPENDED, now, actor.public_id, note=note, until_at=until)
    history.keep_trail("credential.suspended", credential, actor, note, until=until.isoformat())
    history.notify("certificates.suspended", credential, note=note, until=history.day_of(until))


def lift(public_id: str, note: str, *, actor: Actor, now: datetime) -> None:
    """End a suspension before its time. Raises DomainError if there is none, or one that awaits an appeal."""
    credential = history.get_changeable(public_id, actor, now)
    if queries.standing_of(credential, now).status is not Status.SUSPENDED:
        raise DomainError(_("This certificate is not suspended."))
    live = live_revocation(credential)
    if live is not None and live.state != RevocationState.PROPOSED:
        raise DomainError(_("A revocation has been confirmed; only the end of the appeal changes that."))
    history.add(credential, Event.LIFTED, now, actor.public_id, note=note)
    history.keep_trail("credential.lifted", credential, actor, note)
    history.notify("certificates.lifted", credential)
