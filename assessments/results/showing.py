"""A result as its page shows it, within what the exam lets its candidates see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import clock
from app.extensions import db
from assessments.exams import queries as exams
from assessments.exams import wording
from assessments.exams.models import Attempt, AttemptItem, Exam
from assessments.exams.rules import Reason
from assessments.grading.kinds.realising import realise
from assessments.grading.wording import BANDS
from assessments.items.rendering import Told, told
from assessments.quizzes import queries as quizzes
from assessments.results import visibility
from assessments.results.models import Result
from assessments.results.visibility import What


def outcome_words(outcome: str) -> tuple[str, str]:
    """An outcome in a word, with the tone of its tag."""
    return {
        "pass": (_("Passed"), "success"),
        "refer": (_("To be handed in again"), "warning"),
        "fail": (_("Not passed yet"), "neutral"),
    }[outcome]


def seen_of(result: Result, now: datetime) -> frozenset[What]:
    """What the owner of a released result sees of it now; of a practical everything."""
    row = db.session.execute(
        select(Exam, Attempt.closes_at).join(Attempt, Attempt.exam_id == Exam.id).where(Attempt.id == result.attempt_id)
    ).first()
    if row is None:
        return frozenset(What)
    exam, attempt_closes_at = row
    closes = max((moment for moment in (exam.closes_at, attempt_closes_at) if moment is not None), default=None)
    at = visibility.phase(result.released_at, closes, now)
    return visibility.seen(at, exam.shows, exam.visibility, exam.certifies)


def scores_hidden(results: Sequence[Result]) -> set[str]:
    """The codes of exams whose results say no score."""
    codes = {result.code for result in results if result.kind == "exam"}
    if not codes:
        return set()
    return set(db.session.scalars(select(Exam.code).where(Exam.code.in_(codes), Exam.shows != "score")))


def topics(found: Result) -> list[dict[str, Any]]:
    """The bands as the page shows them; below the pass mark with the way to practise the topic."""
    course = found.data["course_code"]
    practised = {quiz.module_code for quiz in quizzes.list_quizzes(course)}
    return [_topic(topic, course, topic["code"] in practised) for topic in found.data["topics"]]


def _topic(stored: dict[str, Any], course_code: str, has_quiz: bool) -> dict[str, Any]:
    """One band; a topic with too few questions says so instead of guessing."""
    shown = {"title": stored["title"], "segments": stored["segments"], "word": _("Too few questions to say")}
    if stored["word"]:
        shown["word"] = _(BANDS[stored["word"]])
    if has_quiz and stored["segments"] in (1, 2):
        shown["link"] = _("Practise %(topic)s", topic=stored["code"])
        shown["href"] = url_for("quizzes.quiz", course_code=course_code, module_code=stored["code"])
    return shown


@dataclass(frozen=True, slots=True)
class Looked:
    """One question of an attempt after the exam is over: what was asked, and as far as shown, how it went."""

    position: int
    stem: str
    told: Told
    points: str


def questions(found: Result) -> list[Looked]:
    """The questions with their answers; only for exams that `visibility` lets show them."""
    statement = (
        select(AttemptItem)
        .where(AttemptItem.attempt_id == found.attempt_id)
        .options(joinedload(AttemptItem.item_version, innerjoin=True))
        .order_by(AttemptItem.position)
    )
    return [_looked(question) for question in db.session.scalars(statement)]


def _looked(question: AttemptItem) -> Looked:
    content = realise(question.item_version.content, question.order)
    points = "" if question.points is None else wording.plain_number(question.points, 2)
    return Looked(question.position, content["stem"], told(content, question.response), points)


def next_step(found: Result) -> dict[str, str]:
    """What comes next: the path after a pass, else when another attempt is open."""
    path = {"sentence": "", "label": _("Back to my path"), "href": "/path"}
    exam = exams.find_exam(found.code)
    if found.outcome == "pass" or exam is None:
        return path
    permit = exams.permit_for(found.person_id, exam, clock.now())
    if permit.reason in (Reason.FREE, Reason.RUNNING):
        return {
            "sentence": wording.permit_sentence(permit),
            "label": _("To the exam"),
            "href": url_for("exams.exam", code=exam.code),
        }
    return path | {"sentence": wording.permit_sentence(permit)}
