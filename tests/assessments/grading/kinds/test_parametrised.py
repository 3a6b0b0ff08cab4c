"""Parametrised items: one number makes one question, the same one for ever, and only sound ones are let through."""

import json
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grading.canonical import digest
from assessments.grading.kinds.parametrised import PREVIEWED, Parametrised, Unrealised, preview, variant
from assessments.grading.kinds.realising import pick_variant, realise
from assessments.grading.kinds.registry import kind
from assessments.grading.kinds.variants import VariantInvalid
from tests.assessments.grading.item_contents import OTHER_EXAMPLES, item_content, json_values, properties

ITEM = item_content("parametrised")
SINGLE = item_content(
    "parametrised",
    stem="{people} people, {hours} hours: which is the sum?",
    template={
        "kind": "single",
        "options": [
            {"code": "a", "text": "{total} hours", "right": "total > 0", "feedback": "Multiply {people} by {hours}."},
            {"code": "b", "text": "{people} hours"},
            {"code": "c", "text": "{hours} hours"},
        ],
    },
)
WORDS = item_content(
    "parametrised",
    stem="Who speaks for {who}?",
    feedback="{who}",
    parameters=[{"name": "who", "choices": ["sales", "support"]}],
    conditions=[],
    template={"kind": "short_text", "accepted": ["{who}", "the {who} team"]},
)

PINNED_ANSWERS = ["56", "33", "18", "56", "7.5", "18", "49.5", "14"]
PINNED_DIGEST = "ea0ac7eb570242b2484db2ad525e22c3d0d4da2df9af22f3c446e453075dfa4d"


def faults_of(**changes: Any) -> list[str]:
    """What is wrong with the example once it is changed."""
    return [str(fault) for fault in Parametrised().check(ITEM | changes)]


@pytest.mark.parametrize("content", [ITEM, SINGLE, WORDS])
def test_each_variant_is_a_sound_item_of_the_kind_of_its_template(content: dict[str, Any]) -> None:
    assert Parametrised().check(content) == []

    for made in preview(content):
        inner = kind(made["kind"])
        assert made["kind"] == content["template"]["kind"]
        assert inner.check(made) == []
        assert "{" not in json.dumps([made["stem"], made["feedback"]])
        assert inner.score(made, inner.right_response(made)).exact == 1


def test_the_numbers_of_the_text_are_the_numbers_of_the_answer() -> None:
    for made in preview(ITEM):
        numbers = [Fraction(word) for word in made["stem"].replace("?", "").split() if word[0].isdigit()]
        assert Fraction(made["answer"]) == numbers[0] * numbers[1]
        assert numbers[0] != numbers[1], "the condition holds"


def test_a_variant_is_the_same_for_ever() -> None:
    """Pinned: an attempt of years ago is shown again by drawing anew. Should this fail, the rules were changed."""
    assert [made["answer"] for made in preview(ITEM, 8)] == PINNED_ANSWERS
    assert digest(preview(SINGLE)) == PINNED_DIGEST


def test_a_variant_is_the_same_in_another_process() -> None:
    script = (
        "import json, sys; from assessments.grading.kinds.parametrised import preview;"
        "from assessments.grading.canonical import digest; print(digest(preview(json.loads(sys.argv[1]))))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", script, json.dumps(ITEM)],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout.strip()
        for seed in ("1", "2")
    }

    assert told == {digest(preview(ITEM))}


