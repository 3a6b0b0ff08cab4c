"""Essays are marked by people who know a number: the last mark gives the score, and nobody marks a friend."""

import pytest
from sqlalchemy import select

from app import clock, transaction
from app.errors import Missing, Refused, Stale
from app.extensions import db
from assessments.exams import closing, hand_marking
from assessments.exams.models import Attempt, ItemMark
from assessments.exams.rules import AttemptState
from assessments.grading.replay import replay
from assessments.results import queries as results
from tests.factories.assessments import begin, candidate, definition, exam_of, run_jobs, words
from tests.factories.people import AffiliationFactory, PersonFactory
from tests.factories.results import answer_all, assessor, officer


def essay(code):
    marks = [
        {"code": "facts", "title": "The facts are right", "points": 2, "guidance": "Look for both facts."},
        {"code": "words", "title": "It is well said", "points": 2, "guidance": "Short is good."},
    ]
    return definition(code, "essay", words_min=1, words_max=50, marks=marks)


@pytest.fixture
def attempt(app):
    """An attempt with two essays, handed in."""
    exam, who = exam_of([essay("HM-1"), essay("HM-2")]), candidate(name="Zoe Secretname")
    attempt = begin(exam, who)
    answer_all(attempt, lambda place, question: f"My answer {place}.")
    closing.submit(attempt.public_id, who, clock.now())
    transaction.commit()
    return db.session.get(Attempt, attempt.id)


def mark(answer, by, points="2"):
    done = hand_marking.give(answer, {"facts": points, "words": points}, "Good.", by, clock.now())
    transaction.commit()
    return done


def test_the_last_mark_gives_the_score_and_the_release(attempt):
    one, other = assessor(), assessor()
    first, second = hand_marking.list_waiting(one.person_id, one.public_id)
    assert attempt.state == AttemptState.AWAITING_MARKING

    assert not mark(first, one)
    assert db.session.get(Attempt, attempt.id).state == AttemptState.AWAITING_MARKING
    assert mark(second, other, "1.5")
    run_jobs()

    result = results.find_by_attempt(attempt.id)
    assert (result.data["points"], result.outcome) == ("1.75", "pass")
    assert db.session.get(Attempt, attempt.id).state == AttemptState.RELEASED
    assert replay(results.record_of(result.id)) == []


def test_points_that_cannot_be_given_are_named_at_their_aspect(attempt):
    by = assessor()
    answer = hand_marking.list_waiting(by.person_id, by.public_id)[0]
    with pytest.raises(hand_marking.PointsRefused) as refused:
        hand_marking.give(answer, {"facts": "2.3"}, "", by, clock.now())
    assert refused.value.by_aspect.keys() == {"facts", "words"}
    assert db.session.scalars(select(ItemMark)).all() == []


def test_one_answer_gets_one_mark(attempt):
    one, other = assessor(), assessor()
    answer = hand_marking.list_waiting(one.person_id, one.public_id)[0]
    mark(answer, one)
    with pytest.raises(Stale):
        mark(answer, other)
    transaction.commit()
    assert len(hand_marking.list_waiting(other.person_id, other.public_id)) == 1


def test_nobody_marks_themselves_or_their_own_house(attempt):
    AffiliationFactory(person_id=attempt.person_id, employer="Acme")
    tied = assessor(working_for="Acme")
    for person_id, public_id in ((tied.person_id, tied.public_id), (attempt.person_id, "x")):
        assert hand_marking.list_waiting(person_id, public_id) == []
        with pytest.raises(Missing):
            hand_marking.get_answer(attempt.public_id, 1, person_id)


def test_marking_anew_is_for_other_people_and_supersedes(attempt):
    one, other = assessor(), assessor()
    for answer in hand_marking.list_waiting(one.person_id, one.public_id):
        mark(answer, one, "1")
    run_jobs()
    old = results.find_by_attempt(attempt.id)
    assert old.outcome == "fail"

    assert hand_marking.ask_anew(attempt, officer(), "Appeal") == 2
    transaction.commit()
    assert results.find_by_attempt(attempt.id).id == old.id, "it counts until the new marks are there"
    assert hand_marking.list_waiting(one.person_id, one.public_id) == []
    again = hand_marking.list_waiting(other.person_id, other.public_id)
    with pytest.raises(Refused):
        mark(again[0], one)
    db.session.rollback()
    for answer in again:
        mark(answer, other, "2")

    new = results.find_by_attempt(attempt.id)
    assert (new.supersedes_id, new.outcome) == (old.id, "pass")
    assert new.released_at == old.released_at
    assert replay(results.record_of(new.id)) == []


def test_the_pages_show_a_number_and_never_a_name_or_an_arrangement(attempt, visit):
    stored = db.session.get(Attempt, attempt.id)
    stored.accommodation = {"time_percent": 37, "breaks": True, "break_minutes": 5, "larger_text": True}
    transaction.commit()
    marker = visit.sign_in(PersonFactory(holding=["assessor"]))
    queue = marker.get("/marking/answers").get_data(as_text=True)
    page = marker.get(f"/marking/answers/{attempt.public_id}/1").get_data(as_text=True)

    for html in (queue, page):
        assert attempt.candidate in words(html)
        assert "Secretname" not in html
        assert "37" not in words(html).replace(attempt.candidate, "")
    assert "Look for both facts." in words(page)

    refused = marker.post(f"/marking/answers/{attempt.public_id}/1", {"points-facts": "2", "comment": "Kept words."})
    assert refused.status_code == 422
    assert "Kept words." in refused.get_data(as_text=True)
    done = marker.post(f"/marking/answers/{attempt.public_id}/1", {"points-facts": "2", "points-words": "1,5"})
    assert done.headers["Location"].endswith(f"/marking/answers/{attempt.public_id}/2")


def test_a_member_does_not_mark(attempt, visit):
    assert visit.sign_in(PersonFactory()).get("/marking/answers").status_code == 403
