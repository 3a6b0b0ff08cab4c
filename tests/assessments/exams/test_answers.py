"""Saving answers: the number decides, the clock decides, every arrival is in the log."""

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from app import clock, transaction
from app.audit.models import AuditEntry
from app.errors import Missing
from app.extensions import db
from assessments.exams import answers
from assessments.exams.answers import save_answer
from assessments.exams.errors import AttemptClosed, OtherDevice, StaleAnswer
from assessments.exams.models import ItemResponse
from assessments.exams.writing import Candidate
from assessments.grading.kinds.base import ResponseInvalid
from tests.factories.assessments import all_kinds, begin, candidate, exam_of, hand_in, questions_of, right_answer

ONE = timedelta(seconds=1)


@pytest.fixture
def who(app):
    """A candidate on one device."""
    return candidate()


@pytest.fixture
def attempt(who):
    """Their attempt at four questions of single choice."""
    return begin(exam_of(), who)


def save(attempt, who, seq, raw, now=None, position=1, **options):
    saved = save_answer(attempt.public_id, who, position, seq, raw, now or clock.now(), **options)
    transaction.commit()
    return saved


def refused(attempt, who, seq, raw, now=None, position=1):
    """A save that a rule refuses, ended as a request ends it."""
    try:
        save_answer(attempt.public_id, who, position, seq, raw, now or clock.now())
    except Exception as error:
        db.session.rollback()
        transaction.run_later_asides()
        return error
    raise AssertionError("the save was taken")


def log(attempt):
    statement = select(ItemResponse).order_by(ItemResponse.id)
    return [(r.seq, r.response, r.late, r.accepted) for r in db.session.scalars(statement)]


def test_an_answer_is_kept_with_its_number_and_its_moment(attempt, who):
    now = clock.now()
    saved = save(attempt, who, 1, "b", now)

    question = questions_of(attempt)[0]
    assert (saved.seq, saved.response, saved.is_late) == (1, "b", False)
    assert (question.response, question.response_seq, question.answered_at) == ("b", 1, now)
    assert log(attempt) == [(1, "b", False, True)]


def test_a_repeated_save_changes_nothing(attempt, who):
    first = save(attempt, who, 1, "b")
    again = save(attempt, who, 1, "b", clock.now() + ONE)

    assert (again.seq, again.at) == (first.seq, first.at)
    assert len(log(attempt)) == 1


def test_a_stale_save_meets_the_newer_answer_and_is_noted(attempt, who):
    save(attempt, who, 5, "b")

    for seq, raw in ((4, "a"), (5, "a")):
        error = refused(attempt, who, seq, raw)
        assert isinstance(error, StaleAnswer)
        assert (error.seq, error.response, error.status) == (5, "b", 409)

    assert questions_of(attempt)[0].response == "b"
    assert log(attempt) == [(5, "b", False, True), (4, "a", False, False), (5, "a", False, False)]


def test_an_answer_can_be_taken_back(attempt, who):
    save(attempt, who, 1, "b")
    save(attempt, who, 2, None)

    assert questions_of(attempt)[0].response is None
    assert [row[1] for row in log(attempt)] == ["b", None]


def test_a_plain_form_that_changes_nothing_writes_nothing(attempt, who):
    save(attempt, who, 1, None, unless_same=True)
    save(attempt, who, 1, "b", unless_same=True)
    save(attempt, who, 2, "b", unless_same=True)

    assert log(attempt) == [(1, "b", False, True)]


def test_at_the_deadline_in_time_within_the_minute_late_and_then_closed(attempt, who):
    end = attempt.deadline_at

    assert not save(attempt, who, 1, "a", end).is_late
    assert save(attempt, who, 2, "b", end + 60 * ONE).is_late
    error = refused(attempt, who, 3, "c", end + 61 * ONE)

    assert isinstance(error, AttemptClosed)
    assert error.status == 410
    assert questions_of(attempt)[0].response == "b", "a late answer within the minute is kept"
    assert log(attempt) == [(1, "a", False, True), (2, "b", True, True), (3, "c", True, False)]


def test_nothing_is_taken_after_handing_in(attempt, who):
    hand_in(attempt, who)

    assert isinstance(refused(attempt, who, 1, "b"), AttemptClosed)
    assert questions_of(attempt)[0].response is None


def test_another_device_may_not_write(attempt, who):
    phone = Candidate(who.person_id, who.public_id, who.name, who.session_id + 1)

    assert isinstance(refused(attempt, phone, 1, "b"), OtherDevice)


def test_nobody_writes_into_the_attempt_of_another(attempt):
    with pytest.raises(Missing):
        save_answer(attempt.public_id, candidate(), 1, 1, "b", clock.now())


def test_an_unreadable_answer_is_refused_and_the_stored_one_stays(attempt, who):
    save(attempt, who, 1, "b")

    assert isinstance(refused(attempt, who, 2, "no such option"), ResponseInvalid)
    assert questions_of(attempt)[0].response == "b"


def test_answers_leave_the_trail_of_acts_alone(attempt, who):
    before = len(db.session.scalars(select(AuditEntry.seq)).all())
    save(attempt, who, 1, "b")

    assert len(db.session.scalars(select(AuditEntry.seq)).all()) == before


def test_every_kind_of_answer_is_stored_as_the_engine_reads_it(app, who):
    attempt = begin(exam_of(all_kinds(1)), who)
    for question in questions_of(attempt):
        save(attempt, who, 1, right_answer(question), position=question.position)

    assert all(question.response == right_answer(question) for question in questions_of(attempt))


def test_three_hundred_saves_in_any_order_end_as_the_model_says(attempt, who):
    """Three windows with queues of their own: late repetitions, overtaking, clearing. The highest number stands."""
    rng = Random(20261214)
    model = dict.fromkeys(range(1, 5), (0, None))
    for _step in range(300):
        position, seq, raw = rng.randint(1, 4), rng.randint(1, 40), rng.choice(["a", "b", "c", None])
        stored_seq, stored = model[position]
        if seq > stored_seq or (seq, raw) == (stored_seq, stored):
            save(attempt, who, seq, raw, position=position)
            model[position] = (seq, raw)
        else:
            error = refused(attempt, who, seq, raw, position=position)
            assert (type(error), error.seq, error.response) == (StaleAnswer, stored_seq, stored)

    assert {q.position: (q.response_seq, q.response) for q in questions_of(attempt)} == model
    accepted = [row for row in log(attempt) if row[3]]
    assert len(accepted) < len(log(attempt)), "the refused ones are in the log too"


def test_a_write_that_was_overtaken_between_reading_and_writing_is_stale(attempt, who, monkeypatch):
    """Compare and set: between the reading of a question and its update, another window stores a higher number."""
    swap = answers._swap

    def overtaken(question, seq, response, now, seconds):
        assert swap(question, 9, "c", now)
        return swap(question, seq, response, now, seconds)

    monkeypatch.setattr(answers, "_swap", overtaken)
    with pytest.raises(StaleAnswer) as stale:
        save_answer(attempt.public_id, who, 1, 3, "b", clock.now())

    assert (stale.value.seq, stale.value.response) == (9, "c")
