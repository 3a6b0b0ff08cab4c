"""Checking goes on while the database takes no writes: a disk made read-only, a lock that is held, a standby server."""

import sqlite3
import time

import pytest
import time_machine
from flask import current_app
from sqlalchemy import event, select

from app import clock, limits
from app.extensions import db
from certificates.models import Artefact
from tests.certificates.scenes import send
from tests.factories.certificates import certify

SOON = 4.0
"""Seconds; an answer comes within this on a busy machine."""


@pytest.fixture
def paper(app):
    """The number and the file of a certificate, read while the database is well."""
    app.extensions.pop("limit_memory", None)
    credential = certify()
    file_id = db.session.scalar(select(Artefact.file_id).where(Artefact.credential_id == credential.id))
    yield credential.number, app.extensions["store"].get(file_id)
    app.extensions.pop("limit_memory", None)


@pytest.fixture
def refusing(paper):
    """The database refuses every write from here on, in the way of its kind."""
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        yield from _standby()
    else:
        yield from _read_only_file()


def _standby():
    def refuse(connection, _record):
        with connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = on")
        connection.commit()

    yield from _on_every_connection(refuse)


def _read_only_file():
    """What SQLite says of a file that may not be written; the tests may run as root, whom no mode of a file stops."""

    def refuse(connection, _record):
        connection.execute("PRAGMA query_only = on")

    yield from _on_every_connection(refuse)


def _on_every_connection(refuse):
    db.session.remove()
    db.engine.dispose()
    event.listen(db.engine, "connect", refuse)
    yield
    event.remove(db.engine, "connect", refuse)
    db.session.remove()
    db.engine.dispose()


@pytest.fixture
def locked(paper):
    """Another process holds the lock of the file."""
    path = db.engine.url.database
    db.session.rollback()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.rollback()
    other.close()


def everything_answers(visit, paper):
    """Ask in every way; the longest answer in seconds."""
    number, data = paper
    code = f"http://body.test/v/{number}"
    asked = {
        "page": (lambda: visit.get(f"/v/{number}"), 200, b"Ada Beispiel"),
        "json": (lambda: visit.get(f"/api/v1/certificates/{number}"), 200, b'"proof":{"'),
        "file": (lambda: send(visit, "/verify", {}, file=(data, "c.pdf")), 200, b"This is the file we signed"),
        "code": (lambda: visit.post("/verify/code", {"text": code}), 303, b""),
        "list": (
            lambda: send(visit, "/verify/bulk", {}, file=(f"id,name\n{number},Ada Beispiel".encode(), "l.csv")),
            200, b"Matches",
        ),
        "start": (lambda: visit.get("/verify"), 200, b""),
    }  # fmt: skip
    slowest = 0.0
    for name, (ask, status, words) in asked.items():
        began = time.perf_counter()
        answer = ask()
        slowest = max(slowest, time.perf_counter() - began)
        assert (name, answer.status_code) == (name, status)
        assert words in answer.data, name
    return slowest


def test_a_database_that_may_not_be_written_still_answers(visit, paper, refusing):
    assert everything_answers(visit, paper) < SOON


@pytest.mark.sqlite_only
def test_a_lock_that_another_process_holds_keeps_nobody_waiting(visit, paper, locked):
    assert everything_answers(visit, paper) < SOON


def test_a_limit_that_cannot_be_written_is_still_a_limit(visit, paper, refusing):
    with time_machine.travel(clock.now().replace(second=1), tick=False):
        codes = [visit.get(f"/api/v1/certificates/{paper[0]}").status_code for _ in range(34)]
    assert codes[:30] == [200] * 30
    assert 429 in codes


def test_counts_go_back_to_the_database_when_it_writes_again(visit, paper):
    current_app.extensions["limit_memory"] = limits._Memory(refused_until=time.monotonic() - 1)
    assert visit.get(f"/api/v1/certificates/{paper[0]}").status_code == 200
    assert current_app.extensions["limit_memory"].counts == {}
    assert db.session.scalar(select(limits.LimitCount.count).where(limits.LimitCount.ends_at > clock.now())) >= 1
