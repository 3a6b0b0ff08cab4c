"""Single choice, multiple response and true or false, worked by hand."""

from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grading.kinds.base import ResponseInvalid
from assessments.grading.kinds.registry import kind
from tests.assessments.grading.item_contents import item_content, option_items, properties


def points(name: str, response: Any, **changes: Any) -> Decimal:
    """What a response to the example item earns, as shown."""
    content = item_content(name, **changes)
    return kind(name).score(content, kind(name).normalise(content, response)).points


def test_single_choice_pays_for_the_right_option_only() -> None:
    assert [points("single", code) for code in "abc"] == [0, 1, 0]


@pytest.mark.parametrize("raw", ["d", "A", " b", ["b"], {"b": True}, 1, True])
def test_single_choice_refuses_what_is_no_option(raw: Any) -> None:
    with pytest.raises(ResponseInvalid, match="Choose one of the options"):
        kind("single").normalise(item_content("single"), raw)


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (["a", "b"], "1"),  # 5 of 5 judged right
        (["a"], "0.6"),  # 4 right, 1 misjudged: 3/5
        (["a", "c"], "0.2"),  # 3 right, 2 misjudged: 1/5
        (["c"], "0"),  # 2 right, 3 misjudged: below zero, so 0
        (["a", "b", "c", "d", "e"], "0"),  # choosing everything pays nothing: 2 right, 3 misjudged
        ([], "0"),  # leaving it empty judges nothing
    ],
)
def test_per_option_credit_adds_and_takes_a_fifth_each(chosen: list[str], expected: str) -> None:
    assert points("multiple", chosen) == Decimal(expected)


@pytest.mark.parametrize(("chosen", "expected"), [(["b", "a"], 1), (["a"], 0), (["a", "b", "c"], 0)])
def test_all_or_nothing_pays_for_the_exact_set(chosen: list[str], expected: int) -> None:
    assert points("multiple", chosen, credit="all-or-nothing") == expected


@properties
@given(option_items("multiple"), st.data())
def test_judging_one_more_option_right_never_lowers_the_score(content: dict[str, Any], data: Any) -> None:
    asked, codes = kind("multiple"), [option["code"] for option in content["options"]]
    chosen = set(data.draw(st.lists(st.sampled_from(codes), min_size=1)))
    right = set(asked.right_response(content))
    misjudged = sorted(chosen ^ right)
    if not misjudged:
        return
    better = chosen ^ {data.draw(st.sampled_from(misjudged))}

    before, after = (asked.score(content, asked.normalise(content, sorted(marks))) for marks in (chosen, better))

    assert after.exact >= before.exact or not better


@properties
@given(option_items("multiple"))
def test_a_blind_guess_is_what_trying_every_choice_gives(content: dict[str, Any]) -> None:
    asked, codes = kind("multiple"), [option["code"] for option in content["options"]]
    tries = list(combinations(codes, len(asked.right_response(content))))

    counted: dict[Fraction, Fraction] = {}
    for chosen in tries:
        earned = asked.score(content, list(chosen)).exact
        counted[earned] = counted.get(earned, Fraction(0)) + Fraction(1, len(tries))

    assert asked.blind_guess(content) == counted


def test_the_number_to_choose_is_told_and_the_order_of_marks_does_not_matter() -> None:
    content = item_content("multiple")

    assert kind("multiple").public(content)["choose"] == 2
    assert kind("multiple").normalise(content, ["e", "a", "a"]) == ["a", "e"]


@pytest.mark.parametrize("raw", ["a", ["z"], [["a"]], [None], {"a": "on"}, [1], 7])
def test_multiple_response_refuses_what_are_no_options(raw: Any) -> None:
    with pytest.raises(ResponseInvalid, match="Choose from the options"):
        kind("multiple").normalise(item_content("multiple"), raw)


@pytest.mark.parametrize(("raw", "expected"), [(False, 1), ("false", 1), (True, 0), ("true", 0)])
def test_true_or_false_is_read_from_programs_and_from_plain_forms(raw: Any, expected: int) -> None:
    assert points("true_false", raw) == expected


@pytest.mark.parametrize("raw", [0, 1, "False", "yes", "0", [False], 0.0])
def test_true_or_false_takes_nothing_else_for_a_truth_value(raw: Any) -> None:
    with pytest.raises(ResponseInvalid):
        kind("true_false").normalise(item_content("true_false"), raw)


def test_feedback_says_of_each_option_whether_it_was_judged_right() -> None:
    content = item_content("single")

    told = kind("single").explain(content, "a")

    assert [(part.code, part.given, part.expected, part.right) for part in told.parts] == [
        ("a", "chosen", "not_chosen", False),
        ("b", "not_chosen", "chosen", False),
        ("c", "not_chosen", "not_chosen", True),
    ]
    assert told.parts[1].feedback == "They decide."
    assert told.feedback == content["feedback"]