def test_the_author_sees_twenty_variants_that_differ() -> None:
    seen = preview(item_content("parametrised", variants=500))

    assert len(seen) == PREVIEWED
    assert len({made["stem"] for made in seen}) > 15


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"parameters": "x"}, "parameters: must be a list"),
        ({"parameters": []}, "parameters: needs 1 to 20 entries"),
        ({"parameters": [{"name": "if", "choices": ["1"]}]}, "parameters[0].name: must be"),
        ({"parameters": [{"name": "a", "choices": ["1"]}, {"name": "a", "choices": ["1"]}]}, "parameters[1].name: is given twice"),
        ({"parameters": [{"name": "a"}]}, "parameters[0]: needs either"),
        ({"parameters": [{"name": "a", "from": "3", "to": "1", "step": "1"}]}, "from must not be above to"),
        ({"parameters": [{"name": "a", "from": "1", "to": "3", "step": "0"}]}, "step must be above zero"),
        ({"parameters": [{"name": "a", "from": "0", "to": "1", "step": "0.000001"}]}, "more than 100000 values"),
        ({"parameters": [{"name": "a", "formula": "b + 1"}]}, "no number called b before this"),
        ({"parameters": [{"name": "a", "formula": "1 +"}]}, "place 4 of the formula: a number or a name is missing"),
        ({"conditions": ["people <"]}, "conditions[0]: place 9"),
        ({"conditions": ["people"]}, "conditions[0]: variant 1: must be a comparison"),
        ({"conditions": ["people > 100"]}, "conditions: variant 1: no values were found"),
        ({"variants": 0}, "variants: must be a whole number from 1 to 500"),
        ({"variants": True}, "variants: must be a whole number"),
        ({"template": {"kind": "matching"}}, "template.kind: must be one of: numeric, short_text, single"),
        ({"template": ITEM["template"] | {"answer": "nobody"}}, "template.answer: there is no number called nobody"),
        ({"template": ITEM["template"] | {"answer": "total / (people - people)"}}, "template.answer: variant 1: place 7"),
        ({"template": ITEM["template"] | {"answer": "total / 7"}}, "too many decimals"),
        ({"template": ITEM["template"] | {"options": []}}, "template.options: this kind of item has no such field"),
        ({"template": SINGLE["template"] | {"options": [{"code": "a", "text": "1", "right": True}] * 3}}, "has the same text twice"),
        ({"stem": "How many {bears}?"}, "stem: variant 1: there is no number or text called bears"),
    ],
)  # fmt: skip
def test_what_cannot_become_a_sound_question_is_named(changes: dict[str, Any], fault: str) -> None:
    assert fault in "\n".join(faults_of(**changes))


def test_options_that_coincide_in_one_variant_only_are_found_with_its_number() -> None:
    """The conditions keep people and hours apart; without them some variant has two equal options."""
    (first, *_more) = Parametrised().check(SINGLE | {"conditions": [], "variants": 500})

    assert "variant" in str(first)
    assert "same text twice" in str(first)


def test_two_right_options_in_one_variant_are_found() -> None:
    options = [option | {"right": "total > 20"} for option in SINGLE["template"]["options"]]

    assert "needs exactly one right option" in "\n".join(faults_of(template={"kind": "single", "options": options}))


def test_answers_may_be_rounded_to_stated_places() -> None:
    content = ITEM | {"template": ITEM["template"] | {"answer": "total / 7", "places": 2}}

    assert Parametrised().check(content) == []
    assert all(len(made["answer"].partition(".")[2]) <= 2 for made in preview(content))


def test_a_derived_number_is_used_as_it_is_shown() -> None:
    parameters = [
        {"name": "part", "from": "1", "to": "9", "step": "1"},
        {"name": "share", "formula": "part / 7", "places": 1},
    ]
    content = ITEM | {"stem": "{share} of it", "feedback": "x", "parameters": parameters, "conditions": []}
    content |= {"template": {"kind": "numeric", "answer": "share * 10", "tolerance": "0"}}

    for made in preview(content):
        assert Fraction(made["answer"]) == Fraction(made["stem"].split()[0]) * 10


@properties
@given(st.sampled_from([ITEM, SINGLE, WORDS]), st.data())
def test_a_broken_definition_is_reported_or_works_but_never_crashes(content: dict[str, Any], data: Any) -> None:
    broken = json.loads(json.dumps(content))
    for _ in range(data.draw(st.integers(1, 3))):
        holder: Any = broken
        while isinstance(holder, dict | list) and holder:
            place = data.draw(st.sampled_from(sorted(holder) if isinstance(holder, dict) else range(len(holder))))
            if not isinstance(holder[place], dict | list) or data.draw(st.booleans()):
                holder[place] = data.draw(
                    json_values(st.sampled_from(["{x}", "total", "1/0", "people < 3", "9**9**9"]))
                )
                break
            holder = holder[place]

    faults = Parametrised().check(broken)

    assert all(str(fault) for fault in faults)
    if not faults:
        made = variant(broken, 1)
        assert kind(made["kind"]).score(made, kind(made["kind"]).right_response(made)).exact == 1


