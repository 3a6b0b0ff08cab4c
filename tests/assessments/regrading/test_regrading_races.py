"""Two officers at once, a regrade beside a hand-in, two appeals in the same moment: one of each happens."""

from sqlalchemy import func, select

from app import clock, transaction
from app.extensions import db
from assessments.appeals import services as appeals
from assessments.appeals.models import Appeal
from assessments.exams import closing
from assessments.exams.models import Attempt
from assessments.exams.rules import AttemptState
from assessments.grading.replay import replay
from assessments.regrading import queries, services
from assessments.results import queries as results
from assessments.results.models import Result
from tests.assessments.exams.test_races import at_once
from tests.factories.assessments import begin, candidate, exam_of, right_answer, run_jobs, singles, wrong_answer
from tests.factories.results import answer_all, answered, credit, officer, versions_of


def test_two_approvers_at_once_apply_it_once(app):
    exam = exam_of(singles(4))
    attempt, _ = answered(exam, 2)
    made = services.propose(exam, [credit(versions_of(attempt)[3])], "x", officer(), clock.now())
    transaction.commit()
    public_id, seen = made.public_id, made.effect["seen"]

    def approve(by):
        return lambda: services.approve(queries.get_regrade(public_id), seen, by, clock.now())

    ended = at_once(app, [approve(officer()) for _one in range(4)])

    assert ended == {"done": 1, "Stale": 3}
    assert db.session.scalar(select(func.count()).select_from(Result).where(Result.attempt_id == attempt.id)) == 2


def test_a_regrade_beside_a_hand_in_leaves_the_changed_key_in_force_for_both(app):
    exam, who = exam_of(singles(4)), candidate()
    running = begin(exam, who)
    answer_all(running, lambda place, question: (right_answer if place < 2 else wrong_answer)(question))
    attempt, _ = answered(exam, 2)
    made = services.propose(exam, [credit(versions_of(attempt)[3])], "x", officer(), clock.now())
    transaction.commit()
    public_id, running_id, by = made.public_id, running.public_id, officer()

    def approve():
        found = queries.get_regrade(public_id)
        services.approve(found, services.dry_run(found.exam_id, found.decisions)["seen"], by, clock.now())

    ended = at_once(app, [approve, lambda: closing.submit(running_id, who, clock.now())])
    if ended["Stale"]:  # the hand-in came between the look and the approval, so that the look is repeated
        approve()
        transaction.commit()
    run_jobs()

    for one in (attempt, running):
        found = results.find_by_attempt(one.id)
        assert found.outcome == "pass"
        assert replay(results.record_of(found.id)) == []
        assert db.session.get(Attempt, one.id).state == AttemptState.RELEASED


def test_the_same_appeal_sent_at_once_is_one(app):
    who = candidate()
    _, result = answered(exam_of(singles(4)), 2, person=who)
    public_id, person = result.public_id, who.public_id

    def make():
        appeals.make(results.get_result(public_id), "question", "It is wrong.", person, clock.now())

    ended = at_once(app, [make] * 5)

    assert ended == {"done": 5}
    assert db.session.scalar(select(func.count()).select_from(Appeal)) == 1
