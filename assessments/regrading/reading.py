"""Reading what a regrade works on: results with the inputs they were first made from, and what has been decided on items.

A decision of a regrade is a JSON object {version_id, code, version, mode, content, attempt}: one version of an item, what
happens to it (grading.regrade.Mode), its new definition where the mode needs one, and the public id of the only attempt
it is about, or "" for all. A new definition of a parametrised item is realised for each attempt as it was asked there.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from app.extensions import db
from assessments.exams.models import Attempt, AttemptItem
from assessments.exams.rules import AttemptState
from assessments.grading.kinds.realising import realise
from assessments.grading.regrade import Decision, Mode
from assessments.grading.scoring import ExamRules, ItemInput
from assessments.grading.snapshots import read_exam_rules, read_items
from assessments.items.models import Item, ItemVersion
from assessments.regrading.models import Regrade
from assessments.results.models import Result

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """Where an attempt asked a version: the row of the attempt's item, the item's code, and the order it was shown in."""

    row_id: int
    code: str
    order: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Case:
    """One attempt with the result that counts, its first inputs, and what it asked of the versions decided on."""

    attempt: Attempt
    result: Result
    items: tuple[ItemInput, ...]
    rules: ExamRules
    asked: Mapping[int, Asked]

    def decisions(self, rows: Iterable[Row]) -> list[Decision]:
        """What these decisions, the earlier ones first, come to for this attempt; the last one on an item holds."""
        found: dict[str, Decision] = {}
        for row in rows:
            asked = self.asked.get(row["version_id"])
            if asked is None or row.get("attempt") not in ("", None, self.attempt.public_id):
                continue
            content = row.get("content")
            found[asked.code] = Decision(
                asked.code, Mode(row["mode"]), None if content is None else realise(content, asked.order)
            )
        return list(found.values())


def decided_rows(exam_id: int) -> list[Row]:
    """Every decision on items of an exam that has been applied, the earliest first."""
    statement = select(Regrade.decisions).where(Regrade.exam_id == exam_id, Regrade.state == "applied")
    return [row for rows in db.session.scalars(statement.order_by(Regrade.decided_at, Regrade.id)) for row in rows]


def list_cases(exam_id: int, rows: Sequence[Row]) -> list[Case]:
    """The scored attempts at an exam that asked one of the versions these decisions are about, in order of number."""
    versions = {row["version_id"] for row in rows}
    asking = select(AttemptItem.attempt_id).where(AttemptItem.item_version_id.in_(versions))
    statement = _scored().where(Attempt.exam_id == exam_id, Attempt.id.in_(asking)).order_by(Attempt.id)
    return _cases(db.session.execute(statement).all(), versions)


def find_case(attempt_id: int, rows: Sequence[Row]) -> Case | None:
    """One attempt with its result; None before it has one, and when what it was made from has been erased."""
    found = db.session.execute(_scored().where(Attempt.id == attempt_id)).all()
    return next(iter(_cases(found, {row["version_id"] for row in rows})), None)


def _scored() -> Any:
    return (
        select(Attempt, Result)
        .join(Result, Result.attempt_id == Attempt.id)
        .where(Result.superseded_at.is_(None), Attempt.state != AttemptState.VOIDED)
        .options(undefer(Result.inputs))
        .execution_options(populate_existing=True)
    )


def _cases(found: Sequence[tuple[Attempt, Result]], versions: Collection[int]) -> list[Case]:
    asked = asked_by([attempt.id for attempt, _result in found], versions)
    return [
        Case(
            attempt,
            result,
            tuple(read_items(result.inputs["items"])),
            read_exam_rules(result.inputs["rules"]),
            asked.get(attempt.id, {}),
        )
        for attempt, result in found
        if result.inputs
    ]


def asked_by(attempts: Collection[int], versions: Collection[int] | None = None) -> dict[int, dict[int, Asked]]:
    """What each of these attempts (by row id) asked of these versions, or of all: attempt, then version."""
    statement = (
        select(AttemptItem.attempt_id, AttemptItem.item_version_id, AttemptItem.id, Item.code, AttemptItem.order)
        .join(ItemVersion, ItemVersion.id == AttemptItem.item_version_id)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(AttemptItem.attempt_id.in_(attempts), AttemptItem.is_pilot.is_(False))
    )
    if versions is not None:
        statement = statement.where(AttemptItem.item_version_id.in_(versions))
    found: dict[int, dict[int, Asked]] = {}
    for attempt_id, version_id, row_id, code, order in db.session.execute(statement):
        found.setdefault(attempt_id, {})[version_id] = Asked(row_id, code, order)
    return found
