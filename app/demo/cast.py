"""Who is in the demonstration: one invented person for each role, so that a newcomer can be each of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app import ids
from app.accounts import services as accounts
from app.accounts.models import Person, RoleGrant
from app.accounts.roles import found_first_officer
from app.extensions import db
from app.policy import Actor, Role

PASSWORD = "laurel demo password"  # noqa: S105  printed at every start of the demonstration


@dataclass(frozen=True)
class DemoPerson:
    """An invented person: who to sign in as, and to be what."""

    key: str
    name: str
    role: Role | None
    employer: str
    what: str

    @property
    def email(self) -> str:
        """The address to sign in with."""
        return f"{self.key}@demo.example"


PEOPLE = (
    DemoPerson("newcomer", "Noor Newcomer", None, "", "has just joined"),
    DemoPerson("learner", "Lena Learner", None, "Northwind Pumps", "is half-way through Foundation"),
    DemoPerson(
        "candidate", "Casey Candidate", None, "Harbour Looms", "passed the exam; the practical waits for marking"
    ),
    DemoPerson("holder", "Hollis Holder", None, "Tallow & Wick", "holds a valid certificate"),
    DemoPerson("former", "Fenna Former", None, "Grey Kiln", "held a certificate that was revoked"),
    DemoPerson("assessor", "Asa Assessor", Role.ASSESSOR, "Copper Bell", "marks practicals"),
    DemoPerson("author", "Arden Author", Role.AUTHOR, "", "writes courses and items"),
    DemoPerson("moderator", "Morgan Moderator", Role.MODERATOR, "", "keeps the peace"),
    DemoPerson("officer", "Odile Officer", Role.OFFICER, "", "runs the body"),
    DemoPerson("second-officer", "Otis Officer", Role.OFFICER, "", "is the second pair of eyes"),
)


def join_all(password_hash: str, now: datetime) -> None:
    """Let everyone join two months ago, with roles from the founding."""
    for invented in PEOPLE:
        _join(invented, password_hash, now - timedelta(days=60))


def _join(invented: DemoPerson, hashed: str, joined: datetime) -> None:
    person = Person(
        public_id=ids.new_public_id(),
        name=invented.name,
        email=invented.email,
        email_confirmed_at=joined,
        password_hash=hashed,
        password_changed_at=joined,
        joined_at=joined,
    )
    db.session.add(person)
    db.session.flush()
    accounts.declare_affiliation(person, invented.employer, "", not invented.employer, joined)
    accounts.give_consents(person.id, joined)
    if invented.role is Role.OFFICER:
        found_first_officer(person, joined)
    elif invented.role is not None:
        _hold(person, invented.role, joined)


def _hold(person: Person, role: Role, since: datetime) -> None:
    db.session.add(
        RoleGrant(
            public_id=ids.new_public_id(),
            person_id=person.id,
            role=role,
            starts_at=since,
            granted_by="founding",
            granted_at=since,
        )
    )


def get(key: str) -> Person:
    """One of them by key."""
    return db.session.scalars(select(Person).where(Person.email == f"{key}@demo.example")).one()


def acting(key: str) -> Actor:
    """One of them as the one who acts."""
    person = get(key)
    roles = frozenset(invented.role for invented in PEOPLE if invented.key == key and invented.role)
    return Actor(
        person_id=person.id,
        public_id=person.public_id,
        name=person.name,
        email=person.email,
        roles=roles,
        is_anonymous=False,
        is_authenticated=True,
    )


def sign_ins() -> list[dict[str, str]]:
    """Whom a newcomer can sign in as."""
    return [
        {"email": p.email, "password": PASSWORD, "role": p.role.value if p.role else "member", "what": p.what}
        for p in PEOPLE
    ]
