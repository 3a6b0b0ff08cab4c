"""The assessor's pages: the queue, and the quiet room in which one script is marked."""

from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock, transaction
from app.audit.services import Note
from app.audit.services import write as write_audit
from app.errors import DomainError, Missing, Stale
from app.policy import Permission, authorise, current_actor, requires
from assessments.practicals import files, judging, marking, marking_queries, room, rules
from assessments.practicals.forms import CLOSING, read_entries, read_entry
from assessments.practicals.marking import Outdated
from assessments.practicals.models import Marking, MarkingState
from assessments.practicals.standing import level_word, show_clock

blueprint = Blueprint("marking", __name__, url_prefix="/marking", template_folder="../templates")


def _own(public_id: str, *, lock: bool = False) -> Marking:
    found = marking_queries.get_marking(public_id, current_actor().person_id, lock=lock)
    authorise(Permission.MARKING_DO, found)
    return found


@blueprint.get("")
@requires(Permission.MARKING_DO)
def queue() -> str:
    """What one holds, and what waits."""
    actor, now = current_actor(), clock.now()
    held = marking_queries.list_held(actor.person_id)
    return render_template(
        "practicals/queue.html",
        held=[(room.open_room(m, now), rules.due_at(m.submission.submitted_at or now)) for m in held],
        waiting=marking_queries.list_waiting(actor.person_id, now),
        done=marking_queries.count_done(actor.person_id, now - rules.YEAR),
        now=now,
        soon=now + rules.SOON,
    )


@blueprint.post("/next")
@requires(Permission.MARKING_DO)
def take_next() -> Any:
    """Take the script that has waited longest."""
    try:
        taken = marking.take_next(current_actor(), clock.now())
    except DomainError as error:
        flash(error.message, "info")
        return redirect(url_for("marking.queue"))
    return redirect(url_for("marking.show", public_id=taken.public_id))


@blueprint.post("/take")
@requires(Permission.MARKING_DO)
def take() -> Any:
    """Take one script of the queue."""
    try:
        taken = marking.take(request.form.get("script", ""), current_actor(), clock.now())
    except Stale as error:
        flash(error.message, "info")
        return redirect(url_for("marking.queue"))
    return redirect(url_for("marking.show", public_id=taken.public_id))


@blueprint.get("/<public_id>")
@requires(Permission.MARKING_DO)
def show(public_id: str) -> Any:
    """The quiet room; or what was said, once the script is held no more."""
    found = _own(public_id)
    if found.state != MarkingState.OPEN:
        return _closed(found)
    return _room(found, opened=request.args.get("open", ""))


def _room(
    found: Marking, status: int = 200, *, typed: room.Typed | None = None, fault: str = "", opened: str = ""
) -> Any:
    shown = room.open_room(found, clock.now(), typed, opened)
    named = [(n, files.blind_name(n, file.stored), file.stored) for n, file in enumerate(found.submission.files, 1)]
    html = render_template(
        "practicals/marking.html",
        room=shown,
        script=found.submission,
        files=named,
        due=rules.due_at(found.submission.submitted_at or found.began_at),
        fault=fault,
        level_word=level_word,
        most=marking.MOST_COMMENT,
    )
    return html, status


def _closed(found: Marking) -> str:
    rows = [(criterion, judging.said_of(found).get(criterion.code)) for criterion in found.rubric.criteria]
    script = found.submission
    free = any(s.public_id == script.public_id for s in marking_queries.list_waiting(found.assessor_id, clock.now()))
    return render_template(
        "practicals/closed.html", marking=found, script=script, rows=rows, may_take=free, level_word=level_word
    )


