"""Reading accommodations. Marking pages never ask here."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from app import clock
from app.accounts.models import Person
from app.errors import Missing
from app.extensions import db
from app.storage.models import StoredFile
from assessments.accommodations.models import Accommodation


def find_in_force(person_id: int, now: datetime | None = None) -> Accommodation | None:
    """What this person gets in every exam at `now` (the present unless given), or None."""
    statement = select(Accommodation).where(Accommodation.person_id == person_id, *_in_force(now or clock.now()))
    return db.session.scalars(statement).first()


def extra_percent(person_id: int, now: datetime | None = None) -> int:
    """How much more time this person gets, in per cent of the time of any exam."""
    statement = select(Accommodation.time_percent).where(
        Accommodation.person_id == person_id, *_in_force(now or clock.now())
    )
    return db.session.scalar(statement) or 0


def _in_force(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Accommodation.state == "approved", or_(Accommodation.until.is_(None), Accommodation.until > now)


def needs_of(person_ids: Sequence[int], now: datetime) -> dict[int, str]:
    """What people are to arrange for these persons, in words; only for officers who plan."""
    statement = select(Accommodation.person_id, Accommodation.needs).where(
        Accommodation.person_id.in_(person_ids), Accommodation.needs != "", *_in_force(now)
    )
    return {row.person_id: row.needs for row in db.session.execute(statement)}


def find_approved(person_id: int) -> Accommodation | None:
    """The approved one of a person, also where its date has passed and nobody has ended it yet; locked."""
    statement = select(Accommodation).where(Accommodation.person_id == person_id, Accommodation.state == "approved")
    return db.session.scalars(statement.with_for_update()).first()


def find_asked(person_id: int) -> Accommodation | None:
    """The request of a person that waits for its decision, or None."""
    statement = select(Accommodation).where(Accommodation.person_id == person_id, Accommodation.state == "asked")
    return db.session.scalars(statement).first()


def list_own(person_id: int) -> Sequence[Accommodation]:
    """Everything a person has asked for or was granted, the newest first."""
    statement = select(Accommodation).where(Accommodation.person_id == person_id).order_by(Accommodation.id.desc())
    return db.session.scalars(statement).all()


def list_asked() -> list[tuple[Accommodation, Person]]:
    """Requests that wait for a decision, the oldest first."""
    return _with_people(Accommodation.state == "asked", oldest_first=True)


def list_approved() -> list[tuple[Accommodation, Person]]:
    """What is in force, the newest first."""
    return _with_people(Accommodation.state == "approved", oldest_first=False)


def _with_people(which: ColumnElement[bool], *, oldest_first: bool) -> list[tuple[Accommodation, Person]]:
    order = Accommodation.id if oldest_first else Accommodation.id.desc()
    statement = select(Accommodation, Person).join(Person, Person.id == Accommodation.person_id).where(which)
    return [(row, person) for row, person in db.session.execute(statement.order_by(order))]


def count_asked() -> int:
    """How many requests wait for a decision."""
    return db.session.scalar(select(func.count()).where(Accommodation.state == "asked")) or 0


def get_with_person(public_id: str, *, lock: bool = False) -> tuple[Accommodation, Person]:
    """An accommodation with the person it is for. Raises Missing."""
    statement = select(Accommodation, Person).join(Person, Person.id == Accommodation.person_id)
    statement = statement.where(Accommodation.public_id == public_id)
    row = db.session.execute(statement.with_for_update(of=Accommodation) if lock else statement).first()
    if row is None:
        raise Missing
    return row[0], row[1]


def get_evidence(row: Accommodation) -> StoredFile:
    """The file that goes with a request. Raises Missing when there is none."""
    statement = select(StoredFile).where(StoredFile.public_id == row.evidence_file)
    stored = db.session.scalars(statement).first() if row.evidence_file else None
    if stored is None:
        raise Missing
    return stored


def list_ended_by_date(now: datetime) -> list[str]:
    """Public ids of approved ones whose date has passed."""
    statement = select(Accommodation.public_id).where(Accommodation.state == "approved", Accommodation.until <= now)
    return list(db.session.scalars(statement))
