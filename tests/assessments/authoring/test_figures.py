"""The figures of items come from first attempts, version by version, and are the same when worked out twice."""

from decimal import Decimal
from random import Random

import pytest
from sqlalchemy import select, update

from app import clock, transaction
from app.jobs import runner
from app.jobs.models import Job
from assessments.authoring import figures
from assessments.exams.models import Attempt
from assessments.exams.rules import AttemptState
from assessments.items import finding
from assessments.items.models import Item, ItemBank, ItemStatistic, ItemVersion
from assessments.items.services import import_items
from tests.factories.assessments import exam_of, run_jobs, singles
from tests.support.simulated import sit_many


def work_out():
    made = figures.work_out_all(clock.now())
    transaction.commit()
    return made


def figures_by_code(session):
    statement = select(Item.code, ItemVersion.number, ItemStatistic).select_from(ItemStatistic)
    statement = statement.join(ItemVersion, ItemVersion.id == ItemStatistic.item_version_id).join(Item)
    return {(code, number): found for code, number, found in session.execute(statement)}


@pytest.fixture
def sat(session):
    """An exam of six items that forty people have sat, with one item whose key turns the able away."""
    definitions = singles(6)
    exam = exam_of(definitions)
    wrong = definitions[2]["code"]
    sit_many(exam, 40, Random(11), lambda code: (-0.4, code == wrong))
    return exam, wrong


def test_a_key_that_turns_the_able_away_is_found(session, sat):
    _exam, wrong = sat

    assert work_out() == 6

    found = figures_by_code(session)
    assert {statistic.answers for statistic in found.values()} == {40}
    assert found[wrong, 1].discrimination < 0
    assert "check_key" in {flag["name"] for flag in found[wrong, 1].flags}
    assert all(0 < statistic.facility < 1 for statistic in found.values())
    low, high = found[wrong, 1].detail["interval"]
    assert low < found[wrong, 1].discrimination < high
    options = {option["code"]: option for option in found[wrong, 1].detail["options"]}
    assert sum(option["chosen"] for option in options.values()) == 40


def test_every_item_counts_the_attempts_that_asked_it(session, sat):
    work_out()

    assert set(session.scalars(select(Item.times_asked))) == {40}


def test_worked_out_twice_it_is_the_same(session, sat):
    work_out()
    before = {
        key: (one.answers, one.facility, one.discrimination, one.flags) for key, one in figures_by_code(session).items()
    }

    work_out()

    after = {
        key: (one.answers, one.facility, one.discrimination, one.flags) for key, one in figures_by_code(session).items()
    }
    assert before == after


def test_voided_attempts_count_nowhere(session, sat):
    voided = session.scalars(select(Attempt.id).limit(5)).all()
    session.execute(update(Attempt).where(Attempt.id.in_(voided)).values(state=AttemptState.VOIDED))
    session.commit()

    work_out()

    assert set(session.scalars(select(Item.times_asked))) == {35}
    assert {statistic.answers for statistic in figures_by_code(session).values()} == {35}


def test_a_second_attempt_is_exposure_and_no_statistic(session, sat):
    exam, _wrong = sat
    session.execute(update(Attempt).values(state=AttemptState.RELEASED))
    first, other = session.scalars(select(Attempt).order_by(Attempt.id).limit(2)).all()
    other.person_id, other.number = first.person_id, 2
    session.commit()

    work_out()

    assert set(session.scalars(select(Item.times_asked))) == {40}
    assert {statistic.answers for statistic in figures_by_code(session).values()} == {39}
    assert len(figures.first_attempts(exam.bank_id)) == 39


def test_versions_are_never_pooled(session, sat):
    exam, _wrong = sat
    bank = session.get(ItemBank, exam.bank_id)
    items = [version.content for _item, version in _in_use(session, bank)]
    changed = [content | {"stem": content["stem"] + " Now."} for content in items]
    import_items(changed, bank, clock.now())
    transaction.commit()
    sit_many(exam, 4, Random(2))

    work_out()

    found = figures_by_code(session)
    assert {number: {one.answers for (_code, n), one in found.items() if n == number} for number in (1, 2)} == {
        1: {40},
        2: {4},
    }
    assert all(one.facility is None for (_code, number), one in found.items() if number == 2), "too few to say anything"


def _in_use(session, bank):
    for item in session.scalars(select(Item).where(Item.bank_id == bank.id)):
        yield item, finding.find_in_use(item)


def test_a_bank_nobody_has_met_has_no_figures(session):
    exam_of(singles(2))

    assert work_out() == 0
    assert set(session.scalars(select(Item.times_asked))) == {0}


def test_figures_follow_a_release_once_for_a_crowd(session):
    exam = exam_of(singles(2))
    sit_many(exam, 3, Random(1))
    run_jobs()

    ordered = session.scalars(select(Job).where(Job.kind == figures.JOB, Job.key.like(f"{figures.JOB}:%"))).all()

    assert len(ordered) <= 2, "releases of one quarter of an hour order one job"
    assert all(job.run_at > job.created_at for job in ordered)
    assert ordered


def test_the_job_writes_what_was_found(session, sat):
    runner.order(figures.JOB, {}, key="now")
    run_jobs()

    assert len(figures_by_code(session)) == 6
    assert all(isinstance(one.facility, Decimal) for one in figures_by_code(session).values())
