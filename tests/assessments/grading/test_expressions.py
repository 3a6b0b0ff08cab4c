"""Formulas: what they mean beside Python's own fractions, where they fail, and that none of them takes long."""

import time
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grading.expression_values import (
    MOST_BITS,
    Budget,
    BudgetSpent,
    DivisionByZero,
    ExpressionInvalid,
    NumberTooLarge,
)
from assessments.grading.expressions import DEEPEST, LONGEST, evaluate, parse
from tests.assessments.grading.item_contents import properties

NAMES = {"a": Fraction(3), "b": Fraction(-7, 2), "rate": Fraction(1, 8)}


def value_of(text: str, steps: int = 1_000) -> Fraction | bool:
    """The value of a formula with the names above."""
    return evaluate(parse(text), NAMES, Budget(steps))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", "7"), ("(1 + 2) * 3", "9"), ("10 - 3 - 2", "5"), ("12 / 2 / 3", "2"), ("1 / 3", "1/3"),
        ("-2 ** 2", "-4"), ("(-2) ** 2", "4"), ("2 ** 3 ** 2", "512"), ("2 ** -1", "1/2"), ("2 * -3", "-6"), ("--2", "2"),
        (".5 + 1.25", "7/4"), ("a * b", "-21/2"), ("a*rate+1", "11/8"), ("min(3, 1, 2)", "1"), ("max(a, b)", "3"),
        ("abs(b)", "7/2"), ("floor(b)", "-4"), ("ceil(b)", "-3"), ("round(2.5)", "3"), ("round(-2.5)", "-3"),
        ("round(1.005, 2)", "1.01"), ("sqrt(9 / 4)", "3/2"), ("percent(1, 8)", "12.5"), ("if(a > 2, 10, 1 / 0)", "10"),
        ("if(a == 3, if(b >= 0, 1, 2), 3)", "2"), ("0 ** 0", "1"), ("1 ** 256", "1"),
    ],
)  # fmt: skip
def test_a_formula_means_what_it_says(text: str, value: str) -> None:
    assert value_of(text) == Fraction(value)


@pytest.mark.parametrize(
    ("text", "holds"),
    [("1 < 2", True), ("2 <= 1 + 1", True), ("a != 3", False), ("1 / 3 * 3 == 1", True), ("b > a", False)],
)
def test_a_comparison_is_exact(text: str, holds: bool) -> None:
    assert value_of(text) is holds


def test_a_root_that_is_no_fraction_is_cut_off_alike_everywhere() -> None:
    assert value_of("sqrt(2)") == Fraction("1.414213562373095048801688724209")
    assert value_of("sqrt(0.0001)") == Fraction(1, 100)


@pytest.mark.parametrize(
    ("text", "at", "what"),
    [
        ("", 1, "empty"), ("1 +", 4, "number or a name"), ("1 + * 2", 5, "number or a name"), ("(1 + 2", 7, "missing"),
        ("1 2", 3, "does not belong"), ("1 < 2 < 3", 7, "cannot follow"), ("2 + nobody", 5, "called nobody"),
        ("1 + foo(2)", 5, "no function foo"), ("max()", 5, "number or a name"), ("round(1, 2, 3)", 1, "this many"),
        ("if(1, 2)", 1, "this many"), ("if(1, 2, 3)", 4, "comparison is needed"), ("1 + (2 < 3)", 3, "not a comparison"),
        ("1 + $", 5, "this sign"), ("a.b", 2, "this sign"), ("__import__", 1, "this sign"), ("1e5", 2, "does not belong"),
        ("sqrt(0 - 1)", 1, "below zero"), ("2 ** 0.5", 3, "whole number"), ("round(1, -1)", 1, "whole number"),
        ("1 % 2", 3, "this sign"), ("A + 1", 1, "this sign"), ("'a'", 1, "this sign"), ("[1]", 1, "this sign"),
    ],
)  # fmt: skip
def test_every_failure_names_its_place(text: str, at: int, what: str) -> None:
    with pytest.raises(ExpressionInvalid, match=what) as failure:
        value_of(text)

    assert failure.value.at == at


