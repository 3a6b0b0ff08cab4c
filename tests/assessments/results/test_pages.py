"""A result page says as much as its exam shows, and an earlier result stays with the reason why it no longer counts."""

from datetime import timedelta

import pytest

from app import clock, transaction
from app.accounts.models import Person
from app.extensions import db
from assessments.regrading import services
from tests.factories.assessments import begin, candidate, exam_of, singles, words
from tests.factories.results import answered, credit, officer, versions_of


def open_result(visit, who, result):
    visit.sign_in(db.session.get(Person, who.person_id))
    answer = visit.get(f"/results/{result.public_id}")
    assert answer.status_code == 200
    return words(answer.get_data(as_text=True))


@pytest.mark.parametrize(
    ("shows", "score", "bands"), [("outcome", False, False), ("bands", False, True), ("score", True, True)]
)
def test_as_much_is_said_as_the_exam_shows(visit, shows, score, bands):
    who = candidate()
    _, result = answered(exam_of(singles(5), shows=shows), 3, person=who)
    said = open_result(visit, who, result)
    assert "Not passed yet" in said
    assert ("3 of 5 points" in said) is score
    assert ("How you did, by topic" in said) is bands
    listed = words(visit.get("/results").get_data(as_text=True))
    assert ("60 %" in listed) is score


def test_questions_are_shown_only_after_the_close_and_never_of_an_exam_of_certificates(visit):
    who = candidate()
    soon = clock.now() + timedelta(hours=2)
    _, secure = answered(exam_of(singles(4)), 3, person=who)
    _, waits = answered(exam_of(singles(4), certifies=False, closes_at=soon), 3, person=who)
    _, shown = answered(exam_of(singles(4), certifies=False), 3, person=who)

    assert "Stem of" not in open_result(visit, who, secure)
    assert "Stem of" not in open_result(visit, who, waits)
    assert "Stem of" in open_result(visit, who, shown)


def test_an_earlier_result_stays_readable_with_the_reason_and_says_that_it_no_longer_counts(visit):
    exam, who = exam_of(singles(4)), candidate()
    attempt, old = answered(exam, 2, person=who)
    made = services.propose(exam, [credit(versions_of(attempt)[3])], "Two options are right.", officer(), clock.now())
    services.approve(made, made.effect["seen"], officer(), clock.now())
    transaction.commit()

    said = open_result(visit, who, old)
    assert "no longer counts" in said
    assert "Two options are right." in said
    listed = visit.get("/results").get_data(as_text=True)
    assert old.public_id not in listed, "the list has the one that counts"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("in_progress", "your attempt is running."),
        ("paused", "your attempt is running."),
        ("authorised", "a seat is kept for you."),
        ("submitted", "handed in, not released yet."),
        ("ratified", "handed in, not released yet."),
        ("voided", "attempt 1 does not count"),
        ("absent", "you did not come to attempt 1."),
        ("expired", "the time of attempt 1 ran out"),
    ],
)
def test_the_list_says_where_an_attempt_without_a_result_stands(visit, state, said):
    who = candidate()
    attempt = begin(exam_of(singles(2)), who)
    attempt.state = state
    transaction.commit()
    visit.sign_in(db.session.get(Person, who.person_id))
    page = words(visit.get("/results").get_data(as_text=True))
    assert said in page
    assert ("Receipt" in page) == (state in ("submitted", "ratified"))
