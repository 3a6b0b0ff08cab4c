"""Marking answers by hand: the queue of assessors, and one answer beside its guidance. A number stands for the candidate."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock, transaction
from app.errors import DomainError
from app.policy import Permission, current_actor, requires
from assessments.exams import answer_files, hand_marking
from assessments.exams.hand_marking import Answer
from assessments.grading.numbers import plain_text

blueprint = Blueprint("hand_marking", __name__, url_prefix="/marking/answers", template_folder="../templates")

MOST_STEPS = 5


@dataclass(frozen=True, slots=True)
class Aspect:
    """One aspect of an item: what can be given, what a mark stands for, and what is typed so far."""

    code: str
    title: str
    points: int
    guidance: str
    steps: list[tuple[str, str]]
    given: str
    error: str


def _aspects(answer: Answer, given: dict[str, str], errors: dict[str, str]) -> list[Aspect]:
    return [
        Aspect(
            row["code"],
            row["title"],
            row["points"],
            row.get("guidance", ""),
            _steps(row) if row["points"] <= MOST_STEPS else [],
            given.get(row["code"], ""),
            errors.get(row["code"], ""),
        )
        for row in answer.version.content["marks"]
    ]


def _steps(row: dict[str, Any]) -> list[tuple[str, str]]:
    """Every mark that can be given, whole and half, with what it stands for."""
    said = row.get("descriptors") or []
    halves = [Decimal(number) / 2 for number in range(row["points"] * 2 + 1)]
    return [(plain_text(half), said[int(half)] if said and half == int(half) else "") for half in halves]


@blueprint.get("")
@requires(Permission.MARKING_DO)
def queue() -> str:
    """The answers one may mark, the longest waiting first."""
    actor = current_actor()
    now = clock.now()
    waiting = hand_marking.list_waiting(actor.person_id, actor.public_id)
    return render_template("exams/answers-queue.html", waiting=waiting, now=now)


def _given() -> dict[str, str]:
    prefix = "points-"
    return {
        name.removeprefix(prefix): value.strip().replace(",", ".")[:8]
        for name, value in request.form.items()
        if name.startswith(prefix) and value.strip()
    }


def _page(answer: Answer, given: dict[str, str], error: DomainError | None = None, status: int = 200) -> Any:
    errors = error.by_aspect if isinstance(error, hand_marking.PointsRefused) else {}
    files = answer_files.list_in_force(answer.question) if answer.version.kind == "file_answer" else []
    html = render_template(
        "exams/answer-marking.html",
        answer=answer,
        content=answer.version.content,
        aspects=_aspects(answer, given, errors),
        files=files,
        comment=request.form.get("comment", ""),
        fault=error.message if error is not None else "",
        most=hand_marking.MOST_COMMENT,
        is_marked=hand_marking.find_mark(answer.question.id) is not None,
    )
    return html, status


@blueprint.get("/<public_id>/<int:position>")
@requires(Permission.MARKING_DO)
def show(public_id: str, position: int) -> Any:
    """One answer."""
    return _page(hand_marking.get_answer(public_id, position, current_actor().person_id), {})


@blueprint.post("/<public_id>/<int:position>")
@requires(Permission.MARKING_DO)
def save(public_id: str, position: int) -> Any:
    """Keep the marks, and go on to the next answer."""
    actor, given = current_actor(), _given()
    answer = hand_marking.get_answer(public_id, position, actor.person_id)
    try:
        hand_marking.give(answer, given, request.form.get("comment", ""), actor, clock.now())
    except DomainError as error:
        transaction.begin_read()
        return _page(hand_marking.get_answer(public_id, position, actor.person_id), given, error, error.status)
    flash(_("Your marks are kept."), "success")
    following = hand_marking.list_waiting(actor.person_id, actor.public_id, 1)
    if not following:
        return redirect(url_for("hand_marking.queue"))
    after = following[0]
    return redirect(url_for("hand_marking.show", public_id=after.attempt.public_id, position=after.question.position))
