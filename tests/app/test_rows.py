"""Plain rows belong to the session's transaction: they see what it wrote, and it knows what they wrote."""

import pytest
from sqlalchemy import select, update

from app import rows, transaction
from app.accounts.models import Person
from tests.factories.people import PersonFactory

PEOPLE = Person.__table__


def test_an_object_that_waits_is_written_first(session):
    person = PersonFactory.build(name="Waiting")
    session.add(person)
    found = rows.run(select(PEOPLE.c.name).where(PEOPLE.c.public_id == person.public_id)).scalar()
    assert found == "Waiting"


def test_a_change_counts_as_writing(session):
    """A second transaction beside one that has written would wait for itself."""
    person = PersonFactory()
    session.commit()
    rows.run(select(PEOPLE.c.id))
    assert not session().info.get("wrote")
    rows.run(update(PEOPLE).where(PEOPLE.c.id == person.id).values(name="Changed"))
    with pytest.raises(RuntimeError, match="after the main transaction has written"), transaction.aside():
        pass
    session.rollback()
    assert rows.run(select(PEOPLE.c.name).where(PEOPLE.c.id == person.id)).scalar() != "Changed"
