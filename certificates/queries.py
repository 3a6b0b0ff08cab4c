"""Reading certificates, what waits for a decision, and what an officer works on."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import defer, joinedload, selectinload

from app.accounts.models import Person
from app.errors import Missing
from app.extensions import db
from certificates.lifecycle.status import WITHDRAWALS, Dates, Event, HistoryEntry, Standing, Status, standing_at
from certificates.models import (
    Achievement,
    Artefact,
    AwardCase,
    AwardDecision,
    CaseState,
    Credential,
    CredentialState,
    Revocation,
    StandingDecision,
)
from certificates.numbers import NumberInvalid, parse_number

PAGE_SIZE = 50
WAITING = (CaseState.NAME, CaseState.STANDING, CaseState.PERSON)


def find_issued(number: str) -> Credential | None:
    """An issued certificate by its canonical number, with its history and document, in one statement."""
    return db.session.scalars(_issued(), {"number": number}).unique().one_or_none()


@cache
def _issued() -> Select[Credential]:
    return (
        select(Credential)
        .options(
            joinedload(Credential.history),
            joinedload(Credential.artefact),
            defer(Credential.model),  # what the page was drawn from, and by far the largest column
        )
        .where(Credential.number == bindparam("number"), Credential.state == CredentialState.ISSUED)
    )


def find_issued_successor(credential_id: int) -> Credential | None:
    """The issued certificate that took the place of this one, or None."""
    statement = select(Credential).options(joinedload(Credential.history)).join(Credential.artefact)
    return db.session.scalars(statement.where(Credential.supersedes_id == credential_id)).unique().first()


def find_number_of(sha256: str) -> str | None:
    """The number of the certificate whose stored document has this SHA-256."""
    statement = select(Credential.number).join(Artefact, Artefact.credential_id == Credential.id)
    return db.session.scalar(statement.where(Artefact.sha256 == sha256))


def find_printed(number: str) -> tuple[dict[str, Any], str] | None:
    """What the document with this number was drawn from, and where its file is kept."""
    statement = select(Credential.model, Artefact.file_id).join(Artefact, Artefact.credential_id == Credential.id)
    row = db.session.execute(statement.where(Credential.number == number)).first()
    return (row[0], row[1]) if row is not None else None


def find_base_address(number: str) -> str | None:
    """The address of the body that is printed on the certificate with this number."""
    return db.session.scalar(select(Credential.base_address).where(Credential.number == number))


def _whole() -> Select[Credential]:
    return select(Credential).options(
        selectinload(Credential.history),
        selectinload(Credential.revocations),
        joinedload(Credential.artefact),
        joinedload(Credential.person),
        joinedload(Credential.decision),
        joinedload(Credential.successor),
        joinedload(Credential.predecessor),
    )


def get_credential(public_id: str) -> Credential:
    """A certificate with everything of it. Raises Missing."""
    found = db.session.scalars(_whole().where(Credential.public_id == public_id)).first()
    if found is None:
        raise Missing
    return found


def get_for_change(public_id: str) -> Credential:
    """The same, read anew and locked against other changes until the transaction ends. Raises Missing."""
    locked = select(Credential.id).where(Credential.public_id == public_id).with_for_update()
    if db.session.scalar(locked) is None:
        raise Missing
    statement = _whole().where(Credential.public_id == public_id).execution_options(populate_existing=True)
    return db.session.scalars(statement).one()


def get_own(public_id: str, person_id: int) -> Credential:
    """A certificate of this person. Raises Missing, alike for those of others."""
    found = get_credential(public_id)
    if found.person_id != person_id:
        raise Missing
    return found


def list_own(person_id: int) -> Sequence[Credential]:
    """A person's certificates, the newest first."""
    statement = _whole().where(Credential.person_id == person_id)
    return db.session.scalars(statement.order_by(Credential.issued_on.desc(), Credential.id.desc())).all()


def list_own_cases(person_id: int) -> Sequence[AwardCase]:
    """Awards of a person that wait for something."""
    statement = select(AwardCase).where(AwardCase.person_id == person_id, AwardCase.state.in_(WAITING))
    return db.session.scalars(statement.order_by(AwardCase.ready_at, AwardCase.id)).all()


def list_credentials(search: str = "", after: int = 0) -> Sequence[Credential]:
    """Up to PAGE_SIZE + 1 certificates, the newest first; `search` is a number or a part of a holder's name."""
    statement = _whole().order_by(Credential.id.desc()).limit(PAGE_SIZE + 1)
    if search:
        statement = statement.where(_matching(search))
    if after:
        statement = statement.where(Credential.id < after)
    return db.session.scalars(statement).all()


