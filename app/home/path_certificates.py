"""What certificates add to My path: the levels somebody holds, what has become of those held once, and renewals."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Select, bindparam, select

from app.home.gathering import Due, Held
from app.rows import run
from certificates.changes import outlooks
from certificates.changes.outlooks import Renewal
from certificates.changes.periods import Phase
from certificates.lifecycle.status import Dates, Event, HistoryEntry, Status, standing_at
from certificates.models import Credential, CredentialState, CredentialStatus
from certificates.queries import WITHDRAWALS

ENDED = (Status.REVOKED, Status.SUSPENDED, Status.EXPIRED)
SOON = timedelta(days=60)  # before a renewal can be asked for


def certificates(person_id: int, now: datetime) -> Sequence[Held]:
    """Issued certificates that are valid now, and those that were revoked, suspended or have expired (one query).

    A second query tells of renewals, for whoever holds one that ends.
    """
    found = run(_statement(), {"person_id": person_id}).all()
    told = [_held(list(rows), now) for _, rows in groupby(found, key=lambda row: row.id)]
    held = [each for each in told if each is not None]
    if all(each.until is None for each in held):
        return held
    renewals = outlooks.list_renewals(person_id, now)
    dues: dict[tuple[str, date | None], Due | None] = {(r.level_code, r.window.ends): _due(r, now) for r in renewals}
    return [replace(each, due=dues.get((each.level_code, each.until))) for each in held]


def _due(renewal: Renewal, now: datetime) -> Due | None:
    """What there is to say of a renewal; None while it is far away."""
    state = {Phase.EARLY: "soon", Phase.OPEN: "open", Phase.LATE: "late", Phase.OVER: "over"}[renewal.phase]
    if state == "soon" and now.date() + SOON < renewal.window.opens:
        return None
    window, state = renewal.window, "asked" if renewal.asked else state
    return Due(state, window.opens, window.closes, renewal.hours, renewal.address, renewal.ended_at)


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
