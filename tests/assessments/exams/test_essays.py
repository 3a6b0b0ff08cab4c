"""Essays in the quiet room: saved as they are written, never refused for a word too many, secret until they are marked."""

import pytest
from sqlalchemy import select

from app.extensions import db
from assessments.exams.models import Attempt
from assessments.exams.rules import AttemptState
from assessments.grading.kinds.hand_marks import read_points
from assessments.results.models import Result
from tests.factories.assessments import SECRET_MARK, definition, exam_of, press_start, questions_of, run_jobs, words
from tests.factories.people import PersonFactory


def essay(**changes):
    marks = [
        {
            "code": "facts",
            "title": "The facts are right",
            "points": 2,
            "guidance": f"{SECRET_MARK} for markers",
            "descriptors": [f"{SECRET_MARK} none", f"{SECRET_MARK} one", f"{SECRET_MARK} both"],
        }
    ]
    return definition("E1", "essay", words_min=3, words_max=10, template="Dear colleague,", marks=marks, **changes)


@pytest.fixture
def sitter(visit):
    return visit.sign_in(PersonFactory())


@pytest.fixture
def attempt(sitter):
    return press_start(sitter, exam_of([essay()]))


def here(attempt):
    return f"/attempts/{attempt.public_id}"


def test_a_text_is_saved_as_it_is_written_and_comes_back_whole(sitter, attempt):
    text = "Dear colleague,\n\nhow <are> you?\n"

    saved = sitter.put(f"{here(attempt)}/answers/1", {"seq": 1, "answer": text})

    assert (saved.status_code, saved.json["answered"]) == (200, True)
    assert "Dear colleague,\n\nhow &lt;are&gt; you?</textarea>" in sitter.get(here(attempt)).get_data(as_text=True)


def test_a_plain_form_keeps_a_text_beyond_the_limit_and_says_what_is_read(sitter, attempt):
    text = "word " * 12

    answer = sitter.post(f"{here(attempt)}/answers/1", {"seq": "1", "answer": text, "go": "1"})

    assert answer.status_code == 302
    page = words(sitter.get(here(attempt)).get_data(as_text=True))
    assert "Words: 12" in page
    assert "what comes after word 10 is kept, and not read" in page
    assert questions_of(attempt)[0].response == text.strip()


def test_the_untouched_template_is_no_answer(sitter, attempt):
    sitter.post(f"{here(attempt)}/answers/1", {"seq": "1", "answer": "Dear colleague,", "go": "review"})

    assert questions_of(attempt)[0].response is None


def test_nothing_for_markers_is_told_before_during_or_after_the_hand_in(sitter, attempt):
    replies = [
        sitter.get(here(attempt)),
        sitter.put(f"{here(attempt)}/answers/1", {"seq": 1, "answer": "One two three."}),
    ]
    replies += [
        sitter.put(f"{here(attempt)}/answers/1", {"seq": 2, "answer": ["no text"]}),
        sitter.get(f"{here(attempt)}/review"),
    ]
    replies += [
        sitter.post(f"{here(attempt)}/submit"),
        sitter.get(f"{here(attempt)}/receipt"),
        sitter.get("/results"),
        sitter.get("/path"),
    ]

    for reply in replies:
        assert SECRET_MARK not in reply.get_data(as_text=True) + str(reply.headers)
    assert "The facts are right" in replies[0].get_data(as_text=True), "what it is marked by is told"


def test_an_essay_keeps_the_whole_exam_waiting_and_an_empty_one_does_not(sitter, attempt):
    sitter.put(f"{here(attempt)}/answers/1", {"seq": 1, "answer": "One two three."})
    sitter.post(f"{here(attempt)}/submit")
    run_jobs()

    db.session.expire_all()
    assert db.session.get(Attempt, attempt.id).state == AttemptState.AWAITING_MARKING
    assert db.session.scalars(select(Result)).all() == []
    other = sitter.another().sign_in(PersonFactory())
    empty = press_start(other, exam_of([essay(stem="Another stem?")]))
    other.post(f"{here(empty)}/submit")
    assert db.session.scalars(select(Result)).one().attempt_id == empty.id


def test_marks_are_read_against_the_version_that_was_asked(sitter, attempt):
    content = questions_of(attempt)[0].item_version.content

    assert read_points(content, {"facts": "1.5"}).share * 4 == 3
