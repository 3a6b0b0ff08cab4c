"""The ledger of jobs: ordered with the act, held by one, finished with the effect, given up after enough tries."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.extensions import db
from app.jobs import ledger
from app.jobs.ledger import LeaseLost
from app.jobs.models import Job, JobState
from tests.support.probe import each_in_a_thread

SECOND = timedelta(seconds=1)


@pytest.fixture
def now(app):
    return clock.now()


def order(session, now, kind="paint", **more):
    ledger.enqueue(session, kind, {"wall": 1}, now=now, **more)
    session.commit()


def only_job(session):
    session.rollback()
    return session.scalars(select(Job)).one()


def test_an_order_that_is_rolled_back_was_never_given(session, now):
    ledger.enqueue(session, "paint", {}, now=now)
    session.rollback()
    assert ledger.claim(session, now) is None


def test_a_job_is_taken_done_and_not_taken_again(session, now):
    order(session, now)
    held = ledger.claim(session, now)
    assert (held.kind, held.payload, held.attempt) == ("paint", {"wall": 1}, 1)
    assert ledger.claim(session, now) is None
    ledger.finish(session, held, now)
    session.commit()
    assert ledger.claim(session, now + timedelta(days=1)) is None
    assert only_job(session).state == JobState.DONE


def test_the_job_that_has_been_due_longest_goes_first_and_none_before_its_time(session, now):
    order(session, now, "later", run_at=now + SECOND)
    order(session, now, "second", run_at=now - SECOND)
    order(session, now, "first", run_at=now - 2 * SECOND)
    taken = [held.kind for held in iter(lambda: ledger.claim(session, now), None)]
    assert taken == ["first", "second"]
    assert ledger.claim(session, now + SECOND).kind == "later"


def test_one_key_is_one_order(session, now):
    order(session, now, key="wall-1")
    order(session, now, key="wall-1")
    order(session, now, key="wall-2")
    assert len(session.scalars(select(Job)).all()) == 2


def test_a_lease_ends_to_the_second_and_the_job_goes_to_another(session, now):
    order(session, now)
    first = ledger.claim(session, now)
    session.commit()
    assert ledger.claim(session, now + ledger.LEASE) is None
    second = ledger.claim(session, now + ledger.LEASE + SECOND)
    session.commit()
    assert second.attempt == first.attempt + 1


def test_who_outlived_the_lease_can_neither_finish_nor_fail_nor_prolong(session, now):
    order(session, now)
    first = ledger.claim(session, now)
    second = ledger.claim(session, now + ledger.LEASE + SECOND)
    session.commit()
    for act in (ledger.finish, ledger.renew):
        with pytest.raises(LeaseLost):
            act(session, first, now)
    with pytest.raises(LeaseLost):
        ledger.fail(session, first, "too late", now)
    ledger.finish(session, second, now)
    session.commit()
    assert only_job(session).state == JobState.DONE


def test_a_prolonged_lease_keeps_the_job(session, now):
    order(session, now)
    held = ledger.claim(session, now)
    ledger.renew(session, held, now + timedelta(seconds=50), "half")
    session.commit()
    assert ledger.claim(session, now + timedelta(seconds=100)) is None
    assert only_job(session).progress == "half"


def test_each_failure_waits_twice_as_long_until_the_job_is_given_up(session, now):
    order(session, now, most_attempts=4)
    waits, at = [], now
    while (held := ledger.claim(session, at)) is not None:
        ledger.fail(session, held, "wet paint", at)
        session.commit()
        job = only_job(session)
        waits.append((job.run_at - at).total_seconds())
        at = max(at, job.run_at)
    assert waits[:3] == [10, 20, 40]
    assert (job.state, job.attempts, job.last_error) == (JobState.FAILED, 4, "wet paint")


def test_no_wait_is_longer_than_two_hours(session, now):
    order(session, now, most_attempts=99)
    db.session.execute(db.update(Job).values(attempts=60))
    held = ledger.claim(session, now)
    ledger.fail(session, held, "wet", now)
    session.commit()
    assert only_job(session).run_at == now + ledger.LONGEST_WAIT


def test_an_officer_gives_a_job_another_chance_but_only_one_that_was_given_up(session, now):
    order(session, now, most_attempts=1)
    name = only_job(session).public_id
    assert not ledger.retry(session, name, now)
    ledger.fail(session, ledger.claim(session, now), "wet", now)
    assert ledger.retry(session, name, now)
    assert ledger.claim(session, now).attempt == 2


def test_what_a_job_was_told_is_forgotten_by_whoever_holds_it_only(session, now):
    order(session, now)
    first = ledger.claim(session, now)
    second = ledger.claim(session, now + ledger.LEASE + SECOND)
    with pytest.raises(LeaseLost):
        ledger.forget_payload(session, first)
    assert session.scalars(select(Job.payload)).one() == {"wall": 1}
    ledger.forget_payload(session, second)
    assert session.scalars(select(Job.payload)).one() == {}


def test_prolonging_without_a_word_leaves_what_was_said_last(session, now):
    order(session, now)
    held = ledger.claim(session, now)
    ledger.renew(session, held, now, "half")
    ledger.renew(session, held, now)
    session.commit()
    assert only_job(session).progress == "half"


def test_jobs_from_before_they_had_public_ids_get_one_each_and_the_others_keep_theirs(session, now):
    for _turn in range(3):
        order(session, now)
    kept, *_others = session.scalars(select(Job.public_id).order_by(Job.id))
    session.execute(db.update(Job).where(Job.public_id != kept).values(public_id=None))
    ledger.name_old_jobs(session)
    names = session.scalars(select(Job.public_id).order_by(Job.id)).all()
    assert names[0] == kept
    assert len(set(names)) == 3
    assert None not in names


def test_no_two_claimers_ever_hold_the_same_job(app, session, now):
    for _number in range(40):
        ledger.enqueue(session, "paint", {}, now=now)
    session.commit()

    def take(_number):
        taken = []
        while True:
            with app.app_context():
                held = ledger.claim(db.session(), now)
                db.session.commit()
            if held is None:
                return taken
            taken.append(held.job_id)

    taken = each_in_a_thread(6, take)
    everything = [job_id for jobs in taken for job_id in jobs]
    assert len(everything) == len(set(everything)) == 40
