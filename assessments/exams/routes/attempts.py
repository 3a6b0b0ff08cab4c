"""The quiet room: one question a page, answers saved as they are given, the review, and handing in."""

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock, limits, transaction
from app.accounts import kept
from app.errors import DomainError
from app.extensions import db
from app.limits import Limit
from app.policy import Permission, current_actor, requires
from assessments.exams import after, answers, closing, queries, sections, sitting, wording, writing
from assessments.exams.errors import OtherDevice, QuestionLeft, StaleAnswer, WritingRefused
from assessments.exams.forms import ReportForm
from assessments.exams.models import Attempt
from assessments.exams.room import Room, clock_of, last_saved, open_room, part_of
from assessments.exams.routes.learner import candidate
from assessments.exams.rules import BEFORE_START, MOST_SEQ, RUNNING, AttemptState
from assessments.exams.times import break_until, ends_at
from assessments.grading.kinds.base import ResponseInvalid
from assessments.items.rendering import read_answer
from assessments.results import queries as results

blueprint = Blueprint("attempts", __name__, template_folder="../templates")
REPORTS = Limit("question reports", 30, 3_600)


def _own(public_id: str) -> Attempt:
    return queries.get_attempt(public_id, current_actor().person_id)


def _room_address(public_id: str, position: int) -> str:
    return url_for("attempts.room", public_id=public_id, q=position)


@blueprint.errorhandler(WritingRefused)
def refused(error: WritingRefused) -> Any:
    """Nothing can be written now: programs get 410 or 409, people the page that says how things stand."""
    db.session.rollback()
    transaction.run_later_asides()
    address = url_for("attempts.room", public_id=error.public_id)
    if kept.wants_json():
        return jsonify(state=error.state, message=error.message, kept=error.is_kept, next=address), error.status
    flash(error.message, "warning")
    return redirect(address)


@blueprint.errorhandler(OtherDevice)
def other_device(error: OtherDevice) -> Any:
    """Another device writes: programs get 409, people the page to take over, with what they typed."""
    db.session.rollback()
    address = url_for("passage.take_over", public_id=error.public_id)
    if kept.wants_json():
        return jsonify(state="other-device", message=error.message, next=address), error.status
    if request.method in transaction.SAFE_METHODS:
        return redirect(address)
    return render_template(
        "exams/take-over.html", attempt=_own(error.public_id), waiting=kept.keep_form()
    ), error.status


@blueprint.get("/attempts/<public_id>")
@requires(Permission.EXAM_SIT)
def room(public_id: str) -> Any:
    """One question of a running attempt; `?q=` says which."""
    attempt, now = _own(public_id), clock.now()
    away = turned_away(attempt, now)
    if away is not None:
        return away
    try:
        return _show(open_room(attempt, request.args.get("q", type=int), now))
    except QuestionLeft:  # to the question they are at, or past the last one
        onward = "attempts.room" if "q" in request.args else "attempts.review"
        return redirect(url_for(onward, public_id=public_id))


def turned_away(attempt: Attempt, now: datetime) -> Any:
    """Where somebody goes who cannot write in this attempt; None for whoever can."""
    if attempt.state in BEFORE_START:
        return redirect(url_for("exams.exam", code=attempt.exam_snapshot["code"]))
    if attempt.state not in RUNNING:
        return redirect(url_for("attempts.receipt", public_id=attempt.public_id))
    if now > ends_at(attempt, now):
        return render_template("exams/time-up.html", attempt=attempt)
    if attempt.state == AttemptState.PAUSED:
        return render_template(
            "exams/paused.html", attempt=attempt, clock=clock_of(attempt, now), until=break_until(attempt)
        )
    writing.check_writing(attempt, candidate(), now)
    return _section_over(attempt, now)


def _section_over(attempt: Attempt, now: datetime) -> Any:
    if now <= sections.bell_of(attempt, now):
        return None
    part = part_of(attempt)
    if part.is_last:
        return render_template("exams/time-up.html", attempt=attempt)
    return render_template(
        "exams/section.html", attempt=attempt, part=part, cells=[], clock=clock_of(attempt, now), is_over=True
    )


