"""Regrading by hand-made sums: what each mode does to an item, who crosses the pass mark, and records that replay."""

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grading.kinds.hand_marks import Mark
from assessments.grading.kinds.registry import kind
from assessments.grading.regrade import (
    Decision,
    Mode,
    RegradeInvalid,
    Stored,
    dry_run,
    effect_on,
    read_decisions,
    score_regraded,
    store_decisions,
)
from assessments.grading.replay import record_exam, record_regraded_exam, replay
from assessments.grading.scoring import AwaitingMarks, ExamRules, ItemInput, score_exam
from tests.assessments.grading.item_contents import item_content, items, properties

OLD = item_content("single")  # b is right
NEW = item_content("single", options=[{**one, "right": one["code"] == "a"} for one in OLD["options"]])
RULES = ExamRules(Decimal(70))


def exam(first: str | None, others: int, of: int = 10) -> tuple[ItemInput, ...]:
    """`of` items: the first answered with `first`, of the rest `others` answered rightly."""
    rest = [ItemInput(f"I{place}", "F1", OLD, "b" if place <= others else "c") for place in range(1, of)]
    return (ItemInput("I0", "F1", OLD, first), *rest)


@pytest.mark.parametrize(
    ("mode", "content", "points"),
    [
        (Mode.FULL_CREDIT, None, {"a": 1, "b": 1, "c": 1, None: 1}),
        (Mode.OLD_AND_NEW, NEW, {"a": 1, "b": 1, "c": 0, None: 0}),
        (Mode.NEW_ONLY, NEW, {"a": 1, "b": 0, "c": 0, None: 0}),
        (Mode.LEAVE, None, {"a": 0, "b": 1, "c": 0, None: 0}),
    ],
)
def test_what_each_mode_gives_for_each_answer(mode: Mode, content: Any, points: dict[str | None, int]) -> None:
    for answer, earned in points.items():
        score = score_regraded(exam(answer, 5), RULES, [Decision("I0", mode, content)])

        assert (score.items[0].points, score.total, score.maximum) == (earned, 5 + earned, 10)
        assert score.percent == (5 + earned) * 10


@pytest.mark.parametrize(
    ("first", "others", "shown", "passed"), [("b", 6, "66.7", False), ("c", 6, "66.7", False), ("c", 7, "77.8", True)]
)
def test_an_excluded_item_leaves_the_total_and_the_maximum(first: str, others: int, shown: str, passed: bool) -> None:
    score = score_regraded(exam(first, others), RULES, [Decision("I0", Mode.EXCLUDE)])

    assert (score.total, score.maximum, score.percent, score.passed) == (others, 9, Decimal(shown), passed)
    assert score.topics[0].items == 9
    assert "I0" not in {item.code for item in score.items}


def test_the_dry_run_says_who_crosses_in_which_direction() -> None:
    stored = [
        Stored("up", exam("a", 6), RULES),
        Stored("down", exam("b", 6), RULES),
        Stored("stays up", exam("b", 9), RULES),
        Stored("untouched", exam("c", 3), RULES),
    ]

    run = dry_run(stored, [Decision("I0", Mode.NEW_ONLY, NEW)])

    assert (run.to_pass, run.to_fail, run.changed) == (("up",), ("down",), ("up", "down", "stays up"))
    up = run.effects[0]
    assert (up.old.percent, up.new.percent, up.crossing) == (Decimal("60.0"), Decimal("70.0"), "to_pass")
    assert [(change.code, change.old, change.new) for change in up.changes] == [("I0", 0, 1)]


def test_the_shown_percentage_is_the_one_compared() -> None:
    """Of 40 items 27.98 points show as 70.0 %: 27 and a part of 0.98 pass, as they are read."""
    score = effect_on(Stored("r", exam("b", 7, 11), ExamRules(Decimal(80))), [Decision("I0", Mode.EXCLUDE)])
    assert (score.old.percent, score.new.percent) == (Decimal("72.7"), Decimal("70.0"))
    low = score_regraded(exam("b", 6, 10), ExamRules(Decimal("66.7")), [Decision("I0", Mode.EXCLUDE)])
    assert (low.percent, low.passed) == (Decimal("66.7"), True), "six of nine is 66.66…, shown and compared as 66.7"


def test_an_excluded_item_is_named_among_the_changes() -> None:
    effect = effect_on(Stored("r", exam("b", 6), RULES), [Decision("I0", Mode.EXCLUDE)])

    assert [(change.code, change.old, change.new) for change in effect.changes] == [("I0", 1, None)]
    assert effect.crossing == "to_fail", "even the exclusion of an item can cost a pass, and it is said"


def test_a_variant_is_decided_on_for_each_result_apart() -> None:
    """Two candidates got other numbers in the same item: each has a new definition of its own."""
    asked = {name: item_content("numeric", stem=f"Half of {name}?", answer="9") for name in ("10", "20")}
    fixed = {name: asked[name] | {"answer": half} for name, half in (("10", "5"), ("20", "10"))}
    stored = [
        Stored(name, (ItemInput("N", "F1", asked[name], half),), RULES, (Decision("N", Mode.NEW_ONLY, fixed[name]),))
        for name, half in (("10", "5"), ("20", "11"))
    ]

    assert dry_run(stored, []).to_pass == ("10",)


def test_items_that_were_not_drawn_do_nothing() -> None:
    effect = effect_on(Stored("r", exam("b", 6), RULES), [Decision("NOT-DRAWN", Mode.FULL_CREDIT)])

    assert (effect.changes, effect.old) == ((), effect.new)


