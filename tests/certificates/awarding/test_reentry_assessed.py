"""Earning a level once more: exam and practical, long passed, are open again, and what is done then makes a certificate."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app import clock
from app.errors import DomainError
from app.extensions import db
from assessments.exams import queries as exams
from assessments.exams.models import Attempt
from assessments.exams.rules import Reason
from assessments.practicals import submissions
from assessments.practicals.models import Submission
from assessments.results.models import Result
from assessments.results.services import release
from tests.factories.certificates import (
    PRACTICAL_REQUIREMENT,
    make_candidate,
    make_level,
    open_keys,
    pass_exam,
    run_jobs,
)
from tests.factories.practicals import assessor, find_practical, finish, hand_in
from tests.factories.renewals import days_left, newest
from tests.support.queries import counted


@pytest.fixture
def holder(app):
    """Somebody who holds a level of an exam and a practical, both passed three years ago."""
    open_keys()
    make_level(years=3, more=(PRACTICAL_REQUIREMENT | {"practical": "T-P1"},))
    person = make_candidate()
    pass_exam(person)
    pass_practical(person)
    run_jobs()
    long_ago = clock.now() - timedelta(days=3 * 365)
    for table in (Result, Attempt, Submission):
        db.session.execute(update(table).values(released_at=long_ago))
    db.session.commit()
    return person


def pass_practical(person):
    script = hand_in(person)
    finish(script, assessor())
    result = db.session.scalars(db.select(Result).where(Result.submission_id == script.id)).one()
    release(result, "officer-of-tests", clock.now())
    db.session.commit()


def permit(person):
    return exams.permit_for(person.id, exams.get_exam("EX"), clock.now())


@pytest.mark.parametrize("left", [300, -30])
def test_while_it_is_held_or_renewable_what_was_passed_stays_passed(holder, left):
    days_left(newest(), left)
    assert permit(holder).reason is Reason.PASSED
    with pytest.raises(DomainError, match="You have passed this practical"):
        submissions.open_draft(holder, find_practical(), clock.now())


def test_once_the_time_for_a_renewal_is_over_both_are_done_again_and_a_new_certificate_is_made(holder, visit):
    days_left(newest(), -100)
    before = newest()
    assert permit(holder).reason is Reason.FREE
    assert permit(holder).attempts_left == 3, "the attempts of back then are not used up again"
    visit.sign_in(holder)
    assert visit.post("/practicals/T-P1/begin").status_code == 302
    assert "Draft of attempt 2" in visit.get("/practicals/T-P1").get_data(as_text=True)

    pass_exam(holder)
    assert permit(holder).reason is Reason.PASSED
    assert newest().number == before.number, "the practical is missing still"
    pass_practical(holder)
    run_jobs()

    assert newest().number != before.number
    assert (newest().state, newest().decision.cycle) == ("issued", 2)
    assert permit(holder).reason is Reason.PASSED
    with pytest.raises(DomainError, match="You have passed this practical"):
        submissions.open_draft(holder, find_practical(), clock.now())


def test_the_page_of_the_practical_offers_to_begin_again(holder, visit):
    visit.sign_in(holder)
    assert "Begin attempt 2" not in visit.get("/practicals/T-P1").get_data(as_text=True)
    days_left(newest(), -100)
    assert "Begin attempt 2" in visit.get("/practicals/T-P1").get_data(as_text=True)


def test_whoever_has_not_passed_is_not_asked_about_certificates(holder):
    somebody = make_candidate("Eva Muster")
    exam = exams.get_exam("EX")
    with counted() as sent:
        assert exams.seat_permit(somebody.id, exam, clock.now()).reason is Reason.FREE
    assert not [statement for statement in sent if "credential" in str(statement)]