def _matching(search: str):  # type: ignore[no-untyped-def]  # a column expression
    try:
        return Credential.number == parse_number(search)
    except NumberInvalid:
        plain = search.casefold().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        named = func.lower(Credential.holder_name).like(f"%{plain}%", escape="\\")
        return or_(named, Credential.number.like(f"{search.upper()}%"))


def list_held() -> Sequence[Credential]:
    """Certificates that could not be made, for an officer to look into."""
    return db.session.scalars(_whole().where(Credential.state == CredentialState.HELD).order_by(Credential.id)).all()


def list_cases() -> Sequence[AwardCase]:
    """Awards that wait, with the person, the longest wait first."""
    statement = select(AwardCase).options(joinedload(AwardCase.person)).where(AwardCase.state.in_(WAITING))
    return db.session.scalars(statement.order_by(AwardCase.ready_at, AwardCase.id)).all()


def get_case(public_id: str) -> AwardCase:
    """One award that waits or waited, with the person. Raises Missing."""
    statement = select(AwardCase).options(joinedload(AwardCase.person)).where(AwardCase.public_id == public_id)
    case = db.session.scalars(statement).first()
    if case is None:
        raise Missing
    return case


def find_case(person_id: int, level_code: str, cycle: int) -> AwardCase | None:
    """The case of one award, whatever its state."""
    statement = select(AwardCase).where(
        AwardCase.person_id == person_id, AwardCase.level_code == level_code, AwardCase.cycle == cycle
    )
    return db.session.scalars(statement).first()


def find_last_decision(person_id: int, level_code: str) -> AwardDecision | None:
    """The newest decision on a level for a person."""
    statement = select(AwardDecision).where(
        AwardDecision.person_id == person_id, AwardDecision.level_code == level_code
    )
    return db.session.scalars(statement.order_by(AwardDecision.cycle.desc()).limit(1)).first()


def lock_person(person_id: int) -> Person:
    """The person, read anew; other considerations of awards to the same person wait. Raises Missing.

    The lock leaves foreign keys alone (NO KEY UPDATE), so two releases that already wrote rows cannot deadlock here.
    """
    statement = select(Person).where(Person.id == person_id).with_for_update(key_share=True)
    person = db.session.scalars(statement.execution_options(populate_existing=True)).first()
    if person is None:
        raise Missing
    return person


def has_newer(credential: Credential) -> bool:
    """Whether a later certificate of the same level was ordered for the same person."""
    same = Credential.person_id == credential.person_id, Credential.level_code == credential.level_code
    return db.session.scalar(select(Credential.id).where(*same, Credential.id > credential.id).limit(1)) is not None


def find_standing(level_code: str) -> StandingDecision | None:
    """The standing decision in force for a level."""
    statement = select(StandingDecision).where(
        StandingDecision.level_code == level_code, StandingDecision.ended_at.is_(None)
    )
    return db.session.scalars(statement.order_by(StandingDecision.id.desc()).limit(1)).first()


def list_standing() -> Sequence[StandingDecision]:
    """Every standing decision, the newest first."""
    return db.session.scalars(select(StandingDecision).order_by(StandingDecision.id.desc())).all()


def list_revocations() -> Sequence[Revocation]:
    """Revocations on their way, with their certificates, the oldest first."""
    statement = select(Revocation).options(joinedload(Revocation.credential)).where(Revocation.live == 1)
    return db.session.scalars(statement.order_by(Revocation.proposed_at, Revocation.id)).all()


def find_achievement(level_code: str) -> Achievement | None:
    """What is awarded for a level."""
    return db.session.scalars(select(Achievement).where(Achievement.level_code == level_code)).first()


def standing_of(credential: Credential, now: datetime, *, to_others: bool = True) -> Standing:
    """How a certificate loaded with its history stands at `now`.

    `to_others` False leaves aside that its holder withdrew it: what somebody has earned opens the next level all the same.
    """
    entries = [HistoryEntry(Event(row.kind), row.from_at, row.until_at, row.reason_class) for row in credential.history]
    if not to_others:
        entries = [entry for entry in entries if entry.kind not in WITHDRAWALS]
    return standing_at(now, Dates(credential.issued_on, credential.valid_until, credential.zone), entries)


def levels_held(person_id: int, now: datetime) -> set[str]:
    """The levels of which a person holds an issued certificate in force, whether or not they withdrew it."""
    statement = select(Credential).options(selectinload(Credential.history))
    statement = statement.where(Credential.person_id == person_id, Credential.state == CredentialState.ISSUED)
    rows = db.session.scalars(statement).all()
    return {row.level_code for row in rows if standing_of(row, now, to_others=False).status is Status.VALID}
