"""The award function: terms as stored, evidence in, award or reasons out."""

from datetime import date
from decimal import Decimal

import pytest

from assessments.grading.decision import BLOCKED, NOT_YET, Evidence, RuleInvalid
from assessments.grading.replay import replay
from assessments.grading.requirements import ExamEvidence, LessonsEvidence
from certificates.awarding.award import (
    SchemeUnreadable,
    Ties,
    find_conflict,
    last_day,
    propose,
    read_terms,
    weakest_supervision,
)

ROWS = [
    {"code": "lessons", "kind": "lessons", "course": "CR-F"},
    {"code": "exam", "kind": "exam", "exam": "CR-F-EXAM", "minimum_percent": "70"},
]


def terms(rows=ROWS, requires="", decider="standing", years=0):
    return read_terms("S", 1, requires, decider, years, rows)


def evidence(percent="70", read=3, held=()):
    return Evidence(
        lessons={"CR-F": LessonsEvidence(read, 3)},
        exams={"CR-F-EXAM": ExamEvidence((Decimal(percent),))},
        levels_held=frozenset(held),
    )


def test_everything_met_is_an_award_whose_record_computes_again():
    proposal = propose(terms(), evidence())
    assert proposal.is_award
    assert replay(proposal.record) == []


def test_one_point_below_is_no_award_and_says_why():
    proposal = propose(terms(), evidence("69.99"))
    assert not proposal.is_award
    assert proposal.decision.outcome == NOT_YET
    assert [r.reason.code for r in proposal.decision.requirements] == ["lessons.read", "exam.below"]


def test_a_level_that_is_not_held_blocks():
    assert propose(terms(requires="foundation"), evidence()).decision.outcome == BLOCKED
    assert propose(terms(requires="foundation"), evidence(held=["foundation"])).is_award


def test_the_targets_are_what_the_rule_asks_for():
    assert terms().targets == {"CR-F", "CR-F-EXAM"}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"decider": "anyone"}, SchemeUnreadable),
        ({"years": -1}, SchemeUnreadable),
        ({"rows": [{"code": "exam", "kind": "exam", "minimum_percent": "70"}]}, SchemeUnreadable),
        ({"rows": []}, RuleInvalid),
        ({"rows": [{"code": "exam", "kind": "exam", "exam": "X"}]}, RuleInvalid),
    ],
)
def test_a_scheme_that_makes_no_sense_is_refused(changes, error):
    with pytest.raises(error):
        terms(**changes)


@pytest.mark.parametrize(
    ("first", "years", "last"),
    [
        (date(2026, 9, 2), 3, date(2029, 9, 1)),
        (date(2026, 1, 1), 1, date(2026, 12, 31)),
        (date(2028, 2, 29), 3, date(2031, 2, 28)),
        (date(2028, 2, 29), 4, date(2032, 2, 28)),
        (date(2027, 3, 1), 1, date(2028, 2, 29)),
        (date(2026, 9, 2), 0, None),
    ],
)
def test_validity_counts_calendar_years(first, years, last):
    assert last_day(first, years) == last


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        ([], ""),
        (["supervised"], "supervised"),
        (["supervised", "unsupervised"], "unsupervised"),
        (["supervised", "remote"], "mixed"),
    ],
)
def test_of_several_exams_the_weakest_supervision_is_said(codes, said):
    assert weakest_supervision(codes) == said


def test_who_has_a_tie_may_not_decide():
    assert find_conflict(Ties()) is None
    assert find_conflict(Ties(is_candidate=True, examined=True)) == "self"
    assert find_conflict(Ties(examined=True)) == "examined"
    assert find_conflict(Ties(shares_employer=True)) == "employer"
