"""The pages of an exam: by plain forms, by the module's requests, by other people, and what they ask of the database."""

import re

import pytest
from sqlalchemy import select

from app import transaction
from app.extensions import db
from assessments.accommodations import services as accommodations
from assessments.accommodations.services import Amounts
from assessments.exams.models import Attempt, AttemptItem, ItemReport, ItemResponse
from assessments.grading.kinds.registry import kind
from tests.factories.assessments import (
    all_kinds,
    exam_of,
    held_clock,
    press_start,
    questions_of,
    right_answer,
    run_jobs,
    singles,
    words,
)
from tests.factories.people import PersonFactory
from tests.support.queries import counted
from tests.support.visitor import Visitor

__all__ = ["held_clock"]


@pytest.fixture
def sitter(visit) -> Visitor:
    """A signed-in member."""
    return visit.sign_in(PersonFactory(name="Ada Example"))


def text(response) -> str:
    return words(response.get_data(as_text=True))


# ---- before the start


def test_the_rules_say_how_it_is_watched_and_what_the_pass_mark_means(sitter):
    page = text(sitter.get(f"/exams/{exam_of(singles(12), draw=10).code}"))

    assert "10 questions in 60 minutes. You pass with 70 %." in page
    assert "Nobody watches you." in page
    assert "Ada Example" in page
    chances = [float(found) for found in re.findall(r"(\d+\.\d) %", page)]
    assert len(chances) == 4
    assert chances == sorted(chances)
    assert "50 % of the field" in page
    assert "80 % of the field" in page


def test_nobody_starts_without_the_declaration(sitter):
    answer = sitter.post(f"/exams/{exam_of().code}/start")

    assert answer.status_code == 422
    assert "declare who you are" in text(answer)
    assert db.session.scalars(select(Attempt)).all() == []


def test_a_visitor_is_asked_to_sign_in(visit):
    assert "/sign-in" in visit.get(f"/exams/{exam_of().code}").headers["Location"]


def test_a_start_that_is_refused_says_from_when_it_is_allowed(sitter, held_clock):
    exam = exam_of()
    attempt = press_start(sitter, exam)
    sitter.post(f"/attempts/{attempt.public_id}/submit")
    run_jobs()

    answer = sitter.post(f"/exams/{exam.code}/start", {"declared": "y"})

    assert answer.status_code == 409
    assert "Your next attempt opens on" in text(answer)


def test_a_bank_that_is_too_short_says_so_and_starts_nothing(sitter):
    exam = exam_of(singles(2), draw=2)
    exam.blueprint = [{"topic": "F1", "thinking": "apply", "draw": 3}]
    transaction.commit()

    answer = sitter.post(f"/exams/{exam.code}/start", {"declared": "y"})

    assert answer.status_code == 409
    assert "lacks questions" in text(answer)


def test_extra_time_is_told_to_the_candidate_and_shown_by_the_clock(sitter):
    officer = PersonFactory(holding=["officer"])
    accommodations.grant(sitter.person, Amounts(50), None, "", officer.public_id, officer.joined_at)
    transaction.commit()
    exam = exam_of()

    assert "90 minutes, counted by our server" in text(sitter.get(f"/exams/{exam.code}"))
    assert "of 90 minutes" in text(sitter.get(f"/attempts/{press_start(sitter, exam).public_id}"))


# ---- by plain forms


def form_of(html: str) -> dict[str, str]:
    """The hidden number that the form of the page would send."""
    return {"seq": re.search(r'name="seq" value="(\d+)"', html).group(1)}


def fields_for(question) -> dict[str, object]:
    """A right answer as the fields of a plain form."""
    right = right_answer(question)
    if isinstance(right, dict):
        return {f"answer.map.{left}": code for left, code in right.items()}
    if isinstance(right, list) and question.item_version.kind == "ordering":
        return {f"answer.map.{code}": str(place) for place, code in enumerate(right, 1)}
    if isinstance(right, list):
        return {"answer.list": right}
    return {"answer": str(right).lower() if isinstance(right, bool) else right}


def test_a_whole_exam_of_every_kind_without_any_script(sitter):
    exam = exam_of(all_kinds(1))
    attempt = press_start(sitter, exam)
    base = f"/attempts/{attempt.public_id}"
    for question in questions_of(attempt):
        page = sitter.get(f"{base}?q={question.position}").get_data(as_text=True)
        sent = form_of(page) | fields_for(question) | {"go": str(question.position + 1)}
        answer = sitter.post(f"{base}/answers/{question.position}", sent)
        assert answer.status_code == 302
        assert answer.headers["Location"].endswith(f"?q={question.position + 1}")

    assert "Every question is answered." in text(sitter.get(f"{base}/review"))
    assert sitter.post(f"{base}/submit").headers["Location"].endswith("/receipt")
    run_jobs()
    receipt = sitter.get(f"{base}/receipt").get_data(as_text=True)
    result = sitter.get(re.search(r'href="(/results/[0-9a-z]+)"', receipt).group(1))
    assert "You have passed: Exam of the tests" in text(result)
    assert "100 %" in text(result)


def test_leaving_by_the_grid_saves_what_stands_there(sitter):
    attempt = press_start(sitter, exam_of())
    page = sitter.get(f"/attempts/{attempt.public_id}?q=2").get_data(as_text=True)
    assert re.search(r'<button class="cell[^>]*form="answer"[^>]*name="go" value="4"', page)

    sitter.post(f"/attempts/{attempt.public_id}/answers/2", {"seq": "1", "answer": "b", "go": "4"})

    page = sitter.get(f"/attempts/{attempt.public_id}?q=4").get_data(as_text=True)
    assert 'aria-label="Question 2, answered"' in page
    assert 'aria-label="Question 3, not answered"' in page
    assert "Saved at" in text(sitter.get(f"/attempts/{attempt.public_id}"))


