"""A practical passes when every criterion is marked and reaches the level; what is unmarked is never zero."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grading.rubric import CriterionRule, MarkInvalid, PracticalRule, Rubric, RubricInvalid, judge_practical
from tests.assessments.grading.item_contents import properties

LEVELS = ("absent", "developing", "meets", "exceeds")
RUBRIC = Rubric(
    LEVELS, "meets", (CriterionRule("selection", critical=True), CriterionRule("evidence"), CriterionRule("care"))
)


def marks(selection: str | None, evidence: str | None, care: str | None) -> dict[str, str | None]:
    """Marks of the three criteria."""
    return {"selection": selection, "evidence": evidence, "care": care}


def test_every_criterion_at_the_level_passes() -> None:
    judgement = judge_practical(RUBRIC, marks("meets", "exceeds", "meets"))

    assert (judgement.outcome, judgement.points, judgement.maximum) == ("pass", 7, 9)
    assert (judgement.below, judgement.unmarked) == ((), ())


def test_excellence_elsewhere_does_not_make_up_for_one_criterion_below() -> None:
    judgement = judge_practical(RUBRIC, marks("exceeds", "exceeds", "developing"))

    assert (judgement.outcome, judgement.below, judgement.critical_below) == ("refer", ("care",), ())


@pytest.mark.parametrize(
    "missing",
    [marks("meets", "meets", None), {"selection": "meets", "evidence": "meets"}, marks("absent", None, "meets")],
)
def test_a_missing_mark_leaves_everything_open(missing: dict[str, str | None]) -> None:
    judgement = judge_practical(RUBRIC, missing)

    assert (judgement.outcome, judgement.points) == ("incomplete", None)
    assert len(judgement.unmarked) == 1


def test_the_lowest_level_is_a_mark_and_not_a_gap() -> None:
    judgement = judge_practical(RUBRIC, marks("absent", "absent", "absent"))

    assert (judgement.outcome, judgement.points, judgement.unmarked) == ("refer", 0, ())


@pytest.mark.parametrize(
    ("given_marks", "outcome"),
    [
        (marks("meets", "developing", "meets"), "pass"),
        (marks("meets", "developing", "developing"), "refer"),
        (marks("developing", "meets", "meets"), "refer"),
    ],
)
def test_a_rule_may_tolerate_one_criterion_below_but_never_a_critical_one(
    given_marks: dict[str, str | None], outcome: str
) -> None:
    assert judge_practical(RUBRIC, given_marks, PracticalRule("meets", tolerated=1)).outcome == outcome


def test_a_scheme_may_ask_for_more_than_the_rubric() -> None:
    assert judge_practical(RUBRIC, marks("meets", "meets", "meets"), PracticalRule("exceeds")).outcome == "refer"


@pytest.mark.parametrize("wrong", [{"spelling": "meets"}, {"care": "brilliant"}, {"care": ""}])
def test_marks_that_the_rubric_does_not_know_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(MarkInvalid):
        judge_practical(RUBRIC, wrong)


@pytest.mark.parametrize(
    ("levels", "pass_level", "codes"),
    [
        (LEVELS, "good", "ab"),
        (("one",), "one", "ab"),
        (("one", "one"), "one", "ab"),
        (LEVELS, "meets", ""),
        (LEVELS, "meets", "aa"),
    ],
)
def test_a_rubric_that_cannot_be_applied_is_refused(levels: tuple[str, ...], pass_level: str, codes: str) -> None:
    with pytest.raises(RubricInvalid):
        Rubric(levels, pass_level, tuple(CriterionRule(code) for code in codes))


def test_a_rule_with_an_unknown_level_is_refused() -> None:
    with pytest.raises(RubricInvalid):
        judge_practical(RUBRIC, marks(None, None, None), PracticalRule("good"))


@properties
@given(st.lists(st.sampled_from(LEVELS), min_size=3, max_size=3), st.integers(0, 2))
def test_a_higher_mark_never_worsens_the_outcome(levels: list[str], raised: int) -> None:
    higher = list(levels)
    higher[raised] = LEVELS[min(LEVELS.index(levels[raised]) + 1, 3)]

    before, after = (judge_practical(RUBRIC, marks(*given_marks)) for given_marks in (levels, higher))

    assert (after.outcome == "pass") >= (before.outcome == "pass")
    assert (after.points or 0) >= (before.points or 0)
