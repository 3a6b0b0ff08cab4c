"""A wrong key is found: what would change is shown first, another person approves, and the earlier result is kept."""

import random
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import undefer

from app import clock, transaction
from app.errors import DomainError, Refused, Stale
from app.extensions import db
from app.mail.models import MailMessage
from assessments.exams import conducting, queries
from assessments.exams.models import Attempt
from assessments.exams.rules import AttemptState, Reason
from assessments.grading.replay import replay
from assessments.regrading import services
from assessments.results import queries as results
from assessments.results.models import Result
from tests.factories.assessments import (
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
from tests.factories.results import answer_all, answered, credit, key_moved, officer, versions_of

__all__ = ["held_clock"]


def regrade(exam, rows, reason="The key was wrong."):
    """Proposed by one officer and approved by another."""
    made = services.propose(exam, rows, reason, officer(), clock.now())
    services.approve(made, services.dry_run(exam.id, made.decisions)["seen"], officer(), clock.now())
    transaction.commit()
    run_jobs()
    return made


def replays(result_id):
    return replay(results.record_of(result_id))


@pytest.fixture
def exam(app):
    return exam_of(singles(4), pass_percent=Decimal(70))


def test_who_crosses_the_mark_is_named_before_anything_changes(exam):
    low, _ = answered(exam, 2)
    high, result = answered(exam, 3)
    last = versions_of(low)[3]

    made = services.propose(exam, [credit(last)], "Two options are right.", officer(), clock.now())
    transaction.commit()

    assert made.effect["looked_at"] == 2
    assert made.effect["changed"] == 2
    assert made.effect["to_pass"] == [low.candidate]
    assert made.effect["to_fail"] == []
    assert results.find_by_attempt(high.id).id == result.id, "nothing has changed"


def test_a_regrade_supersedes_with_the_reason_and_both_results_replay(exam):
    low, old = answered(exam, 2)

    regrade(exam, [credit(versions_of(low)[3])], "Two options are right.")

    new = results.find_by_attempt(low.id)
    old = db.session.get(Result, old.id)
    assert (old.outcome, new.outcome) == ("fail", "pass")
    assert (new.supersedes_id, old.superseded_why) == (old.id, "Two options are right.")
    assert new.released_at == old.released_at, "the wait for the next attempt does not begin anew"
    assert replays(old.id) == replays(new.id) == []
    assert db.session.get(Attempt, low.id).state == AttemptState.RELEASED


def test_those_whose_released_result_changes_get_a_letter_that_does_not_say_which(exam):
    low, _ = answered(exam, 2)
    answered(exam, 4)
    before = len(db.session.scalars(select(MailMessage)).all())

    regrade(exam, [credit(versions_of(low)[3])])

    letters = db.session.scalars(select(MailMessage).order_by(MailMessage.id)).all()[before:]
    assert [letter.kind for letter in letters] == ["results.changed"]
    assert "pass" not in letters[0].text.lower()
    assert "75" not in letters[0].text


def test_what_was_right_all_along_stays_as_it_was(exam):
    _, whole = answered(exam, 4)
    low, _ = answered(exam, 2)

    regrade(exam, [credit(versions_of(low)[3])])

    assert results.find_by_attempt(whole.attempt_id).id == whole.id


def test_a_new_key_alone_takes_points_away_and_says_so_first(exam):
    high, _ = answered(exam, 3)
    question = next(q for q in questions_of(high) if q.item_version_id == versions_of(high)[0])
    other = next(o["code"] for o in question.item_version.content["options"] if not o.get("right"))

    made = services.propose(
        exam,
        [credit(question.item_version_id, "new_only", content=key_moved(question, [other]))],
        "x",
        officer(),
        clock.now(),
    )

    assert made.effect["to_fail"] == [high.candidate]


def test_what_candidates_saw_cannot_be_changed(exam):
    attempt, _ = answered(exam, 3)
    content = key_moved(questions_of(attempt)[0], ["a"]) | {"stem": "Another question?"}
    with pytest.raises(DomainError) as refused:
        services.propose(
            exam,
            [credit(questions_of(attempt)[0].item_version_id, "new_only", content=content)],
            "x",
            officer(),
            clock.now(),
        )
    assert refused.value.field == "decisions"


def test_nobody_approves_what_they_proposed_and_nobody_twice(exam):
    low, _ = answered(exam, 2)
    one, other = officer(), officer()
    made = services.propose(exam, [credit(versions_of(low)[3])], "x", one, clock.now())
    transaction.commit()

    with pytest.raises(Refused):
        services.approve(made, made.effect["seen"], one, clock.now())
    services.approve(made, made.effect["seen"], other, clock.now())
    transaction.commit()
    with pytest.raises(Stale):
        services.approve(made, made.effect["seen"], officer(), clock.now())


def test_the_approver_is_nobody_whose_result_changes(exam):
    who = candidate()
    low, _ = answered(exam, 2, person=who)
    made = services.propose(exam, [credit(versions_of(low)[3])], "x", officer(), clock.now())
    with pytest.raises(Refused):
        services.approve(made, made.effect["seen"], who.public_id, clock.now())


def test_what_changed_since_the_look_is_looked_at_again(exam):
    low, _ = answered(exam, 2)
    made = services.propose(exam, [credit(versions_of(low)[3])], "x", officer(), clock.now())
    transaction.commit()
    seen = made.effect["seen"]
    answered(exam, 1)

    with pytest.raises(Stale):
        services.approve(made, seen, officer(), clock.now())


def test_an_attempt_that_runs_meanwhile_is_scored_by_the_changed_key(exam):
    who = candidate()
    running = begin(exam, who)
    low, _ = answered(exam, 2)
    regrade(exam, [credit(versions_of(low)[3])])

    answer_all(running, lambda place, question: (right_answer if place < 2 else wrong_answer)(question))
    hand_in(running, who)

    result = results.find_by_attempt(running.id)
    assert result.outcome == "pass"
    assert result.released_at is not None
    assert replays(result.id) == []


def test_the_first_pass_counts_and_a_later_attempt_that_is_regraded_cannot_lower_it(exam):
    who = candidate()
    _first, passed = answered(exam, 3, person=who)
    assert queries.permit_for(who.person_id, exam, clock.now()).reason is Reason.PASSED
    later, _ = answered(exam, 4)
    db.session.get(Attempt, later.id).number = 2
    for row in (db.session.get(Attempt, later.id), results.find_by_attempt(later.id)):
        row.person_id = who.person_id
    transaction.commit()

    regrade(exam, [credit(versions_of(later)[3], "exclude", attempt=later.public_id)])

    assert results.best_results(who.person_id, [exam.code])[exam.code].id == passed.id


def test_a_regrade_that_passes_closes_the_exam_and_one_that_fails_opens_it_after_the_same_wait(exam, held_clock):
    who = candidate()
    low, _old = answered(exam, 2, person=who)
    wait = queries.permit_for(who.person_id, exam, clock.now())
    assert wait.reason is Reason.WAIT
    held_clock.go(hours=5)

    regrade(exam, [credit(versions_of(low)[3])])
    assert queries.permit_for(who.person_id, exam, clock.now()).reason is Reason.PASSED

    regrade(exam, [credit(versions_of(low)[3], "exclude"), credit(versions_of(low)[0], "exclude")])
    again = queries.permit_for(who.person_id, exam, clock.now())
    assert (again.reason, again.from_when) == (Reason.WAIT, wait.from_when)


def test_a_voided_attempt_is_left_alone_and_uses_up_none(exam):
    who = candidate()
    low, _old = answered(exam, 2, person=who)
    conducting.void(low, officer(), "The room was evacuated.", clock.now())
    transaction.commit()

    effect = services.dry_run(exam.id, [credit(versions_of(low)[3])])

    assert effect["looked_at"] == 0
    assert queries.permit_for(who.person_id, exam, clock.now()).attempts_left == 3


def test_a_second_regrade_stands_on_the_first(exam):
    low, _ = answered(exam, 1)
    versions = versions_of(low)
    regrade(exam, [credit(versions[3])])
    regrade(exam, [credit(versions[2])])

    new = results.find_by_attempt(low.id)
    assert new.data["points"] == "3"
    assert new.outcome == "pass"
    assert replays(new.id) == []


def test_a_proposal_for_one_attempt_touches_no_other(exam):
    low, _ = answered(exam, 2)
    other, untouched = answered(exam, 2)

    regrade(exam, [credit(versions_of(low)[3], attempt=low.public_id)])

    assert results.find_by_attempt(low.id).outcome == "pass"
    assert results.find_by_attempt(other.id).id == untouched.id


def test_a_dropped_proposal_changes_nothing(exam):
    low, old = answered(exam, 2)
    made = services.propose(exam, [credit(versions_of(low)[3])], "x", officer(), clock.now())
    services.drop(made, "The key was right.", officer(), clock.now())
    transaction.commit()

    assert results.find_by_attempt(low.id).id == old.id
    with pytest.raises(Stale):
        services.approve(made, made.effect["seen"], officer(), clock.now())


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_decided_the_dry_run_is_what_happens(app, seed):
    chance = random.Random(seed)
    exam = exam_of(singles(5), pass_percent=Decimal(chance.choice([40, 60, 80])))
    tried = [answered(exam, chance.randint(0, 5))[0] for _one in range(4)]
    for _round in range(2):
        rows = [_decision(chance, question) for question in chance.sample(questions_of(tried[0]), chance.randint(1, 3))]
        made = services.propose(exam, rows, "x", officer(), clock.now())
        effect = services.approve(made, made.effect["seen"], officer(), clock.now())
        transaction.commit()
        shown = {row["attempt"]: row for row in effect["rows"]}
        for attempt in tried:
            now = results.find_by_attempt(attempt.id)
            if attempt.public_id in shown:
                row = shown[attempt.public_id]
                assert (now.data["percent"], now.outcome == "pass") == (row["new"], row["passed"][1])
    for result in db.session.scalars(select(Result).options(undefer(Result.inputs))):
        assert replays(result.id) == []


def _decision(chance, question):
    mode = chance.choice(["full_credit", "old_and_new", "new_only", "leave", "exclude"])
    codes = [option["code"] for option in question.item_version.content["options"]]
    content = key_moved(question, [chance.choice(codes)]) if mode in ("old_and_new", "new_only") else None
    return credit(question.item_version_id, mode, content=content)


def test_an_erased_result_is_passed_over(exam):
    low, old = answered(exam, 2)
    db.session.get(Result, old.id).inputs = {}
    transaction.commit()

    assert services.dry_run(exam.id, [credit(versions_of(low)[3])])["looked_at"] == 0
