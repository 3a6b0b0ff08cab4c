"""Results wait for what people have to look at first: keys, challenges, a ratification; then they go on by themselves."""

import pytest

from app import clock, ids, transaction
from app.errors import DomainError, Refused
from app.extensions import db
from assessments.exams.models import Attempt, ItemReport
from assessments.exams.rules import AttemptState
from assessments.regrading import challenges, key_reviews, ordering, services
from assessments.results import holds
from assessments.results import queries as results
from assessments.results import services as result_services
from tests.factories.assessments import candidate, exam_of, questions_of, run_jobs, singles
from tests.factories.results import answered, credit, officer, versions_of


def state_of(attempt):
    return db.session.get(Attempt, attempt.id).state


def challenge_of(attempt, place=0):
    question = next(q for q in questions_of(attempt) if q.item_version_id == versions_of(attempt)[place])
    report = ItemReport(
        public_id=ids.new_public_id(), attempt_item_id=question.id, text="Both are right.", made_at=clock.now()
    )
    db.session.add(report)
    transaction.commit()
    return challenges.get_challenge(report.public_id)


def test_a_result_to_be_ratified_is_provisional_until_somebody_else_does_it(app):
    exam, who = exam_of(singles(4), needs_ratifying=True), candidate()
    attempt, result = answered(exam, 3, person=who)
    assert state_of(attempt) == AttemptState.PROVISIONAL
    assert result.released_at is None

    with pytest.raises(holds.Held):
        result_services.release(result, officer(), clock.now())
    with pytest.raises(Refused):
        result_services.ratify(result, who.public_id, clock.now())
    assert result_services.ratify(result, officer(), clock.now())
    assert not result_services.ratify(result, officer(), clock.now()), "once"
    assert state_of(attempt) == AttemptState.RATIFIED
    ordering.order_again([attempt.public_id], "ratified")
    run_jobs()

    assert state_of(attempt) == AttemptState.RELEASED


def test_keys_are_signed_before_anybody_hears_of_a_result(app):
    exam = exam_of(singles(4), needs_key_review=True)
    attempt, result = answered(exam, 3)
    assert holds.held(result) == ["Its keys are not reviewed and signed yet."]

    review = key_reviews.open_review(exam, "", officer(), clock.now())
    transaction.commit()
    assert review.attempts == [attempt.public_id]
    assert {question["shown"] for question in review.findings["questions"]} == {1}
    assert not any(question["is_told"] for question in review.findings["questions"]), "one answer says nothing"
    key_reviews.sign(review, "Looked at.", officer(), clock.now())
    run_jobs()

    assert state_of(attempt) == AttemptState.RELEASED


def test_no_review_is_opened_over_nothing_and_none_covers_an_attempt_twice(app):
    exam = exam_of(singles(4), needs_key_review=True)
    with pytest.raises(DomainError):
        key_reviews.open_review(exam, "", officer(), clock.now())
    answered(exam, 3)
    key_reviews.open_review(exam, "", officer(), clock.now())
    with pytest.raises(DomainError):
        key_reviews.open_review(exam, "", officer(), clock.now())


def test_a_candidate_does_not_sign_for_keys_of_an_exam_they_sat(app):
    exam, who = exam_of(singles(4), needs_key_review=True), candidate()
    answered(exam, 3, person=who)
    review = key_reviews.open_review(exam, "", officer(), clock.now())
    with pytest.raises(Refused):
        key_reviews.sign(review, "", who.public_id, clock.now())


def test_a_challenged_question_asks_for_a_decision_and_a_change_for_a_second_officer(app):
    exam = exam_of(singles(4), needs_key_review=True)
    attempt, _ = answered(exam, 2)
    challenge = challenge_of(attempt, 3)
    review = key_reviews.open_review(exam, "", officer(), clock.now())
    version = challenge.version.id
    assert key_reviews.undecided(review) == [challenge.code]

    key_reviews.decide(review, version, "change", "Both are right.", officer())
    assert key_reviews.undecided(review) == [challenge.code], "a change needs its regrade"
    proposer = officer()
    made = services.propose(exam, [credit(version)], "Both are right.", proposer, clock.now(), review=review)
    with pytest.raises(DomainError):
        key_reviews.sign(review, "", officer(), clock.now())
    services.approve(made, made.effect["seen"], officer(), clock.now())
    key_reviews.sign(review, "", officer(), clock.now())
    transaction.commit()
    run_jobs()

    assert state_of(attempt) == AttemptState.PROVISIONAL, "the challenge has no answer yet"
    challenges.decide(challenge, True, "You were right.", officer(), clock.now())
    run_jobs()
    assert state_of(attempt) == AttemptState.RELEASED
    assert results.find_by_attempt(attempt.id).outcome == "pass"


def test_a_challenge_is_answered_once_by_somebody_else_and_holds_nothing_where_keys_are_not_reviewed(app):
    exam, who = exam_of(singles(4)), candidate()
    attempt, _result = answered(exam, 3, person=who)
    challenge = challenge_of(attempt)
    assert state_of(attempt) == AttemptState.RELEASED

    with pytest.raises(Refused):
        challenges.decide(challenge, True, "Yes.", who.public_id, clock.now())
    with pytest.raises(DomainError):
        challenges.decide(challenge, True, " ", officer(), clock.now())
    challenges.decide(challenge, False, "The lesson says so.", officer(), clock.now())
    transaction.commit()
    with pytest.raises(DomainError):
        challenges.decide(challenge, True, "Yes.", officer(), clock.now())
    assert (challenge.report.decision, challenge.report.answer) == ("dismissed", "The lesson says so.")


def test_a_regrade_of_a_ratified_result_has_it_ratified_again(app):
    exam = exam_of(singles(4), needs_ratifying=True)
    attempt, result = answered(exam, 2)
    result_services.ratify(result, officer(), clock.now())
    transaction.commit()

    made = services.propose(exam, [credit(versions_of(attempt)[3])], "x", officer(), clock.now())
    services.approve(made, made.effect["seen"], officer(), clock.now())
    transaction.commit()

    assert state_of(attempt) == AttemptState.PROVISIONAL
    assert results.find_by_attempt(attempt.id).ratified_at is None
