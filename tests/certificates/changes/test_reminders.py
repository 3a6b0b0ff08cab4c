"""Reminders before the end: each once, and none to whom it no longer concerns."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock, transaction
from app.extensions import db
from app.jobs import runner
from app.mail.models import MailMessage
from certificates import queries
from certificates.changes import reminders, renewing
from certificates.holding import services as holding
from certificates.issuing import ordering
from certificates.lifecycle import revocations
from certificates.lifecycle import suspending as lifecycle
from certificates.lifecycle.revocations import ReasonClass
from tests.factories.certificates import run_jobs
from tests.factories.renewals import certify_for, days_left, learn, newest, officer, person_of


@pytest.fixture
def credential(app):
    made = certify_for()
    days_left(made, 91)
    return newest()


def letters():
    found = select(MailMessage.text).where(MailMessage.kind == "certificates.ending").order_by(MailMessage.id)
    return db.session.scalars(found).all()


def days_pass(monkeypatch, days):
    """So many days go by, with the job coming round on each."""
    for _ in range(days):
        future = clock.now() + timedelta(days=1)
        monkeypatch.setattr(clock, "now", lambda future=future: future)
        come_round()


def come_round():
    transaction.begin_write()
    runner.order(reminders.JOB, {})
    transaction.commit()
    run_jobs()


def test_four_times_before_the_end_and_never_again(credential, monkeypatch):
    sent = []
    for _ in range(95):
        before = len(letters())
        days_pass(monkeypatch, 1)
        if len(letters()) > before:
            sent.append((credential.valid_until - clock.now().date()).days)
    assert [left in (day, day + 1) for left, day in zip(sent, (90, 60, 30, 7), strict=True)] == [True] * 4


def test_the_letter_says_the_day_and_what_is_missing(credential, monkeypatch):
    learn(person_of(credential), "12.5")
    days_pass(monkeypatch, 2)
    (letter,) = letters()
    assert "12.5 of 60 hours" in letter
    assert f"{credential.valid_until.day} " in letter
    assert credential.number in letter


def test_the_job_twice_a_day_sends_nothing_twice(credential, monkeypatch):
    days_pass(monkeypatch, 2)
    come_round()
    come_round()
    assert len(letters()) == 1


def test_a_server_that_was_away_sends_one_letter_and_not_all(credential):
    days_left(credential, 20)
    come_round()
    assert len(letters()) == 1


def test_another_number_for_the_same_period_is_no_reason_to_write_again(credential, monkeypatch):
    days_pass(monkeypatch, 2)
    holding.confirm_name(person_of(credential), "Ada Muster", clock.now())
    ordering.replace(credential.public_id, "Passport seen.", actor="officer", now=clock.now())
    run_jobs()
    come_round()
    assert len(letters()) == 1


@pytest.mark.parametrize("what", ["withdrawn", "revoked", "suspended", "asked for", "renewed", "closed", "for life"])
def test_nobody_is_written_to_whom_it_does_not_concern(credential, what):
    days_left(credential, 45)
    person, now = person_of(credential), clock.now()
    if what == "withdrawn":
        holding.withdraw(credential.public_id, person, now)
    if what == "suspended":
        lifecycle.suspend(credential.public_id, 5, "Why.", actor=officer(), now=now)
    if what == "revoked":
        row = revocations.propose_revocation(
            credential.public_id, ReasonClass.REQUEST, "Asked.", actor=officer(), now=now
        )
        revocations.confirm_revocation(row.public_id, actor=officer(), now=now)
    if what in ("asked for", "renewed"):
        learn(person, "60")
        request = renewing.ask(credential.public_id, person, now)
        if what == "renewed":
            renewing.agree(request.public_id, declared=True, sampled=True, actor=officer(), now=now)
    if what == "closed":
        person.closed_at = now
    if what == "for life":
        queries.get_credential(credential.public_id).valid_until = None
    db.session.commit()
    run_jobs()
    come_round()
    assert letters() == []