@blueprint.post("/<public_id>")
@requires(Permission.MARKING_DO)
def save(public_id: str) -> Any:
    """Save the whole page; with `act` finish, hand the marks in if nothing is missing."""
    found = _own(public_id, lock=True)
    try:
        entries, closing = read_entries(request.form, found.rubric)
    except DomainError as error:
        transaction.begin_read()
        return _room(_own(public_id), 422, fault=error.message)
    try:
        if found.state != MarkingState.DONE or request.form.get("act") != "finish":
            marking.save(found, entries, clock.now(), closing)
        return _saved(found)
    except DomainError as error:
        transaction.begin_read()
        outdated = error.codes if isinstance(error, Outdated) else []
        typed = room.Typed(entries, closing, outdated)
        return _room(_own(public_id), 409 if isinstance(error, Stale) else 422, typed=typed, fault=error.message)


def _saved(found: Marking) -> Any:
    """After a save: on to the queue when the marks were handed in, else back to what is missing."""
    here = url_for("marking.show", public_id=found.public_id)
    if request.form.get("act") != "finish":
        flash(_("Saved."), "success")
        return redirect(here)
    gaps = rules.find_gaps([criterion.code for criterion in found.rubric.criteria], judging.said_of(found))
    if gaps:
        flash(_("Saved, and not handed in yet. Still missing: %(what)s.", what=room.missing_words(gaps)), "warning")
        return redirect(f"{here}?open={gaps[0].code}#level-{gaps[0].code}")
    marking.finish(found, current_actor(), clock.now())
    flash(_("Your marks are handed in. The candidate reads them once an officer has released the result."), "success")
    return redirect(url_for("marking.queue"))


@blueprint.put("/<public_id>/criteria/<code>")
@requires(Permission.MARKING_DO)
def autosave(public_id: str, code: str) -> Any:
    """Save one criterion as it is marked: JSON {level, comment, version}; 409 brings what was saved elsewhere."""
    given = request.get_json(silent=True)
    if not isinstance(given, dict):
        return jsonify(error=_("This could not be read. Open the page again.")), 400
    found = _own(public_id, lock=True)
    try:
        entry = read_entry(given, code)
        is_closing = code == CLOSING
        marking.save(found, {} if is_closing else {code: entry}, clock.now(), entry if is_closing else None)
    except Outdated as error:
        return jsonify(error=error.message, **_as_saved(found, code)), 409
    except DomainError as error:
        return jsonify(error=error.message), error.status if isinstance(error, Stale) else 422
    return jsonify(**_as_saved(found, code), **_progress(found))


def _as_saved(found: Marking, code: str) -> dict[str, Any]:
    if code == CLOSING:
        return {"comment": found.comment, "version": found.version}
    mark = next((mark for mark in found.marks if mark.criterion.code == code), None)
    level, comment, version = (mark.level, mark.comment, mark.version) if mark else (None, "", 0)
    return {"level": level, "level_word": level_word(level or ""), "comment": comment, "version": version}


def _progress(found: Marking) -> dict[str, Any]:
    shown = room.open_room(found, clock.now())
    return {
        "saved": _("Saved at %(time)s", time=show_clock(clock.now())),
        "held": shown.held_words,
        "complete": shown.complete,
        "missing": shown.missing,
        "gaps": [row.code for row, _gap in shown.gaps],
        "as_it_stands": shown.as_it_stands,
    }


@blueprint.post("/<public_id>/return")
@requires(Permission.MARKING_DO)
def give_back(public_id: str) -> Any:
    """Put the script back into the queue."""
    marking.give_back(_own(public_id, lock=True), current_actor())
    flash(_("The script is back in the queue. Your drafts are kept should you take it again."), "success")
    return redirect(url_for("marking.queue"))


@blueprint.get("/<public_id>/files/<int(max=99):ordinal>")
@requires(Permission.MARKING_DO)
def file(public_id: str, ordinal: int) -> Response:
    """A file of a script one holds, as a download under its number; the reading of it is put on record."""
    found = _own(public_id)
    listed = found.submission.files
    if found.state != MarkingState.OPEN or not 1 <= ordinal <= len(listed):
        raise Missing
    stored = listed[ordinal - 1].stored
    subject = ("submission", found.submission.public_id)
    note = Note("submission.file_read", current_actor().public_id, subject, {"file": stored.public_id})
    transaction.later_aside(lambda session: write_audit(session, [note]))
    return files.as_blind_attachment(ordinal, stored)
