"""One's own results: all of them, and one in full, as far as its exam lets it be seen."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import Blueprint, redirect, render_template, url_for

from app import clock
from app.policy import Permission, current_actor, requires
from assessments.exams import queries as exams
from assessments.exams import wording
from assessments.grading.numbers import plain_text, round_half_up
from assessments.results import queries, showing
from assessments.results.models import Result
from assessments.results.showing import outcome_words
from assessments.results.visibility import What

blueprint = Blueprint("results", __name__, template_folder="templates")


@blueprint.get("/results")
@requires(Permission.RESULT_OWN)
def results() -> Any:
    """Every released result of the signed-in person, and what is handed in and waits."""
    actor = current_actor()
    waiting = [attempt for attempt in exams.list_attempts(actor.person_id) if attempt.released_at is None]
    found = queries.list_results(actor.person_id)
    shown = [(result, *outcome_words(result.outcome)) for result in found]
    return render_template("results/list.html", results=shown, waiting=waiting, hidden=showing.scores_hidden(found))


@blueprint.get("/results/<public_id>")
@requires(Permission.RESULT_OWN)
def result(public_id: str) -> Any:
    """A released result in full; an earlier one that was worked out again says so and leads to the one that counts."""
    found = queries.get_released(public_id, current_actor().person_id)
    if found.kind == "practical":
        return redirect(url_for("practicals.show", code=found.code))
    return render_template("results/exam.html", **_shown(found))


def _shown(found: Result) -> dict[str, Any]:
    word, tone = outcome_words(found.outcome)
    what, story = showing.seen_of(found, clock.now()), queries.list_story(found)
    bands = showing.topics(found) if What.BANDS in what else []
    return {
        "result": found,
        "data": found.data,
        "word": word,
        "tone": tone,
        "what": {one.value for one in what},
        "points": plain_text(round_half_up(Decimal(found.data["points"]), 2)),
        "topics": bands,
        "is_silent": any(topic["segments"] is None for topic in bands),
        "next_step": showing.next_step(found),
        "started_at": datetime.fromisoformat(found.data["started_at"]),
        "ended_at": datetime.fromisoformat(found.data["ended_at"]),
        "supervision": wording.supervision_words(found.data["supervision"]),
        "questions": showing.questions(found) if What.RESPONSES in what else [],
        "story": [(one, *outcome_words(one.outcome)) for one in story],
        "counting": story[0],
    }
