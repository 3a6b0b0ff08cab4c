"""Who gets the award, who has to wait, who has something left to do, and why."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grading.decision import Evidence, RuleInvalid, SchemeRule, decide
from assessments.grading.requirements import ExamEvidence, LessonsEvidence, PracticalEvidence, Requirement
from assessments.grading.rubric import CriterionRule, Rubric
from assessments.grading.wording import REASONS
from tests.assessments.grading.item_contents import properties

LESSONS = Requirement("lessons", "lessons", "CR-F")
EXAM = Requirement("exam", "exam", "CR-F-EXAM", minimum_percent=Decimal(70))
PRACTICAL = Requirement("practical", "practical", "CR-F-P1", minimum_level="meets")
FOUNDATION = SchemeRule("CR-F-SCHEME", 1, (LESSONS, EXAM, PRACTICAL))
RUBRIC = Rubric(
    ("absent", "developing", "meets", "exceeds"), "meets", (CriterionRule("selection"), CriterionRule("care"))
)


def percents(*shown: str) -> tuple[Decimal, ...]:
    """Released percentages."""
    return tuple(Decimal(value) for value in shown)


def marked(selection: str | None, care: str | None) -> tuple[Rubric, dict[str, str | None]]:
    """One released submission."""
    return RUBRIC, {"selection": selection, "care": care}


def evidence(exam: ExamEvidence | None = None, practical: PracticalEvidence | None = None, **other: Any) -> Evidence:
    """All achieved, but for what is told otherwise."""
    whole = Evidence(
        lessons={"CR-F": LessonsEvidence(27, 27)},
        exams={"CR-F-EXAM": exam or ExamEvidence(percents("72.5"))},
        practicals={"CR-F-P1": practical or PracticalEvidence((marked("meets", "exceeds"),))},
    )
    return replace(whole, **other)


def stands(code: str, given_evidence: Evidence) -> tuple[str, str]:
    """Status and reason of one requirement."""
    (found,) = (outcome for outcome in decide(FOUNDATION, given_evidence).requirements if outcome.code == code)
    return found.status, found.reason.code


def test_all_three_met_is_an_award() -> None:
    decision = decide(FOUNDATION, evidence())

    assert (decision.outcome, decision.blocks) == ("award", ())
    assert [outcome.met for outcome in decision.requirements] == [True] * 3


def test_somebody_new_is_told_what_each_requirement_asks() -> None:
    decision = decide(FOUNDATION, Evidence())

    assert decision.outcome == "not_yet"
    assert [(outcome.status, outcome.reason.code) for outcome in decision.requirements] == [
        ("not_met", "lessons.unread"),
        ("not_met", "exam.not_taken"),
        ("not_met", "practical.not_submitted"),
    ]


@pytest.mark.parametrize(
    ("exam", "expected"),
    [
        (ExamEvidence(percents("70.0")), ("met", "exam.reached")),
        (ExamEvidence(percents("69.9")), ("not_met", "exam.below")),
        (ExamEvidence(percents("72.5", "40.0")), ("met", "exam.reached")),  # a later attempt cannot lower
        (ExamEvidence(percents("40.0", "72.5")), ("met", "exam.reached")),
        (ExamEvidence(awaiting=True), ("waiting", "exam.awaiting_release")),
        (ExamEvidence(percents("60.0"), awaiting=True, attempts_left=0), ("waiting", "exam.awaiting_release")),
        (ExamEvidence(percents("90.0"), awaiting=True), ("met", "exam.reached")),
        (ExamEvidence(percents("60.0"), attempts_left=2), ("not_met", "exam.below")),
        (ExamEvidence(percents("60.0"), attempts_left=0), ("not_met", "exam.no_attempts_left")),
        (ExamEvidence(percents("70.0"), attempts_left=0), ("met", "exam.reached")),
    ],
)
def test_the_exam_requirement(exam: ExamEvidence, expected: tuple[str, str]) -> None:
    assert stands("exam", evidence(exam)) == expected


@pytest.mark.parametrize(
    ("practical", "expected"),
    [
        (PracticalEvidence((marked("meets", "meets"),)), ("met", "practical.reached")),
        (PracticalEvidence((marked("exceeds", "developing"),)), ("not_met", "practical.referred")),
        (PracticalEvidence((marked("meets", "developing"), marked("meets", "meets"))), ("met", "practical.reached")),
        (PracticalEvidence((marked("meets", "meets"), marked("absent", "absent"))), ("met", "practical.reached")),
        (PracticalEvidence(awaiting=True), ("waiting", "practical.awaiting_release")),
        (PracticalEvidence((marked("absent", "meets"),), awaiting=True), ("waiting", "practical.awaiting_release")),
        (PracticalEvidence((marked("meets", None),)), ("waiting", "practical.unmarked")),
        (PracticalEvidence((marked(None, "absent"),)), ("waiting", "practical.unmarked")),
    ],
)
def test_the_practical_requirement(practical: PracticalEvidence, expected: tuple[str, str]) -> None:
    assert stands("practical", evidence(practical=practical)) == expected


@pytest.mark.parametrize(
    ("read", "of", "expected"),
    [(27, 27, ("met", "lessons.read")), (26, 27, ("not_met", "lessons.unread")), (0, 0, ("not_met", "lessons.unread"))],
)
def test_the_lessons_requirement(read: int, of: int, expected: tuple[str, str]) -> None:
    assert stands("lessons", evidence(lessons={"CR-F": LessonsEvidence(read, of)})) == expected


def test_one_requirement_missing_is_no_award_and_the_reason_has_its_numbers() -> None:
    decision = decide(FOUNDATION, evidence(ExamEvidence(percents("55.0", "69.9"))))

    assert decision.outcome == "not_yet"
    assert dict(decision.requirements[1].reason.values) == {"best": "69.9", "minimum": "70"}


def test_who_only_waits_is_told_so() -> None:
    waiting = decide(FOUNDATION, evidence(ExamEvidence(awaiting=True)))
    working = decide(FOUNDATION, evidence(ExamEvidence(awaiting=True), lessons={}))

    assert (waiting.outcome, waiting.waiting) == ("not_yet", True)
    assert (working.outcome, working.waiting) == ("not_yet", False)
    assert not decide(FOUNDATION, evidence()).waiting


@pytest.mark.parametrize(
    ("rule", "given_evidence", "reason"),
    [
        (replace(FOUNDATION, requires_level="associate"), evidence(), "level.not_held"),
        (FOUNDATION, evidence(holds=("case.open",)), "hold"),
        (FOUNDATION, evidence(ExamEvidence(percents("60.0"), attempts_left=0)), "exam.no_attempts_left"),
    ],
)
def test_what_the_person_alone_cannot_change_blocks_the_award(
    rule: SchemeRule, given_evidence: Evidence, reason: str
) -> None:
    decision = decide(rule, given_evidence)

    assert (decision.outcome, [block.code for block in decision.blocks]) == ("blocked", [reason])


def test_a_held_level_opens_the_next() -> None:
    rule = replace(FOUNDATION, requires_level="associate")

    assert decide(rule, evidence(levels_held=frozenset({"associate"}))).outcome == "award"


def test_evidence_for_other_targets_does_not_count() -> None:
    assert decide(FOUNDATION, evidence(exams={"OTHER": ExamEvidence(percents("99.0"))})).outcome == "not_yet"


@pytest.mark.parametrize(
    "requirements",
    [
        (),
        (LESSONS, LESSONS),
        (Requirement("x", "interview", "X"),),
        (Requirement("x", "exam", "X"),),
        (Requirement("x", "practical", "X"),),
    ],
)
def test_a_rule_that_cannot_be_applied_is_refused(requirements: tuple[Requirement, ...]) -> None:
    with pytest.raises(RuleInvalid):
        SchemeRule("S", 1, requirements)


exam_evidence = st.builds(
    ExamEvidence,
    st.lists(st.decimals(0, 100, places=1), max_size=3).map(tuple),
    st.booleans(),
    st.none() | st.integers(0, 3),
)
levels = st.none() | st.sampled_from(RUBRIC.levels)
practical_evidence = st.builds(
    PracticalEvidence, st.lists(st.builds(marked, levels, levels), max_size=2).map(tuple), st.booleans()
)


@properties
@given(exam_evidence, practical_evidence, st.integers(0, 2), st.lists(st.just("case.open"), max_size=1).map(tuple))
def test_an_award_needs_every_requirement_and_every_reason_has_its_words(
    exam: ExamEvidence, practical: PracticalEvidence, read: int, holds: tuple[str, ...]
) -> None:
    decision = decide(FOUNDATION, evidence(exam, practical, lessons={"CR-F": LessonsEvidence(read, 2)}, holds=holds))

    met = all(outcome.status == "met" for outcome in decision.requirements)
    assert decision.outcome == ("blocked" if decision.blocks else "award" if met else "not_yet")
    for reason in [outcome.reason for outcome in decision.requirements] + list(decision.blocks):
        assert "%(" not in REASONS[reason.code] % reason.values


@properties
@given(exam_evidence, st.decimals(0, 100, places=1))
def test_one_more_released_result_never_undoes_what_is_met(exam: ExamEvidence, another: Decimal) -> None:
    more = replace(exam, percents=(*exam.percents, another))

    assert (stands("exam", evidence(more))[0] == "met") >= (stands("exam", evidence(exam))[0] == "met")
