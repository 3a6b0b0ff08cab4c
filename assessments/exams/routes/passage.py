"""On the way through an attempt: breaks, the next section, and another device that takes over."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from app import clock, transaction
from app.accounts import kept
from app.errors import DomainError
from app.policy import Permission, current_actor, fresh, requires
from assessments.exams import pausing, queries, sections, sitting, writing
from assessments.exams.errors import OtherDevice, WritingRefused
from assessments.exams.routes import attempts
from assessments.exams.routes.learner import candidate
from assessments.exams.rules import RUNNING
from assessments.exams.times import ends_at

blueprint = Blueprint("passage", __name__, template_folder="../templates")
blueprint.register_error_handler(WritingRefused, attempts.refused)
blueprint.register_error_handler(OtherDevice, attempts.other_device)


def _to_room(public_id: str) -> Any:
    return redirect(url_for("attempts.room", public_id=public_id))


@blueprint.post("/attempts/<public_id>/break")
@requires(Permission.EXAM_SIT)
def take_break(public_id: str) -> Any:
    """Let the clock stand still for one of the breaks this candidate is granted."""
    try:
        pausing.take_break(public_id, candidate(), clock.now())
    except (WritingRefused, OtherDevice):
        raise
    except DomainError as error:
        transaction.begin_read()
        flash(error.message, "warning")
    return _to_room(public_id)


@blueprint.post("/attempts/<public_id>/break/end")
@requires(Permission.EXAM_SIT)
def end_break(public_id: str) -> Any:
    """The break is over, or ended early."""
    pausing.come_back(public_id, candidate(), clock.now())
    return _to_room(public_id)


@blueprint.post("/attempts/<public_id>/sections/<int:number>/next")
@requires(Permission.EXAM_SIT)
def next_section(public_id: str, number: int) -> Any:
    """Leave section `number`, from 1, and begin the next."""
    sections.next_section(public_id, candidate(), number - 1, clock.now())
    return _to_room(public_id)


@blueprint.get("/attempts/<public_id>/take-over")
@requires(Permission.EXAM_SIT)
@fresh
def take_over(public_id: str) -> Any:
    """Ask whether to go on here, on this device."""
    attempt, now = queries.get_attempt(public_id, current_actor().person_id), clock.now()
    if writing.is_writer(attempt, candidate()) or attempt.state not in RUNNING or now > ends_at(attempt, now):
        return _to_room(public_id)
    return render_template("exams/take-over.html", attempt=attempt, waiting="")


@blueprint.post("/attempts/<public_id>/take-over")
@requires(Permission.EXAM_SIT)
@fresh
def take_over_post(public_id: str) -> Any:
    """Let this device write; what was typed on it comes back to be sent."""
    sitting.take_over(public_id, candidate(), clock.now())
    waiting = kept.find_kept(request.form.get("waiting", ""))
    if waiting is not None:
        return kept.carry_on(waiting)
    return _to_room(public_id)
