"""The attempts that a report looks at, as sheets, times and changes of answers. Three statements, however many attempts.

Answers stand under the version that was asked, "F1-001 v3"; a variant of a parametrised item is a question of its own
when answers are compared, and belongs to its version when items are measured.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise
from typing import Any

from sqlalchemy import ColumnElement, select

from app.extensions import db
from assessments.analysis.answering import chosen
from assessments.analysis.changes import Changes, count_changes
from assessments.analysis.sheets import Answer, Sheet
from assessments.analysis.timing import Timed
from assessments.exams.models import Attempt, AttemptItem, ItemResponse
from assessments.exams.rules import AWAITING, AttemptState
from assessments.grading.canonical import canonical_json
from assessments.grading.kinds.base import Content
from assessments.grading.kinds.realising import VARIANT, has_variants, realise
from assessments.grading.kinds.registry import is_marked_by_hand, kind
from assessments.integrity.bursts import Step
from assessments.items.models import Item, ItemVersion

LOOKED_AT = tuple(sorted(AWAITING | {AttemptState.RELEASED}))
_NAMES = ("id", "public_id", "person_id", "candidate", "sitting", "started_at", "submitted_at", "declared_name")


@dataclass(frozen=True, slots=True)
class Sat:
    """One attempt that was handed in; `name` is its public id, `candidate` the number under which it is marked."""

    id: int
    name: str
    person_id: int
    candidate: str
    sitting: str
    begun: datetime
    ended: datetime | None
    is_nobodys: bool
    exam_version: int


@dataclass(frozen=True, slots=True)
class Given:
    """One question of an attempt with its answer. `content` is realised; `points` is None while it waits for a mark."""

    row: int
    attempt: int
    position: int
    code: str
    number: int
    variant: int | None
    content: Content
    response: Any
    points: float | None
    is_pilot: bool
    seconds: int

    @property
    def version(self) -> str:
        """The version as people read it."""
        return f"{self.code} v{self.number}"

    @property
    def asked(self) -> str:
        """What was before the candidate: the version, and which variant of it."""
        return self.version if self.variant is None else f"{self.version} #{self.variant}"


@dataclass(frozen=True, slots=True)
class Cohort:
    """Attempts in the order of their beginning, and the questions of each by the attempt's id.

    `emptied` are the ids of attempts whose answers were erased: their points count, their answers tell nothing.
    """

    sats: tuple[Sat, ...]
    given: Mapping[int, Sequence[Given]]
    emptied: frozenset[int]

    @property
    def told(self) -> list[Sat]:
        """The attempts whose answers are still there."""
        return [sat for sat in self.sats if sat.id not in self.emptied]


def read_cohort(exam_id: int, *, since: datetime | None = None, sitting: str = "") -> Cohort:
    """Every attempt of a sitting, or each person's first that counts, if it began after `since`. Two statements."""
    sats = _of_sitting(exam_id, sitting) if sitting else _first(exam_id, since)
    if not sats:
        return Cohort((), {}, frozenset())
    conditions = [Attempt.exam_id == exam_id, Attempt.state.in_(LOOKED_AT), Attempt.started_at >= sats[0].begun]
    given = _given(conditions, {sat.id for sat in sats})
    emptied = frozenset(sat.id for sat in sats if sat.is_nobodys or any(map(_is_lost, given.get(sat.id, ()))))
    return Cohort(tuple(sat for sat in sats if sat.id in given), given, emptied)


def read_sheets(names: Sequence[str]) -> tuple[dict[str, Sat], dict[str, Sequence[Given]]]:
    """Some attempts by public id with their questions in order; attempts that are gone are left out."""
    sats = {sat.name: sat for sat in _sats([Attempt.public_id.in_(names)])}
    given = _given([Attempt.public_id.in_(names)], {sat.id for sat in sats.values()})
    return sats, {name: given.get(sat.id, ()) for name, sat in sats.items()}


def _of_sitting(exam_id: int, sitting: str) -> list[Sat]:
    return _sats([Attempt.exam_id == exam_id, Attempt.sitting == sitting, Attempt.state.in_(LOOKED_AT)])


def _first(exam_id: int, since: datetime | None) -> list[Sat]:
    """The first attempt of each person that counts; those of whom it is older than `since` are left out."""
    first: dict[int, Sat] = {}
    for sat in _sats([Attempt.exam_id == exam_id, Attempt.state.in_(LOOKED_AT)]):
        first.setdefault(sat.person_id, sat)
    return [sat for sat in first.values() if since is None or sat.begun >= since]


def _sats(conditions: Sequence[ColumnElement[bool]]) -> list[Sat]:
    columns = [getattr(Attempt, name) for name in _NAMES]
    statement = (
        select(*columns, Attempt.exam_snapshot["version"])
        .where(Attempt.started_at.is_not(None), *conditions)
        .order_by(Attempt.started_at, Attempt.id)
    )
    return [
        Sat(row[0], row[1], row[2], row[3], row[4], row[5], row[6], not row[7], int(row[8] or 0))
        for row in db.session.execute(statement)
    ]