@pytest.mark.parametrize("text", ["1 / 0", "1 / (a - 3)", "0 ** -1", "percent(1, 0)"])
def test_a_division_by_zero_is_told_apart(text: str) -> None:
    with pytest.raises(DivisionByZero):
        value_of(text)


@pytest.mark.parametrize(
    "text",
    ["9**9**9**9", "2**256*2", "(2**200)**200", "1" * 41, "1/" + "9" * 40 + "/" + "9" * 40, "(10**70)*(10**70)"],
)
def test_numbers_stay_small(text: str) -> None:
    with pytest.raises(ExpressionInvalid):
        value_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10**6 + "1" + ")" * 10**6, "-" * 10**6 + "1", "1" * 10**6, "1+" * 10**6, "a" * 10**6, "max(" * 100 + "1" + ")" * 100,
        "(" * 249 + "1" + ")" * 249, "-" * 499 + "1", "2**" * 166 + "2", "9**9**9**9", "if(1<2," * 60 + "1", " " * 10**6,
        "(((((2**16)**16)))**16)**16",
    ],
)  # fmt: skip
def test_no_formula_takes_long(text: str) -> None:
    begun = time.process_time()
    with pytest.raises(ExpressionInvalid):
        value_of(text)

    assert time.process_time() - begun < 0.5


def test_the_budget_is_shared_and_ends() -> None:
    budget = Budget(20)
    formula = parse("1 + 2 + 3 + 4")

    assert evaluate(formula, {}, budget) == 10
    assert evaluate(formula, {}, budget) == 10
    with pytest.raises(BudgetSpent):
        evaluate(formula, {}, budget)


def test_the_limits_themselves_are_within_the_limits() -> None:
    assert value_of("(" * (DEEPEST - 1) + "1" + ")" * (DEEPEST - 1)) == 1
    assert value_of("1" + "+1" * ((LONGEST - 1) // 2), steps=10_000) == (LONGEST - 1) // 2 + 1
    assert value_of("2 ** 255") == 2 ** (MOST_BITS - 1)
    with pytest.raises(NumberTooLarge):
        value_of("2 ** 256")


@st.composite
def formulas(draw: st.DrawFn, depth: int = 0) -> str:
    """Formulas of the part of the language that Python shares."""
    if depth == 4 or draw(st.booleans()):
        return draw(st.sampled_from(["a", "b", "rate", "1", "2", "7", "10", "0"]))
    shape = draw(
        st.sampled_from(
            ["{} + {}", "{} - {}", "{} * {}", "{} / {}", "({})", "-{}", "({}) ** 2", "abs({})", "max({}, {})"]
        )
    )
    return shape.format(*(draw(formulas(depth=depth + 1)) for _ in range(shape.count("{}"))))


@properties
@given(formulas())
def test_shared_formulas_mean_what_python_says(text: str) -> None:
    whole_numbers = {digit: f"Fraction({digit})" for digit in ("10", "1", "2", "7", "0")}
    spelled = " ".join(whole_numbers.get(word, word) for word in _words(text))
    try:
        expected: Any = eval(spelled, {"Fraction": Fraction, "abs": abs, "max": max, **NAMES})
    except ZeroDivisionError:
        expected = DivisionByZero

    found = _value_or_failure(text)

    if found is NumberTooLarge:
        assert expected is DivisionByZero or max(map(abs, expected.as_integer_ratio())) > 10**20
    else:
        assert found == expected


def _value_or_failure(text: str) -> Any:
    """The value of a formula, or the kind of its failure."""
    try:
        return value_of(text)
    except ExpressionInvalid as error:
        return type(error)


def _words(text: str) -> list[str]:
    for sign in ("**", "(", ")", ",", "+", "-", "/"):
        text = text.replace(sign, f" {sign} ")
    return text.replace(" *  * ", " ** ").split()


@properties
@given(st.text(max_size=60) | st.text("0123456789+-*/().,<>=! abif", max_size=60))
def test_whatever_is_typed_gives_a_value_or_a_typed_failure(text: str) -> None:
    place, value = 1, None
    try:
        value = value_of(text)
    except ExpressionInvalid as error:
        place = error.at

    assert 1 <= place <= max(len(text), 1) + 1
    assert isinstance(value, bool | Fraction | None)
