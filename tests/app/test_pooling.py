"""A connection that was cut while it lay idle is replaced without anybody noticing."""

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from app import pooling
from app.bench.counting import counting
from tests.support import postgres

pytestmark = pytest.mark.postgres


@pytest.fixture
def engine(monkeypatch):
    """An engine with two connections at most, on a database of its own."""
    made = create_engine(postgres.new_database(), pool_size=2)
    yield made
    made.dispose()


def own_pid(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(text("SELECT pg_backend_pid()"))


def cut(engine: Engine, pid: int) -> None:
    """As a firewall or a restart would: end the other side of a connection."""
    with create_engine(engine.url).connect() as other:
        assert other.scalar(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    other.engine.dispose()


def test_a_connection_that_fell_while_idle_is_replaced(engine):
    pooling.ask_after_idling(engine, seconds=0)
    first = own_pid(engine)
    cut(engine, first)
    assert own_pid(engine) != first


def test_a_connection_in_use_a_moment_ago_is_not_asked(engine, monkeypatch):
    pooling.ask_after_idling(engine, seconds=60)
    asked = []
    monkeypatch.setattr(engine.dialect, "do_ping", lambda connection: asked.append(connection) or True)
    first = own_pid(engine)
    with counting(engine) as count:
        assert own_pid(engine) == first
    assert (asked, count.statements) == ([], 1)


def test_one_that_falls_in_use_fails_once_and_takes_the_others_with_it(engine):
    pooling.ask_after_idling(engine, seconds=60)
    first = own_pid(engine)
    cut(engine, first)
    with pytest.raises(DBAPIError) as failed:
        own_pid(engine)
    assert failed.value.connection_invalidated
    assert own_pid(engine) != first


def ask_again(engine: Engine, times: int = 8) -> int:
    """Ask the same thing often, each time in a transaction that ends with a rollback; how many statements are kept."""
    for number in range(times):
        with engine.connect() as connection:
            connection.execute(text("SELECT CAST(:number AS integer) + 1"), {"number": number}).one()
    with engine.connect() as connection:
        return connection.scalar(text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%+ 1%'"))


def test_what_is_asked_again_and_again_is_prepared_once_and_kept_over_rollbacks(engine):
    assert ask_again(engine) == 0  # as the driver has it
    engine.dispose()
    pooling.keep_statements(engine)
    assert ask_again(engine) == 1


def test_a_rollback_undoes_what_was_written(engine):
    pooling.keep_statements(engine)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE kept (id integer)"))
    with engine.connect() as connection:
        connection.execute(text("INSERT INTO kept VALUES (1)"))
        connection.rollback()
        assert connection.scalar(text("SELECT count(*) FROM kept")) == 0


def test_after_a_fault_nothing_prepared_is_relied_on(engine):
    pooling.keep_statements(engine)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE changing (size integer)"))
    for _time in range(8):
        with engine.connect() as connection:
            connection.execute(text("SELECT size FROM changing")).all()
    with engine.begin() as connection:
        connection.exec_driver_sql("DO $$ BEGIN ALTER TABLE changing ALTER size TYPE text; END $$")
    with engine.connect() as connection, pytest.raises(DBAPIError, match="cached plan"):
        connection.execute(text("SELECT size FROM changing")).all()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT size FROM changing")).all() == []
