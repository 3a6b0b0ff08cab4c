"""Stored outcomes come out again, from the record alone, and anything that was touched is noticed."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grading.canonical import digest
from assessments.grading.decision import Evidence, SchemeRule
from assessments.grading.kinds.registry import kind
from assessments.grading.replay import (
    ENGINES,
    Record,
    RecordInvalid,
    record_decision,
    record_exam,
    record_practical,
    replay,
)
from assessments.grading.requirements import ExamEvidence, LessonsEvidence, PracticalEvidence, Requirement
from assessments.grading.rubric import CriterionRule, PracticalRule, Rubric
from assessments.grading.scoring import ExamRules, ItemInput
from assessments.grading.version import ENGINE_VERSION
from tests.assessments.grading.item_contents import KIND_NAMES, item_content, items, json_values, properties

ALL_BUT_ONE = len(KIND_NAMES) - 1
PERCENT = f"{Decimal(100 * ALL_BUT_ONE) / len(KIND_NAMES):.1f}"
RUBRIC = Rubric(
    ("absent", "meets", "exceeds"), "meets", (CriterionRule("selection"), CriterionRule("care", critical=True))
)


def from_the_archive(record: Record) -> Record:
    """The record as it comes back from years in a database, keys in another order."""
    loaded: Record = json.loads(json.dumps(record, sort_keys=True))
    return dict(reversed(loaded.items()))


def exam_record() -> Record:
    """An exam with one item of each kind, all but the last answered rightly."""
    exam = [
        ItemInput(f"E-{name}", "F1", content, kind(name).right_response(content))
        for name in KIND_NAMES
        for content in [item_content(name)]
    ]
    return record_exam([*exam[:-1], ItemInput("E-last", "F1", exam[-1].content, None)], ExamRules(Decimal(70)))


def decision_record() -> Record:
    """A foundation decision with everything in it."""
    rule = SchemeRule(
        "CR-F-SCHEME",
        3,
        (
            Requirement("lessons", "lessons", "CR-F"),
            Requirement("exam", "exam", "CR-F-EXAM", minimum_percent=Decimal("70")),
            Requirement("practical", "practical", "CR-F-P1", minimum_level="meets"),
        ),
        requires_level="entry",
    )
    evidence = Evidence(
        lessons={"CR-F": LessonsEvidence(27, 27)},
        exams={"CR-F-EXAM": ExamEvidence((Decimal("65.0"), Decimal("72.5")), attempts_left=1)},
        practicals={"CR-F-P1": PracticalEvidence(((RUBRIC, {"selection": "meets", "care": "meets"}),))},
        levels_held=frozenset({"entry", "other"}),
    )
    return record_decision(rule, evidence)


def practical_record() -> Record:
    """A judged submission."""
    return record_practical(RUBRIC, {"selection": "meets", "care": None}, PracticalRule("meets"))


@pytest.mark.parametrize("make", [exam_record, decision_record, practical_record])
def test_a_stored_outcome_is_reproduced_from_its_record_alone(make: Any) -> None:
    record = make()

    assert replay(from_the_archive(record)) == []
    assert record["inputs_sha256"] == digest(record["inputs"])
    assert record["engine"] == ENGINE_VERSION


@properties
@given(st.lists(items(), min_size=1, max_size=5), st.decimals(0, 100, places=1), st.data())
def test_any_scored_exam_is_reproduced(contents: list[dict[str, Any]], cut: Decimal, data: Any) -> None:
    exam = [
        ItemInput(
            f"X{place}",
            "F1",
            content,
            data.draw(st.sampled_from([None, kind(content["kind"]).right_response(content)])),
        )
        for place, content in enumerate(contents)
    ]

    assert replay(from_the_archive(record_exam(exam, ExamRules(cut)))) == []


def test_numbers_in_an_outcome_stand_as_they_are_shown() -> None:
    outcome = exam_record()["outcome"]

    assert (outcome["total"], outcome["percent"], outcome["passed"]) == (f"{ALL_BUT_ONE}.0000", PERCENT, True)
    assert decision_record()["outcome"]["outcome"] == "award"
    assert practical_record()["outcome"]["points"] is None


def test_equal_inputs_have_one_digest() -> None:
    content = item_content("true_false")
    one, two = (record_exam([ItemInput("E1", "F1", content)], ExamRules(Decimal(cut))) for cut in ("70", "70.0"))

    assert one["inputs_sha256"] == two["inputs_sha256"]


def test_a_changed_outcome_is_named_with_both_values() -> None:
    record = from_the_archive(exam_record())
    record["outcome"] |= {"percent": "99.0"}

    (difference,) = replay(record)

    assert (difference.part, difference.stored, difference.computed) == ("outcome.percent", "99.0", PERCENT)


def test_a_changed_input_is_noticed_even_where_the_outcome_stays() -> None:
    record = from_the_archive(decision_record())
    record["inputs"]["evidence"]["lessons"]["CR-F"]["read"] = 28

    assert {difference.part for difference in replay(record)} >= {"inputs_sha256"}


def test_a_float_where_no_engine_writes_one_is_refused_or_named() -> None:
    in_outcome, in_inputs = from_the_archive(exam_record()), from_the_archive(exam_record())
    in_outcome["outcome"]["maximum"] = 7.0
    in_inputs["inputs"]["items"][0]["content"]["stem"] = 1.5

    assert [difference.part for difference in replay(in_outcome)] == ["outcome.maximum"]
    with pytest.raises(RecordInvalid):
        replay(in_inputs)


def test_a_dropped_and_an_added_outcome_are_noticed() -> None:
    record = from_the_archive(practical_record())
    del record["outcome"]["points"]
    record["outcome"]["bonus"] = None

    assert [difference.part for difference in replay(record)] == ["outcome.bonus", "outcome.points"]


def test_an_engine_that_is_gone_is_a_difference_and_not_a_guess() -> None:
    (difference,) = replay(exam_record() | {"engine": "0"})

    assert (difference.part, difference.stored) == ("engine", "0")


def test_the_present_engine_can_be_replayed() -> None:
    assert ENGINES[ENGINE_VERSION].keys() == {"exam", "regraded_exam", "practical", "decision"}


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        [],
        None,
        {"what": "exam"},
        exam_record() | {"what": "essay"},
        exam_record() | {"inputs": {}},
        exam_record() | {"outcome": 5},
    ],
)
def test_what_is_no_record_is_refused(wrong: Any) -> None:
    with pytest.raises(RecordInvalid):
        replay(wrong)


@properties
@given(st.sampled_from([exam_record, decision_record, practical_record]), st.data())
def test_a_broken_record_is_refused_or_shows_a_difference(make: Any, data: Any) -> None:
    record: Any = from_the_archive(make())
    holder, place = record, "inputs"
    while isinstance(holder[place], dict | list) and holder[place] and data.draw(st.integers(0, 5)):
        holder = holder[place]
        place = data.draw(st.sampled_from(sorted(holder) if isinstance(holder, dict) else range(len(holder))))
    before, holder[place] = holder[place], data.draw(json_values())
    try:
        differences = replay(record)
    except RecordInvalid:
        return

    assert differences or holder[place] == before
