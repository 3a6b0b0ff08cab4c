"""A candidate's own seat: when, where, what to bring, and the start once they have been recognised."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from app import clock, limits, transaction
from app.errors import DomainError
from app.limits import Limit
from app.policy import Permission, current_actor, requires
from assessments.accommodations.queries import extra_percent
from assessments.exams import sitting as attempts
from assessments.exams import wording
from assessments.exams.errors import StartRefused
from assessments.exams.routes.learner import candidate
from assessments.exams.rules import RUNNING, AttemptState
from assessments.sittings import addresses, queries, words
from assessments.sittings.forms import StartForm

blueprint = Blueprint("sittings", __name__, url_prefix="/sittings", template_folder="../templates")
CODES = Limit("sitting codes", 10, 600)


@blueprint.get("")
@requires(Permission.EXAM_SIT)
def mine() -> Any:
    """The sittings in which one has a seat, and those one watches."""
    person_id = current_actor().person_id
    return render_template(
        "sittings/mine.html",
        seats=[(sitting, seat, words.sitting_state(sitting.state)) for sitting, seat in queries.list_own(person_id)],
        watched=[(sitting, words.sitting_state(sitting.state)) for sitting in queries.list_watched_by(person_id)],
    )


def _page(public_id: str, form: StartForm, status: int = 200, error: str = "") -> Any:
    actor, now = current_actor(), clock.now()
    sitting, attempt = queries.get_own(public_id, actor.person_id)
    html = render_template(
        "sittings/seat.html",
        sitting=sitting,
        attempt=attempt,
        form=form,
        error=error,
        now=now,
        stands=_stands(sitting.state, attempt.state),
        supervision=wording.supervision_words(sitting.supervision),
        minutes=sitting.exam.minutes + -(-sitting.exam.minutes * extra_percent(actor.person_id, now) // 100),
    )
    return html, status


def _stands(sitting: str, attempt: str) -> str:
    """Which part of the page is shown: wait, start, running, over or cancelled."""
    if attempt in RUNNING:
        return "running"
    if sitting == "cancelled" or attempt == AttemptState.VOIDED:
        return "cancelled"
    if attempt == AttemptState.AUTHORISED and sitting != "closed":
        return "start"
    return "wait" if attempt == AttemptState.SCHEDULED and sitting != "closed" else "over"


@blueprint.get("/<public_id>")
@requires(Permission.EXAM_SIT)
def seat(public_id: str) -> Any:
    """One's own seat."""
    return _page(public_id, StartForm(formdata=None))


@blueprint.post("/<public_id>/start")
@requires(Permission.EXAM_SIT)
def start(public_id: str) -> Any:
    """Begin, or go on with the attempt that runs. Codes can be tried ten times in ten minutes."""
    actor, form, now = current_actor(), StartForm(), clock.now()
    sitting, _attempt = queries.get_own(public_id, actor.person_id)
    if not form.validate():
        return _page(public_id, form, 422)
    if sitting.needs_code:
        transaction.begin_read()
        limits.count((CODES, f"{actor.public_id} {public_id}"))
        transaction.begin_write()
        sitting = queries.get_sitting(public_id)
    address = request.remote_addr or ""
    try:
        attempt = attempts.start(sitting.exam, candidate(), now, form.code.data or "", address)
    except StartRefused as refused:
        return _refused(public_id, form, DomainError(wording.permit_sentence(refused.permit)))
    except DomainError as error:
        return _refused(public_id, form, error)
    addresses.note(attempt.public_id, address)
    return redirect(url_for("attempts.room", public_id=attempt.public_id))


def _refused(public_id: str, form: StartForm, error: DomainError) -> Any:
    form.refuse(error)
    transaction.begin_read()
    return _page(public_id, form, 409)
