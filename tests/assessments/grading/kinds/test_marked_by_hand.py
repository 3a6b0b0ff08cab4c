"""Essays and files: what is read as an answer, what markers give, and that nothing is worth zero before it is marked."""

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grading.canonical import canonical_json, digest
from assessments.grading.kinds.base import ResponseInvalid
from assessments.grading.kinds.essay import LONGEST, Essay
from assessments.grading.kinds.file_answer import FileAnswer, is_taken_out_only, received
from assessments.grading.kinds.hand_marks import Mark, MarksInvalid, NotMarked, read_points
from assessments.grading.kinds.registry import is_marked_by_hand
from assessments.grading.kinds.words import count_words, split_after
from assessments.grading.wording import CREDIT_RULES
from tests.assessments.grading.item_contents import KIND_NAMES, item_content, json_values, properties

ESSAY, FILES = item_content("essay"), item_content("file_answer")
BY_HAND = {"essay": (Essay(), ESSAY, "My answer"), "file_answer": (FileAnswer(), FILES, [received("abc", "0" * 64)])}


@pytest.fixture(params=sorted(BY_HAND))
def asked(request: pytest.FixtureRequest) -> Any:
    """Each kind that people mark, a sound item of it, and an answer."""
    return BY_HAND[request.param]


def test_a_sound_item_has_no_faults_and_is_known_to_be_marked_by_people(asked: Any) -> None:
    kind, content, _response = asked

    assert kind.check(content) == []
    assert is_marked_by_hand(content)
    assert kind.credit_rule(content) in CREDIT_RULES
    assert digest(kind.export(content)) == digest(content)
    assert not any(is_marked_by_hand(item_content(name)) for name in KIND_NAMES)


def test_an_answer_has_no_points_before_it_is_marked_and_an_empty_one_has_none_at_all(asked: Any) -> None:
    kind, content, response = asked

    for act in (kind.score, kind.explain):
        with pytest.raises(NotMarked):
            act(content, response)
    with pytest.raises(NotMarked):
        kind.right_response(content)
    assert kind.score(content, None).exact == 0
    assert not kind.explain(content, None).answered
    assert kind.blind_guess(content) == {Fraction(1): 0, Fraction(0): 1}


def test_a_mark_is_an_exact_part_of_the_point() -> None:
    mark = read_points(ESSAY, {"facts": "1.5", "tone": "2"})

    assert mark == Mark(Decimal("3.5"), Decimal(6))
    assert Essay().score_marked(ESSAY, mark).exact == Fraction(7, 12)


@pytest.mark.parametrize(
    ("points", "codes"),
    [
        ({}, ["facts", "tone"]),
        ({"facts": "1"}, ["tone"]),
        ({"facts": "3", "tone": "1"}, ["facts"]),
        ({"facts": "-1", "tone": "1"}, ["facts"]),
        ({"facts": "1.25", "tone": "1"}, ["facts"]),
        ({"facts": 1, "tone": "1"}, ["facts"]),
        ({"facts": "1", "tone": "1", "x": "1"}, ["x"]),
        ({"facts": "1e0", "tone": ""}, ["facts", "tone"]),
        ({"facts": None, "tone": "4"}, ["facts"]),
    ],
)
def test_marks_that_do_not_fit_are_refused_by_aspect(points: dict[str, Any], codes: list[str]) -> None:
    with pytest.raises(MarksInvalid) as refusal:
        read_points(ESSAY, points)

    assert sorted(fault.path for fault in refusal.value.faults) == sorted(codes)


@pytest.mark.parametrize(("points", "of"), [("-1", "2"), ("3", "2"), ("0", "0")])
def test_a_mark_lies_within_what_can_be_earned(points: str, of: str) -> None:
    with pytest.raises(ValueError, match="between 0"):
        Mark(Decimal(points), Decimal(of))


def test_a_mark_of_another_version_of_the_item_is_refused() -> None:
    with pytest.raises(ValueError, match="this version"):
        Essay().score_marked(ESSAY, Mark(Decimal(3), Decimal(5)))


def test_after_release_each_aspect_says_what_its_points_stand_for() -> None:
    explained = Essay().explain_marked(ESSAY, {"facts": "1.5", "tone": "4"})

    facts, tone = explained.parts
    assert (facts.given, facts.expected, facts.right, facts.feedback) == ("1.5", "2", False, "one of them")
    assert (tone.given, tone.right, tone.feedback) == ("4", True, "")
    assert explained.score.exact == Fraction(11, 12)


def test_neither_guidance_nor_descriptors_are_told_before_release(asked: Any) -> None:
    kind, content, _response = asked
    secret = json.loads(json.dumps(content)) | {"feedback": "CANARY1"}
    for row in secret["marks"]:
        row |= {"guidance": "CANARY2", "descriptors": ["CANARY3"] * (row["points"] + 1)}
    assert kind.check(secret) == []

    face = json.dumps(kind.public(secret))

    assert "CANARY" not in face
    assert secret["marks"][0]["title"] in face, "what it is marked by is told"


@properties
@given(st.sampled_from(sorted(BY_HAND)), json_values())
def test_any_response_is_read_or_refused_and_read_the_same_again(name: str, raw: Any) -> None:
    kind, content, _response = BY_HAND[name]
    try:
        response = kind.normalise(content, raw)
    except ResponseInvalid:
        response = None

    assert kind.normalise(content, response) == response
    canonical_json(response)
    json.dumps(response, ensure_ascii=False).encode("utf-8")


