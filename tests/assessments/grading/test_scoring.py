"""An exam is scored exactly, rounded once, and the percentage that is shown decides."""

from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grading.kinds.registry import KindUnknown, kind
from assessments.grading.scoring import ExamRules, ItemInput, score_exam
from tests.assessments.grading.item_contents import item_content, items, properties

SEVENTY = ExamRules(Decimal(70))


def true_false_exam(right: int, wrong: int, empty: int = 0, topic: str = "F1") -> list[ItemInput]:
    """An exam of true/false items with so many right, wrong and empty answers."""
    responses = [False] * right + [True] * wrong + [None] * empty
    content = item_content("true_false", answer=False)
    return [ItemInput(f"{topic}-{place}", topic, content, response) for place, response in enumerate(responses)]


@st.composite
def exams(draw: st.DrawFn) -> list[ItemInput]:
    """Exams of any kinds, each item answered rightly, somehow, or not at all."""
    built = []
    for place, content in enumerate(draw(st.lists(items(), min_size=1, max_size=8))):
        asked = kind(content["kind"])
        orders = list(asked.orders(content).values())
        somehow = asked.normalise(content, [orders[0][0]]) if content["kind"] == "multiple" else None
        response = draw(st.sampled_from([asked.right_response(content), somehow, None]))
        built.append(ItemInput(f"X-{place}", draw(st.sampled_from(["F1", "F2"])), content, response))
    return built


@pytest.mark.parametrize(
    ("right", "percent", "passed"), [(28, "70.0", True), (27, "67.5", False), (40, "100.0", True), (0, "0.0", False)]
)
def test_seventy_of_a_hundred_is_28_of_40(right: int, percent: str, passed: bool) -> None:
    score = score_exam(true_false_exam(right, 40 - right), SEVENTY)

    assert (str(score.percent), score.passed, score.total) == (percent, passed, right)


def test_the_percentage_that_is_shown_is_the_one_that_is_compared() -> None:
    """1,399 right of 2,000 is 69.95 %: it shows as 70.0 and passes at 70, as the candidate reads it."""
    barely, short = (score_exam(true_false_exam(right, 2000 - right), SEVENTY) for right in (1399, 1398))

    assert (str(barely.percent), barely.passed) == ("70.0", True)
    assert (str(short.percent), short.passed) == ("69.9", False)


def test_thirds_are_added_before_they_are_rounded() -> None:
    """Three times a third of a point is one point, not 0.9999."""
    content = item_content("matching")
    response = {"a": kind("matching").right_response(content)["a"]}

    score = score_exam([ItemInput(f"M{place}", "F1", content, response) for place in range(3)], SEVENTY)

    assert [str(item.points) for item in score.items] == ["0.3333"] * 3
    assert (str(score.total), str(score.percent)) == ("1.0000", "33.3")


def test_answered_and_unanswered_items_are_counted() -> None:
    score = score_exam(true_false_exam(3, 2, empty=5), SEVENTY)

    assert (score.answered, score.unanswered, score.maximum) == (5, 5, 10)
    assert [item.answered for item in score.items] == [True] * 5 + [False] * 5


@properties
@given(exams())
def test_any_exam_scores_between_nothing_and_its_maximum(exam: list[ItemInput]) -> None:
    score = score_exam(exam, SEVENTY)

    assert 0 <= score.total <= score.maximum == len(exam)
    assert 0 <= score.percent <= 100
    assert score.passed == (score.percent >= 70)
    assert score.answered == sum(item.response is not None for item in exam)


@properties
@given(exams(), st.integers(0, 10**6))
def test_the_order_of_the_items_has_no_part_in_the_score(exam: list[ItemInput], seed: int) -> None:
    score, other = score_exam(exam, SEVENTY), score_exam(Random(seed).sample(exam, len(exam)), SEVENTY)

    assert (other.total, other.percent, other.passed, other.topics) == (
        score.total,
        score.percent,
        score.passed,
        score.topics,
    )
    assert sorted(other.items, key=lambda item: item.code) == sorted(score.items, key=lambda item: item.code)


@properties
@given(exams(), st.data())
def test_a_better_answer_never_lowers_the_score(exam: list[ItemInput], data: Any) -> None:
    place = data.draw(st.integers(0, len(exam) - 1))
    item = exam[place]
    mended = ItemInput(item.code, item.topic, item.content, kind(item.content["kind"]).right_response(item.content))

    before, after = score_exam(exam, SEVENTY), score_exam([*exam[:place], mended, *exam[place + 1 :]], SEVENTY)

    assert (after.total, after.percent, after.passed) >= (before.total, before.percent, before.passed)


def test_an_exam_without_items_or_with_one_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="without items"):
        score_exam([], SEVENTY)
    with pytest.raises(ValueError, match="only once"):
        score_exam(true_false_exam(1, 0) * 2, SEVENTY)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KindUnknown):
        score_exam([ItemInput("E1", "F1", {"kind": "riddle"}, "text")], SEVENTY)


@pytest.mark.parametrize("mark", ["-1", "100.1"])
def test_a_pass_mark_lies_between_0_and_100(mark: str) -> None:
    with pytest.raises(ValueError, match="between 0 and 100"):
        ExamRules(Decimal(mark))


def test_a_pass_mark_is_never_a_float() -> None:
    with pytest.raises(TypeError):
        ExamRules(70.0)  # type: ignore[arg-type]
