"""Issued certificates as plain values, read past the object mapper: what the page that is asked for most is made of."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from app import rows
from certificates.lifecycle.status import Dates, Event, HistoryEntry, Standing, Status, is_withdrawn, standing_at
from certificates.models import Artefact, Credential, CredentialState, CredentialStatus


@dataclass(frozen=True)
class IssuedView:
    """What an answer tells of an issued certificate, under the names of `Credential`; `history` is the whole of it.

    `register_seq` and `key_fingerprint` are those of its document, None where it has none any more.
    """

    id: int
    public_id: str
    number: str
    holder_name: str
    level_code: str
    achievement: dict[str, Any]
    supervision: str
    waiver: str
    issuer: str
    issued_on: date
    valid_until: date | None
    zone: str
    visibility: str
    base_address: str
    specimen: bool
    register_seq: int | None = None
    key_fingerprint: str | None = None
    history: tuple[HistoryEntry, ...] = ()

    def standing(self, now: datetime) -> Standing:
        """How it stands at `now`, to others."""
        return standing_at(now, Dates(self.issued_on, self.valid_until, self.zone), self.history)


@dataclass(frozen=True)
class IssuedFacts:
    """What a check of many needs to know of an issued certificate."""

    number: str
    holder_name: str
    visibility: str
    status: Status
    is_withdrawn: bool = False


_credential, _artefact, _event = Credential.__table__, Artefact.__table__, CredentialStatus.__table__
_OWN = tuple(field.name for field in fields(IssuedView) if field.name in _credential.c)
_FACTS = ("number", "holder_name", "visibility", "issued_on", "valid_until", "zone")
_EVENT = ("kind", "from_at", "until_at", "reason_class")
_VIEW_END = len(_OWN) + 2


def find_view(number: str) -> IssuedView | None:
    """An issued certificate by its canonical number, in one statement."""
    found = rows.run(_one(), {"number": number}).all()
    if not found:
        return None
    history = tuple(_entry(row[_VIEW_END:]) for row in found if row[_VIEW_END])
    return IssuedView(*(*found[0][:_VIEW_END], history))


def find_many(numbers: Collection[str], now: datetime) -> dict[str, IssuedFacts]:
    """How the issued certificates with these numbers stand at `now`, by number; one statement for all of them."""
    found: dict[str, tuple[tuple[Any, ...], list[HistoryEntry]]] = {}
    for row in rows.run(_many(), {"numbers": sorted(numbers)}) if numbers else ():
        _facts, entries = found.setdefault(row[0], (tuple(row[: len(_FACTS)]), []))
        if row[len(_FACTS)] is not None:
            entries.append(_entry(row[len(_FACTS) :]))
    return {
        number: IssuedFacts(
            number,
            name,
            visibility,
            standing_at(now, Dates(first, last, zone), entries).status,
            is_withdrawn(now, entries),
        )
        for (number, name, visibility, first, last, zone), entries in found.values()
    }


def _entry(row: Any) -> HistoryEntry:
    kind, *when = row
    return HistoryEntry(Event(kind), *when)


@cache
def _one() -> Select[Any]:
    own, document, event = _credential.c, _artefact.c, _event.c
    shown = (*(own[name] for name in _OWN), document.register_seq, document.key_fingerprint)
    return (
        select(*shown, *(event[name] for name in _EVENT))
        .select_from(_credential)
        .outerjoin(_artefact, document.credential_id == own.id)
        .outerjoin(_event, event.credential_id == own.id)
        .where(own.number == bindparam("number"), own.state == CredentialState.ISSUED)
        .order_by(event.id)
    )


@cache
def _many() -> Select[Any]:
    own, event = _credential.c, _event.c
    return (
        select(*(own[name] for name in _FACTS), *(event[name] for name in _EVENT))
        .select_from(_credential)
        .outerjoin(_event, event.credential_id == own.id)
        .where(own.number.in_(bindparam("numbers", expanding=True)), own.state == CredentialState.ISSUED)
        .order_by(own.number, event.id)
    )
