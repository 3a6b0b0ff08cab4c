"""Running jobs: effect and proof together, failures kept, periodic work once."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app import clock, transaction
from app.audit.models import AuditEntry
from app.audit.services import record
from app.body.models import Signatory
from app.errors import DomainError
from app.extensions import db
from app.jobs import ledger, runner
from app.jobs.models import Job, JobState
from tests.support.probe import each_in_a_thread


@pytest.fixture
def handlers(app, monkeypatch):
    """A table of handlers of the test's own."""
    own = runner.Handlers()
    monkeypatch.setitem(app.extensions, "jobs", own)
    return own


def effect(_claim):
    db.session.add(Signatory(position=1, name="The Effect", office="Job"))


def effects(session):
    transaction.begin_read()
    return session.scalars(select(Signatory.name)).all()


def job(session):
    transaction.begin_read()  # a test that looks may not keep the worker waiting
    return session.scalars(select(Job)).one()


def count_jobs(session):
    transaction.begin_read()
    return len(session.scalars(select(Job)).all())


def ordered(session, kind="effect", **more):
    runner.order(kind, {}, **more)
    session.commit()


def test_the_effect_and_the_proof_are_kept_together(visit, session, handlers):
    handlers.add("effect", effect)
    ordered(session)
    assert visit.run_jobs() == 1
    assert effects(session) == ["The Effect"]
    assert job(session).state == JobState.DONE


def test_a_failure_undoes_the_effect_and_its_notes_and_is_kept_for_the_officer(visit, session, handlers):
    def fails(claim):
        effect(claim)
        record("effect.done")
        raise DomainError("no paint left")

    handlers.add("effect", fails)
    ordered(session)
    visit.run_jobs()
    assert effects(session) == []
    assert (job(session).state, job(session).last_error) == (JobState.WAITING, "DomainError: no paint left")
    assert "effect.done" not in session.scalars(select(AuditEntry.action)).all()


def test_a_note_of_a_job_that_fails_before_it_asks_the_database_is_not_kept_either(visit, session, handlers):
    def fails(_claim):
        record("effect.done")
        raise ValueError

    handlers.add("effect", fails)
    ordered(session)
    visit.run_jobs()
    session.rollback()
    assert "effect.done" not in session.scalars(select(AuditEntry.action)).all()


def test_an_effect_that_came_after_the_lease_had_ended_is_undone(visit, session, handlers):
    """While this worker slept, another took the job: the attempt number no longer fits."""

    def slow(claim):
        effect(claim)
        db.session.execute(db.update(Job).values(attempts=Job.attempts + 1))

    handlers.add("effect", slow)
    ordered(session)
    assert visit.run_jobs() == 1
    assert effects(session) == []
    assert job(session).state == JobState.RUNNING, "the other one has it now"


@pytest.mark.parametrize("writes_early", [True, False])
def test_a_slow_job_reads_first_and_may_write_only_in_its_turn(visit, session, handlers, writes_early):
    @transaction.slow_first
    def slow(claim):
        assert transaction.is_reading()
        if not writes_early:
            transaction.begin_write()
        effect(claim)
        db.session.flush()

    handlers.add("effect", slow)
    ordered(session)
    visit.run_jobs()
    assert effects(session) == ([] if writes_early else ["The Effect"])
    assert ("begin_write" in job(session).last_error) == writes_early


def test_a_kind_that_nobody_does_any_more_is_a_failure_with_a_reason(visit, session, handlers):
    ordered(session, "forgotten")
    visit.run_jobs()
    assert "no handler for jobs of kind 'forgotten'" in job(session).last_error


def test_a_job_that_kills_every_worker_is_given_up(visit, session, handlers):
    """A worker that dies says nothing: only the attempts tell, and they must not go on for ever."""
    handlers.add("effect", effect)
    ordered(session, most_attempts=3)
    at = clock.now()
    for _attempt in range(3):
        assert ledger.claim(session, at) is not None
        session.commit()
        at += ledger.LEASE + timedelta(seconds=1)
    with time_machine.travel(at, tick=False):
        visit.run_jobs()
    assert job(session).state == JobState.FAILED
    assert "died" in job(session).last_error
    assert effects(session) == []


def test_an_order_wakes_the_runner_only_after_its_commit(app, session, handlers, monkeypatch):
    woken = []

    class Sleeper:
        def wake(self):
            woken.append(len(session.scalars(select(Job)).all()))

    monkeypatch.setitem(app.extensions, "runner", Sleeper())
    runner.order("effect", {})
    transaction.undo()
    assert woken == []
    runner.order("effect", {})
    transaction.commit()
    assert woken == [1]


def test_periodic_work_is_ordered_once_in_its_span_by_however_many(app, session, handlers):
    handlers.add("tidy", effect, every_seconds=3_600)
    session.commit()

    def schedule(_number):
        with app.app_context():
            runner.order_periodic(handlers)

    now = clock.now().replace(minute=10)
    with time_machine.travel(now, tick=False):
        assert each_in_a_thread(4, schedule) == [None] * 4
        schedule(0)
    assert count_jobs(session) == 1
    with time_machine.travel(now + timedelta(hours=1), tick=False):
        schedule(0)
    assert count_jobs(session) == 2


def test_the_threads_of_a_server_do_what_is_due_and_stop_when_told(app, session, handlers):
    import time

    handlers.add("effect", effect)
    ordered(session)
    worker = runner.Runner(app, threads=2)
    worker.start()
    deadline = time.monotonic() + 15
    while job(session).state != JobState.DONE and time.monotonic() < deadline:
        time.sleep(0.05)
    worker.stop()
    assert effects(session) == ["The Effect"]
    assert not any(thread.is_alive() for thread in worker._threads)
