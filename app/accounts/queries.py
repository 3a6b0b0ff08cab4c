"""Reading people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.orm import selectinload

from app import clock
from app.accounts.models import Affiliation, Consent, EmailToken, Person, RoleGrant
from app.accounts.sessions import hash_secret
from app.errors import Missing
from app.extensions import db, folded
from app.pages.queries import current_versions

CONSENT_PAGES = ("terms", "code-of-conduct", "privacy")
PAGE_SIZE = 50
ACCOUNTS = {"open": Person.closed_at.is_(None), "closed": Person.closed_at.is_not(None)}
TIE_LASTS = timedelta(days=365)


def find_by_email(email: str) -> Person | None:
    """The person with this address, in any case of letters."""
    return db.session.scalars(select(Person).where(func.lower(Person.email) == func.lower(email))).first()


def get_person(public_id: str) -> Person:
    """A person with roles and affiliations. Raises Missing."""
    person = db.session.scalars(_whole().where(Person.public_id == public_id)).first()
    if person is None:
        raise Missing
    return person


def get_own(person_id: int) -> Person:
    """The signed-in person with roles and affiliations. Raises Missing."""
    person = db.session.scalars(_whole().where(Person.id == person_id)).first()
    if person is None:
        raise Missing
    return person


def find_open(public_id: str) -> Person | None:
    """The person whose account is open; None when it is closed, erased or was never there."""
    return db.session.scalars(select(Person).where(Person.public_id == public_id, Person.closed_at.is_(None))).first()


def _whole() -> Select[Person]:
    whole = select(Person).options(selectinload(Person.roles), selectinload(Person.affiliations))
    return whole.where(Person.erased_at.is_(None))


def find_token(kind: str, secret: str, now: datetime) -> EmailToken | None:
    """The live token of a mailed link, with its person; None when unknown, used or ended."""
    statement = (
        select(EmailToken)
        .options(selectinload(EmailToken.person))
        .where(
            EmailToken.kind == kind,
            EmailToken.secret_hash == hash_secret(secret),
            EmailToken.used_at.is_(None),
            EmailToken.ends_at > now,
        )
    )
    return db.session.scalars(statement).first()


def list_people(
    search: str = "", role: str = "", after: str = "", now: datetime | None = None, *, account: str = ""
) -> Sequence[Person]:
    """Up to PAGE_SIZE + 1 people by name, from the one after public id `after`; the extra one tells of a next page.

    `account`: "open", "closed", or anything else for both.
    """
    statement = _whole().order_by(func.lower(Person.name), Person.public_id).limit(PAGE_SIZE + 1)
    if account in ACCOUNTS:
        statement = statement.where(ACCOUNTS[account])
    if search:
        like = folded(literal(f"%{_plain_like(search)}%"))
        statement = statement.where(
            or_(folded(Person.name).like(like, escape="\\"), folded(Person.email).like(like, escape="\\"))
        )
    if role and now is not None:
        statement = statement.where(
            Person.id.in_(select(RoleGrant.person_id).where(RoleGrant.role == role, held_at(now)))
        )
    if after:
        last = db.session.execute(
            select(func.lower(Person.name), Person.public_id).where(Person.public_id == after)
        ).first()
        if last:
            name = func.lower(Person.name)
            statement = statement.where(or_(name > last[0], and_(name == last[0], Person.public_id > last[1])))
    return db.session.scalars(statement).all()


def list_everyone() -> Sequence[Person]:
    """Every person with roles, by address; for commands."""
    return db.session.scalars(_whole().order_by(func.lower(Person.email))).all()


def held_roles(person: Person, now: datetime) -> set[str]:
    """The roles a person (loaded with roles) holds at `now`."""
    return {g.role for g in person.roles if g.starts_at <= now and (g.ends_at is None or g.ends_at > now)}


def _plain_like(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def held_at(now: datetime) -> ColumnElement[bool]:
    """The condition that a grant is in force at `now`."""
    return and_(RoleGrant.starts_at <= now, or_(RoleGrant.ends_at.is_(None), RoleGrant.ends_at > now))


def list_spans(role: str, now: datetime) -> list[tuple[int, datetime, datetime | None]]:
    """Row id, beginning and end of each grant of a role that is not over, of people who can sign in."""
    statement = (
        select(RoleGrant.id, RoleGrant.starts_at, RoleGrant.ends_at)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.role == role, or_(RoleGrant.ends_at.is_(None), RoleGrant.ends_at > now))
        .where(Person.closed_at.is_(None), Person.email_confirmed_at.is_not(None))
    )
    return [(row_id, starts, ends) for row_id, starts, ends in db.session.execute(statement)]


@dataclass(frozen=True, slots=True)
class Holding:
    """A role in the hands of somebody who can sign in: whose, from when, and until when (None: openly)."""

    person: str
    name: str
    role: str
    starts_at: datetime
    ends_at: datetime | None
    guest_of: str


def list_holdings(now: datetime) -> list[Holding]:
    """Every grant that is not over, of people who can sign in, by name."""
    statement = (
        select(
            Person.public_id,
            Person.name,
            RoleGrant.role,
            RoleGrant.starts_at,
            RoleGrant.ends_at,
            RoleGrant.guest_of,
        )
        .join(Person, Person.id == RoleGrant.person_id)
        .where(or_(RoleGrant.ends_at.is_(None), RoleGrant.ends_at > now))
        .where(Person.closed_at.is_(None), Person.email_confirmed_at.is_not(None))
        .order_by(func.lower(Person.name), RoleGrant.id)
    )
    return [Holding(*row) for row in db.session.execute(statement)]


def current_affiliation(person: Person) -> Affiliation | None:
    """The declaration that stands, of a person loaded with affiliations."""
    return next(
        (a for a in sorted(person.affiliations, key=lambda a: a.declared_at, reverse=True) if a.ended_at is None), None
    )


def still_ties(affiliation: Any, now: datetime) -> Any:
    """The condition that a declaration stands, or ended less than a year ago: nobody sheds a tie for an afternoon."""
    return or_(affiliation.ended_at.is_(None), affiliation.ended_at > now - TIE_LASTS)


def employer_keys(person_id: int) -> set[str]:
    """The employers a person has declared and not left for a year, in comparable spelling."""
    statement = select(Affiliation.employer_key).where(
        Affiliation.person_id == person_id, still_ties(Affiliation, clock.now())
    )
    return {key for key in db.session.scalars(statement) if key}


def missing_consents(person_id: int) -> dict[str, int]:
    """The texts whose current version the person has not agreed to yet: page to version."""
    current = current_versions(CONSENT_PAGES)
    statement = select(Consent.page, Consent.version).where(Consent.person_id == person_id)
    given = {(page, version) for page, version in db.session.execute(statement)}
    return {page: version for page, version in current.items() if (page, version) not in given}


def list_consents(person_id: int) -> Sequence[Consent]:
    """What the person agreed to, newest first."""
    return db.session.scalars(
        select(Consent).where(Consent.person_id == person_id).order_by(Consent.given_at.desc())
    ).all()
