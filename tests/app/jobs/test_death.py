"""Workers that die without a word: in the end each job has had its effect, and had it once."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from app import transaction
from app.body.models import Signatory
from app.jobs import runner
from app.jobs.models import Job, JobState
from app.mail.models import MailMessage
from app.mail.services import send

PROJECT = Path(__file__).resolve().parents[3]
LAUREL = Path(sys.executable).with_name("laurel")


def environment(app):
    return os.environ | app.extensions["settings"].as_environment() | {"PYTHONPATH": str(PROJECT), "LAUREL_DEBUG": ""}


def kill_and_count(app, session, jobs, kills):
    for number in range(jobs):
        runner.order("effect", {"number": number})
    session.commit()
    seed = random.SystemRandom().randrange(10**6)
    program = [sys.executable, PROJECT / "tests" / "support" / "doomed_worker.py", str(seed), str(kills)]

    done = subprocess.run(
        program, env=environment(app), cwd=PROJECT, capture_output=True, text=True, timeout=300, check=False
    )

    assert done.returncode == 0, f"seed {seed}: {done.stderr[-3_000:]}"
    session.rollback()
    effects = sorted(session.scalars(select(Signatory.position)))
    assert effects == list(range(jobs)), f"seed {seed}: an effect is missing or doubled"
    lives = session.scalars(select(Job.attempts).where(Job.kind == "effect")).all()
    assert sum(lives) > jobs, f"seed {seed}: nobody died in the middle of a job, so nothing was tried"


def test_twelve_sudden_deaths_lose_and_double_nothing(app, session):
    kill_and_count(app, session, jobs=20, kills=12)


@pytest.mark.soak
def test_two_hundred_sudden_deaths_lose_and_double_nothing(app, session):
    kill_and_count(app, session, jobs=400, kills=200)


@pytest.mark.sqlite_only
def test_the_command_works_until_it_is_asked_to_stop(app, session):
    send("accounts.password-changed", "ana@people.test", {"name": "Ana"})
    transaction.commit()
    worker = subprocess.Popen([LAUREL, "jobs", "work"], env=environment(app), cwd=PROJECT, stderr=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 60
        while is_waiting(session) and time.monotonic() < deadline:
            time.sleep(0.1)
        worker.send_signal(signal.SIGTERM)
        _out, errors = worker.communicate(timeout=30)
    finally:
        worker.kill()
    assert (worker.returncode, errors) == (0, b"")
    message = session.scalars(select(MailMessage)).one()
    assert message.state == "sent"
    session.rollback()
    assert list((Path(app.instance_path) / "mail").glob(f"*-{message.public_id}.eml"))


def is_waiting(session):
    transaction.begin_read()
    return session.scalar(select(Job.state).where(Job.kind == "mail.deliver")) != JobState.DONE
