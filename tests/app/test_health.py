"""For operators: up, ready, and how much has been done."""

import json
from datetime import timedelta

import pytest

from app import clock, health
from app.jobs import ledger
from app.mail.services import send
from tests.factories.people import PersonFactory


def test_a_healthy_house_says_so(visit):
    assert visit.get("/healthz").json == {"status": "ok"}
    ready = visit.get("/readyz")
    assert (ready.status_code, ready.json) == (200, {"status": "ok"})


def test_jobs_that_pile_up_make_it_unready(visit, session, capsys):
    ledger.enqueue(session, "paint", {}, now=clock.now() - timedelta(seconds=health.OLDEST_JOB_SECONDS + 1))
    ready = visit.get("/readyz")
    assert (ready.status_code, ready.json) == (503, {"status": "not ready"}), "the public is not told which part it is"
    told = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert (told["event"], told["jobs"], told["database"], told["disk"]) == ("not_ready", False, True, True)


def test_an_officer_reads_on_the_desk_which_part_is_not_ready(visit, session, monkeypatch):
    officer = visit.sign_in(PersonFactory(holding=["officer"]))
    assert "not ready" not in officer.get("/office").text
    ledger.enqueue(session, "paint", {}, now=clock.now() - timedelta(seconds=health.OLDEST_JOB_SECONDS + 1))
    monkeypatch.setattr(health, "LEAST_FREE_BYTES", 1 << 62)
    desk = officer.get("/office").text
    assert "The disk is nearly full" in desk
    assert "Jobs wait longer than they should" in desk


def test_a_job_of_the_future_is_no_backlog(visit, session):
    ledger.enqueue(session, "paint", {}, now=clock.now(), run_at=clock.now() + timedelta(days=3))
    assert visit.get("/readyz").status_code == 200


def test_a_full_disk_makes_it_unready(visit, monkeypatch):
    monkeypatch.setattr(health, "LEAST_FREE_BYTES", 1 << 62)
    ready = visit.get("/readyz")
    assert (ready.status_code, ready.json) == (503, {"status": "not ready"})


def test_the_figures_count_and_name_nobody(visit, session):
    ledger.enqueue(session, "paint", {}, now=clock.now() - timedelta(seconds=30))
    send("accounts.password-changed", "ana@people.test", {"name": "Ana"})
    page = visit.get("/metrics").text
    assert 'laurel_jobs{state="waiting"} 2.0' in page
    assert 'laurel_mail_messages{state="queued"} 1.0' in page
    age = float(next(line for line in page.splitlines() if line.startswith("laurel_oldest_job_seconds ")).split()[1])
    assert age == pytest.approx(30, abs=20)
    assert "ana" not in page.lower()
