"""Certificates that end, with hours recorded towards their renewal, for tests."""

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import update

from app import clock
from app.accounts.models import Person
from app.extensions import db
from app.policy import Actor, Role
from certificates import queries
from certificates.awarding import services as awards
from certificates.cpd import services
from certificates.cpd.hours import CpdKind
from certificates.models import Credential
from courses.models import Scheme
from tests.factories.certificates import certify
from tests.factories.people import PersonFactory


def certify_for(years: int = 3, hours: int = 60, structured: int = 30, name: str = "Ada Beispiel") -> Credential:
    """An issued certificate that ends after some years, of a scheme that asks for so many hours."""
    certify(name, years=years)
    db.session.execute(update(Scheme).values(cpd_hours=hours, cpd_structured_hours=structured))
    db.session.commit()
    return newest()


def newest() -> Credential:
    """The certificate that was ordered last, with everything of it."""
    public_id = db.session.scalar(db.select(Credential.public_id).order_by(Credential.id.desc()).limit(1))
    assert public_id is not None
    return queries.get_credential(public_id)


def days_left(credential: Credential, days: int) -> None:
    """Let the certificate have been awarded so long ago that `days` are left (negative: it ended)."""
    last = awards.today(clock.now()) + timedelta(days=days)
    first = last - timedelta(days=3 * 365)
    values = {"issued_on": first, "valid_until": last}
    db.session.execute(update(Credential).where(Credential.id == credential.id).values(**values))
    db.session.commit()
    db.session.expire_all()


def person_of(credential: Credential) -> Person:
    """Its holder."""
    return db.session.get_one(Person, credential.person_id)


def entry(
    hours: str = "30", kind: CpdKind = CpdKind.STRUCTURED, day: date | None = None, **more: object
) -> services.Entry:
    """An activity of the day before."""
    fields = {"title": "Workshop", "learnt": "To listen before answering."} | more
    day = day or awards.today(clock.now()) - timedelta(days=1)
    return services.Entry(done_on=day, hours=Decimal(hours), kind=kind, **fields)  # type: ignore[arg-type]


def learn(person: Person, *amounts: str, kind: CpdKind = CpdKind.STRUCTURED) -> list[str]:
    """Record activities of so many hours; their public ids."""
    made = [services.record_activity(person, entry(amount, kind), clock.now()).public_id for amount in amounts]
    db.session.commit()
    return made


def officer(**more: object) -> Actor:
    """An officer who knows nobody."""
    person = PersonFactory(holding=["officer"], **more)
    return Actor(person.id, person.public_id, person.name, roles=frozenset({Role.OFFICER}), is_authenticated=True)
