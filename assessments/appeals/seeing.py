"""The record of a result as the one who decides an appeal reads it: answers, keys, marks, history, incidents."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from assessments.exams import hand_marking
from assessments.exams.models import Attempt, AttemptItem, ItemMark, ItemReport, LateAnswer
from assessments.exams.wording import plain_number
from assessments.grading.canonical import canonical_json
from assessments.grading.kinds.realising import realise
from assessments.items.rendering import Told, told
from assessments.results.models import Result
from assessments.sittings.models import Incident, Sitting


@dataclass(frozen=True, slots=True)
class Shown:
    """One question with its answer as it was given, what is right, and everything people wrote of it."""

    position: int
    stem: str
    given: str
    points: str
    told: Told
    marks: list[ItemMark]
    reports: list[ItemReport]
    late: list[LateAnswer]


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything there is about a result; of a practical its outcome alone, its pages have the rest."""

    attempt: Attempt | None
    results: list[Result]
    questions: list[Shown]
    incidents: list[Incident]
    history: list[dict[str, Any]]


def record_of(result: Result) -> Whole:
    """Read the record."""
    source = (
        Result.attempt_id == result.attempt_id if result.attempt_id else Result.submission_id == result.submission_id
    )
    versions = list(db.session.scalars(select(Result).where(source).order_by(Result.id)))
    if result.attempt_id is None:
        return Whole(None, versions, [], [], [])
    attempt = db.session.scalars(select(Attempt).where(Attempt.id == result.attempt_id)).one()
    return Whole(attempt, versions, _questions(attempt), _incidents(attempt), attempt.history)


def _questions(attempt: Attempt) -> list[Shown]:
    statement = select(AttemptItem).where(AttemptItem.attempt_id == attempt.id).order_by(AttemptItem.position)
    found = db.session.scalars(statement.options(joinedload(AttemptItem.item_version, innerjoin=True))).all()
    ids = [question.id for question in found]
    marks = hand_marking.list_marks(ids)
    reports = db.session.scalars(select(ItemReport).where(ItemReport.attempt_item_id.in_(ids))).all()
    late = db.session.scalars(select(LateAnswer).where(LateAnswer.attempt_item_id.in_(ids))).all()
    return [
        _shown(
            question, *([row for row in rows if row.attempt_item_id == question.id] for rows in (marks, reports, late))
        )
        for question in found
    ]


def _shown(question: AttemptItem, marks: list[Any], reports: list[Any], late: list[Any]) -> Shown:
    content = realise(question.item_version.content, question.order)
    return Shown(
        question.position,
        content["stem"],
        given_words(question.response),
        "" if question.points is None else plain_number(question.points, 2),
        told(content, question.response),
        marks,
        reports,
        late,
    )


def given_words(response: Any) -> str:
    """A stored response for reading; what is no text stands as it is stored."""
    if response is None:
        return ""
    return response if isinstance(response, str) else canonical_json(response)


def _incidents(attempt: Attempt) -> list[Incident]:
    sitting = select(Sitting.id).where(Sitting.public_id == attempt.sitting)
    about = or_(Incident.attempt_id == attempt.id, Incident.attempt_id.is_(None) & Incident.sitting_id.in_(sitting))
    return list(db.session.scalars(select(Incident).where(about).order_by(Incident.at)))
