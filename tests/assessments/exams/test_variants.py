"""Parametrised items in an exam: each attempt keeps the number of its variant and is scored by it, years later too."""

import re
from fractions import Fraction

import pytest
from sqlalchemy import select

from app.extensions import db
from assessments.exams import drawing, queries
from assessments.exams.variants import used_variants
from assessments.grading.canonical import digest
from assessments.grading.kinds.realising import realise
from assessments.grading.kinds.registry import kind
from assessments.results.models import Result
from tests.factories.assessments import (
    SECRET_MARK,
    begin,
    candidate,
    definition,
    exam_of,
    hand_in,
    press_start,
    questions_of,
    singles,
    words,
)
from tests.factories.people import PersonFactory


def team(code="P1", **changes):
    """An item with a pool of three variants, its feedback marked."""
    stem = f"{code}: a team of {{people}} works {{hours}} hours each. How many hours is that?"
    return definition(code, "parametrised", stem=stem, feedback=SECRET_MARK, variants=3, **changes)


def places(*version_ids):
    """These versions, one after the other."""
    return [drawing.Place(version_id) for version_id in version_ids]


def given(attempt):
    """The variant of the first question."""
    return questions_of(attempt)[0].order["variant"]


def test_the_variants_of_a_pool_are_given_in_turn(session):
    exam = exam_of([team()])
    numbers = [given(begin(exam, candidate())) for _ in range(6)]

    assert sorted(numbers) == [1, 1, 2, 2, 3, 3]
    assert set(numbers[:3]) == {1, 2, 3}


def test_counting_uses_asks_nothing_for_items_without_a_pool(session):
    assert used_variants({1: singles(1)[0]}) == {}


def test_what_is_shown_answered_and_scored_is_the_same_variant(visit):
    sitter = visit.sign_in(PersonFactory())
    attempt = press_start(sitter, exam_of([team()]))
    question = questions_of(attempt)[0]
    content = realise(question.item_version.content, question.order)

    page = sitter.get(f"/attempts/{attempt.public_id}").get_data(as_text=True)
    assert content["stem"] in words(page)
    assert SECRET_MARK not in page
    numbers = [Fraction(found) for found in re.findall(r"team of ([\d.]+) works ([\d.]+)", words(page))[0]]
    answer = str(float(numbers[0] * numbers[1]))
    saved = sitter.put(f"/attempts/{attempt.public_id}/answers/1", {"seq": 1, "answer": answer})
    assert saved.status_code == 200
    sitter.post(f"/attempts/{attempt.public_id}/submit")

    result = db.session.scalars(select(Result)).one()
    assert (result.outcome, result.percent) == ("pass", 100)
    assert digest(result.inputs) == result.inputs_hash
    assert result.inputs["items"][0]["content"] == dict(content), (
        "the record holds what was asked, not how it was drawn"
    )


def test_the_answer_of_another_variant_is_wrong(session):
    exam, who = exam_of([team()]), candidate()
    attempt = begin(exam, who)
    question = questions_of(attempt)[0]
    others = {realise(question.item_version.content, {"variant": number})["answer"] for number in (1, 2, 3)}
    own = realise(question.item_version.content, question.order)["answer"]
    question.response = min(others - {own})
    session.flush()

    assert hand_in(attempt, who).percent == 0


def test_the_same_seed_arranges_the_same_variants(session):
    content = {7: {**team(), "code": "A"}, 8: singles(1)[0]}

    once, again = (drawing.arrange(places(7, 8), content, "seed") for _ in range(2))

    assert once == again
    assert once[0].order["variant"] in (1, 2, 3)
    assert "variant" not in once[1].order


def test_attempts_from_before_there_were_variants_are_arranged_alike(session):
    """The shuffles of the other items do not depend on whether a parametrised one is among them."""
    plain = {8: singles(1)[0], 9: singles(1)[0]}

    alone = drawing.arrange(places(8, 9), plain, "seed")
    beside = drawing.arrange(places(8, 9, 7), plain | {7: team()}, "seed")

    assert [question.order for question in alone] == [question.order for question in beside[:2]]


@pytest.mark.parametrize("kinds", [["parametrised"], ["parametrised", "single"]])
def test_the_engine_gets_what_was_asked(session, kinds):
    exam = exam_of([team()] + (singles(1) if "single" in kinds else []))
    answered = queries.list_answered(begin(exam, candidate()).id)

    assert sorted(entry.scored.content["kind"] for entry in answered) == sorted(["numeric", *kinds[1:]])
    for entry in answered:
        inner = kind(entry.scored.content["kind"])
        assert inner.score(entry.scored.content, inner.right_response(entry.scored.content)).exact == 1
