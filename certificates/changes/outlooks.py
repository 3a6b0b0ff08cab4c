"""Which certificates of a person end, and where each stands with its renewal, as plain rows in one statement.

For pages that tell of it in passing, such as My path. What has been collected of the hours is left to `renewing`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, and_, bindparam, select

from app import rows
from certificates.awarding.award import RenewalTerms
from certificates.changes.models import ChangeKind, ChangeRequest
from certificates.changes.periods import Phase, Window, window_of
from certificates.lifecycle.status import Dates, Event, HistoryEntry, Status, ends_at, standing_at
from certificates.models import Credential, CredentialState, CredentialStatus
from courses.models import Level, Scheme

RENEWABLE = (Status.VALID, Status.EXPIRED)


@dataclass(frozen=True)
class Renewal:
    """One certificate that ends. `hours` is what its scheme asks; `asked`: a renewal waits for its decision.

    `ended_at` is the moment at which its last day is over, and `address` the page on which to go on.
    """

    public_id: str
    level_code: str
    title: str
    window: Window
    phase: Phase
    hours: int
    asked: bool
    ended_at: datetime

    @property
    def address(self) -> str:
        """Where the holder renews it, or reads what is missing, or which way leads back."""
        return f"/certificates/{self.public_id}/renew"


def list_renewals(person_id: int, now: datetime) -> Sequence[Renewal]:
    """The certificates of a person that are in force or have run out and end on a day, the soonest first.

    The newest of each level only: what was replaced, renewed or earned again has no renewal of its own.
    """
    found = rows.run(_statement(), {"person_id": person_id}).all()
    told = [_renewal(list(each), now) for _, each in groupby(found, key=lambda row: row.id)]
    return [renewal for renewal in told if renewal is not None]


def _renewal(found: Sequence[Row[Any]], now: datetime) -> Renewal | None:
    first = found[0]
    history = [HistoryEntry(Event(r.kind), r.from_at, r.until_at, r.reason_class) for r in found if r.kind is not None]
    if standing_at(now, Dates(first.issued_on, first.valid_until, first.zone), history).status not in RENEWABLE:
        return None
    terms = _terms(first)
    window = window_of(first.valid_until, terms)
    return Renewal(
        public_id=first.public_id,
        level_code=first.level_code,
        title=first.achievement["title"],
        window=window,
        phase=window.phase(now.astimezone(ZoneInfo(first.zone)).date()),
        hours=terms.hours,
        asked=first.asked == ChangeKind.RENEWAL,
        ended_at=ends_at(first.valid_until, first.zone),
    )


def _terms(row: Row[Any]) -> RenewalTerms:
    """Those of the scheme that stands on the certificate; what they are without one."""
    if row.renew_months_before is None:
        return RenewalTerms()
    return RenewalTerms(row.cpd_hours, row.cpd_structured_hours, row.renew_months_before, row.renew_months_after)


@cache
def _statement() -> Select[Any]:
    own, event, request = Credential.__table__.c, CredentialStatus.__table__.c, ChangeRequest.__table__.c
    level, scheme, newer = Level.__table__.c, Scheme.__table__.c, Credential.__table__.alias("newer")
    told = (own.id, own.public_id, own.level_code, own.achievement, own.issued_on, own.valid_until, own.zone)
    asked = (scheme.cpd_hours, scheme.cpd_structured_hours, scheme.renew_months_before, scheme.renew_months_after)
    same_level = newer.c.person_id == own.person_id, newer.c.level_code == own.level_code, newer.c.id > own.id
    return (
        select(
            *told, *asked, request.kind.label("asked"), event.kind, event.from_at, event.until_at, event.reason_class
        )
        .select_from(Credential.__table__)
        .outerjoin(Level.__table__, level.code == own.level_code)
        .outerjoin(Scheme.__table__, and_(scheme.level_id == level.id, scheme.version == own.scheme_version))
        .outerjoin(ChangeRequest.__table__, and_(request.credential_id == own.id, request.live == 1))
        .outerjoin(CredentialStatus.__table__, event.credential_id == own.id)
        .where(own.person_id == bindparam("person_id"), own.state == CredentialState.ISSUED)
        .where(own.valid_until.is_not(None), ~select(newer.c.id).where(*same_level).exists())
        .order_by(own.valid_until, own.id, event.id)
    )
