"""Rules of partial credit by name: the same counts, other points; and their blind guesses, against trying everything."""

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise, permutations, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grading.kinds.arrangements import chance_of_hits, chance_of_neighbours, chance_of_run
from assessments.grading.kinds.credit_rules import RULES_OF_PARTS, Counts, blind, points
from assessments.grading.kinds.public_codes import public_code
from assessments.grading.kinds.registry import kind
from assessments.grading.wording import CREDIT_RULES
from tests.assessments.grading.item_contents import item_content, properties

HALF = Fraction(1, 2)


def tally(earned: Iterable[Fraction]) -> dict[Fraction, Fraction]:
    """How often each number of points came, as chances."""
    found = Counter(earned)
    return {points: Fraction(count, found.total()) for points, count in found.items()}


@pytest.mark.parametrize(
    ("counts", "per_part", "plus_minus", "halves", "whole"),
    [
        (Counts(4, 0, 4), 1, 1, 1, 1),
        (Counts(3, 1, 4), Fraction(3, 4), HALF, HALF, 0),
        (Counts(3, 0, 4), Fraction(3, 4), Fraction(3, 4), HALF, 0),  # one left open: no deduction, yet a slip
        (Counts(2, 2, 4), HALF, 0, 0, 0),
        (Counts(1, 3, 4), Fraction(1, 4), 0, 0, 0),
        (Counts(4, 1, 4), 1, Fraction(3, 4), HALF, 0),  # all there, and one too many
        (Counts(0, 0, 4), 0, 0, 0, 0),
    ],
)
def test_each_rule_makes_its_own_points_of_the_same_counts(
    counts: Counts, per_part: Any, plus_minus: Any, halves: Any, whole: Any
) -> None:
    names = ("per-part", "plus-minus", "halves", "all-or-nothing")

    assert [points(name, counts) for name in names] == [per_part, plus_minus, halves, whole]
    assert points("per-option", counts) == plus_minus
    assert points("per-pair", counts) == per_part


@properties
@given(st.sampled_from(RULES_OF_PARTS), st.integers(3, 9), st.data())
def test_one_more_right_part_never_costs_and_one_more_wrong_part_never_pays(rule: str, of: int, data: Any) -> None:
    right = data.draw(st.integers(0, of - 1))
    wrong = data.draw(st.integers(0, of - right - 1))
    earned = points(rule, Counts(right, wrong, of))

    assert points(rule, Counts(right + 1, wrong, of)) >= earned >= points(rule, Counts(right, wrong + 1, of))
    assert 0 <= earned <= 1


@pytest.mark.parametrize("rule", RULES_OF_PARTS)
def test_parts_guessed_apart_add_up_to_what_trying_every_guess_gives(rule: str) -> None:
    lists = [(1, 0, 0), (1, 0), (1, 0, 0, 0)]  # three choices with one right each

    tries = [points(rule, Counts(sum(picked), 3 - sum(picked), 3)) for picked in product(*lists)]
    parts = [{(1, 0): Fraction(1, len(one)), (0, 1): 1 - Fraction(1, len(one))} for one in lists]

    assert blind(rule, 3, parts) == tally(tries)


@pytest.mark.parametrize("steps", [1, 2, 5, 6])
def test_chances_of_random_orders_are_those_of_all_orders(steps: int) -> None:
    def runs(order: tuple[int, ...]) -> list[int]:
        found = [0]
        for one, other in pairwise(order):
            found = [*found[:-1], found[-1] + 1] if other == one + 1 else [*found, 0]
        return found

    orders = list(permutations(range(steps)))
    for links in range(steps):
        longest = Fraction(sum(max(runs(order)) == links for order in orders), len(orders))
        neighbours = Fraction(sum(sum(runs(order)) == links for order in orders), len(orders))
        in_place = sum(sum(a == b for a, b in enumerate(order)) == links for order in orders)
        assert chance_of_run(links, steps) == longest
        assert chance_of_neighbours(links, steps) == neighbours
        assert chance_of_hits(links, steps, steps) == Fraction(in_place, len(orders))


@pytest.mark.parametrize(
    ("credit", "moved_to_the_end", "backwards", "two_swapped"),
    [
        ("adjacent-pairs", "0.6667", "0", "0.3333"),
        ("longest-run", "0.6667", "0", "0.3333"),
        ("exact-positions", "0", "0", "0.5"),
        ("all-or-nothing", "0", "0", "0"),
    ],
)
def test_an_order_is_judged_by_the_rule_its_author_named(
    credit: str, moved_to_the_end: str, backwards: str, two_swapped: str
) -> None:
    asked, content = kind("ordering"), item_content("ordering", credit=credit)
    orders = (
        ("Agree", "Record", "Release", "Ask"),
        ("Release", "Record", "Agree", "Ask"),
        ("Agree", "Ask", "Record", "Release"),
    )

    earned = [str(asked.score(content, [public_code(text) for text in order]).points.normalize()) for order in orders]

    assert earned == [moved_to_the_end, backwards, two_swapped]
    assert asked.score(content, None).exact == 0
    assert asked.credit_rule(content) in CREDIT_RULES


def test_a_stretch_counts_once_where_neighbours_count_twice() -> None:
    steps = [{"code": code, "text": code} for code in "abcdef"]
    order = [public_code(code) for code in "bcaefd"]

    earned = {
        credit: kind("ordering").score(item_content("ordering", steps=steps, credit=credit), order).exact
        for credit in ("adjacent-pairs", "longest-run")
    }

    assert earned == {"adjacent-pairs": Fraction(2, 5), "longest-run": Fraction(1, 5)}


@pytest.mark.parametrize(
    ("credit", "one_missed", "one_too_many"),
    [("per-option", "0.6", "0.6"), ("plus-minus", "0.6", "0.6"), ("per-part", "0.8", "0.8"), ("halves", "0.5", "0.5")],
)
def test_options_judged_are_the_parts_of_multiple_response(credit: str, one_missed: str, one_too_many: str) -> None:
    asked, content = kind("multiple"), item_content("multiple", credit=credit)

    assert [str(asked.score(content, chosen).points.normalize()) for chosen in (["a"], ["a", "b", "c"])] == [
        one_missed,
        one_too_many,
    ]
    assert asked.score(content, None).exact == 0


@pytest.mark.parametrize(
    ("credit", "swapped", "open_one"), [("plus-minus", 0, 2), ("halves", 0, "half"), ("per-part", 1, 2)]
)
def test_pairs_follow_the_named_rule(credit: str, swapped: int, open_one: Any) -> None:
    asked, content = kind("matching"), item_content("matching", credit=credit)
    key = asked.right_response(content)
    crossed = key | {"a": key["b"], "b": key["a"]}
    without = {left: right for left, right in key.items() if left != "c"}

    assert asked.score(content, crossed).exact == Fraction(swapped, 3)
    assert asked.score(content, without).exact == (HALF if open_one == "half" else Fraction(open_one, 3))


@pytest.mark.parametrize(
    ("name", "default"),
    [("multiple", "per-option"), ("matching", "per-pair"), ("ordering", "adjacent-pairs"), ("cloze", "per-part")],
)
def test_an_item_that_names_no_rule_is_judged_by_the_oldest_of_its_kind(name: str, default: str) -> None:
    named = item_content(name, credit=default)
    unnamed = {field: value for field, value in named.items() if field != "credit"}

    assert kind(name).check(unnamed) == []
    assert kind(name).credit_rule(unnamed) == kind(name).credit_rule(named)
    assert kind(name).blind_guess(unnamed) == kind(name).blind_guess(named)