def _show(room: Room, status: int = 200, report: ReportForm | None = None) -> Any:
    form = report or ReportForm(formdata=None)
    return render_template("exams/room.html", room=room, report=form), status


def _read_put() -> tuple[int, Any, int]:
    """Sequence number, answer and seconds on the page of a PUT. Raises DomainError for anything else."""
    given = request.get_json(silent=True)
    if not isinstance(given, dict) or "answer" not in given or not _is_seq(given.get("seq")):
        raise DomainError(_("An answer needs a sequence number from 1 on."))
    seconds = given.get("seconds")
    return given["seq"], given["answer"], seconds if type(seconds) is int else 0


def _is_seq(seq: Any) -> bool:
    return type(seq) is int and 0 < seq <= MOST_SEQ


@blueprint.put("/attempts/<public_id>/answers/<int:position>")
@requires(Permission.EXAM_SIT)
def put_answer(public_id: str, position: int) -> Any:
    """Save one answer: 200 once it is kept, 409 stale, 410 closed, 422 unreadable."""
    try:
        seq, raw, seconds = _read_put()
    except DomainError as error:
        return jsonify(state="invalid", message=error.message), 400
    try:
        saved = answers.save_answer(public_id, candidate(), position, seq, raw, clock.now(), seconds=seconds)
    except ResponseInvalid as error:
        return jsonify(state="invalid", message=wording.in_words(error.message)), 422
    except StaleAnswer as error:
        return jsonify(state="stale", message=error.message, seq=error.seq, answer=error.response), error.status
    return jsonify(
        state="saved",
        seq=saved.seq,
        answered=saved.response is not None,
        late=saved.is_late,
        saved_at=wording.clock_time(saved.at),
        now=clock.now().isoformat(),
        deadline=saved.deadline_at.isoformat(),
    )


@blueprint.post("/attempts/<public_id>/answers/<int:position>")
@requires(Permission.EXAM_SIT)
def post_answer(public_id: str, position: int) -> Any:
    """The same by a plain form, which also leads on: to another question, to the review, or to a flag."""
    seq = request.form.get("seq", 0, type=int)
    raw = None if "clear" in request.form else read_answer(request.form)
    try:
        if not _is_seq(seq):
            raise StaleAnswer(0, None)
        saved = answers.save_answer(public_id, candidate(), position, seq, raw, clock.now(), unless_same=True)
    except ResponseInvalid as error:
        return _again(public_id, position, 422, answer=raw, error=wording.in_words(error.message))
    except StaleAnswer as error:
        return _again(public_id, position, 409, error=error.message)
    if "flag" in request.form:
        sitting.set_flag(public_id, candidate(), position, request.form["flag"] == "on", clock.now())
    go = request.form.get("go", "")
    if "oneway" in request.form and go not in ("", str(position)):
        if not saved.response and saved.response != 0 and "leave" not in request.form:
            warning = _("This question has no answer yet, and you cannot come back to it.")
            return _again(public_id, position, 422, error=warning, needs_leave=True)
        sections.leave(public_id, candidate(), position, clock.now())
    return redirect(_next_address(public_id, position, go))


def _next_address(public_id: str, position: int, go: str) -> str:
    if go in ("review", "section"):
        return url_for(f"attempts.{go}", public_id=public_id)
    return _room_address(public_id, int(go) if go.isdecimal() and len(go) < 5 else position)


def show_again(public_id: str, position: int, error: str) -> Any:
    """The page of the question once more, with what is wrong."""
    return _again(public_id, position, 422, error=error)


def _again(public_id: str, position: int, status: int, **changes: Any) -> Any:
    """The page of the question once more, with what was typed or with what is stored since."""
    transaction.begin_read()
    shown = open_room(_own(public_id), position, clock.now())
    return _show(Room(**(vars(shown) | changes)), status)