def _given(conditions: Sequence[ColumnElement[bool]], known: set[int]) -> dict[int, list[Given]]:
    statement = (
        select(
            AttemptItem.id, AttemptItem.attempt_id, AttemptItem.position, Item.code, ItemVersion.number,
            AttemptItem.item_version_id, AttemptItem.order, AttemptItem.response, AttemptItem.points,
            AttemptItem.is_pilot, AttemptItem.seconds,
        )
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .join(ItemVersion, ItemVersion.id == AttemptItem.item_version_id)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(*conditions)
        .order_by(AttemptItem.attempt_id, AttemptItem.position)
    )  # fmt: skip
    rows = [row for row in db.session.execute(statement) if row.attempt_id in known]
    contents = _Contents({row.item_version_id for row in rows})
    made = [_one(row, contents) for row in rows]
    return {attempt: list(own) for attempt, own in groupby(made, key=lambda one: one.attempt)}


def _one(row: Any, contents: "_Contents") -> Given:
    content, variant = contents.find(row.item_version_id, row.order)
    points = None if row.points is None else float(row.points)
    return Given(
        row.id, row.attempt_id, row.position, row.code, row.number, variant, content,
        row.response, points, row.is_pilot, row.seconds,
    )  # fmt: skip


class _Contents:
    """The definitions of versions, realised once for each variant that was asked."""

    def __init__(self, versions: set[int]) -> None:
        statement = select(ItemVersion.id, ItemVersion.content).where(ItemVersion.id.in_(versions))
        self._stored: dict[int, Content] = dict(db.session.execute(statement).all()) if versions else {}
        self._realised: dict[tuple[int, int | None], Content] = {}

    def find(self, version: int, order: Mapping[str, Any]) -> tuple[Content, int | None]:
        """What was asked, and the number of its variant."""
        content = self._stored[version]
        variant = order.get(VARIANT) if has_variants(content) else None
        key = (version, variant)
        if key not in self._realised:
            self._realised[key] = realise(content, order)
        return self._realised[key], variant


def _is_lost(given: Given) -> bool:
    """Points without an answer: it was erased."""
    return given.response is None and bool(given.points)


def sheets_of(cohort: Cohort) -> list[Sheet]:
    """The sheets whose answers can be compared; answers that wait for a mark are left out."""
    made = [Sheet(sat.name, tuple(_compared(cohort.given[sat.id]))) for sat in cohort.told]
    return [sheet for sheet in made if sheet.answers]


def _compared(given: Sequence[Given]) -> Iterator[Answer]:
    for one in given:
        if one.points is not None:
            yield Answer(one.asked, one.points, one.response is not None, chosen(one.response), scored=not one.is_pilot)


def times_of(cohort: Cohort) -> dict[str, list[Timed]]:
    """The times that browsers told of answered questions, by attempt; those of which none was told are left out."""
    made = {
        sat.name: [
            Timed(one.asked, float(one.seconds), one.points == 1)
            for one in cohort.given[sat.id]
            if one.seconds > 0 and one.response is not None
        ]
        for sat in cohort.told
    }
    return {name: timed for name, timed in made.items() if timed}


def read_steps(exam_id: int, cohort: Cohort) -> dict[str, list[Step]]:
    """Every answer that counted for a while, in order, with what it would have earned, by attempt. One statement.

    Saves of the same answer twice in a row are one; what people mark by hand is left out.
    """
    asked = {one.row: (sat.name, one) for sat in cohort.told for one in cohort.given[sat.id] if _is_scored(one)}
    statement = (
        select(ItemResponse.attempt_item_id, ItemResponse.response, ItemResponse.received_at)
        .join(AttemptItem, AttemptItem.id == ItemResponse.attempt_item_id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .where(Attempt.exam_id == exam_id, ItemResponse.accepted.is_(True))
        .order_by(ItemResponse.attempt_item_id, ItemResponse.seq, ItemResponse.id)
    )
    if cohort.sats:
        statement = statement.where(Attempt.started_at >= cohort.sats[0].begun)
    found: dict[str, list[Step]] = {sat.name: [] for sat in cohort.told}
    for row, saves in groupby(db.session.execute(statement), key=lambda save: save[0]):
        if row in asked:
            name, given = asked[row]
            found[name] += _steps(given, [(save[1], save[2]) for save in saves])
    return found


def _is_scored(given: Given) -> bool:
    return given.points is not None and not is_marked_by_hand(given.content)


def _steps(given: Given, saves: Sequence[tuple[Any, datetime]]) -> list[Step]:
    texts = [canonical_json(response) for response, _when in saves]
    kept = [0, *(place for place, (before, after) in enumerate(pairwise(texts), 1) if before != after)]
    score = kind(given.content["kind"]).score
    return [
        Step(
            given.asked,
            float(score(given.content, saves[place][0]).exact),
            saves[place][1],
            saves[place][0] is not None,
        )
        for place in kept
    ]


def changes_of(steps: Mapping[str, Sequence[Step]]) -> list[Changes]:
    """What each person changed. An answer taken out is no answer; only given ones are compared."""
    return [count_changes(name, _by_question(own)) for name, own in steps.items()]


def _by_question(steps: Sequence[Step]) -> list[list[float]]:
    given = [step for step in steps if step.is_given]
    return [[step.points for step in own] for _asked, own in groupby(given, key=lambda step: step.asked)]
