"""After exam day: what the learners were told was saved, against what the database holds."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.bench.day_script import Saved
from app.extensions import db
from assessments.exams.models import Attempt, AttemptItem, ItemResponse
from assessments.exams.rules import RUNNING
from assessments.grading.kinds.realising import realise
from assessments.grading.kinds.registry import kind
from assessments.items.models import ItemVersion
from assessments.results.models import Result

OK = 200
AT_ONCE = 500
Place = tuple[str, int]


@dataclass(frozen=True)
class Kept:
    """A question as the database holds it: its row, what it is about, the answer that counts and its number."""

    row_id: int
    content: dict[str, Any]
    response: Any
    seq: int


def check(saved: Sequence[Saved], handed_in: Sequence[str]) -> list[str]:
    """What is wrong, each in words: answers lost, changed or kept twice, hand-ins without their one result."""
    attempts = sorted({answer.attempt for answer in saved} | set(handed_in))
    kept, logged = _kept(attempts), _logged(attempts)
    by_place: dict[Place, list[Saved]] = defaultdict(list)
    for answer in saved:
        by_place[answer.attempt, answer.position].append(answer)
    faults = [fault for place, sent in by_place.items() for fault in _faults(place, sent, kept.get(place), logged)]
    return faults + _without_result(handed_in)


def _faults(place: Place, sent: Sequence[Saved], kept: Kept | None, logged: dict[tuple[int, int], int]) -> list[str]:
    """Faults of one question."""
    name = f"question {place[1]} of {place[0]}"
    if kept is None:
        return [f"{name}: is not there"]
    told = [answer for answer in sent if answer.status == OK]
    newest = max((answer.seq for answer in told), default=0)
    if kept.seq < newest:
        return [f"{name}: answer {newest} was acknowledged and {kept.seq} is kept"]
    faults = [_log_fault(name, answer.seq, logged.get((kept.row_id, answer.seq), 0)) for answer in told]
    if kept.seq:
        faults.append(_answer_fault(name, sent, kept))
    return [fault for fault in faults if fault]


def _log_fault(name: str, seq: int, times: int) -> str:
    return "" if times == 1 else f"{name}: answer {seq} is in the log {times} times"


def _answer_fault(name: str, sent: Sequence[Saved], kept: Kept) -> str:
    """The kept answer must be what was said under its number, as its kind reads it."""
    said = next((answer for answer in sent if answer.seq == kept.seq), None)
    if said is None:
        return f"{name}: nobody sent answer {kept.seq}"
    meant = kind(kept.content["kind"]).normalise(kept.content, said.answer)
    return "" if meant == kept.response else f"{name}: answer {kept.seq} is kept as something else"


def _slices(attempts: Sequence[str]) -> Iterable[Sequence[str]]:
    """Few enough at once for any database's limit of parameters."""
    return (attempts[first : first + AT_ONCE] for first in range(0, len(attempts), AT_ONCE))


def _kept(attempts: Sequence[str]) -> dict[Place, Kept]:
    columns = (AttemptItem.id, AttemptItem.order, AttemptItem.response, AttemptItem.response_seq, ItemVersion.content)
    statement = (
        select(Attempt.public_id, AttemptItem.position, *columns)
        .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
        .join(ItemVersion, ItemVersion.id == AttemptItem.item_version_id)
    )
    return {
        (public_id, position): Kept(row_id, dict(realise(content, order)), response, seq)
        for some in _slices(attempts)
        for public_id, position, row_id, order, response, seq, content in db.session.execute(
            statement.where(Attempt.public_id.in_(some))
        )
    }


def _logged(attempts: Sequence[str]) -> dict[tuple[int, int], int]:
    """How often an answer stands in the log as accepted, by question and number."""
    statement = (
        select(ItemResponse.attempt_item_id, ItemResponse.seq, func.count())
        .join(AttemptItem, AttemptItem.id == ItemResponse.attempt_item_id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .where(ItemResponse.accepted)
        .group_by(ItemResponse.attempt_item_id, ItemResponse.seq)
    )
    return {
        (row_id, seq): count
        for some in _slices(attempts)
        for row_id, seq, count in db.session.execute(statement.where(Attempt.public_id.in_(some)))
    }


def _without_result(handed_in: Sequence[str]) -> list[str]:
    """Hand-ins that were acknowledged and still run, or have not exactly one result."""
    statement = (
        select(Attempt.public_id, Attempt.state, func.count(Result.id))
        .outerjoin(Result, Result.attempt_id == Attempt.id)
        .group_by(Attempt.public_id, Attempt.state)
    )
    found = {
        public_id: (state, results)
        for some in _slices(sorted(handed_in))
        for public_id, state, results in db.session.execute(statement.where(Attempt.public_id.in_(some)))
    }
    stands = [(public_id, *found.get(public_id, ("gone", 0))) for public_id in handed_in]
    return [
        f"{public_id}: handed in, {state}, {results} results"
        for public_id, state, results in stands
        if state in RUNNING or results != 1
    ]