@blueprint.post("/attempts/<public_id>/flags/<int:position>")
@requires(Permission.EXAM_SIT)
def flag(public_id: str, position: int) -> Any:
    """Flag a question for later, or take the flag away; asked by the page's module."""
    sitting.set_flag(public_id, candidate(), position, request.form.get("flag") == "on", clock.now())
    return redirect(_room_address(public_id, position))


@blueprint.post("/attempts/<public_id>/reports/<int:position>")
@requires(Permission.EXAM_SIT)
def report(public_id: str, position: int) -> Any:
    """Keep what a candidate says is wrong with a question."""
    limits.count((REPORTS, current_actor().public_id))
    form = ReportForm()
    if not form.validate():
        transaction.begin_read()
        return _show(open_room(_own(public_id), position, clock.now()), 422, form)
    sitting.report_question(public_id, candidate(), position, form.report.data or "", clock.now())
    flash(_("Thank you. The officers of the body will look at this question."), "success")
    return redirect(_room_address(public_id, position))


@blueprint.get("/attempts/<public_id>/clock")
@requires(Permission.EXAM_SIT)
def time(public_id: str) -> Any:
    """The server's time and how the attempt stands, for the page to count by; it asks every ten seconds."""
    attempt, now = _own(public_id), clock.now()
    told: dict[str, Any] = {"now": now.isoformat(), "state": attempt.state, "section": attempt.section}
    if attempt.state in RUNNING:
        until = break_until(attempt)
        told |= {"deadline": sections.bell_of(attempt, now).isoformat(), "until": until.isoformat() if until else None}
    return jsonify(told)


@blueprint.get("/attempts/<public_id>/review")
@requires(Permission.EXAM_SIT)
def review(public_id: str) -> Any:
    """Everything at a glance before handing in."""
    attempt, now = _own(public_id), clock.now()
    away = turned_away(attempt, now)
    if away is not None:
        return away
    part = part_of(attempt)
    if not part.is_last:
        return redirect(url_for("attempts.section", public_id=public_id))
    cells = sections.here(attempt, queries.list_cells(attempt.id))
    return render_template(
        "exams/review.html",
        attempt=attempt,
        part=part,
        cells=cells,
        clock=clock_of(attempt, now),
        saved_at=last_saved(cells),
    )


@blueprint.get("/attempts/<public_id>/section")
@requires(Permission.EXAM_SIT)
def section(public_id: str) -> Any:
    """The end of a section: warn before the next one, since there is no way back."""
    attempt, now = _own(public_id), clock.now()
    away = turned_away(attempt, now)
    if away is not None:
        return away
    part, cells = part_of(attempt), sections.here(attempt, queries.list_cells(attempt.id))
    if part.is_last:
        return redirect(url_for("attempts.review", public_id=public_id))
    return render_template(
        "exams/section.html", attempt=attempt, part=part, cells=cells, clock=clock_of(attempt, now), is_over=False
    )


@blueprint.post("/attempts/<public_id>/submit")
@requires(Permission.EXAM_SIT)
def submit(public_id: str) -> Any:
    """Hand in, once."""
    closing.submit(public_id, candidate(), clock.now())
    return redirect(url_for("attempts.receipt", public_id=public_id))


@blueprint.get("/attempts/<public_id>/receipt")
@requires(Permission.EXAM_SIT)
def receipt(public_id: str) -> Any:
    """What was handed in and when; and the way to the result once it is released."""
    attempt = _own(public_id)
    if attempt.state in RUNNING | BEFORE_START:
        return redirect(url_for("attempts.room", public_id=public_id))
    if attempt.started_at is None:  # absent, or voided before the start: nothing was handed in
        return redirect(url_for("exams.exam", code=attempt.exam_snapshot["code"]))
    result = results.find_by_attempt(attempt.id)
    return render_template(
        "exams/receipt.html",
        attempt=attempt,
        cells=queries.list_cells(attempt.id),
        receipt=after.receipt_hash(attempt),
        result=result if result is not None and result.released_at is not None else None,
    )
