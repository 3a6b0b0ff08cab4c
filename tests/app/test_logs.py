"""The log: one JSON object a line, and never a password, a token, a cookie or what somebody typed."""

import json
import re

import pytest
from sqlalchemy import select

from app.accounts.models import EmailToken, EmailTokenKind, Person, WebSession
from app.accounts.sessions import hash_secret
from app.errors import DomainError
from app.extensions import db
from app.jobs import runner
from tests.factories.people import PersonFactory
from tests.support.letters import last_letter
from tests.support.probe import server
from tests.support.visitor import Visitor

CANARY = "c4nary-7f3e"
LINK = re.compile(r"http://body\.test(/[a-z-]+/[\w-]+)")


def doubled():
    """A statement that fails with a secret among its values."""
    now = db.func.now()
    given = {
        "public_id": CANARY,
        "person_id": 1,
        "secret_hash": CANARY,
        "begun_at": now,
        "authenticated_at": now,
        "last_seen_at": now,
    }
    db.session.execute(db.insert(WebSession).values(given))
    db.session.execute(db.insert(WebSession).values(given))


@pytest.fixture
def other(app, monkeypatch):
    with server(app, monkeypatch, doubled) as made:
        yield Visitor(made)


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_failed_statement_does_not_tell_its_values(other, capsys):
    PersonFactory()
    assert other.post("/probe/doubled").status_code == 500
    logged = lines(capsys)
    assert logged[-1]["event"] == "fault"
    assert "web_session" in logged[-1]["exception"], "the operator is told which statement it was"
    assert CANARY not in json.dumps(logged)


def test_a_fault_behind_a_mailed_link_does_not_tell_the_link(visit, session, capsys, monkeypatch):
    PersonFactory(email="ana@people.test")
    visit.post("/forgotten-password", {"email": "ana@people.test"})
    link = LINK.search(last_letter(visit, "ana@people.test").text).group(1)
    monkeypatch.setattr("app.accounts.services.reset_password", lambda *_: 1 / 0)
    assert visit.post(link, {"password": f"{CANARY} is long enough"}).status_code == 500
    text = capsys.readouterr().err
    assert '"path": "/reset-password/<secret>"' in text
    assert link.rsplit("/", 1)[1] not in text
    assert CANARY not in text


def test_coming_in_leaves_no_secret_in_the_log(visit, session, capsys):
    person = PersonFactory(email="ana@people.test")
    visit.post("/sign-in", {"email": "ana@people.test", "password": CANARY, "next": f"/x?{CANARY}"})
    visit.post("/join", {"name": CANARY, "email": f"{CANARY}@people.test", "password": CANARY})
    visit.get(f"/confirm/{CANARY}", headers={"Cookie": f"laurel={CANARY}", "Authorization": f"Bearer {CANARY}"})
    visit.get(f"/no-such-page/{CANARY}?token={CANARY}", headers={"User-Agent": f"{CANARY}\n\r{{}}"[:11]})
    assert CANARY not in capsys.readouterr().err
    assert person.email not in capsys.readouterr().err


def test_a_line_break_that_somebody_sends_does_not_begin_a_line(visit, session, app, capsys):
    def fails(_claim):
        raise DomainError('no\n{"event": "forged"}\r\nmore')

    app.extensions["jobs"].by_kind["probe"] = fails
    runner.order("probe", {})
    session.commit()
    visit.run_jobs()
    del app.extensions["jobs"].by_kind["probe"]
    assert [line["event"] for line in lines(capsys)] == ["job_failed"]


def test_each_answer_names_its_request_and_the_log_does_too(other, capsys):
    PersonFactory()
    answer = other.post("/probe/doubled")
    assert lines(capsys)[-1]["request"] == answer.headers["X-Request-Id"]


def test_only_digests_of_tokens_are_kept(visit, session):
    PersonFactory(email="ana@people.test")
    visit.post("/forgotten-password", {"email": "ana@people.test"})
    secret = LINK.search(last_letter(visit, "ana@people.test").text).group(1).rsplit("/", 1)[1]
    token = session.scalars(select(EmailToken)).one()
    assert (token.kind, token.secret_hash) == (EmailTokenKind.RESET, hash_secret(secret))
    assert session.scalars(select(Person.password_hash)).one() == "unusable"
