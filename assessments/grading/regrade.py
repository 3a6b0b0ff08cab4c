"""Regrading: what happens to stored results when the key of an item turns out to be wrong.

Modes, by item: `full_credit` gives everybody its point; `old_and_new` gives the better of the old and the new key;
`new_only` scores by the new key alone; `leave` changes nothing for results that exist; `exclude` takes the item out of
the total and the maximum. Only the key may differ in a new definition: what candidates saw and could answer stays.
Marks that people gave stay; an item they mark knows no key, so it can be credited, excluded or left, nothing else.

The record of a regraded exam holds the first inputs and the decisions and is replayed like any other (replay.py). The
first record stays beside it. A second regrade starts from the same first inputs with all decisions that hold then.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from assessments.grading.kinds.base import POINT_PLACES, Content
from assessments.grading.kinds.hand_marks import MarkedByHand
from assessments.grading.kinds.registry import kind
from assessments.grading.numbers import percent, round_half_up
from assessments.grading.scoring import (
    AwaitingMarks,
    ExamRules,
    ExamScore,
    ItemInput,
    ItemScore,
    item_points,
    score_exam,
)
from assessments.grading.topics import topic_bands


class Mode(StrEnum):
    """What a decision does to an item."""

    FULL_CREDIT = "full_credit"
    OLD_AND_NEW = "old_and_new"
    NEW_ONLY = "new_only"
    LEAVE = "leave"
    EXCLUDE = "exclude"


NEEDS_CONTENT = frozenset({Mode.OLD_AND_NEW, Mode.NEW_ONLY})


class RegradeInvalid(ValueError):
    """Decisions that cannot be carried out; the message names the item."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens to the item `code`; `content` is its new definition where the mode needs one, else None."""

    code: str
    mode: Mode
    content: Content | None = None

    def __post_init__(self) -> None:
        if (self.content is not None) != (self.mode in NEEDS_CONTENT):
            raise RegradeInvalid(f"{self.code}: a new definition belongs to {', '.join(sorted(NEEDS_CONTENT))}")


