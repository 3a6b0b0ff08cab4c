"""Faults of definitions as an author meets them: where, and in words that say what to do."""

from typing import Any

import pytest

from assessments.grading.kinds.registry import kind
from tests.assessments.grading.item_contents import item_content


def faults_of(name: str, **changes: Any) -> list[str]:
    """The faults of a changed item as an importer prints them."""
    return [str(fault) for fault in kind(name).check(item_content(name, **changes))]


def options(*right: str, codes: str = "abcd") -> list[dict[str, Any]]:
    """Options with the given codes, some of them right."""
    return [{"code": code, "text": f"Option {place}", "right": code in right} for place, code in enumerate(codes)]


TWO = options("a", codes="ab")
CODE_RULE = "must be 1 to 40 letters, digits, points or hyphens"
OF_PARTS = "all-or-nothing, per-part, plus-minus, halves"
RIGHT_RULE = "needs at least two right options and at least one that is not"


@pytest.mark.parametrize(
    ("name", "changes", "expected"),
    [
        ("single", {"stem": "  "}, "stem: must not be empty"),
        ("single", {"stem": 5}, "stem: must be text in quotes"),
        ("single", {"stem": "a\x00b"}, "stem: holds a control character"),
        ("single", {"stem": "x" * 6001}, "stem: is longer than 6000 characters"),
        ("single", {"optoins": []}, "optoins: this kind of item has no such field"),
        ("single", {"options": "a, b"}, "options: must be a list of tables { code = ..., ... }"),
        ("single", {"options": options()}, "options: needs exactly one right option"),
        ("single", {"options": options("a", "b")}, "options: needs exactly one right option"),
        ("single", {"options": options("a", codes="ab")}, "options: needs 3 to 5 entries, has 2"),
        ("single", {"options": options("a", codes="abca")}, "options: has the same code twice: a"),
        ("single", {"options": [*TWO, {"code": "c d", "text": "x"}]}, f"options[2].code: {CODE_RULE}"),
        ("single", {"options": [*TWO, {"code": "c"}]}, "options[2].text: is missing"),
        (
            "single",
            {"options": [*TWO, {"code": "c", "text": " Option  1"}]},
            "options: has the same text twice: Option 1",
        ),
        (
            "single",
            {"options": [*TWO, {"code": "c", "text": "x", "rigth": True}]},
            "options[2].rigth: an option has no such field",
        ),
        (
            "single",
            {"options": [*TWO, {"code": "c", "text": "x", "right": "no"}]},
            "options[2].right: must be true or false",
        ),
        ("multiple", {"options": options("a", codes="abcd")}, f"options: {RIGHT_RULE}"),
        ("multiple", {"options": options(*"abcd")}, f"options: {RIGHT_RULE}"),
        ("multiple", {"credit": "most"}, f"credit: must be one of: per-option, {OF_PARTS}"),
        ("multiple", {"credit": ["per-option"]}, f"credit: must be one of: per-option, {OF_PARTS}"),
        ("multiple", {"credit": None}, f"credit: must be one of: per-option, {OF_PARTS}"),
        ("matching", {"credit": "per-option"}, f"credit: must be one of: per-pair, {OF_PARTS}"),
        (
            "matching",
            {"pairs": [{"code": c, "left": c, "right": c} for c in "ab"], "credit": "halves"},
            "credit: halves needs at least 3 parts",
        ),
        ("true_false", {"answer": "true"}, "answer: must be true or false"),
        ("true_false", {"answer": 1}, "answer: must be true or false"),
        ("matching", {"distractors": ["tre"]}, "distractors: has the same text twice: tre"),
        ("matching", {"distractors": "quattro"}, "distractors: must be a list of texts"),
        ("matching", {"distractors": [""]}, "distractors[0]: must not be empty"),
        ("matching", {"pairs": [{"code": "a", "left": "one", "right": "uno"}]}, "pairs: needs 2 to 10 entries, has 1"),
        (
            "matching",
            {"pairs": [{"code": c, "left": c, "right": "x"} for c in "ab"]},
            "pairs: has the same right twice: x",
        ),
        ("ordering", {"steps": [{"code": c, "text": c} for c in "ab"]}, "steps: needs 3 to 10 entries, has 2"),
        ("ordering", {"steps": [{"code": c, "text": "same"} for c in "abc"]}, "steps: has the same text twice: same"),
        (
            "ordering",
            {"credit": "per-option"},
            "credit: must be one of: adjacent-pairs, all-or-nothing, longest-run, exact-positions",
        ),
        ("numeric", {"answer": 20}, 'answer: must be a number in quotes with a decimal point, such as "12.5"'),
        ("numeric", {"answer": "1e3"}, 'answer: must be a number in quotes with a decimal point, such as "12.5"'),
        ("numeric", {"tolerance": "-1"}, "tolerance: must not be below zero"),
        ("numeric", {"unit": None}, "unit: must be text in quotes"),
        ("short_text", {"accepted": []}, "accepted: needs 1 to 60 entries, has 0"),
        ("short_text", {"accepted": ["fine", "\u200b"]}, "accepted[1]: must not be empty"),
        ("short_text", {"accepted": "sales"}, "accepted: must be a list of texts"),
    ],
)
def test_a_fault_names_the_field_and_what_is_wrong(name: str, changes: dict[str, Any], expected: str) -> None:
    assert expected in faults_of(name, **changes)


def test_all_faults_of_an_item_are_reported_together() -> None:
    assert len(faults_of("single", stem="", feedback="", options=options("a", "b", codes="abba"))) == 5


def test_a_missing_field_is_a_fault_of_its_own() -> None:
    content = {"kind": "numeric", "feedback": "x"}

    assert [fault.path for fault in kind("numeric").check(content)] == ["stem", "answer", "tolerance"]