@pytest.mark.parametrize("order", [None, {}, {"variant": None}, {"variant": "1"}, {"options": ["a"]}])
def test_an_item_is_never_asked_or_scored_without_saying_which_variant(order: Any) -> None:
    asked = Parametrised()

    with pytest.raises(Unrealised):
        realise(ITEM, order)
    for act in (asked.normalise, asked.score, asked.explain):
        with pytest.raises(Unrealised):
            act(ITEM, "1")
    with pytest.raises(Unrealised):
        asked.right_response(ITEM)


@pytest.mark.parametrize("number", [0, -1, 1_000_001, True])
def test_there_are_no_other_variants(number: int) -> None:
    with pytest.raises(VariantInvalid):
        variant(ITEM, number)


def test_realising_leaves_every_other_kind_as_it_is() -> None:
    content = item_content("single")

    assert realise(content, {"options": ["c", "b", "a"]}) is content
    assert pick_variant(content, Random(1)) == {}


def test_the_variants_used_least_come_first() -> None:
    content, used, given = ITEM | {"variants": 4}, {1: 2, 2: 1, 3: 1}, set()

    assert pick_variant(content, Random(1), used) == {"variant": 4}
    for seed in range(40):
        given.add(pick_variant(content, Random(seed), used | {4: 1})["variant"])
    assert given == {2, 3, 4}


def test_without_a_pool_candidates_rarely_share_a_variant() -> None:
    content = {name: value for name, value in ITEM.items() if name != "variants"}

    assert len({pick_variant(content, Random(seed))["variant"] for seed in range(50)}) > 45


def test_neither_formula_nor_feedback_is_in_what_a_candidate_sees() -> None:
    content = SINGLE | {"feedback": "CANARY1 {total}"}
    content["template"]["options"][1]["feedback"] = "CANARY2"
    for number in range(1, 21):
        face = json.dumps(Parametrised().public(content, {"variant": number, "options": ["c", "a", "b"]}))

        assert not [
            word for word in ("CANARY", "total >", "feedback", '"right"', "formula", "parameters") if word in face
        ]
        assert [option["code"] for option in json.loads(face)["options"]] == ["c", "a", "b"]


def test_a_blind_guess_is_that_of_the_template() -> None:
    assert Parametrised().blind_guess(SINGLE) == {Fraction(1): Fraction(1, 3), Fraction(0): Fraction(2, 3)}
    assert Parametrised().blind_guess(ITEM) == {Fraction(1): 0, Fraction(0): 1}
    assert Parametrised().orders(SINGLE) == {"options": ["a", "b", "c"]}
    assert (Parametrised().credit_rule(ITEM), Parametrised().credit_rule(SINGLE)) == ("number", "one_right")


def test_ranges_reach_both_ends() -> None:
    content = ITEM | {
        "stem": "{a}", "feedback": "{a}", "conditions": [], "variants": 200,
        "parameters": [{"name": "a", "from": "-0.5", "to": "1", "step": "0.25"}],
        "template": {"kind": "numeric", "answer": "a", "tolerance": "0"},
    }  # fmt: skip

    seen = {Decimal(variant(content, number)["answer"]) for number in range(1, 201)}

    assert seen == {Decimal(n) / 4 for n in range(-2, 5)}


def test_the_definition_is_exported_whole() -> None:
    content = item_content("parametrised")

    assert digest(kind("parametrised").export(content)) == digest(content)
    assert set(OTHER_EXAMPLES["parametrised"]) <= set(kind("parametrised").export(content))
