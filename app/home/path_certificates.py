"""What certificates add to My path: the levels somebody holds, and what has become of those held once."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Select, bindparam, select

from app.home.gathering import Held
from app.rows import run
from certificates.lifecycle.status import Dates, Event, HistoryEntry, Status, standing_at
from certificates.models import Credential, CredentialState, CredentialStatus
from certificates.queries import WITHDRAWALS

ENDED = (Status.REVOKED, Status.SUSPENDED, Status.EXPIRED)


def certificates(person_id: int, now: datetime) -> Sequence[Held]:
    """Issued certificates that are valid now, and those that were revoked, suspended or have expired (one query)."""
    found = run(_statement(), {"person_id": person_id}).all()
    held = [_held(list(rows), now) for _, rows in groupby(found, key=lambda row: row.id)]
    return [each for each in held if each is not None]


def _held(rows: Sequence[Row[Any]], now: datetime) -> Held | None:
    """One certificate from its rows, one for each event of its history; one that its holder withdrew still counts."""
    first = rows[0]
    events = [HistoryEntry(Event(r.kind), r.from_at, r.until_at, r.reason_class) for r in rows if r.kind is not None]
    history = [event for event in events if event.kind not in WITHDRAWALS]
    dates = Dates(first.issued_on, first.valid_until, first.zone)
    status = standing_at(now, dates, history).status
    if status is not Status.VALID and status not in ENDED:
        return None
    ended = "" if status is Status.VALID else status
    return Held(first.level_code, first.issued_on, first.valid_until, "/certificates", ended)


@cache
def _statement() -> Select[Any]:
    own, event = Credential.__table__.c, CredentialStatus.__table__.c
    return (
        select(
            own.id,
            own.level_code,
            own.issued_on,
            own.valid_until,
            own.zone,
            event.kind,
            event.from_at,
            event.until_at,
            event.reason_class,
        )
        .select_from(Credential.__table__)
        .outerjoin(CredentialStatus.__table__, event.credential_id == own.id)
        .where(own.person_id == bindparam("person_id"), own.state == CredentialState.ISSUED)
        .order_by(own.issued_on, own.id, event.id)
    )
