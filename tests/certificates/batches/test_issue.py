"""`laurel credentials issue`: everybody who is ready gets one certificate, whoever asks how often, and whatever dies."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from app import transaction
from app.extensions import db
from app.jobs.models import Job
from certificates.batches import making
from certificates.batches.cli import credentials
from certificates.batches.cohort import CohortUnreadable, read_lines
from certificates.models import AwardDecision, Credential, CredentialState, SigningAttempt
from certificates.register.models import RegisterEntry
from tests.conftest import ROOT
from tests.factories.certificates import (
    _standing,
    make_candidate,
    make_level,
    open_keys,
    pass_exam,
    run_jobs,
    sit_exam,
)

SHORT_LEASE = "from datetime import timedelta; from app.jobs import ledger; ledger.LEASE = timedelta(seconds=3)"


@pytest.fixture
def run(app):
    """Run the command in a context of its own, as the shell would; code, and what it told."""

    def invoke(*args):
        db.session.commit()
        result = app.test_cli_runner().invoke(credentials, ["issue", *map(str, args), "--json"])
        db.session.rollback()
        return result.exit_code, json.loads(result.stdout) if result.stdout else result.stderr

    return invoke


def people_waiting(count: int):
    """A level whose board had not decided when its people passed, and has decided since."""
    open_keys()
    make_level(has_standing=False)
    people = [make_candidate(f"Person {number}") for number in range(count)]
    for person in people:
        pass_exam(person)
    db.session.add(_standing("foundation"))
    db.session.commit()
    return people


def issued() -> int:
    transaction.begin_read()  # a writing one would keep the commands out
    statement = select(func.count()).select_from(Credential).where(Credential.state == CredentialState.ISSUED)
    found = db.session.scalar(statement)
    db.session.rollback()
    return found


def count(table) -> int:
    return db.session.scalar(select(func.count()).select_from(table))


def test_everybody_who_is_ready_gets_one_and_a_second_run_finds_it_done(run):
    people = people_waiting(3)
    unconfirmed, failed = make_candidate("Nora Name", is_confirmed=False), make_candidate("Fay Fail")
    pass_exam(unconfirmed)
    sit_exam(failed, "20")
    code, first = run("--cohort", "foundation")
    assert code == 0, first
    assert {row["person"] for row in first["made"]} == {person.public_id for person in people}
    assert [(row["person"], "name" in row["reason"]) for row in first["skipped"]] == [(unconfirmed.public_id, True)]
    code, second = run("--cohort", "foundation")
    assert (code, second["made"], second["already"]) == (0, [], 3)
    assert (issued(), count(AwardDecision)) == (3, 3)


def test_a_dry_run_tells_the_same_and_writes_nothing(run):
    people_waiting(2)
    before = count(Job)
    code, told = run("--cohort", "foundation", "--dry-run")
    assert (code, len(told["ready"]), told["made"]) == (0, 2, [])
    assert (count(Job), count(AwardDecision), count(Credential)) == (before, 0, 0)
    assert len(run("--cohort", "foundation")[1]["made"]) == 2


def test_a_list_names_people_by_address_or_id_and_unknown_lines_are_told(run, tmp_path):
    people = people_waiting(3)
    stranger = make_candidate("Sam Stranger")
    path = tmp_path / "cohort.csv"
    lines = ["Name;E-mail", f"One;{people[0].email.upper()}", "", f"Two;{people[1].public_id}", "Who;nobody@else.test"]
    path.write_text("\n".join([*lines, "Short", f"One again;{people[0].public_id}", f"S;{stranger.email}"]))
    code, told = run("--cohort", path)
    assert code == 1
    assert {row["person"] for row in told["made"]} == {people[0].public_id, people[1].public_id}
    assert [(line["number"], line["text"]) for line in told["unknown"]] == [(5, "nobody@else.test"), (6, "")]
    assert [(row["person"], row["reason"]) for row in told["skipped"]] == [
        (stranger.public_id, "no released result that a level asks for")
    ]
    assert issued() == 2


def test_what_is_held_up_is_told_with_its_reason(run):
    people = people_waiting(2)
    run("--cohort", "foundation", "--dry-run")
    code, told = run("--cohort", "foundation")
    assert code == 0
    credential = db.session.scalars(select(Credential).order_by(Credential.id)).first()
    credential.state, credential.problem = CredentialState.HELD, "no type for this script"
    db.session.commit()
    code, told = run("--cohort", "foundation")
    assert (code, told["already"]) == (1, 1)
    assert [(row["person"], row["reason"]) for row in told["held"]] == [
        (people[0].public_id, "no type for this script")
    ]


def test_a_cohort_that_is_nothing_is_2_and_names_the_levels(run, tmp_path):
    people_waiting(0)
    code, words = run("--cohort", "nowhere")
    assert (code, "foundation" in words) == (2, True)
    path = tmp_path / "picture.csv"
    path.write_bytes(b"\xff\xfe\x00")
    assert run("--cohort", path)[0] == 2


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a@b.c\nd@e.f\n", [(1, "a@b.c"), (2, "d@e.f")]),
        ("id,name\n\nx1,Ada\n", [(3, "x1")]),
        ("name\temail\nAda\ta@b.c", [(2, "a@b.c")]),
        ('"a@b.c"\n', [(1, "a@b.c")]),
    ],
)
def test_lines_of_a_list(text, found):
    assert [(line.number, line.text) for line in read_lines(text)] == found


def test_a_line_that_is_endless_is_refused_by_its_number():
    with pytest.raises(CohortUnreadable, match="line 1"):
        list(read_lines("a" * 200_000))


def start(cohort: str = "foundation") -> subprocess.Popen[str]:
    """The command as a process of its own, with a lease that ends soon after a death."""
    settings = current_app.extensions["settings"]
    known = {
        "LAUREL_MODE": settings.mode,
        "LAUREL_INSTANCE": settings.instance,
        "LAUREL_SECRET_KEY": settings.secret_key,
        "LAUREL_BASE_URL": settings.base_url,
        "LAUREL_HOSTS": settings.hosts,
        "DATABASE_URL": settings.database_url,
    }
    code = f"{SHORT_LEASE}; from app.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, "credentials", "issue", "--cohort", cohort, "--json"],
        env=os.environ | known, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def wait_for(number: int, seconds: float = 90) -> None:
    ends = time.monotonic() + seconds
    while issued() < number and time.monotonic() < ends:
        time.sleep(0.02)


def test_killed_in_the_middle_it_goes_on_and_nobody_has_two(app):
    people = people_waiting(6)
    transaction.begin_read()
    doomed = start()
    wait_for(1)
    os.kill(doomed.pid, signal.SIGKILL)
    doomed.communicate()
    done = issued()
    assert 1 <= done < len(people)
    again = start()
    out, err = again.communicate(timeout=120)
    assert again.returncode == 0, err
    assert len(json.loads(out)["made"]) == len(people) - issued_before(done, json.loads(out))
    assert_one_each(len(people))


def issued_before(done: int, told: dict) -> int:
    """What the second run found done: what was seen, and perhaps one that was finished with the last breath."""
    assert told["already"] >= done
    return told["already"]


def assert_one_each(people: int) -> None:
    """One decision, one certificate, one entry, one document for each person."""
    assert (issued(), count(AwardDecision), count(Credential), count(RegisterEntry)) == (people,) * 4
    assert db.session.scalar(select(func.count(SigningAttempt.credential_id.distinct()))) == people


def test_a_database_that_is_locked_for_a_while_is_waited_for(run, monkeypatch):
    people_waiting(1)
    real, refusals = making.runner.run_chosen, iter([True, True, False])

    def run_chosen(app, job_id):
        if next(refusals, False):
            raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))
        return real(app, job_id)

    monkeypatch.setattr(making, "PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(making.runner, "run_chosen", run_chosen)
    code, told = run("--cohort", "foundation")
    assert (code, len(told["made"])) == (0, 1)


def test_two_at_once_share_the_work(app):
    people = people_waiting(6)
    db.session.rollback()
    both = [start(), start()]
    told = []
    for process in both:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        told.append(json.loads(out))
    assert_one_each(len(people))
    assert count(SigningAttempt) == len(people)  # nothing was signed twice
    assert run_jobs() >= 0
    assert {row["number"] for one in told for row in one["made"]} == set(db.session.scalars(select(Credential.number)))


def test_interrupted_it_finishes_the_one_in_hand_and_says_so(app):
    people = people_waiting(6)
    db.session.rollback()
    process = start()
    wait_for(1)
    os.kill(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1, (process.returncode, out, err)
    assert json.loads(out)["stopped"]
    assert 1 <= issued() < len(people)
    again = start()
    assert again.communicate(timeout=120)[0]
    assert_one_each(len(people))
    assert count(SigningAttempt) == len(people)
