"""Matching and ordering, worked by hand and by trying every arrangement."""

from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grading.kinds.base import ResponseInvalid
from assessments.grading.kinds.public_codes import public_code
from assessments.grading.kinds.registry import kind
from tests.assessments.grading.item_contents import item_content, matching_items, ordering_items, properties


def matched(content: dict[str, Any], *rights: str) -> Decimal:
    """Points for giving the lefts these right-hand texts in turn; an empty text leaves one out."""
    asked = kind("matching")
    raw = {pair["code"]: right and public_code(right) for pair, right in zip(content["pairs"], rights, strict=True)}
    return asked.score(content, asked.normalise(content, raw)).points


def in_order(content: dict[str, Any], *texts: str) -> Decimal:
    """Points for the steps in this order."""
    asked = kind("ordering")
    return asked.score(content, asked.normalise(content, [public_code(text) for text in texts])).points


@pytest.mark.parametrize(
    ("rights", "expected"),
    [
        (("uno", "due", "tre"), "1"),
        (("uno", "tre", "due"), "0.3333"),
        (("uno", "due", ""), "0.6667"),
        (("uno", "uno", "uno"), "0.3333"),
        (("quattro", "uno", "due"), "0"),
    ],
)
def test_each_right_pair_earns_a_third(rights: tuple[str, ...], expected: str) -> None:
    assert matched(item_content("matching"), *rights) == Decimal(expected)


def test_matching_all_or_nothing_pays_for_all_pairs() -> None:
    content = item_content("matching", credit="all-or-nothing")

    assert [matched(content, "uno", "due", last) for last in ("tre", "quattro")] == [1, 0]


@pytest.mark.parametrize(
    ("raw", "part"),
    [
        ({"a": "uno"}, "a"),  # the text is not the code
        ({"b": ["x"]}, "b"),
        ({"z": public_code("uno")}, ""),
        (["a"], ""),
        ("a", ""),
        ({"a": {"b": {}, "c": 1}}, "a"),
    ],
)
def test_a_pair_that_does_not_exist_is_refused_beside_its_field(raw: Any, part: str) -> None:
    with pytest.raises(ResponseInvalid) as refusal:
        kind("matching").normalise(item_content("matching"), raw)

    assert refusal.value.part == part


def test_a_form_with_every_field_left_blank_is_unanswered() -> None:
    assert kind("matching").normalise(item_content("matching"), {"a": "", "b": " ", "c": None}) is None
    assert kind("ordering").normalise(item_content("ordering"), {public_code("Ask"): ""}) is None


@properties
@given(matching_items(), st.data())
def test_mending_one_pair_never_lowers_the_score(content: dict[str, Any], data: Any) -> None:
    asked = kind("matching")
    codes, key = asked.orders(content)["rights"], asked.right_response(content)
    given_ones = {left: data.draw(st.sampled_from(codes)) for left in key}
    mended = data.draw(st.sampled_from(sorted(key)))

    better = asked.score(content, given_ones | {mended: key[mended]})

    assert better.exact >= asked.score(content, given_ones).exact


@properties
@given(matching_items())
def test_a_blind_match_is_what_trying_every_match_gives(content: dict[str, Any]) -> None:
    asked = kind("matching")
    lefts, rights = list(asked.right_response(content)), asked.orders(content)["rights"]
    tries = [dict(zip(lefts, picked, strict=True)) for picked in permutations(rights, len(lefts))]

    assert nonzero(asked.blind_guess(content)) == tally(asked.score(content, response).exact for response in tries)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("Ask", "Agree", "Record", "Release"), "1"),
        (("Release", "Ask", "Agree", "Record"), "0.6667"),  # two neighbours survive the move
        (("Agree", "Ask", "Record", "Release"), "0.3333"),
        (("Release", "Record", "Agree", "Ask"), "0"),  # backwards no step follows its own
    ],
)
def test_each_right_neighbour_earns_a_third(texts: tuple[str, ...], expected: str) -> None:
    assert in_order(item_content("ordering"), *texts) == Decimal(expected)


def test_ordering_all_or_nothing_pays_for_the_whole_order() -> None:
    content = item_content("ordering", credit="all-or-nothing")

    assert in_order(content, "Ask", "Agree", "Record", "Release") == 1
    assert in_order(content, "Release", "Ask", "Agree", "Record") == 0


@properties
@given(ordering_items())
def test_a_blind_order_is_what_trying_every_order_gives(content: dict[str, Any]) -> None:
    asked = kind("ordering")
    tries = [list(picked) for picked in permutations(asked.orders(content)["steps"])]

    assert nonzero(asked.blind_guess(content)) == tally(asked.score(content, response).exact for response in tries)


def test_a_plain_form_gives_each_step_a_place() -> None:
    asked, content = kind("ordering"), item_content("ordering")
    codes = asked.right_response(content)

    backwards = {code: str(place) for place, code in enumerate(reversed(codes), start=1)}
    by_number = dict(zip(codes, (1, 2, 3, 4), strict=True))

    assert asked.normalise(content, backwards) == codes[::-1]
    assert asked.normalise(content, by_number) == codes


@pytest.mark.parametrize(
    "places",
    [
        (1, 2, 3, 3),
        (0, 1, 2, 3),
        (1, 2, 3, 5),
        ("1", "2", "3", ""),
        (True, 2, 3, 4),
        (1, 2, 3, 4.0),
        (1, 2, 3, 10**6000),
    ],
)
def test_a_place_that_is_missing_or_given_twice_is_refused(places: tuple[Any, ...]) -> None:
    asked, content = kind("ordering"), item_content("ordering")

    with pytest.raises(ResponseInvalid, match="Give every step a place of its own"):
        asked.normalise(content, dict(zip(asked.right_response(content), places, strict=True)))


@pytest.mark.parametrize(
    "change",
    [lambda codes: codes[1:], lambda codes: [*codes, codes[0]], lambda codes: [*codes[1:], "a"], lambda codes: [codes]],
)
def test_an_order_that_does_not_hold_each_step_once_is_refused(change: Any) -> None:
    asked, content = kind("ordering"), item_content("ordering")

    with pytest.raises(ResponseInvalid):
        asked.normalise(content, change(asked.right_response(content)))


def test_authored_codes_never_reach_the_candidate_for_steps() -> None:
    """Authors name steps a, b, c in the right order; a page that carried these codes would give the answer."""
    content = item_content("ordering")
    shown = {step["code"] for step in kind("ordering").public(content)["steps"]}

    assert not shown & {step["code"] for step in content["steps"]}


def test_explaining_an_order_names_what_should_follow_each_step() -> None:
    content = item_content("ordering")
    response = [public_code(text) for text in ("Ask", "Agree", "Release", "Record")]

    parts = kind("ordering").explain(content, response).parts

    assert [(part.text, part.given, part.expected, part.right) for part in parts] == [
        ("Ask", "Agree", "Agree", True),
        ("Agree", "Release", "Record", False),
        ("Record", "", "Release", False),
    ]


def tally(points: Any) -> dict[Fraction, Fraction]:
    """The share of tries for each number of points."""
    earned = list(points)
    return {value: Fraction(earned.count(value), len(earned)) for value in set(earned)}


def nonzero(guess: dict[Fraction, Fraction]) -> dict[Fraction, Fraction]:
    """A guess without the points that never come."""
    return {points: chance for points, chance in guess.items() if chance}
