"""What certificates add to My path: the levels somebody holds, and what has become of those held once."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import defer, joinedload

from app.extensions import db
from app.home.gathering import Held
from certificates.models import Credential, CredentialState
from certificates.queries import standing_of
from certificates.status import Status

ENDED = (Status.REVOKED, Status.SUSPENDED, Status.EXPIRED)


def certificates(person_id: int, now: datetime) -> Sequence[Held]:
    """Issued certificates that are valid now, and those that were revoked, suspended or have expired (one query)."""
    rows = db.session.scalars(_statement(), {"person_id": person_id}).unique()
    standings = [(row, standing_of(row, now, to_others=False).status) for row in rows]
    return [
        Held(row.level_code, row.issued_on, row.valid_until, "/certificates", "" if status is Status.VALID else status)
        for row, status in standings
        if status is Status.VALID or status in ENDED
    ]


@cache
def _statement() -> Select[Credential]:
    return (
        select(Credential)
        .options(joinedload(Credential.history), defer(Credential.model))
        .where(Credential.person_id == bindparam("person_id"), Credential.state == CredentialState.ISSUED)
        .order_by(Credential.issued_on)
    )
