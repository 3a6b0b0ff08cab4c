"""Placing: labels on places, of a list and of a picture."""

from fractions import Fraction
from itertools import permutations, product
from typing import Any

import pytest
from hypothesis import given

from assessments.grading.kinds.base import ResponseInvalid
from assessments.grading.kinds.public_codes import public_code
from assessments.grading.kinds.registry import kind
from tests.assessments.grading.item_contents import item_content, placing_items, properties
from tests.assessments.grading.kinds.test_checks import faults_of
from tests.assessments.grading.kinds.test_credit_rules import tally

ASK, THANK, SEND, DIE = (
    public_code(text) for text in ("Ask for consent", "Thank the customer", "Send the text", "Roll a die")
)
RIGHT = {ASK: "A", THANK: "B", SEND: "B"}
EACH = [
    {"code": "l1", "text": "Ask for consent", "slot": "s1"},
    {"code": "l2", "text": "Thank the customer", "slot": "s2"},
    {"code": "l3", "text": "Roll a die"},
]


def earned(raw: Any, **changes: Any) -> Fraction:
    """What an answer to the example earns."""
    content = item_content("placing", **changes)
    return kind("placing").score(content, kind("placing").normalise(content, raw)).exact


@pytest.mark.parametrize(
    ("credit", "one_wrong", "one_open", "one_too_many"),
    [
        ("per-part", "2/3", "2/3", "1"),
        ("plus-minus", "1/3", "2/3", "2/3"),
        ("halves", "1/2", "1/2", "1/2"),
        ("all-or-nothing", "0", "0", "0"),
    ],
)
def test_a_label_that_belongs_nowhere_counts_where_wrong_parts_count(
    credit: str, one_wrong: str, one_open: str, one_too_many: str
) -> None:
    assert earned(RIGHT, credit=credit) == 1
    assert earned(RIGHT | {ASK: "B"}, credit=credit) == Fraction(one_wrong)
    assert earned(RIGHT | {ASK: ""}, credit=credit) == Fraction(one_open)
    assert earned(RIGHT | {DIE: "A"}, credit=credit) == Fraction(one_too_many)


def test_candidates_are_told_whether_some_labels_belong_nowhere() -> None:
    content = item_content("placing")

    assert kind("placing").public(content)["spare"] is True
    assert kind("placing").public(content | {"labels": content["labels"][:3]})["spare"] is False


def test_the_feedback_says_where_each_label_belongs() -> None:
    told = kind("placing").explain(item_content("placing"), {ASK: "B", DIE: "A"})

    assert [(part.text, part.given, part.expected, part.right) for part in told.parts] == [
        ("Ask for consent", "After the call", "Before the call", False),
        ("Thank the customer", "", "After the call", False),
        ("Send the text", "", "After the call", False),
        ("Roll a die", "Before the call", "nowhere", False),
    ]
    assert told.parts[2].feedback == "They read it before anyone else."


def test_a_place_that_takes_one_label_refuses_a_second_and_names_both() -> None:
    asked, content = kind("placing"), item_content("placing", labels=EACH, one_each=True)

    assert asked.check(content) == []
    assert asked.normalise(content, {THANK: "B", ASK: "A", DIE: ""}) == {ASK: "A", THANK: "B"}
    with pytest.raises(ResponseInvalid, match="Only one label can be put on “After the call”") as refusal:
        asked.normalise(content, {ASK: "B", DIE: "B"})
    assert {refusal.value.message.values["one"], refusal.value.message.values["other"]} == {
        "Ask for consent",
        "Roll a die",
    }


@pytest.mark.parametrize("raw", [{"l1": "A"}, {ASK: "s1"}, {ASK: "C"}, {ASK: ["A"]}, [ASK], "A", {ASK: 1}])
def test_what_is_no_label_or_no_place_is_refused(raw: Any) -> None:
    with pytest.raises(ResponseInvalid):
        kind("placing").normalise(item_content("placing"), raw)


def test_on_a_picture_the_places_are_lettered_in_reading_order() -> None:
    picture = item_content("hotspot")["picture"]
    slots = [{"code": "s1", "text": "right", "x": 700, "y": 90}, {"code": "s2", "text": "left", "x": 50, "y": 95}]
    content = item_content("placing", slots=slots, picture=picture)

    assert kind("placing").check(content) == []
    assert [(slot["code"], slot["text"]) for slot in kind("placing").public(content)["slots"]] == [
        ("A", "left"),
        ("B", "right"),
    ]
    assert kind("placing").right_response(content) == {ASK: "B", THANK: "A", SEND: "A"}
    assert kind("placing").explain(content, None).parts[0].expected == "B: right"


def test_the_order_of_the_file_is_nowhere_in_what_a_candidate_gets_back() -> None:
    """Authors write labels place by place; a stored answer goes back to its page as it was stored."""
    asked, content = kind("placing"), item_content("placing")

    assert list(asked.normalise(content, RIGHT) or {}) == sorted(RIGHT)
    assert list(asked.right_response(content)) == sorted(RIGHT)


@properties
@given(placing_items())
def test_a_blind_guess_is_what_trying_everything_gives(content: dict[str, Any]) -> None:
    asked = kind("placing")
    face = asked.public(content)
    labels, slots = [label["code"] for label in face["labels"]], [slot["code"] for slot in face["slots"]]
    if content["one_each"]:
        tries = [dict(zip(picked, slots, strict=True)) for picked in permutations(labels, len(slots))]
    else:
        choices = [*slots, None] if face["spare"] else slots
        every = (zip(labels, picked, strict=True) for picked in product(choices, repeat=len(labels)))
        tries = [{label: slot for label, slot in one if slot} for one in every]

    guess = {points: chance for points, chance in asked.blind_guess(content).items() if chance}

    assert guess == tally(asked.score(content, tried or None).exact for tried in tries)


SLOTS = item_content("placing")["slots"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"slots": SLOTS[:1]}, "slots: needs 2 to 8 entries, has 1"),
        ({"slots": [*SLOTS, {"code": "s3", "text": "x", "x": 1}]}, "slots[2].x: a place of a list has no such field"),
        ({"labels": EACH[:1]}, "labels: needs 2 to 12 entries, has 1"),
        ({"labels": [*EACH, {"code": "z", "text": "z", "slot": "s9"}]}, "labels[3].slot: is none of the places"),
        ({"labels": EACH[1:]}, "labels: at least two labels must belong to a place"),
        ({"labels": [*EACH, EACH[0] | {"code": "z"}]}, "labels: has the same text twice: Ask for consent"),
        ({"labels": [*EACH, {"code": "z", "text": "z", "place": "s1"}]}, "labels[3].place: a label has no such field"),
        ({"one_each": "yes"}, "one_each: must be true or false"),
        ({"one_each": True}, "labels: with one_each exactly one label belongs to each place"),
        ({"labels": EACH, "credit": "halves"}, "credit: halves needs at least 3 parts"),
        ({"picture": item_content("hotspot")["picture"]}, "slots[0].x: must be a number of pixels from 0 to 800"),
    ],
)
def test_a_fault_names_the_field_and_what_is_wrong(changes: dict[str, Any], expected: str) -> None:
    assert expected in faults_of("placing", **changes)
