"""People for tests."""

from datetime import timedelta

import factory

from app import clock, ids
from app.accounts.models import Affiliation, Person, RoleGrant
from app.extensions import db

PASSWORD = "four plain words here"


class Committed(factory.alchemy.SQLAlchemyModelFactory):
    """Rows that are committed at once, as if they had been there before."""

    class Meta:
        abstract = True
        sqlalchemy_session_factory = lambda: db.session  # noqa: E731
        sqlalchemy_session_persistence = "commit"


class PersonFactory(Committed):
    """A member whose address is confirmed and who agreed to nothing yet."""

    class Meta:
        model = Person

    public_id = factory.LazyFunction(ids.new_public_id)
    name = factory.Sequence(lambda n: f"Member Number{n}")
    email = factory.Sequence(lambda n: f"member{n}@people.test")
    email_confirmed_at = factory.LazyFunction(clock.now)
    password_hash = "unusable"
    password_changed_at = factory.LazyFunction(clock.now)
    joined_at = factory.LazyFunction(clock.now)
    zone = ""
    language = "en"

    @factory.post_generation
    def holding(self, create, roles, **_):
        """`PersonFactory(holding=["officer"])`: with these roles since yesterday."""
        for role in roles or []:
            RoleGrantFactory(person_id=self.id, role=role)

    @factory.post_generation
    def working_for(self, create, employer, **_):
        """`PersonFactory(working_for="Acme")`: with this employer declared."""
        if employer:
            AffiliationFactory(person_id=self.id, employer=employer)


class RoleGrantFactory(Committed):
    """A role held since yesterday."""

    class Meta:
        model = RoleGrant

    public_id = factory.LazyFunction(ids.new_public_id)
    role = "assessor"
    starts_at = factory.LazyFunction(lambda: clock.now() - timedelta(days=1))
    ends_at = None
    granted_by = "test"
    granted_at = factory.LazyFunction(clock.now)


class AffiliationFactory(Committed):
    """A declared employer."""

    class Meta:
        model = Affiliation

    employer = "Example Works"
    employer_key = factory.LazyAttribute(lambda a: a.employer.casefold())
    declared_at = factory.LazyFunction(clock.now)
