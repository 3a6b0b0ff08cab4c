"""Mending a revocation that was a mistake of the body.

A revocation is for good: the bit in a published status list cannot be taken back, and whoever read it was told so. So
the old certificate stays revoked, its history says that this was a mistake, pages say so in place of the reason, the
holder gets a letter, and a new certificate with the same name and dates takes the place of the old one.
"""

from datetime import datetime

from flask_babel import gettext as _

from app.errors import DomainError
from app.policy import Actor
from certificates import queries
from certificates.issuing import ordering
from certificates.lifecycle import history
from certificates.lifecycle.revocations import RevocationState
from certificates.lifecycle.status import Event, Status
from certificates.models import Credential, CredentialState


def correct_revocation(public_id: str, note: str, *, actor: Actor, now: datetime) -> Credential:
    """Say that a revocation was a mistake and order the new certificate; `note` is what the holder reads.

    Raises DomainError for one's own, for one that is not revoked or has been corrected, and for whoever took part in
    the revocation.
    """
    old = queries.get_for_change(public_id)
    history.refuse_own(old, actor)
    if old.state != CredentialState.ISSUED or queries.standing_of(old, now).status is not Status.REVOKED:
        raise DomainError(_("This certificate is not revoked."))
    if any(row.kind == Event.CORRECTED for row in old.history) or old.successor is not None:
        raise DomainError(_("A new certificate has been ordered already."))
    effective = [row for row in old.revocations if row.state == RevocationState.EFFECTIVE]
    if any(actor.public_id in (row.proposed_by, row.confirmed_by) for row in effective):
        raise DomainError(_("You took part in the revocation. Somebody else has to say that it was a mistake."))
    history.add(old, Event.CORRECTED, now, actor.public_id, note=note)
    history.keep_trail("credential.corrected", old, actor, note)
    history.notify("certificates.corrected", old, note=note)
    return ordering.reissue(old, old.holder_name, note, actor=actor.public_id, now=now)
