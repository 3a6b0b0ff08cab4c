"""Cloze and inline choice: gaps that are judged one by one."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given

from assessments.grading.kinds.base import ResponseInvalid
from assessments.grading.kinds.public_codes import public_code
from assessments.grading.kinds.registry import kind
from tests.assessments.grading.item_contents import gap_items, item_content, properties
from tests.assessments.grading.kinds.test_checks import faults_of
from tests.assessments.grading.kinds.test_credit_rules import tally

RIGHT = {"1": "Sales ", "2": "12.5", "3": public_code("renewed")}


def earned(raw: Any, **changes: Any) -> Fraction:
    """What an answer to the example earns."""
    content = item_content("cloze", **changes)
    return kind("cloze").score(content, kind("cloze").normalise(content, raw)).exact


def test_each_gap_earns_its_share_and_is_read_as_its_own_kind_reads() -> None:
    assert earned(RIGHT) == 1
    assert earned(RIGHT | {"2": "12,5"}) == 1  # the comma of a number, the tolerance of the gap
    assert earned(RIGHT | {"1": "  the SALES team"}) == 1
    assert earned(RIGHT | {"2": "13"}) == Fraction(2, 3)
    assert earned({"3": public_code("closed")}) == 0


@pytest.mark.parametrize(
    ("credit", "one_wrong", "one_open"),
    [("per-part", "2/3", "2/3"), ("plus-minus", "1/3", "2/3"), ("halves", "1/2", "1/2"), ("all-or-nothing", "0", "0")],
)
def test_a_gap_left_open_is_no_wrong_gap(credit: str, one_wrong: str, one_open: str) -> None:
    assert earned(RIGHT | {"2": "99"}, credit=credit) == Fraction(one_wrong)
    assert earned(RIGHT | {"2": " "}, credit=credit) == Fraction(one_open)


def test_the_feedback_names_each_gap_with_the_words_around_it_and_its_own_reason() -> None:
    content = item_content("cloze")
    asked = kind("cloze")

    told = asked.explain(content, asked.normalise(content, {"1": "us", "3": public_code("forgotten")}))

    assert [(part.given, part.expected, part.right) for part in told.parts] == [
        ("us", "sales", False),
        ("", "12", False),
        ("forgotten", "renewed", False),
    ]
    assert told.parts[0].text == "(1) The account belongs to ____. It is read every … months, then … by the team."
    assert told.parts[0].feedback == "They sold it."
    assert told.parts[2].feedback == "It is on the list."


@pytest.mark.parametrize(
    ("raw", "part", "words"),
    [
        ({"2": "twelve"}, "2", "Gap 2: Write the number only"),
        ({"2": "1,234"}, "2", "Gap 2: This can be read in two ways. Write 1234"),
        ({"3": "renewed"}, "3", "Gap 3: Choose one of the options."),
        ({"1": "x" * 201}, "1", "Gap 1: Write at most 200 characters."),
        ({"who": "sales"}, "", "Fill the gaps of the text."),
        (["sales"], "", "Fill the gaps of the text."),
    ],
)
def test_a_gap_that_cannot_be_read_is_named_by_its_number(raw: Any, part: str, words: str) -> None:
    with pytest.raises(ResponseInvalid, match="^" + words) as refusal:
        kind("cloze").normalise(item_content("cloze"), raw)

    assert refusal.value.part == part


def test_codes_of_authors_never_reach_the_candidate() -> None:
    """An author may well call a gap after its answer."""
    gap = {"code": "sales", "kind": "short_text", "accepted": ["sales"]}
    content = item_content("cloze", text="It belongs to {{sales}}.", gaps=[gap])

    assert kind("cloze").check(content) == []
    assert "sales" not in str(kind("cloze").public(content))
    assert kind("cloze").orders(content) == {}


def test_the_text_comes_in_paragraphs_of_pieces_with_its_gaps_in_reading_order() -> None:
    face = kind("cloze").public(item_content("cloze"))

    assert face["lines"] == [
        [{"text": "The account belongs to "}, {"gap": "1"}, {"text": "."}],
        [
            {"text": "It is read every "},
            {"gap": "2"},
            {"text": " months, then "},
            {"gap": "3"},
            {"text": " by the team."},
        ],
    ]
    assert [gap["form"] for gap in face["gaps"]] == ["short_text", "numeric", "single"]


def every_choice(content: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Every way to choose in the gaps that are chosen, the others left open."""
    lists = {gap["code"]: gap["options"] for gap in kind(content["kind"]).public(content)["gaps"] if "options" in gap}
    for picked in product(*lists.values()):
        yield {code: option["code"] for code, option in zip(lists, picked, strict=True)}


@properties
@given(gap_items("cloze") | gap_items("inline_choice"))
def test_a_blind_guess_is_what_trying_every_choice_gives(content: dict[str, Any]) -> None:
    asked = kind(content["kind"])

    assert asked.blind_guess(content) == tally(
        asked.score(content, tried or None).exact for tried in every_choice(content)
    )


ONE = {"code": "a", "kind": "short_text", "accepted": ["x"]}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"text": "No mark"}, "text: has no mark for the gap who"),
        ({"text": "{{who}} {{who}} {{months}} {{act}}"}, "text: has the same gap twice: who"),
        ({"text": "{{who}} {{months}} {{act}} {{else}}"}, "text: marks a gap else that is not listed"),
        ({"text": "{{who}} {{months}} {{act}} {{ no }}"}, "text: holds {{ that is no mark of a gap such as {{a}}"),
        ({"text": 5}, "text: must be text in quotes"),
        ({"gaps": []}, "gaps: needs 1 to 20 entries, has 0"),
        ({"gaps": "who"}, "gaps: must be a list of tables { code = ..., ... }"),
        ({"gaps": [ONE, ONE]}, "gaps: has the same code twice: a"),
        ({"gaps": [ONE | {"kind": "essay"}]}, "gaps[0].kind: must be one of: short_text, numeric, single"),
        ({"gaps": [ONE | {"answer": "1"}]}, "gaps[0].answer: a gap has no such field"),
        ({"gaps": [ONE | {"accepted": []}]}, "gaps[0].accepted: needs 1 to 60 entries, has 0"),
        ({"gaps": [ONE | {"feedback": 7}]}, "gaps[0].feedback: must be text in quotes"),
        ({"gaps": [ONE], "text": "{{a}}", "credit": "halves"}, "credit: halves needs at least 3 parts"),
    ],
)
def test_a_fault_of_a_gap_says_where_it_is(changes: dict[str, Any], expected: str) -> None:
    assert expected in faults_of("cloze", **changes)


def test_a_gap_of_inline_choice_names_no_kind_and_has_one_right_option() -> None:
    options = [{"code": "a", "text": "x"}, {"code": "b", "text": "y"}]
    faults = faults_of("inline_choice", text="{{g}}", gaps=[{"code": "g", "kind": "single", "options": options}])

    assert faults == ["gaps[0].options: needs exactly one right option", "gaps[0].kind: a gap has no such field"]