def test_an_answer_can_be_cleared_and_a_question_flagged(sitter):
    attempt = press_start(sitter, exam_of())
    address = f"/attempts/{attempt.public_id}/answers/1"
    sitter.post(address, {"seq": "1", "answer": "b", "flag": "on"})
    [first, *_rest] = questions_of(attempt)
    assert (first.response, first.flagged) == ("b", True)
    assert "You flagged 1: 1." in text(sitter.get(f"/attempts/{attempt.public_id}/review"))

    sitter.post(address, {"seq": "2", "answer": "b", "clear": "1", "flag": "off"})
    [first, *_rest] = questions_of(attempt)
    assert (first.response, first.flagged) == (None, False)


def test_a_half_filled_order_comes_back_with_the_error_beside_it(sitter):
    attempt = press_start(sitter, exam_of([item for item in all_kinds(1) if item["kind"] == "ordering"]))
    codes = kind("ordering").right_response(questions_of(attempt)[0].item_version.content)

    answer = sitter.post(f"/attempts/{attempt.public_id}/answers/1", {"seq": "1", f"answer.map.{codes[0]}": "2"})

    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Give every step a place of its own." in text(answer)
    assert html.count('<option value="2" selected>') == 1
    assert re.search(r'aria-describedby="q-hint q-error"', html)


def test_a_stale_form_shows_the_newer_answer(sitter):
    attempt = press_start(sitter, exam_of())
    sitter.post(f"/attempts/{attempt.public_id}/answers/1", {"seq": "4", "answer": "b"})

    answer = sitter.post(f"/attempts/{attempt.public_id}/answers/1", {"seq": "2", "answer": "a"})

    assert answer.status_code == 409
    assert "answered in another window" in text(answer)
    assert re.search(r'value="b" checked', answer.get_data(as_text=True))
    assert [(r.response, r.accepted) for r in db.session.scalars(select(ItemResponse).order_by(ItemResponse.id))] == [
        ("b", True),
        ("a", False),
    ]


def test_a_problem_with_a_question_reaches_the_officers(sitter, visit):
    attempt = press_start(sitter, exam_of())
    address = f"/attempts/{attempt.public_id}/reports/2"

    assert "Say in a few words" in text(sitter.post(address, {"report": " "}))
    sitter.post(address, {"report": "Two options say the same."})

    assert db.session.scalars(select(ItemReport.text)).all() == ["Two options say the same."]
    officer = visit.another().sign_in(PersonFactory(holding=["officer"]))
    assert "Two options say the same." in text(officer.get("/office/challenges"))


# ---- other people


def test_an_attempt_does_not_exist_for_anybody_else(sitter, visit):
    attempt = press_start(sitter, exam_of())
    base = f"/attempts/{attempt.public_id}"
    for other in (
        visit.another().sign_in(PersonFactory()),
        visit.another().sign_in(PersonFactory(holding=["officer"])),
    ):
        for path in ("", "?q=1", "/review", "/clock", "/receipt", "/take-over"):
            assert other.get(base + path).status_code == 404, path
        for path in ("/answers/1", "/flags/1", "/reports/1", "/submit", "/take-over"):
            assert other.post(base + path, {"seq": "1", "answer": "b", "report": "x"}).status_code == 404, path
        assert other.put(f"{base}/answers/1", {"seq": 1, "answer": "b"}).status_code == 404
    assert db.session.scalars(select(AttemptItem.response_seq)).all() == [0, 0, 0, 0]


@pytest.mark.parametrize("position", [0, 5, 999_999_999_999])
def test_a_place_that_is_not_there_is_not_found(sitter, position):
    attempt = press_start(sitter, exam_of())

    assert sitter.get(f"/attempts/{attempt.public_id}?q={position}").status_code == 404
    assert sitter.put(f"/attempts/{attempt.public_id}/answers/{position}", {"seq": 1, "answer": "b"}).status_code == 404


# ---- how it is read aloud


def test_the_page_of_a_question_is_named_and_ordered(sitter):
    attempt = press_start(sitter, exam_of())
    html = sitter.get(f"/attempts/{attempt.public_id}?q=2").get_data(as_text=True)

    assert "<title>Question 2 of 4 · Exam of the tests</title>" in html
    shown = re.sub(r'<div class="exam-still".*?</div>', "", html, flags=re.DOTALL)  # covers the page only in a pause
    assert shown.count("<h1") == 1
    assert 'role="radiogroup" aria-labelledby="q-stem" aria-describedby="q-hint"' in html
    assert 'aria-current="true"' in html
    assert '<p class="hidden-visually" role="status" data-announce></p>' in html
    assert 'aria-pressed="false"' in html


# ---- what it asks of the database


@pytest.mark.parametrize("size", [4, 40])
def test_queries_stay_few_whatever_the_number_of_questions(sitter, size):
    exam = exam_of(singles(size))
    attempt = press_start(sitter, exam)
    base, token = f"/attempts/{attempt.public_id}", sitter.token()
    sitter.get(base)

    with counted() as asked:
        sitter.get(f"{base}?q=3")
    assert len(asked) <= 6, asked
    with counted() as asked:
        sitter._open("PUT", f"{base}/answers/3", json={"seq": 1, "answer": "b"}, headers={"X-CSRFToken": token})
    assert len(asked) <= 5, asked
    with counted() as asked:
        assert sitter.post(f"{base}/submit", {"csrf_token": token}, token=False).status_code == 302
    assert len(asked) <= 12, asked
