"""The bits of the status lists: given with the order of a badge, burnt for ever when its award is not to be relied on."""

import uuid
from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import func, select, update

from app.extensions import db
from certificates.badges.credential import new_salt
from certificates.badges.status_list import StatusListFull, choose_index
from certificates.badging.models import BadgePlace

FIRST_LIST = 1


class _Taken(Collection[int]):
    """The places of one list that are given away, asked of the database one by one: a list holds a hundred thousand."""

    def __init__(self, list_number: int) -> None:
        self.list_number = list_number

    def __len__(self) -> int:
        statement = select(func.count()).where(BadgePlace.list_number == self.list_number)
        return db.session.scalar(statement) or 0

    def __contains__(self, position: object) -> bool:
        statement = select(BadgePlace.id).where(
            BadgePlace.list_number == self.list_number, BadgePlace.position == position
        )
        return db.session.scalar(statement) is not None

    def __iter__(self) -> Iterator[int]:
        statement = select(BadgePlace.position).where(BadgePlace.list_number == self.list_number)
        return iter(db.session.scalars(statement))


def give_place(credential_id: int, now: datetime) -> BadgePlace:
    """A new place by chance for the badge of a certificate, in the running transaction; an earlier one lives no more."""
    db.session.execute(update(BadgePlace).where(BadgePlace.credential_id == credential_id).values(live=None))
    list_number, position = _choose()
    place = BadgePlace(
        list_number=list_number,
        position=position,
        credential_id=credential_id,
        live=1,
        badge_uuid=str(uuid.uuid4()),
        salt=new_salt(),
        given_at=now,
    )
    db.session.add(place)
    db.session.flush()
    return place


def _choose() -> tuple[int, int]:
    """List and place: in the newest list, or in the next one when that is as full as it should be."""
    newest = db.session.scalar(select(func.max(BadgePlace.list_number))) or FIRST_LIST
    try:
        return newest, choose_index(_Taken(newest))
    except StatusListFull:
        return newest + 1, choose_index(())


def find_place(credential_id: int) -> BadgePlace | None:
    """The place of the badge that counts, or None before its order."""
    statement = select(BadgePlace).where(BadgePlace.credential_id == credential_id, BadgePlace.live == 1)
    return db.session.scalars(statement).first()


def give_up(credential_id: int) -> None:
    """Let go of a badge that was prepared and never handed out, because what it states has changed since."""
    db.session.execute(update(BadgePlace).where(BadgePlace.credential_id == credential_id).values(live=None))


def burn(credential_id: int, now: datetime) -> None:
    """Set the bits of every badge of a certificate, in the running transaction; a bit that is set stays set."""
    db.session.execute(
        update(BadgePlace)
        .where(BadgePlace.credential_id == credential_id, BadgePlace.burnt_at.is_(None))
        .values(burnt_at=now)
    )


def burnt(list_number: int) -> list[int]:
    """The places of a list whose bit is set, in order."""
    statement = select(BadgePlace.position).where(
        BadgePlace.list_number == list_number, BadgePlace.burnt_at.is_not(None)
    )
    return list(db.session.scalars(statement.order_by(BadgePlace.position)))


def has_list(list_number: int) -> bool:
    """Whether a list has been begun."""
    statement = select(BadgePlace.id).where(BadgePlace.list_number == list_number).limit(1)
    return list_number == FIRST_LIST or db.session.scalar(statement) is not None


def list_numbers() -> list[int]:
    """Every list that has been begun."""
    found = db.session.scalars(select(BadgePlace.list_number).distinct().order_by(BadgePlace.list_number))
    return list(found) or [FIRST_LIST]


def last_change(list_number: int) -> datetime | None:
    """When the newest bit of a list was set."""
    return db.session.scalar(select(func.max(BadgePlace.burnt_at)).where(BadgePlace.list_number == list_number))
