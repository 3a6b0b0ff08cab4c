"""What holds for every kind of item, whatever the item and whatever arrives as a response."""

import json
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grading.canonical import canonical_json, digest
from assessments.grading.kinds.base import OrderInvalid, ResponseInvalid
from assessments.grading.kinds.registry import KINDS, KindUnknown, kind
from assessments.grading.wording import CREDIT_RULES
from tests.assessments.grading.item_contents import (
    KIND_NAMES,
    OTHER_EXAMPLES,
    item_content,
    items,
    json_values,
    properties,
    region_shapes,
)


def codes_of(content: dict[str, Any]) -> list[str]:
    """Every code that stands in the public face of an item."""
    face = kind(content["kind"]).public(content)
    rows = [row for value in face.values() if isinstance(value, list) for row in value if "code" in row]
    rows += [option for row in rows for option in row.get("options", ())]
    return [row["code"] for row in rows] + ["true", "20", "sales"]


def shown_list(face: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The list of a public face that an order names; `gap-2` names the options of the second gap."""
    if name.startswith("gap-"):
        return next(gap["options"] for gap in face["gaps"] if gap["code"] == name.removeprefix("gap-"))
    return face[name]


def try_to_read(content: dict[str, Any], raw: Any) -> Any:
    """The response, or None where it is refused."""
    try:
        return kind(content["kind"]).normalise(content, raw)
    except ResponseInvalid:
        return None


def shuffled(content: dict[str, Any], seed: int) -> dict[str, list[str]]:
    """The lists of an item in a random order."""
    rng = Random(seed)
    return {name: rng.sample(codes, len(codes)) for name, codes in kind(content["kind"]).orders(content).items()}


def with_another_key(content: dict[str, Any], seed: int) -> dict[str, Any]:
    """The same item to look at, with another key: other right options, pairs, order, answer."""
    rng, changed = Random(seed), json.loads(json.dumps(content))
    if "options" in content:
        flags = [option.get("right", False) for option in content["options"]]
        for option, right in zip(changed["options"], rng.sample(flags, len(flags)), strict=True):
            option["right"] = right
    elif content["kind"] == "matching":
        rights = [pair["right"] for pair in content["pairs"]]
        for pair, right in zip(changed["pairs"], rng.sample(rights, len(rights)), strict=True):
            pair["right"] = right
    elif content["kind"] == "ordering":
        rng.shuffle(changed["steps"])
    elif content["kind"] in ("cloze", "inline_choice"):
        changed["gaps"] = [another_gap(gap, rng) for gap in changed["gaps"]]
    elif content["kind"] == "hotspot":
        count = len(kind("hotspot").right_response(content))
        at = rng.sample([(place["x"], place["y"]) for place in content["places"]], count)
        changed["regions"] = [region_shapes(x, y)[0] for x, y in at]
    elif content["kind"] == "placing":
        slots = [label.get("slot", "") for label in content["labels"]]
        for label, slot in zip(changed["labels"], rng.sample(slots, len(slots)), strict=True):
            label["slot"] = slot
    else:
        other = (
            {"answer": not content["answer"]}
            if content["kind"] == "true_false"
            else {"answer": "17", "accepted": ["x"]}
        )
        changed |= {field: value for field, value in other.items() if field in content}
    return changed


def another_gap(gap: dict[str, Any], rng: Random) -> dict[str, Any]:
    """The same gap to look at, with another answer."""
    if "options" not in gap:
        return gap | {field: value for field, value in {"answer": "17", "accepted": ["x"]}.items() if field in gap}
    right = rng.randrange(len(gap["options"]))
    options = [option | {"right": place == right} for place, option in enumerate(gap["options"])]
    return gap | {"options": rng.sample(options, len(options))}


@pytest.mark.parametrize("name", KIND_NAMES)
def test_a_sound_item_has_no_faults_and_a_printed_credit_rule(name: str) -> None:
    content = item_content(name)

    assert kind(name).check(content) == []
    assert kind(name).credit_rule(content) in CREDIT_RULES


def test_each_kind_of_the_course_format_is_registered_under_its_name() -> None:
    assert set(KINDS) == set(KIND_NAMES) | set(OTHER_EXAMPLES)


@pytest.mark.parametrize("name", KIND_NAMES)
def test_a_definition_that_was_exported_is_the_same_item_and_shares_nothing_with_it(name: str) -> None:
    content = item_content(name)
    exported = kind(name).export(content)
    from_file = json.loads(json.dumps(exported))

    assert digest(exported) == digest(content)
    assert kind(name).check(from_file) == []
    assert kind(name).public(from_file) == kind(name).public(content)
    for field, value in exported.items():
        assert not isinstance(value, dict | list) or value is not content[field]


@properties
@given(items(), st.data())
def test_what_was_exported_scores_as_the_original_does(content: dict[str, Any], data: Any) -> None:
    asked = kind(content["kind"])
    exported = asked.export(content)
    response = try_to_read(content, data.draw(st.just(asked.right_response(content)) | json_values()))

    assert asked.export(exported) == exported == content
    assert asked.score(exported, response) == asked.score(content, response)
    assert asked.explain(exported, response) == asked.explain(content, response)
    assert asked.blind_guess(exported) == asked.blind_guess(content)


@pytest.mark.parametrize("name", ["riddle", "", None, 7, ["single"], {}])
def test_an_unknown_kind_is_refused_by_name(name: object) -> None:
    with pytest.raises(KindUnknown):
        kind(name)


@properties
@given(items())
def test_the_right_response_earns_the_full_point_and_is_explained_as_right(content: dict[str, Any]) -> None:
    asked = kind(content["kind"])
    right = asked.right_response(content)

    assert asked.check(content) == []
    assert asked.normalise(content, right) == right
    assert asked.score(content, right).exact == 1
    assert all(part.right and part.given == part.expected for part in asked.explain(content, right).parts if part.given)
    assert asked.explain(content, right).answered


@pytest.mark.parametrize("name", KIND_NAMES)
@pytest.mark.parametrize("blank", [None, "", "   ", [], {}])
def test_an_empty_answer_is_unanswered_and_earns_nothing(name: str, blank: Any) -> None:
    content, asked = item_content(name), kind(name)

    assert asked.normalise(content, blank) is None
    assert asked.score(content, None).exact == 0
    assert not asked.explain(content, None).answered


@properties
@given(items(), st.data())
def test_any_response_is_either_read_or_refused_and_scores_between_0_and_1(content: dict[str, Any], data: Any) -> None:
    asked = kind(content["kind"])
    raw = data.draw(json_values(st.sampled_from(codes_of(content))) | st.permutations(codes_of(content)[:-3]))

    response = try_to_read(content, raw)

    assert 0 <= asked.score(content, response).points <= 1
    assert (asked.score(content, response).exact == 1) >= (response == asked.right_response(content))
    canonical_json(response).encode()
    json.dumps(response, ensure_ascii=False).encode("utf-8")
    assert asked.explain(content, response).score == asked.score(content, response)


@properties
@given(items(), st.data())
def test_a_response_that_was_read_once_is_read_the_same_again(content: dict[str, Any], data: Any) -> None:
    raw = data.draw(json_values(st.sampled_from(codes_of(content))) | st.permutations(codes_of(content)[:-3]))
    response = try_to_read(content, raw)

    assert kind(content["kind"]).normalise(content, response) == response


@properties
@given(items(), st.integers(0, 10**6))
def test_what_the_candidate_sees_does_not_depend_on_the_key(content: dict[str, Any], seed: int) -> None:
    asked, other, order = kind(content["kind"]), with_another_key(content, seed), shuffled(content, seed)

    assert asked.public(other) == asked.public(content)
    assert asked.public(other, order) == asked.public(content, order)
    assert asked.orders(other) == asked.orders(content)


@pytest.mark.parametrize("name", KIND_NAMES)
def test_no_feedback_key_or_tolerance_is_in_the_public_face(name: str) -> None:
    content = item_content(name, feedback="CANARY1")
    if "options" in content:
        content["options"] = [option | {"feedback": "CANARY2"} for option in content["options"]]
    secrets: dict[str, dict[str, Any]] = {
        "numeric": {"answer": "31415", "tolerance": "27182"},
        "short_text": {"accepted": ["CANARY3"]},
        "cloze": {"gaps": [gap | {"code": gap["code"], "feedback": "CANARY4"} for gap in content.get("gaps", [])]},
        "hotspot": {"picture": content.get("picture", {}) | {"file": "CANARY5.png", "sha256": "31415" + "0" * 59}},
        "placing": {"labels": [label | {"feedback": "CANARY6"} for label in content.get("labels", [])]},
    }
    for gap in secrets["cloze"]["gaps"]:
        gap |= {"accepted": ["CANARY7"]} if "accepted" in gap else {"answer": "27182"} if "answer" in gap else {}

    face = json.dumps(kind(name).public(content | secrets.get(name, {})))

    for secret in (
        "CANARY",
        "31415",
        "27182",
        "feedback",
        '"right"',
        "accepted",
        "tolerance",
        "answer",
        "credit",
        "region",
    ):
        assert secret not in face


@properties
@given(items(), st.integers(0, 10**6))
def test_the_shown_order_holds_every_part_once_in_the_order_asked_for(content: dict[str, Any], seed: int) -> None:
    order = shuffled(content, seed)
    shown = kind(content["kind"]).public(content, order)

    for name, codes in order.items():
        assert [row["code"] for row in shown_list(shown, name)] == codes


@properties
@given(items(), st.integers(0, 10**6), st.integers(0, 10**6), st.data())
def test_shuffling_never_changes_what_the_same_answer_earns(
    content: dict[str, Any], one: int, two: int, data: Any
) -> None:
    asked = kind(content["kind"])
    faces = [asked.public(content, shuffled(content, seed)) for seed in (one, two)]
    lists = list(asked.orders(content))
    if not lists:
        assert faces[0] == faces[1]
        return
    wanted = data.draw(
        st.permutations(list(dict.fromkeys(row["text"] for name in lists for row in shown_list(faces[0], name))))
    )

    scores = [asked.score(content, asked.normalise(content, answer_by_text(face, wanted))) for face in faces]

    assert scores[0] == scores[1]


def answer_by_text(face: dict[str, Any], wanted: list[str]) -> Any:
    """What a candidate sends who thinks in texts and sees the codes of `face` only."""
    if "gaps" in face:
        return {gap["code"]: chosen_by_text(gap["options"], wanted) for gap in face["gaps"] if "options" in gap}
    rows = face.get("options") or face.get("rights") or face.get("steps") or face["labels"]
    code = {row["text"]: row["code"] for row in rows}
    if face["kind"] == "single":
        return code[wanted[0]]
    if face["kind"] == "multiple":
        return [row["code"] for row in rows if row["text"] in wanted[: face["choose"]]]
    if face["kind"] == "ordering":
        return [code[text] for text in wanted]
    if face["kind"] == "placing":
        return {code[text]: slot["code"] for text, slot in zip(wanted, face["slots"], strict=False)}
    return {left["code"]: code[text] for left, text in zip(face["lefts"], wanted, strict=False)}


def chosen_by_text(options: list[dict[str, Any]], wanted: list[str]) -> str:
    """The code of the option whose text comes first among the wanted ones."""
    return min(options, key=lambda option: wanted.index(option["text"]))["code"]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("single", "options"), ("multiple", "options"), ("matching", "rights"), ("ordering", "steps"),
        ("placing", "labels"), ("cloze", "gap-3"), ("inline_choice", "gap-1"),
    ],
)  # fmt: skip
def test_an_order_with_a_missing_or_repeated_code_is_refused(name: str, parts: str) -> None:
    asked, content = kind(name), item_content(name)
    codes = asked.orders(content)[parts]

    for wrong in (codes[1:], [*codes, codes[0]], [*codes[1:], "stranger"]):
        with pytest.raises(OrderInvalid):
            asked.public(content, {parts: wrong})


@properties
@given(items())
def test_the_chances_of_a_blind_guess_add_up(content: dict[str, Any]) -> None:
    guess = kind(content["kind"]).blind_guess(content)

    assert sum(guess.values()) == 1
    assert all(0 <= points <= 1 and 0 <= chance <= 1 for points, chance in guess.items())


@properties
@given(st.sampled_from(KIND_NAMES), st.data())
def test_a_broken_definition_is_reported_or_works_but_never_crashes(name: str, data: Any) -> None:
    content = json.loads(json.dumps(item_content(name)))
    junk = st.just(date(2026, 11, 21)) | json_values()
    for _ in range(data.draw(st.integers(1, 3))):
        holder: Any = content
        while isinstance(holder, dict | list) and holder:
            place = data.draw(st.sampled_from(sorted(holder) if isinstance(holder, dict) else range(len(holder))))
            if not isinstance(holder[place], dict | list) or data.draw(st.booleans()):
                holder[place] = data.draw(junk)
                break
            holder = holder[place]

    faults = kind(name).check(content)

    assert all(str(fault) for fault in faults)
    if not faults:
        assert kind(name).score(content, kind(name).right_response(content)).exact == Fraction(1)
        json.dumps(kind(name).public(content))
