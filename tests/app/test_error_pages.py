"""When something goes wrong: one page that says what happened and how to go on, a reference, and no trace of the inside."""

import re

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from app.errors import DomainError, Stale, TooMany
from app.extensions import db
from tests.factories.people import PersonFactory
from tests.support.probe import server
from tests.support.visitor import Visitor

INSIDE = re.compile(
    r"Traceback|sqlalchemy|psycopg|sqlite|File &#34;|line \d+|SELECT |Signatory|site-packages|s3cret", re.IGNORECASE
)


def breaks():
    raise RuntimeError("s3cret inside /srv/laurel/app")


def rule():
    raise DomainError("The rule says no.")


def stale():
    raise Stale("Ana changed it at noon.")


def too_many():
    raise TooMany("Slowly.", 17)


def bad_sql():
    db.session.execute(db.text("SELECT s3cret FROM nowhere"))


@pytest.fixture
def other(app, monkeypatch):
    with server(app, monkeypatch, breaks, rule, stale, too_many, bad_sql) as made:
        yield Visitor(made)


def test_a_fault_shows_a_reference_that_the_log_knows_and_nothing_of_the_inside(other, capsys):
    answer = other.get("/probe/breaks")
    reference = re.search(r"<strong>([0-9A-F]{8})</strong>", answer.text).group(1)
    assert answer.status_code == 500
    assert not INSIDE.search(answer.text)
    assert reference in capsys.readouterr().err


@pytest.mark.parametrize(
    ("view", "status", "words"),
    [("rule", 409, "The rule says no."), ("stale", 409, "Ana changed it at noon."), ("too_many", 429, "Slowly.")],
)
def test_a_rule_speaks_in_its_own_words(other, view, status, words):
    answer = other.get(f"/probe/{view}")
    assert answer.status_code == status
    assert words in answer.text
    assert "go to the front page" in answer.text.lower()
    assert answer.headers.get("Retry-After") == ("17" if view == "too_many" else None)


def test_a_program_gets_the_same_as_json(other):
    answer = other.get("/probe/breaks", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.mimetype) == (500, "application/json")
    assert set(answer.json) == {"error", "reference"}
    assert not INSIDE.search(answer.text)


def test_bad_sql_tells_nothing(other):
    answer = other.get("/probe/bad_sql")
    assert answer.status_code in (500, 503)
    assert not INSIDE.search(answer.text)


@pytest.fixture
def without_database(app):
    """From here on the database does not answer."""

    def refuse(*_args):
        raise OperationalError("SELECT", {}, Exception("the server closed the connection; s3cret"))

    def cut():
        event.listen(db.engine, "before_cursor_execute", refuse)
        app.extensions["body"].clear()

    yield cut
    if event.contains(db.engine, "before_cursor_execute", refuse):
        event.remove(db.engine, "before_cursor_execute", refuse)


@pytest.mark.parametrize("signed_in", [True, False])
def test_without_a_database_people_still_get_a_page_with_its_headers(visit, session, without_database, signed_in):
    if signed_in:
        visit.sign_in(PersonFactory())
    session.rollback()
    without_database()
    answer = visit._alone(visit.client.get, "/account" if signed_in else "/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "Nothing was lost" in answer.text
    assert "Content-Security-Policy" in answer.headers
    assert not INSIDE.search(answer.text)


def test_without_a_database_the_process_is_up_and_not_ready(visit, session, without_database):
    session.rollback()
    without_database()
    assert visit._alone(visit.client.get, "/healthz").status_code == 200
    ready = visit._alone(visit.client.get, "/readyz")
    assert (ready.status_code, ready.json) == (503, {"status": "not ready"})


@pytest.mark.parametrize(
    "path",
    [
        "/office/outbox?before=99999999999999999999999999",
        "/office/outbox?before=-1",
        "/office/outbox?before=x",
        "/office/audit?before=99999999999999999999999999",
        "/office/audit?about=%00",
        "/office/audit?about=%25%5F",
        "/office/people?q=%00",
        "/office/people?q=%25%5F%5C",
        "/office/people?after=%00&role=nobody",
        "/office/people/%00",
        "/office/people/" + "x" * 5_000,
        "/office/mails/%00",
        "/account?next=%00",
        "/sign-in?next=%00",
        "/confirm/%00",
        "/about/code-of-conduct?version=99999999999999999999",
        "/%ff%fe",
        "/logo/%00",
    ],
)
def test_no_odd_address_breaks_anything(visit, path):
    visit.sign_in(PersonFactory(holding=["officer"]))
    assert visit.get(path).status_code < 500


def test_a_row_number_that_no_column_can_hold_leads_nowhere(visit):
    visit.sign_in(PersonFactory(holding=["officer"]))
    assert visit.post("/office/jobs/99999999999999999999/retry").status_code == 404
    assert visit.post("/office/jobs/2147483647/retry").status_code == 404