def test_the_record_replays_and_a_touched_decision_is_noticed() -> None:
    decisions = [Decision("I0", Mode.NEW_ONLY, NEW), Decision("I3", Mode.EXCLUDE), Decision("I4", Mode.FULL_CREDIT)]
    record = json.loads(json.dumps(record_regraded_exam(exam("a", 6), RULES, decisions)))

    assert replay(record) == []
    assert record["what"] == "regraded_exam"
    assert read_decisions(record["inputs"]["regrade"]) == sorted(decisions, key=lambda one: one.code)
    record["inputs"]["regrade"][0]["mode"] = "leave"
    record["inputs"]["regrade"][0]["content"] = None
    assert {difference.part for difference in replay(record)} >= {"inputs_sha256", "outcome.percent", "outcome.total"}


def test_a_regraded_record_holds_the_first_inputs_untouched() -> None:
    first = record_exam(exam("a", 6), RULES)
    again = record_regraded_exam(exam("a", 6), RULES, [Decision("I0", Mode.NEW_ONLY, NEW)])

    assert again["inputs"]["items"] == first["inputs"]["items"]
    assert again["inputs"]["rules"] == first["inputs"]["rules"]
    assert replay(first) == []


@properties
@given(st.lists(items(), min_size=1, max_size=5), st.decimals(0, 100, places=1), st.data())
def test_leaving_everything_scores_as_before_and_credit_never_lowers(
    contents: list[dict[str, Any]], cut: Decimal, data: Any
) -> None:
    answered = [
        ItemInput(
            f"X{place}",
            "F1",
            content,
            data.draw(st.sampled_from([None, kind(content["kind"]).right_response(content)])),
        )
        for place, content in enumerate(contents)
    ]
    rules = ExamRules(cut)
    before = score_exam(answered, rules)
    chosen = data.draw(st.sampled_from(answered))

    assert score_regraded(answered, rules, [Decision(item.code, Mode.LEAVE) for item in answered]) == before
    assert score_regraded(answered, rules, []) == before
    assert score_regraded(answered, rules, [Decision(chosen.code, Mode.OLD_AND_NEW, chosen.content)]) == before
    credited = score_regraded(answered, rules, [Decision(chosen.code, Mode.FULL_CREDIT)])
    assert before.total <= credited.total
    assert before.passed <= credited.passed


def test_marks_that_people_gave_stay() -> None:
    essay = item_content("essay")
    marked = (ItemInput("E", "F1", essay, "Because.", Mark(Decimal("4.5"), Decimal(6))), *exam("b", 4))

    score = score_regraded(marked, RULES, [Decision("I0", Mode.NEW_ONLY, NEW)])

    assert score.items[0].points == Decimal("0.7500")
    assert score.total == Decimal("4.7500")
    assert score_regraded(marked, RULES, [Decision("E", Mode.FULL_CREDIT)]).total == 6
    with pytest.raises(RegradeInvalid, match="E: people mark this item"):
        score_regraded(marked, RULES, [Decision("E", Mode.NEW_ONLY, essay)])


def test_what_waits_for_marks_has_no_effect_yet_and_is_named() -> None:
    waiting = (ItemInput("E", "F1", item_content("essay"), "Because."), *exam("b", 4))

    run = dry_run([Stored("waits", waiting, RULES), Stored("r", exam("b", 4), RULES)], [Decision("I0", Mode.EXCLUDE)])

    assert (run.awaiting, [effect.result for effect in run.effects]) == (("waits",), ["r"])
    with pytest.raises(AwaitingMarks):
        score_regraded(waiting, RULES, [])


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (item_content("single", stem="Something else?"), "only the key may differ"),
        (item_content("single", options=[*OLD["options"], {"code": "z", "text": "New"}]), "only the key may differ"),
        (item_content("true_false"), "kind of an item stays"),
        (
            item_content("single", options=[{**one, "right": False} for one in OLD["options"]]),
            "exactly one right option",
        ),
    ],
)
def test_only_the_key_may_change(content: dict[str, Any], complaint: str) -> None:
    with pytest.raises(RegradeInvalid, match=complaint):
        score_regraded(exam("b", 5), RULES, [Decision("I0", Mode.NEW_ONLY, content)])


def test_decisions_that_say_too_little_too_much_or_twice_are_refused() -> None:
    with pytest.raises(RegradeInvalid, match="new definition"):
        Decision("I0", Mode.NEW_ONLY)
    with pytest.raises(RegradeInvalid, match="new definition"):
        Decision("I0", Mode.EXCLUDE, NEW)
    with pytest.raises(RegradeInvalid, match="decided on once"):
        store_decisions([Decision("I0", Mode.LEAVE), Decision("I0", Mode.EXCLUDE)])
    with pytest.raises(RegradeInvalid, match="no item would be left"):
        score_regraded(exam("b", 0, 1), RULES, [Decision("I0", Mode.EXCLUDE)])
    with pytest.raises(ValueError, match="halve"):
        read_decisions([{"code": "I0", "mode": "halve", "content": None}])


def test_partial_points_are_added_exactly_before_the_one_rounding() -> None:
    """Three items of one third each make exactly one point, whatever is decided about a fourth."""
    content = item_content("matching")
    right = kind("matching").right_response(content)
    third = {"a": right["a"]}
    answered = [ItemInput(f"M{place}", "F1", content, third) for place in range(3)] + [ItemInput("S", "F1", OLD, "c")]

    score = score_regraded(answered, ExamRules(Decimal("33.3")), [Decision("S", Mode.EXCLUDE)])

    assert Fraction(score.total) == 1
    assert (score.percent, score.passed) == (Decimal("33.3"), True)
