"""The check after exam day finds what somebody takes out of the database by hand, and nothing where nothing is missing."""

import pytest
from sqlalchemy import delete, insert, select, update

from app import clock, transaction
from app.bench import day_check
from app.bench.day_script import Saved
from app.extensions import db
from assessments.exams import answers
from assessments.exams.models import AttemptItem, ItemResponse
from assessments.results.models import Result
from tests.factories.assessments import begin, candidate, exam_of, hand_in, singles

CHOICES = ("a", "b", "c", "b")


@pytest.fixture
def day(app):
    """An attempt with four answers to each of two questions, handed in; the attempt and what was acknowledged."""
    who = candidate()
    attempt = begin(exam_of(singles(2)), who)
    saved = []
    for position in (1, 2):
        for seq, answer in enumerate(CHOICES, 1):
            answers.save_answer(attempt.public_id, who, position, seq, answer, clock.now())
            saved.append(Saved(attempt.public_id, position, seq, answer, 200))
    transaction.commit()
    hand_in(attempt, who)
    return attempt, saved


def question(attempt) -> AttemptItem:
    return db.session.scalars(
        select(AttemptItem).where(AttemptItem.attempt_id == attempt.id, AttemptItem.position == 1)
    ).one()


def faults(day) -> list[str]:
    attempt, saved = day
    db.session.commit()
    db.session.expire_all()
    return day_check.check(saved, [attempt.public_id])


def test_nothing_is_missing_after_a_day_without_a_fault(day):
    assert faults(day) == []


def test_an_answer_that_was_sent_and_never_acknowledged_may_be_there_or_not(day):
    attempt, saved = day
    saved.append(Saved(attempt.public_id, 1, 5, "a", 0))
    assert faults(day) == []
    saved[3].status = 0
    assert faults(day) == []


def test_an_answer_that_gave_way_to_an_older_one_is_lost(day):
    db.session.execute(update(AttemptItem).where(AttemptItem.id == question(day[0]).id).values(response_seq=3))
    assert [fault.partition(": ")[2] for fault in faults(day)] == ["answer 4 was acknowledged and 3 is kept"]


def test_an_answer_that_is_not_in_the_log_is_lost(day):
    own = ItemResponse.attempt_item_id == question(day[0]).id
    db.session.execute(delete(ItemResponse).where(own, ItemResponse.seq == 2))
    assert [fault.partition(": ")[2] for fault in faults(day)] == ["answer 2 is in the log 0 times"]


def test_an_answer_that_is_in_the_log_twice_is_found(day):
    row = {"attempt_item_id": question(day[0]).id, "seq": 2, "response": "b", "received_at": clock.now()}
    db.session.execute(insert(ItemResponse).values(**row))
    assert [fault.partition(": ")[2] for fault in faults(day)] == ["answer 2 is in the log 2 times"]


def test_an_answer_that_became_another_one_is_found(day):
    db.session.execute(update(AttemptItem).where(AttemptItem.id == question(day[0]).id).values(response="c"))
    assert [fault.partition(": ")[2] for fault in faults(day)] == ["answer 4 is kept as something else"]


def test_an_answer_that_nobody_sent_is_found(day):
    db.session.execute(update(AttemptItem).where(AttemptItem.id == question(day[0]).id).values(response_seq=9))
    assert [fault.partition(": ")[2] for fault in faults(day)] == ["nobody sent answer 9"]


def test_a_question_that_has_gone_is_found(day):
    attempt, saved = day
    saved.append(Saved(attempt.public_id, 3, 1, "a", 200))
    assert faults(day) == [f"question 3 of {attempt.public_id}: is not there"]


def test_a_hand_in_without_its_result_is_found(day):
    attempt, _saved = day
    db.session.execute(delete(Result).where(Result.attempt_id == attempt.id))
    assert faults(day) == [f"{attempt.public_id}: handed in, released, 0 results"]
    assert day_check.check([], ["nowhere"]) == ["nowhere: handed in, gone, 0 results"]