@properties
@given(st.sampled_from(sorted(BY_HAND)), st.data())
def test_a_broken_definition_is_reported_or_works_but_never_crashes(name: str, data: Any) -> None:
    kind, example, _response = BY_HAND[name]
    content = json.loads(json.dumps(example))
    holder: Any = content
    while isinstance(holder, dict | list) and holder:
        place = data.draw(st.sampled_from(sorted(holder) if isinstance(holder, dict) else range(len(holder))))
        if not isinstance(holder[place], dict | list) or data.draw(st.booleans()):
            holder[place] = data.draw(json_values())
            break
        holder = holder[place]

    faults = kind.check(content)

    assert all(str(fault) for fault in faults)
    if not faults:
        full = {row["code"]: str(row["points"]) for row in content["marks"]}
        assert kind.score_marked(content, read_points(content, full)).exact == 1
        assert kind.score(content, None).exact == 0


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"words_max": 0}, "words_max"),
        ({"words_max": "300"}, "words_max"),
        ({"words_min": 301}, "words_min"),
        ({"words_min": -1}, "words_min"),
        ({"template": 7}, "template"),
        ({"marks": []}, "marks"),
        ({"marks": [{"code": "a", "title": "A", "points": 0, "guidance": "x"}]}, "marks[0].points"),
        ({"marks": [{"code": "a", "title": "A", "points": 2}]}, "marks[0].guidance"),
        (
            {"marks": [{"code": "a", "title": "A", "points": 2, "guidance": "x", "descriptors": ["one"]}]},
            "marks[0].descriptors",
        ),
        ({"marks": [{"code": "a", "title": "A", "points": 1, "guidance": "x", "secret": 1}]}, "marks[0].secret"),
        ({"kindly": 1}, "kindly"),
    ],
)
def test_what_is_wrong_with_an_essay_is_named(changes: dict[str, Any], path: str) -> None:
    assert path in {fault.path for fault in Essay().check(ESSAY | changes)}


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"file_types": []}, "file_types"),
        ({"file_types": ["exe"]}, "file_types[0]"),
        ({"file_types": "pdf"}, "file_types"),
        ({"max_files": 0}, "max_files"),
        ({"max_files": 11}, "max_files"),
        ({"max_megabytes": 21}, "max_megabytes"),
        ({"max_megabytes": True}, "max_megabytes"),
    ],
)
def test_what_is_wrong_with_a_file_answer_is_named(changes: dict[str, Any], path: str) -> None:
    assert path in {fault.path for fault in FileAnswer().check(FILES | changes)}


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("One.\r\nTwo.  \r\n\r\n", "One.\nTwo."),
        ("  indented", "  indented"),
        ("a\x00b\x07c", "abc"),
        ("tab\there", "tab\there"),
        ("Dear colleague,", None),
        (" Dear\n colleague,\n", None),
        ("Dear colleague, no.", "Dear colleague, no."),
        ("\ud800", None),
    ],
)
def test_a_text_is_kept_as_typed_but_for_what_cannot_be_shown(raw: str, kept: str | None) -> None:
    assert Essay().normalise(ESSAY, raw) == kept


def test_too_many_words_are_kept_too_many_signs_are_not() -> None:
    many = "word " * 400

    assert Essay().normalise(ESSAY, many) == many.rstrip()
    with pytest.raises(ResponseInvalid, match="40000"):
        Essay().normalise(ESSAY, "x" * (LONGEST + 1))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        (" \n - ... ", 0),
        ("one", 1),
        ("one two\nthree", 3),
        ("don't, well-known 3.5", 3),
        ("he said: 'no'.", 3),
        ("a_b", 2),
        ("Straße—Weg", 2),
        ("naïve cafe\u0301", 2),
        ("हिन्दी में लिखो", 3),
        ("مُدَرِّس كتب", 2),
        ("한국어 문장", 2),
        ("東京は大きい", 6),
        ("東京 2026 Tokyo", 4),
        ("カタカナ", 4),
        ("สวัสดีครับ", 2),
        ("ก", 1),
        ("ខ្មែរ", 1),
        ("user@example.org", 2),
        ("1,000", 1),
        ("x-", 1),
    ],
)
def test_words_are_counted_by_the_stated_rule(text: str, words: int) -> None:
    assert count_words(text) == words


@properties
@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=60), st.integers(0, 8))
def test_the_part_that_is_read_holds_the_words_it_may(text: str, most: int) -> None:
    read, rest = split_after(text, most)

    assert read + rest == text
    assert count_words(read) <= most
    assert bool(rest) == (count_words(text) > most)


def test_files_are_named_by_the_server_alone() -> None:
    one, two, three = (received(name, digit * 64) for name, digit in (("a1", "0"), ("b2", "f"), ("c3", "a")))

    assert FileAnswer().normalise(FILES, [one, two]) == [one, two]
    assert FileAnswer().normalise(FILES, ["", one]) == [one]
    assert FileAnswer().normalise(FILES, [""]) is None
    for raw in (
        [one, one],
        [one, two, three],
        one,
        ["plan.pdf"],
        ["../etc:" + "0" * 64],
        [one.upper()],
        [f"{one}0"],
        {one: "x"},
        [7],
    ):
        with pytest.raises(ResponseInvalid):
            FileAnswer().normalise(FILES, raw)


def test_a_list_of_files_may_become_shorter_by_itself_and_never_longer() -> None:
    assert is_taken_out_only(["a", "b"], ["b"])
    assert is_taken_out_only(["a"], None)
    assert is_taken_out_only(None, None)
    assert not is_taken_out_only(["a"], ["a", "b"])
    assert not is_taken_out_only(None, ["a"])
