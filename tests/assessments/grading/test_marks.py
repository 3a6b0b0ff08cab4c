"""Exams with answers that people mark: no score before the last mark, and records that come out again with their marks."""

import json
from decimal import Decimal
from typing import Any

import pytest

from assessments.grading.canonical import digest
from assessments.grading.kinds.hand_marks import Mark
from assessments.grading.kinds.realising import realise
from assessments.grading.replay import RecordInvalid, record_exam, replay
from assessments.grading.scoring import AwaitingMarks, ExamRules, ItemInput, awaiting_marks, item_points, score_exam
from tests.assessments.grading.item_contents import item_content

RULES = ExamRules(Decimal(70))
CHOICE = ItemInput("A", "F1", item_content("single"), "b")
FULL = Mark(Decimal(6), Decimal(6))


def essay(code: str, response: Any = "My answer", mark: Mark | None = None) -> ItemInput:
    """An answered essay."""
    return ItemInput(code, "F1", item_content("essay"), response, mark)


def test_an_exam_has_no_score_while_an_answer_is_unmarked() -> None:
    items = [CHOICE, essay("B"), essay("C", mark=FULL), essay("D")]

    with pytest.raises(AwaitingMarks) as waiting:
        score_exam(items, RULES)

    assert waiting.value.codes == ("B", "D")
    assert awaiting_marks(items) == ("B", "D")
    assert [item_points(item) for item in items] == [1, None, 1, None]
    with pytest.raises(AwaitingMarks):
        record_exam(items, RULES)


def test_a_marked_exam_adds_its_marks_exactly() -> None:
    items = [CHOICE, essay("B", mark=Mark(Decimal("3.5"), Decimal(6))), essay("C", mark=Mark(Decimal(1), Decimal(6)))]
    score = score_exam(items, RULES)

    assert (score.total, score.percent, score.passed) == (Decimal("1.7500"), Decimal("58.3"), False)
    assert [item.points for item in score.items] == [Decimal("1.0000"), Decimal("0.5833"), Decimal("0.1667")]


def test_an_empty_answer_waits_for_nobody_and_a_mark_of_nothing_is_a_mark() -> None:
    zero = Mark(Decimal(0), Decimal(6))

    assert awaiting_marks([essay("B", response=None)]) == ()
    assert score_exam([CHOICE, essay("B", response=None), essay("C", mark=zero)], RULES).percent == Decimal("33.3")


def test_a_mark_where_none_belongs_is_refused() -> None:
    with pytest.raises(ValueError, match="takes no mark"):
        score_exam([ItemInput("A", "F1", item_content("single"), "b", FULL)], RULES)
    with pytest.raises(ValueError, match="this version"):
        score_exam([essay("B", mark=Mark(Decimal(1), Decimal(2)))], RULES)


def test_a_record_replays_with_its_marks_and_notices_a_touched_one() -> None:
    record = json.loads(json.dumps(record_exam([CHOICE, essay("B", mark=Mark(Decimal("4.5"), Decimal(6)))], RULES)))

    assert replay(record) == []
    assert record["inputs"]["items"][1]["mark"] == {"points": "4.5", "of": "6"}
    record["inputs"]["items"][1]["mark"]["points"] = "6"
    assert {difference.part for difference in replay(record)} >= {"inputs_sha256", "outcome.percent"}
    del record["inputs"]["items"][1]["mark"]
    with pytest.raises(RecordInvalid):
        replay(record)


@pytest.mark.parametrize("mark", [{"points": "7", "of": "6"}, {"points": "x", "of": "6"}, {"points": "1"}, {}, "6", 6])
def test_a_record_with_a_mark_that_none_can_be_is_no_record(mark: Any) -> None:
    record = json.loads(json.dumps(record_exam([essay("B", mark=FULL)], RULES)))
    record["inputs"]["items"][0]["mark"] = mark

    with pytest.raises(RecordInvalid):
        replay(record)


def test_records_of_exams_without_marks_are_to_the_letter_what_they_were() -> None:
    """Pinned from before there were marks: the fields of an item, and the digest of the whole input."""
    record = record_exam([CHOICE], RULES)

    assert set(record["inputs"]["items"][0]) == {"code", "topic", "content", "response"}
    assert record["engine"] == "1"
    assert record["inputs_sha256"] == digest(
        {
            "items": [{"code": "A", "topic": "F1", "content": item_content("single"), "response": "b"}],
            "rules": {"pass_percent": "70", "places": 1},
        }
    )


def test_a_record_of_a_variant_needs_no_formula_to_replay() -> None:
    content = realise(item_content("parametrised"), {"variant": 3})
    record = json.loads(json.dumps(record_exam([ItemInput("P", "F1", content, content["answer"])], RULES)))

    assert replay(record) == []
    assert record["inputs"]["items"][0]["content"]["kind"] == "numeric"
    assert "parameters" not in record["inputs"]["items"][0]["content"]
    assert record["outcome"]["percent"] == "100.0"
