"""The demonstration: an invented body with one person for each role, so that a newcomer can be each of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app import clock, ids, transaction
from app.accounts import passwords
from app.accounts import services as accounts
from app.accounts.models import Person, RoleGrant
from app.accounts.roles import found_first_officer
from app.birth import found_body
from app.body.services import Founding
from app.config import Settings
from app.extensions import db
from app.policy import Role

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
    DemoPerson("learner", "Lena Learner", None, "Northwind Pumps", "half-way through Foundation"),
    DemoPerson("newcomer", "Noor Newcomer", None, "", "has just joined"),
    DemoPerson("candidate", "Casey Candidate", None, "Harbour Looms", "has handed in the practical"),
    DemoPerson("holder", "Hollis Holder", None, "Tallow & Wick", "holds a valid certificate"),
    DemoPerson("former", "Fenna Former", None, "Grey Kiln", "holds a certificate that was revoked"),
    DemoPerson("assessor", "Asa Assessor", Role.ASSESSOR, "Copper Bell", "marks practicals"),
    DemoPerson("author", "Arden Author", Role.AUTHOR, "", "writes courses and items"),
    DemoPerson("moderator", "Morgan Moderator", Role.MODERATOR, "", "keeps the forum useful"),
    DemoPerson("officer", "Odile Officer", Role.OFFICER, "", "runs the body"),
    DemoPerson("second-officer", "Otis Officer", Role.OFFICER, "", "the second pair of eyes"),
)

FOUNDING = {
    "name": "The Customer Reference Institute",
    "short_name": "CRI",
    "field": "customer reference",
    "headline": "Reference work, practised as a profession",
    "purpose": (
        "The Institute trains, examines and certifies the people who bring customers’ voices into a business. "
        "It belongs to its members, answers to no vendor, and costs nothing to join."
    ),
    "contact_email": "office@demo.example",
    "zone": "Europe/London",
}


def begin(settings: Settings) -> None:
    """Make the body and its people in one transaction."""
    hashed = passwords.hash_password(PASSWORD)
    now = clock.now()
    with transaction.standalone():
        found_body(Founding(base_address=settings.base_url, **FOUNDING), "demo", now)
        for invented in PEOPLE:
            _join(invented, hashed, now)


def _join(invented: DemoPerson, hashed: str, now: datetime) -> None:
    joined = now - timedelta(days=60)
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


def sign_ins() -> list[dict[str, str]]:
    """Whom a newcomer can sign in as."""
    return [
        {"email": p.email, "password": PASSWORD, "role": p.role.value if p.role else "member", "what": p.what} for p in PEOPLE
    ]


def report() -> dict[str, object]:
    """What `laurel demo --json` prints."""
    return {"sign_ins": sign_ins()}


def sign_in_lines() -> str:
    """The same for the terminal."""
    lines = [f"  {person['email']:<28} {person['what']}" for person in sign_ins()]
    return "\n".join([f"Sign in as any of these invented people; the password is: {PASSWORD}", *lines])