@dataclass(frozen=True, slots=True)
class Change:
    """One item of one result whose points change, to four places; `new` is None where the item no longer counts."""

    code: str
    old: Decimal
    new: Decimal | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What decisions do to one result. `crossing` is "to_pass", "to_fail" or empty."""

    result: str
    old: ExamScore
    new: ExamScore
    changes: tuple[Change, ...]

    @property
    def crossing(self) -> str:
        """Whether the result changes sides, by the shown percentage."""
        if self.old.passed == self.new.passed:
            return ""
        return "to_pass" if self.new.passed else "to_fail"


@dataclass(frozen=True, slots=True)
class DryRun:
    """What decisions would do: an effect for each result in the order given, and the results that have no score yet."""

    effects: tuple[Effect, ...]
    awaiting: tuple[str, ...]

    @property
    def to_pass(self) -> tuple[str, ...]:
        """Results that would pass now."""
        return tuple(effect.result for effect in self.effects if effect.crossing == "to_pass")

    @property
    def to_fail(self) -> tuple[str, ...]:
        """Results that would fail now."""
        return tuple(effect.result for effect in self.effects if effect.crossing == "to_fail")

    @property
    def changed(self) -> tuple[str, ...]:
        """Results in which the points of any item or the percentage differ."""
        return tuple(one.result for one in self.effects if one.changes or one.old.percent != one.new.percent)


@dataclass(frozen=True, slots=True)
class Stored:
    """The inputs of a result as its first record holds them, read back (snapshots.read_items, read_exam_rules).

    `decisions` are about this result alone: a new definition of a parametrised item is another one for each variant.
    """

    result: str
    items: tuple[ItemInput, ...]
    rules: ExamRules
    decisions: tuple[Decision, ...] = ()


def score_regraded(items: Sequence[ItemInput], rules: ExamRules, decisions: Iterable[Decision]) -> ExamScore:
    """Score `items` by `rules` after `decisions`; those about items that are not in the exam do nothing here.

    Raises RegradeInvalid, AwaitingMarks, and ValueError as scoring.score_exam does.
    """
    by_code = _by_code(decisions)
    score_exam(items, rules)  # refuses what has no score
    counted = [
        (item, points) for item in items for points in [_points(item, by_code.get(item.code))] if points is not None
    ]
    if not counted:
        raise RegradeInvalid("no item would be left to score")
    total = sum((points for _item, points in counted), Fraction(0))
    shown = percent(total, len(counted), rules.places)
    return ExamScore(
        total=round_half_up(total, POINT_PLACES),
        maximum=len(counted),
        percent=shown,
        passed=shown >= rules.pass_percent,
        answered=sum(item.response is not None for item, _points in counted),
        items=tuple(_item_score(item, points) for item, points in counted),
        topics=topic_bands(((item.topic, points) for item, points in counted), rules.pass_percent, rules.places),
    )


def dry_run(stored: Iterable[Stored], decisions: Sequence[Decision]) -> DryRun:
    """What `decisions` would do to each result; nothing is written. Raises as score_regraded does, but for AwaitingMarks."""
    effects, awaiting = [], []
    for one in stored:
        try:
            effects.append(effect_on(one, decisions))
        except AwaitingMarks:
            awaiting.append(one.result)
    return DryRun(tuple(effects), tuple(awaiting))


def effect_on(stored: Stored, decisions: Sequence[Decision]) -> Effect:
    """What `decisions` and those of its own do to one result. Raises as score_regraded does."""
    old = score_exam(stored.items, stored.rules)
    new = score_regraded(stored.items, stored.rules, [*decisions, *stored.decisions])
    after = {item.code: item.points for item in new.items}
    changes = tuple(
        Change(item.code, item.points, after.get(item.code))
        for item in old.items
        if after.get(item.code) != item.points
    )
    return Effect(stored.result, old, new, changes)


def check_decision(decision: Decision, content: Content) -> None:
    """Whether a decision can be carried out on the item as it was asked. Raises RegradeInvalid."""
    if decision.content is None:
        return
    asked = kind(content["kind"])
    if isinstance(asked, MarkedByHand):
        raise RegradeInvalid(f"{decision.code}: people mark this item, it has no key")
    if decision.content.get("kind") != content["kind"]:
        raise RegradeInvalid(f"{decision.code}: the kind of an item stays")
    faults = asked.check(decision.content)
    if faults:
        raise RegradeInvalid(f"{decision.code}: {faults[0]}")
    if asked.public(decision.content) != asked.public(content):
        raise RegradeInvalid(f"{decision.code}: only the key may differ, not what candidates saw")


def read_decisions(rows: Sequence[Mapping[str, Any]]) -> list[Decision]:
    """Decisions as a record or a table holds them. Raises RegradeInvalid, ValueError for an unknown mode."""
    return [Decision(row["code"], Mode(row["mode"]), row.get("content")) for row in rows]


def store_decisions(decisions: Iterable[Decision]) -> list[dict[str, Any]]:
    """Decisions as JSON, by code, so that equal decisions are stored alike."""
    ordered = sorted(_by_code(decisions).values(), key=lambda decision: decision.code)
    return [{"code": one.code, "mode": str(one.mode), "content": one.content} for one in ordered]


def _by_code(decisions: Iterable[Decision]) -> dict[str, Decision]:
    listed = list(decisions)
    found = {decision.code: decision for decision in listed}
    if len(found) < len(listed):
        raise RegradeInvalid("an item is decided on once")
    return found


def _points(item: ItemInput, decision: Decision | None) -> Fraction | None:
    """The exact points of an item that score_exam took; None where it no longer counts."""
    if decision is not None:
        check_decision(decision, item.content)
    old = item_points(item) or Fraction(0)
    if decision is None or decision.mode is Mode.LEAVE:
        return old
    if decision.mode is Mode.EXCLUDE:
        return None
    if decision.content is None:
        return Fraction(1)
    new = kind(item.content["kind"]).score(decision.content, item.response).exact
    return max(old, new) if decision.mode is Mode.OLD_AND_NEW else new


def _item_score(item: ItemInput, points: Fraction) -> ItemScore:
    return ItemScore(item.code, item.topic, round_half_up(points, POINT_PLACES), item.response is not None)
