"""Jobs that take longer than a lease: kept by whoever works on them, and left to another when the work hangs."""

import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import transaction
from app.body.models import Signatory
from app.extensions import db
from app.jobs import heartbeat, ledger, runner
from app.jobs.models import Job, JobState

SHORT = timedelta(seconds=0.6)
LONG_WORK = 2.4  # seconds: four leases


class Painter:
    """A handler that reads, paints for a while (each time it is begun for another), then writes."""

    def __init__(self, *seconds: float) -> None:
        self.seconds, self.begun, self.slow_first = list(seconds), 0, True
        self.guard = threading.Lock()

    def __call__(self, claim: ledger.Claim) -> None:
        with self.guard:
            seconds, self.begun = self.seconds[self.begun], self.begun + 1
        time.sleep(seconds)
        transaction.begin_write()
        db.session.add(Signatory(position=claim.attempt, name="The Effect", office="Job"))


@pytest.fixture
def handlers(app, monkeypatch):
    own = runner.Handlers()
    monkeypatch.setitem(app.extensions, "jobs", own)
    monkeypatch.setattr(ledger, "LEASE", SHORT)
    monkeypatch.setattr(runner, "POLL_SECONDS", 0.05)
    return own


def work_until_done(app, session, runners=2, patience=20.0):
    """Two servers on one ledger, until the job is done."""
    workers = [runner.Runner(app, threads=1) for _number in range(runners)]
    for worker in workers:
        worker.start()
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        transaction.begin_read()
        if session.scalars(select(Job.state)).one() == JobState.DONE:
            break
        time.sleep(0.05)
    for worker in workers:
        worker.stop()
    transaction.begin_read()


def order(session):
    runner.order("paint", {})
    session.commit()


def test_a_job_longer_than_its_lease_is_begun_once_by_however_many_servers(app, session, handlers):
    painter = Painter(LONG_WORK, 0)
    handlers.add("paint", painter)
    order(session)
    work_until_done(app, session)
    assert painter.begun == 1, "another server took it although the first was still at work"
    assert session.scalars(select(Job.attempts)).one() == 1
    assert session.scalars(select(Signatory.name)).all() == ["The Effect"]


def test_work_that_hangs_is_left_to_another_and_its_effect_comes_once(app, session, handlers, monkeypatch):
    """The attempt number stays the fence: who wakes up too late cannot apply the effect again."""
    monkeypatch.setattr(heartbeat, "LONGEST_RUN", timedelta(0))
    painter = Painter(LONG_WORK, 0)
    handlers.add("paint", painter)
    order(session)
    work_until_done(app, session)
    assert painter.begun == 2
    assert session.scalars(select(Signatory.name)).all() == ["The Effect"]


def test_a_finished_job_is_prolonged_no_more(app, session, handlers):
    handlers.add("paint", Painter(0))
    order(session)
    runner.run_all(app)
    transaction.begin_read()
    job = session.scalars(select(Job)).one()
    assert (job.state, job.lease_until) == (JobState.DONE, None)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("lease-")]
