"""Handing in, timing out, scoring, releasing: once each, as of the right moment, with everything kept."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import clock, transaction
from app.extensions import db
from app.jobs.models import Job
from app.mail.models import MailMessage
from assessments.exams import after, closing, queries, watching
from assessments.exams.answers import save_answer
from assessments.exams.models import Attempt
from assessments.exams.rules import AttemptState
from assessments.grading.replay import replay
from assessments.results import queries as results
from assessments.results.models import Result
from tests.factories.assessments import (
    all_kinds,
    begin,
    candidate,
    exam_of,
    hand_in,
    held_clock,
    questions_of,
    right_answer,
    run_jobs,
    singles,
    wrong_answer,
)

__all__ = ["held_clock"]
PAST_GRACE = timedelta(seconds=61)


@pytest.fixture
def who(app):
    """A candidate."""
    return candidate()


def answer(attempt, who, right, wrong=0, now=None):
    """Answer the first `right` questions rightly and the next `wrong` ones not."""
    for question in questions_of(attempt)[: right + wrong]:
        raw = right_answer(question) if question.position <= right else wrong_answer(question)
        save_answer(attempt.public_id, who, question.position, 1, raw, now or clock.now())
    transaction.commit()


def fresh(attempt):
    db.session.expire_all()
    return db.session.get(Attempt, attempt.id)


def test_seven_of_ten_pass_at_seventy_and_the_result_can_be_computed_again(who):
    attempt = begin(exam_of(singles(10)), who)
    answer(attempt, who, right=7, wrong=1)

    result = hand_in(attempt, who)

    assert (result.outcome, result.percent, result.data["percent"]) == ("pass", Decimal(70), "70")
    assert [q.points for q in questions_of(attempt)] == [Decimal(1)] * 7 + [Decimal(0)] * 3
    assert replay(results.record_of(result.id)) == []
    assert result.rule_version == "v1"


def test_six_of_ten_fail(who):
    attempt = begin(exam_of(singles(10)), who)
    answer(attempt, who, right=6, wrong=4)

    assert hand_in(attempt, who).outcome == "fail"


def test_every_kind_earns_its_full_point(who):
    attempt = begin(exam_of(all_kinds(1)), who)
    answer(attempt, who, right=len(questions_of(attempt)))

    assert hand_in(attempt, who).percent == Decimal(100)


def test_an_untouched_attempt_scores_nothing_and_is_no_error(who):
    result = hand_in(begin(exam_of(singles(4)), who), who)

    assert (result.percent, result.outcome, result.data["points"]) == (Decimal(0), "fail", "0")


def test_handing_in_twice_is_once(who):
    attempt = begin(exam_of(), who)
    first = hand_in(attempt, who)
    ended = fresh(attempt).submitted_at
    again = hand_in(attempt, who)

    assert again.id == first.id
    assert fresh(attempt).submitted_at == ended
    assert len(db.session.scalars(select(Result)).all()) == 1
    assert len(db.session.scalars(select(MailMessage)).all()) == 2, "one receipt and one message that a result is there"


def test_the_states_follow_each_other(who):
    attempt = begin(exam_of(), who)
    hand_in(attempt, who, is_released=False)
    assert fresh(attempt).state == AttemptState.SCORED

    run_jobs()

    found = fresh(attempt)
    assert found.state == AttemptState.RELEASED
    assert found.started_at < found.submitted_at <= found.scored_at <= found.released_at


def test_before_its_release_nobody_is_told_of_a_result(who):
    attempt = begin(exam_of(is_auto_released=False), who)
    result = hand_in(attempt, who)

    assert fresh(attempt).state == AttemptState.SCORED
    assert result.released_at is None
    assert results.list_results(who.person_id) == []
    assert results.best_results(who.person_id, [result.code]) == {}
    assert [m.kind for m in db.session.scalars(select(MailMessage))] == ["exams.receipt"]


def test_the_messages_tell_of_the_hand_in_and_never_how_it_went(who):
    attempt = begin(exam_of(singles(4)), who)
    answer(attempt, who, right=4)
    result = hand_in(attempt, who)

    receipt, news = db.session.scalars(select(MailMessage).order_by(MailMessage.id)).all()
    assert (receipt.kind, news.kind) == ("exams.receipt", "results.released")
    assert "4 of 4" in receipt.text
    assert after.receipt_hash(fresh(attempt)) in receipt.text
    assert f"/results/{result.public_id}" in news.text
    for message in (receipt, news):
        said = f"{message.subject} {message.text}".casefold()
        assert not any(word in said for word in ("100", "pass", "fail", "per cent", "%"))


def test_the_receipt_changes_with_any_answer(who):
    attempt = begin(exam_of(), who)
    before = after.receipt_hash(attempt)
    answer(attempt, who, right=1)

    assert after.receipt_hash(attempt) != before


# ---- when the time runs out


def test_the_job_hands_in_what_was_saved_as_of_the_deadline(who, held_clock):
    attempt = begin(exam_of(singles(4)), who)
    answer(attempt, who, right=3, now=attempt.deadline_at)
    held_clock.go(minutes=60, seconds=61)

    run_jobs()

    found = fresh(attempt)
    assert (found.state, found.submitted_at) == (AttemptState.RELEASED, attempt.deadline_at)
    result = results.find_by_attempt(attempt.id)
    assert (result.percent, result.data["timed_out"]) == (Decimal(75), True)


def test_the_job_does_nothing_before_the_grace_is_over(who, held_clock):
    attempt = begin(exam_of(), who)
    held_clock.go(minutes=60, seconds=60)

    run_jobs()

    assert fresh(attempt).state == AttemptState.IN_PROGRESS


def test_a_job_that_was_away_for_an_hour_still_ends_it_at_the_deadline(who, held_clock):
    attempt = begin(exam_of(), who)
    held_clock.go(minutes=121)

    run_jobs()

    assert fresh(attempt).submitted_at == attempt.deadline_at


def test_an_answer_within_the_grace_counts_and_is_told(who, held_clock):
    attempt = begin(exam_of(singles(4)), who)
    answer(attempt, who, right=1, now=attempt.deadline_at + timedelta(seconds=30))
    held_clock.go(minutes=62)

    run_jobs()

    result = results.find_by_attempt(attempt.id)
    assert (result.percent, result.data["late_answers"]) == (Decimal(25), 1)


def test_handing_in_within_the_grace_ends_at_the_deadline(who, held_clock):
    attempt = begin(exam_of(), who)
    held_clock.go(minutes=60, seconds=40)

    hand_in(attempt, who)

    found = fresh(attempt)
    assert found.submitted_at == attempt.deadline_at
    assert not results.find_by_attempt(attempt.id).data["timed_out"]


def test_the_job_after_a_hand_in_changes_nothing(who, held_clock):
    attempt = begin(exam_of(), who)
    held_clock.go(minutes=5)
    hand_in(attempt, who)
    held_clock.go(minutes=60)

    run_jobs()

    assert fresh(attempt).submitted_at == attempt.started_at + timedelta(minutes=5)
    assert {job.state for job in db.session.scalars(select(Job))} == {"done"}


def test_where_the_exam_does_not_hand_in_the_bell_loses_the_attempt_and_uses_it_up(who, held_clock):
    exam = exam_of(time_up="expire")
    attempt = begin(exam, who)
    answer(attempt, who, right=2, now=held_clock.now)
    held_clock.go(minutes=62)
    run_jobs()

    assert (fresh(attempt).state, fresh(attempt).ended_by) == ("expired", "clock")
    assert results.find_by_attempt(attempt.id) is None
    assert queries.permit_for(who.person_id, exam, held_clock.now).attempts_left == 2
    by_hand = begin(exam_of(time_up="expire"), who)
    held_clock.go(minutes=60)
    assert hand_in(by_hand, who).percent == 0, "at the deadline itself handing in still counts"


def test_the_sweeper_ends_what_its_own_job_has_lost(who, held_clock):
    attempt = begin(exam_of(singles(4)), who)
    answer(attempt, who, right=2, now=held_clock.now)
    db.session.execute(Job.__table__.delete())
    held_clock.go(minutes=70)
    run_jobs()
    assert fresh(attempt).state == "in_progress"

    watching.sweep(None)
    run_jobs()

    assert (fresh(attempt).state, fresh(attempt).submitted_at) == ("released", attempt.deadline_at)
    assert results.find_by_attempt(attempt.id).percent == 50


def test_the_receipt_names_the_servers_time_and_what_was_asked(who):
    attempt = begin(exam_of(), who)
    hand_in(attempt, who)
    text = db.session.scalars(select(MailMessage.text).where(MailMessage.kind == "exams.receipt")).one()

    assert fresh(attempt).submitted_at.isoformat(timespec="seconds") in text
    assert after.versions_hash(fresh(attempt)) in text
    before = after.receipt_hash(fresh(attempt))
    attempt.submitted_at += timedelta(seconds=1)
    assert after.receipt_hash(attempt) != before, "the moment is part of it"


# ---- every pair of states


@pytest.mark.parametrize("before", list(AttemptState))
@pytest.mark.parametrize("wanted", list(AttemptState))
def test_the_database_lets_only_the_allowed_steps_happen(who, before, wanted):
    from assessments.exams.rules import may_follow

    attempt = begin(exam_of(), who)
    attempt.state = before
    transaction.commit()

    moved = closing.move(attempt, wanted)
    transaction.commit()

    assert moved == may_follow(before, wanted)
    assert fresh(attempt).state == (wanted if moved else before)


def test_a_fault_in_what_hangs_on_a_result_does_not_lose_the_hand_in(app, who, monkeypatch):
    attempt = begin(exam_of(), who)

    def broken(*_arguments):
        raise RuntimeError("a handler of the house is broken")

    monkeypatch.setattr("app.bus.publish", broken)
    hand_in(attempt, who)

    assert fresh(attempt).state == AttemptState.SCORED
    assert results.find_by_attempt(attempt.id).released_at is None
    monkeypatch.undo()
    db.session.execute(Job.__table__.update().values(run_at=clock.now()))
    run_jobs()
    assert fresh(attempt).state == AttemptState.RELEASED
