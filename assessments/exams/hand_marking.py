"""Marking by hand: which answers wait for a person, who may mark them, and keeping what was given.

Markers know a candidate by number alone and see nothing of an accommodation. A mark is never taken back, only followed
by a newer one; once every answer of an attempt has one, the event AnswerMarked lets features above score it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, select, update

from app import bus
from app.audit.services import record
from app.errors import DomainError, Missing, Refused, Stale
from app.extensions import db
from app.policy import Actor
from assessments.exams import moves
from assessments.exams.domain_events import AnswerMarked
from assessments.exams.models import Attempt, AttemptItem, ItemMark
from assessments.exams.rules import AWAITING, AttemptState
from assessments.exams.wording import in_words
from assessments.grading.canonical import plain
from assessments.grading.kinds.hand_marks import MarkedByHand, MarksInvalid, read_points
from assessments.grading.kinds.registry import KINDS
from assessments.items.models import Item, ItemVersion
from assessments.practicals.marking_queries import list_ties
from assessments.practicals.rules import Ties, may_mark

BY_HAND = tuple(name for name, kind in KINDS.items() if isinstance(kind, MarkedByHand))
MARKING_TIME = timedelta(days=14)
MOST_SHOWN = 200
MOST_COMMENT = 4_000


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to be marked: the attempt it stands in, the question, and the version that was asked."""

    attempt: Attempt
    question: AttemptItem
    version: ItemVersion
    code: str

    @property
    def due_at(self) -> datetime:
        """By when it is to be marked."""
        handed_in: datetime | None = self.attempt.submitted_at
        if handed_in is None:
            raise LookupError("an answer is marked after its attempt was handed in")
        return handed_in + MARKING_TIME


class PointsRefused(DomainError):
    """Points that cannot be taken; `by_aspect` has a sentence for each aspect concerned."""

    status = 422

    def __init__(self, by_aspect: Mapping[str, str]) -> None:
        self.by_aspect = dict(by_aspect)
        super().__init__(_("Some points are missing or cannot be given."))


def _answers() -> Select[Attempt, AttemptItem, ItemVersion, str]:
    """Answers that people mark, of attempts that were handed in and are not void."""
    return (
        select(Attempt, AttemptItem, ItemVersion, Item.code)
        .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
        .join(ItemVersion, ItemVersion.id == AttemptItem.item_version_id)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(ItemVersion.kind.in_(BY_HAND), AttemptItem.response.is_not(None), AttemptItem.is_pilot.is_(False))
        .where(Attempt.state.in_([*AWAITING, AttemptState.RELEASED]))
    )


def _unmarked() -> Any:
    marked = select(ItemMark.id).where(ItemMark.attempt_item_id == AttemptItem.id, ItemMark.agreed)
    return ~marked.exists()


def list_waiting(marker_id: int, marker: str, most: int = MOST_SHOWN) -> list[Answer]:
    """Answers without a mark that this person may mark, the longest waiting first: never one's own or one's own
    house's, nor an answer that one has marked before and that is to be looked at anew.
    """
    before = select(ItemMark.id).where(ItemMark.attempt_item_id == AttemptItem.id, ItemMark.marker == marker)
    statement = _answers().where(_unmarked(), ~before.exists()).order_by(Attempt.submitted_at, Attempt.id)
    rows = db.session.execute(statement.order_by(AttemptItem.position).limit(most)).all()
    ties = list_ties([marker_id, *(row.Attempt.person_id for row in rows)])
    own = ties.get(marker_id, Ties())
    return [
        Answer(*row)
        for row in rows
        if may_mark(row.Attempt.person_id, ties.get(row.Attempt.person_id, Ties()), marker_id, own)
    ]


def get_answer(attempt_id: str, position: int, marker_id: int) -> Answer:
    """One answer that people mark, for somebody who may mark it. Raises Missing, for ties and one's own, too."""
    statement = _answers().where(Attempt.public_id == attempt_id, AttemptItem.position == position)
    row = db.session.execute(statement).first()
    if row is None or not _is_free(row.Attempt.person_id, marker_id):
        raise Missing
    return Answer(*row)


def _is_free(person_id: int, marker_id: int) -> bool:
    ties = list_ties([person_id, marker_id])
    return may_mark(person_id, ties.get(person_id, Ties()), marker_id, ties.get(marker_id, Ties()))


def find_mark(question_id: int) -> ItemMark | None:
    """The mark of an answer that counts, or None."""
    statement = select(ItemMark).where(ItemMark.attempt_item_id == question_id, ItemMark.agreed)
    return db.session.scalars(statement.order_by(ItemMark.id.desc())).first()


def list_marks(question_ids: Sequence[int]) -> Sequence[ItemMark]:
    """Every mark of these answers, the oldest first."""
    statement = select(ItemMark).where(ItemMark.attempt_item_id.in_(question_ids)).order_by(ItemMark.id)
    return db.session.scalars(statement).all()


def give(answer: Answer, points: Mapping[str, str], comment: str, actor: Actor, now: datetime) -> bool:
    """Keep the marks of one answer; True when it was the last of its attempt.

    Raises PointsRefused with each aspect, Refused for somebody who marked it before, Stale where somebody was faster.
    """
    moves.lock(answer.attempt.id)
    marks = list_marks([answer.question.id])
    if any(mark.agreed for mark in marks):
        raise Stale(_("Somebody else has marked this answer meanwhile."))
    if any(mark.marker == actor.public_id for mark in marks):
        raise Refused(_("You have marked this answer before, so somebody else looks at it anew."))
    try:
        mark = read_points(answer.version.content, points)
    except MarksInvalid as refused:
        raise PointsRefused({fault.path: in_words(fault.message) for fault in refused.faults}) from refused
    db.session.add(
        ItemMark(
            attempt_item_id=answer.question.id,
            marker=actor.public_id,
            points={code: plain(Decimal(text)) for code, text in points.items()},
            total=mark.points,
            of=mark.of,
            comment=comment.strip()[:MOST_COMMENT],
            agreed=True,
            made_at=now,
        )
    )
    db.session.flush()
    subject = ("attempt", answer.attempt.public_id)
    record("answer.marked", actor=actor.public_id, subject=subject, detail={"question": answer.question.position})
    return _finish(answer.attempt, actor.public_id)


def _finish(attempt: Attempt, by: str) -> bool:
    if db.session.execute(_answers().where(Attempt.id == attempt.id, _unmarked()).limit(1)).first() is not None:
        return False
    bus.publish(AnswerMarked(attempt.id, attempt.public_id, by))
    return True


def ask_anew(attempt: Attempt, actor: str, reason: str) -> int:
    """Put the marks of an attempt aside, so that other people mark its answers anew; how many. They are kept."""
    moves.lock(attempt.id)
    questions = select(AttemptItem.id).where(AttemptItem.attempt_id == attempt.id)
    aside = update(ItemMark).where(ItemMark.attempt_item_id.in_(questions), ItemMark.agreed).values(agreed=False)
    number: int = db.session.execute(aside.execution_options(synchronize_session="fetch")).rowcount  # type: ignore[attr-defined]
    if number:
        subject = ("attempt", attempt.public_id)
        record(
            "answers.marked_anew", actor=actor, subject=subject, detail={"marks": number}, personal={"reason": reason}
        )
    return number
