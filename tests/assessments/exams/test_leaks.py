"""Before its release no answer of an attempt may tell anything of a key: not in words, not by its length."""

import re

import pytest

from app.extensions import db
from assessments.exams.models import Attempt
from tests.factories.assessments import (
    SECRET_MARK,
    all_kinds,
    exam_of,
    held_clock,
    press_start,
    questions_of,
    right_answer,
    run_jobs,
    wrong_answer,
)
from tests.factories.people import PersonFactory
from tests.support.visitor import Visitor

__all__ = ["held_clock"]
KEY_WORDS = (SECRET_MARK, "271828", "31415", "feedback", '"right"', "accepted", "tolerance", "credit")


@pytest.fixture
def sitter(visit) -> Visitor:
    """A signed-in member."""
    return visit.sign_in(PersonFactory())


def everything(visit, attempt):
    """Every answer the site can give about an attempt that runs, as its address, status and text."""
    base = f"/attempts/{attempt.public_id}"
    paths = [base, f"{base}?q=999", f"{base}/review", f"{base}/clock", f"{base}/take-over", f"{base}/receipt"]
    paths += [f"{base}?q={number}" for number in range(1, len(questions_of(attempt)) + 1)]
    paths += [f"/exams/{attempt.exam_snapshot['code']}", "/results", "/path"]
    return [(path, visit.get(path)) for path in paths]


def assert_silent(responses):
    for path, response in responses:
        text = response.get_data(as_text=True) + str(response.headers)
        found = [word for word in KEY_WORDS if word in text]
        assert not found, f"{path} tells {found}"


def test_no_page_and_no_answer_of_a_running_attempt_tells_a_key(sitter):
    attempt = press_start(sitter, exam_of(all_kinds(2)))
    assert_silent(everything(sitter, attempt))

    replies = []
    for question in questions_of(attempt):
        address = f"/attempts/{attempt.public_id}/answers/{question.position}"
        for seq, raw in enumerate((right_answer(question), wrong_answer(question), {"x": 1}, None), 1):
            replies.append((address, sitter.put(address, {"seq": seq, "answer": raw})))
        replies.append((address, sitter.put(address, {"seq": 1, "answer": wrong_answer(question)})))
        replies.append((address, sitter.post(address, {"seq": "9", "answer": "no such thing"})))
    assert {reply.status_code for _a, reply in replies} >= {200, 409, 422}
    assert_silent(replies)
    assert_silent(everything(sitter, attempt))


def test_right_and_wrong_answers_are_answered_alike(sitter):
    attempt = press_start(sitter, exam_of(all_kinds(1)))
    for question in questions_of(attempt):
        address = f"/attempts/{attempt.public_id}/answers/{question.position}"
        right = sitter.put(address, {"seq": 1, "answer": right_answer(question)})
        wrong = sitter.put(address, {"seq": 2, "answer": wrong_answer(question)})

        assert right.status_code == wrong.status_code == 200
        assert right.json.keys() == wrong.json.keys()
        assert {k: v for k, v in right.json.items() if k not in ("seq", "now", "saved_at")} == {
            k: v for k, v in wrong.json.items() if k not in ("seq", "now", "saved_at")
        }


def test_the_page_is_as_long_after_a_right_answer_as_after_a_wrong_one(sitter):
    attempt = press_start(sitter, exam_of([item for item in all_kinds(1) if item["kind"] == "single"]))
    question = questions_of(attempt)[0]
    lengths = []
    for seq, raw in enumerate((right_answer(question), wrong_answer(question)), 1):
        sitter.put(f"/attempts/{attempt.public_id}/answers/1", {"seq": seq, "answer": raw})
        html = sitter.get(f"/attempts/{attempt.public_id}?q=1").get_data(as_text=True)
        html = re.sub(r'nonce="[^"]+"|value="[^"]{40,}"|data-now="[^"]+"|<b data-clock-left>[^<]+', "", html)
        lengths.append(len(html))

    assert lengths[0] == lengths[1]


def test_the_end_of_an_attempt_tells_nothing_either_before_the_release(sitter, held_clock):
    attempt = press_start(sitter, exam_of(all_kinds(1), is_auto_released=False))
    sitter.put(f"/attempts/{attempt.public_id}/answers/1", {"seq": 1, "answer": None})
    held_clock.go(minutes=60, seconds=30)
    assert_silent([("time up", sitter.get(f"/attempts/{attempt.public_id}"))])
    handed_in = sitter.post(f"/attempts/{attempt.public_id}/submit")
    run_jobs()
    receipt = sitter.get(f"/attempts/{attempt.public_id}/receipt")

    assert_silent([("hand in", handed_in), ("receipt", receipt), ("results", sitter.get("/results"))])
    for word in ("passed", "Passed", "%", "of 7 points"):
        assert word not in receipt.get_data(as_text=True).split("<main")[1]


def test_the_released_result_shows_bands_and_no_question(sitter):
    attempt = press_start(sitter, exam_of(all_kinds(1)))
    sitter.post(f"/attempts/{attempt.public_id}/submit")
    run_jobs()
    page = sitter.get("/results")
    address = re.search(r'href="(/results/[0-9a-z]+)"', page.get_data(as_text=True)).group(1)
    text = sitter.get(address).get_data(as_text=True)

    assert "How you did, by topic" in text
    assert SECRET_MARK not in text
    assert not [q for q in questions_of(attempt) if q.item_version.content["stem"] in text]


def test_no_shape_of_request_yields_a_question_without_a_start(sitter):
    exam = exam_of(items := all_kinds(1))
    stems = [item["stem"] for item in items]
    paths = [f"/exams/{exam.code}", f"/exams/{exam.code}?q=1", "/attempts/", "/attempts/x", "/attempts/x/review"]
    paths += [f"/practice/TEST/{items[0]['code']}", f"/attempts/{exam.code}", "/attempts/x/answers/1"]

    for path in paths:
        for response in (sitter.get(path), sitter.put(path, {"seq": 1, "answer": "a"}), sitter.post(path)):
            assert not any(stem in response.get_data(as_text=True) for stem in stems), path
    assert db.session.query(Attempt).count() == 0
