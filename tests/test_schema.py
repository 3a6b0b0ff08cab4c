"""The steps make exactly the schema that the models declare, on every database, and can be undone."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from app import database
from app.extensions import Base, db
from tests.conftest import database_of
from tests.factories.people import PersonFactory

INDEXES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index'",
    "postgresql": "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()",
}


@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
def test_models_and_steps_agree(app):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_index_that_a_model_names_is_there(app, session):
    """Asked by name: Alembic does not see indexes over expressions on SQLite."""
    there = set(session.scalars(text(INDEXES[session.get_bind().dialect.name])))
    declared = {index.name for table in Base.metadata.sorted_tables for index in table.indexes}
    assert declared - there == set()


def test_one_address_is_one_account_whatever_its_letters(app, session):
    PersonFactory(email="Ana@people.test")
    with pytest.raises(IntegrityError):
        PersonFactory(email="aNA@people.test")
    session.rollback()


def test_every_constraint_has_a_name_of_its_own():
    nameless = [
        f"{table.name}: {constraint}"
        for table in Base.metadata.sorted_tables
        for constraint in table.constraints
        if constraint.name is None
    ]
    assert nameless == []


def test_the_steps_can_be_undone_and_done_again(app):
    assert database_of(app).is_current()
    db.session.remove()
    database.downgrade("base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    database.upgrade()
    assert database_of(app).is_current()
