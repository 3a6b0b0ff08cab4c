"""One's own results: all of them, and one in full. What was asked never stands here."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _

from app import clock
from app.policy import Permission, current_actor, requires
from assessments.exams import queries as exams
from assessments.exams import wording
from assessments.exams.rules import Reason
from assessments.grading.numbers import plain_text, round_half_up
from assessments.grading.wording import BANDS
from assessments.quizzes import queries as quizzes
from assessments.results import queries
from assessments.results.models import Result

blueprint = Blueprint("results", __name__, template_folder="templates")


def outcome_words(outcome: str) -> tuple[str, str]:
    """An outcome in a word, with the tone of its tag."""
    return {
        "pass": (_("Passed"), "success"),
        "refer": (_("To be handed in again"), "warning"),
        "fail": (_("Not passed yet"), "neutral"),
    }[outcome]


@blueprint.get("/results")
@requires(Permission.RESULT_OWN)
def results() -> Any:
    """Every released result of the signed-in person, and what is handed in and waits."""
    actor = current_actor()
    waiting = [attempt for attempt in exams.list_attempts(actor.person_id) if attempt.released_at is None]
    found = [(result, *outcome_words(result.outcome)) for result in queries.list_results(actor.person_id)]
    return render_template("results/list.html", results=found, waiting=waiting)


@blueprint.get("/results/<public_id>")
@requires(Permission.RESULT_OWN)
def result(public_id: str) -> Any:
    """A released result in full."""
    found = queries.get_released(public_id, current_actor().person_id)
    if found.kind == "practical":
        return redirect(url_for("practicals.show", code=found.code))
    word, tone = outcome_words(found.outcome)
    return render_template(
        "results/exam.html",
        result=found,
        data=found.data,
        word=word,
        tone=tone,
        points=plain_text(round_half_up(Decimal(found.data["points"]), 2)),
        topics=_topics(found),
        is_silent=any(topic["segments"] is None for topic in found.data["topics"]),
        next_step=_next(found),
        started_at=datetime.fromisoformat(found.data["started_at"]),
        ended_at=datetime.fromisoformat(found.data["ended_at"]),
        supervision=wording.supervision_words(found.data["supervision"]),
    )


def _topics(found: Result) -> list[dict[str, Any]]:
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


def _next(found: Result) -> dict[str, str]:
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
