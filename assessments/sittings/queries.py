"""Reading sittings, seats, invigilators and incidents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from app.accounts.models import Person
from app.errors import Missing
from app.extensions import db
from assessments.exams.models import Attempt, Exam
from assessments.sittings.models import Incident, Invigilator, Seat, Sitting
from assessments.sittings.words import NOTED

MOST_SEATS = 1_000
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Watched:
    """A sitting with who watches it and who sits in it (person ids), which is what rights depend on."""

    sitting: Sitting
    invigilators: frozenset[int]
    seated: frozenset[int]


@dataclass(frozen=True, slots=True)
class Seated:
    """One seat with the person and the attempt that belongs to it."""

    seat: Seat
    person: Person
    attempt: Attempt


def find_sitting(public_id: str, *, lock: bool = False) -> Sitting | None:
    """A sitting with its exam, or None; locked until this transaction ends if told so."""
    statement = select(Sitting).join(Sitting.exam).options(contains_eager(Sitting.exam))
    statement = statement.where(Sitting.public_id == public_id)
    if lock:
        statement = statement.with_for_update(of=Sitting).execution_options(populate_existing=True)
    return db.session.scalars(statement).first()


def get_sitting(public_id: str, *, lock: bool = False) -> Sitting:
    """As find_sitting. Raises Missing."""
    sitting = find_sitting(public_id, lock=lock)
    if sitting is None:
        raise Missing
    return sitting


def get_watched(public_id: str, *, lock: bool = False) -> Watched:
    """A sitting with the people that rights depend on. Raises Missing."""
    return watched(get_sitting(public_id, lock=lock))


def watched(sitting: Sitting) -> Watched:
    """The people that rights depend on."""
    watching = select(Invigilator.person_id).where(Invigilator.sitting_id == sitting.id)
    seated = select(Seat.person_id).where(Seat.sitting_id == sitting.id)
    return Watched(sitting, frozenset(db.session.scalars(watching)), frozenset(db.session.scalars(seated)))


def list_sittings(*, ended: bool) -> list[tuple[Sitting, int]]:
    """Sittings to come or under way, the next first, or those that have ended, the latest first; with their seats."""
    seats = select(func.count(Seat.id)).where(Seat.sitting_id == Sitting.id).scalar_subquery()
    statement = select(Sitting, seats).join(Sitting.exam).options(contains_eager(Sitting.exam))
    over = Sitting.state.in_(("closed", "cancelled"))
    order = Sitting.opens_at.desc() if ended else Sitting.opens_at
    statement = statement.where(over if ended else ~over).order_by(order, Sitting.id).limit(SHOWN if ended else None)
    return [(sitting, count) for sitting, count in db.session.execute(statement)]


def count_on(start: datetime, end: datetime) -> int:
    """How many sittings take place between two moments."""
    during = (Sitting.opens_at < end, Sitting.closes_at > start, Sitting.state.in_(("planned", "open")))
    return db.session.scalar(select(func.count()).select_from(Sitting).where(*during)) or 0


def list_over(now: datetime) -> list[str]:
    """Public ids of sittings whose window is over and that nobody has closed."""
    over = (Sitting.closes_at < now, Sitting.state.in_(("planned", "open")))
    return list(db.session.scalars(select(Sitting.public_id).where(*over)))


def list_seated(sitting_id: int) -> list[Seated]:
    """Every seat by its label, then by name."""
    statement = (
        select(Seat, Person, Attempt)
        .join(Person, Person.id == Seat.person_id)
        .join(Attempt, Attempt.id == Seat.attempt_id)
        .where(Seat.sitting_id == sitting_id)
        .order_by(Seat.label, func.lower(Person.name), Seat.id)
    )
    return [Seated(*row) for row in db.session.execute(statement)]


def get_seated(sitting_id: int, public_id: str) -> Seated:
    """One seat of a sitting. Raises Missing."""
    statement = (
        select(Seat, Person, Attempt)
        .join(Person, Person.id == Seat.person_id)
        .join(Attempt, Attempt.id == Seat.attempt_id)
        .where(Seat.sitting_id == sitting_id, Seat.public_id == public_id)
    )
    row = db.session.execute(statement).first()
    if row is None:
        raise Missing
    return Seated(*row)


def find_seat(sitting_id: int, person_id: int) -> Seat | None:
    """The seat of a person in a sitting, or None."""
    return db.session.scalars(select(Seat).where(Seat.sitting_id == sitting_id, Seat.person_id == person_id)).first()


def get_own(public_id: str, person_id: int) -> tuple[Sitting, Attempt]:
    """The sitting in which this person has a seat, with their attempt. Raises Missing, also for those of others."""
    statement = (
        select(Sitting, Attempt)
        .join(Sitting.exam)
        .options(contains_eager(Sitting.exam))
        .join(Seat, Seat.sitting_id == Sitting.id)
        .join(Attempt, Attempt.id == Seat.attempt_id)
        .where(Sitting.public_id == public_id, Seat.person_id == person_id)
    )
    row = db.session.execute(statement).first()
    if row is None:
        raise Missing
    return row[0], row[1]


def list_own(person_id: int) -> list[tuple[Sitting, Seat]]:
    """The sittings in which a person has a seat, the latest first."""
    statement = select(Sitting, Seat).join(Seat, Seat.sitting_id == Sitting.id).where(Seat.person_id == person_id)
    statement = statement.join(Sitting.exam).options(contains_eager(Sitting.exam))
    return [(sitting, seat) for sitting, seat in db.session.execute(statement.order_by(Sitting.opens_at.desc()))]


def list_watched_by(person_id: int) -> Sequence[Sitting]:
    """The sittings that a person watches, the latest first."""
    statement = select(Sitting).join(Invigilator, Invigilator.sitting_id == Sitting.id)
    statement = statement.join(Sitting.exam).options(contains_eager(Sitting.exam))
    return db.session.scalars(
        statement.where(Invigilator.person_id == person_id).order_by(Sitting.opens_at.desc())
    ).all()


def list_invigilators(sitting_id: int) -> Sequence[Person]:
    """The people who watch a sitting, by name."""
    statement = select(Person).join(Invigilator, Invigilator.person_id == Person.id)
    return db.session.scalars(
        statement.where(Invigilator.sitting_id == sitting_id).order_by(func.lower(Person.name), Person.id)
    ).all()


@dataclass(frozen=True, slots=True)
class Told:
    """An incident with where it happened and to whom: sitting, person and attempt where it concerns one."""

    incident: Incident
    sitting: Sitting | None
    person: Person | None
    attempt: Attempt | None
    exam: Exam | None


def list_incidents(*, decided: bool | None = None, sitting_id: int | None = None) -> list[Told]:
    """Incidents that people noted, the newest first: those that wait (False), decided ones (True), or all; of one sitting or of all."""
    statement = (
        select(Incident, Sitting, Person, Attempt, Exam)
        .outerjoin(Sitting, Sitting.id == Incident.sitting_id)
        .outerjoin(Attempt, Attempt.id == Incident.attempt_id)
        .outerjoin(Person, Person.id == Attempt.person_id)
        .outerjoin(Exam, Exam.id == func.coalesce(Sitting.exam_id, Attempt.exam_id))
        .where(Incident.kind.not_in(NOTED))
        .order_by(Incident.id.desc())
    )
    if sitting_id is not None:
        statement = statement.where(Incident.sitting_id == sitting_id)
    if decided is not None:
        statement = statement.where((Incident.decision != "") if decided else (Incident.decision == ""))
    return [Told(*row) for row in db.session.execute(statement.limit(200))]


def get_incident(public_id: str, *, lock: bool = False) -> Incident:
    """An incident. Raises Missing."""
    statement = select(Incident).where(Incident.public_id == public_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    incident = db.session.scalars(statement).first()
    if incident is None:
        raise Missing
    return incident


def count_open_incidents() -> int:
    """How many incidents wait for a decision."""
    return db.session.scalar(select(func.count()).select_from(Incident).where(Incident.decision == "")) or 0


def names_of_reporters() -> dict[str, str]:
    """Names to the public ids of those who noted or decided incidents."""
    involved = select(Incident.by).union(select(Incident.decided_by))
    found = db.session.execute(select(Person.public_id, Person.name).where(Person.public_id.in_(involved)))
    return {row.public_id: row.name for row in found}
