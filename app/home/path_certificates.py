"""What certificates add to My path: the levels somebody holds."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.extensions import db
from app.home.gathering import Held
from certificates.models import Credential, CredentialState
from certificates.queries import standing_of
from certificates.status import Status


def certificates(person_id: int, now: datetime) -> Sequence[Held]:
    """Issued certificates that are valid now (one query, two for a holder)."""
    statement = (
        select(Credential)
        .options(selectinload(Credential.history))
        .where(Credential.person_id == person_id, Credential.state == CredentialState.ISSUED)
        .order_by(Credential.issued_on)
    )
    return [
        Held(row.level_code, row.issued_on, row.valid_until, "/certificates")
        for row in db.session.scalars(statement)
        if standing_of(row, now, to_others=False).status is Status.VALID
    ]
