"""Files as answers: sending and taking out by a plain form, and reading them back. The page needs no module for it."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for

from app import clock, transaction
from app.audit.services import Note
from app.audit.services import write as write_audit
from app.policy import Permission, current_actor, requires
from app.storage.services import as_attachment
from assessments.exams import answer_files, queries
from assessments.exams.errors import OtherDevice, WritingRefused
from assessments.exams.forms import ReportForm
from assessments.exams.room import open_room
from assessments.exams.routes import attempts
from assessments.exams.routes.learner import candidate
from assessments.practicals.files import as_blind_attachment

blueprint = Blueprint("answer_files", __name__, template_folder="../templates")
blueprint.register_error_handler(WritingRefused, attempts.refused)
blueprint.register_error_handler(OtherDevice, attempts.other_device)


@blueprint.post("/attempts/<public_id>/files/<int:position>")
@requires(Permission.EXAM_SIT)
@transaction.slow_first
def change(public_id: str, position: int) -> Any:
    """Take a file out (`remove`: its id), add those of the field `file`, and show the question again."""
    place = answer_files.get_place(public_id, candidate(), position, clock.now())
    sent = answer_files.receive(request.files.getlist("file"), place.content)
    transaction.begin_write()
    remove = request.form.get("remove", "")
    refused = answer_files.change(public_id, candidate(), position, sent, remove, clock.now())
    if refused:
        return _with_refused(public_id, position, refused, 200 if remove or len(refused) < len(sent) else 422)
    return redirect(url_for("attempts.room", public_id=public_id, q=position))


def _with_refused(public_id: str, position: int, refused: list[str], status: int) -> Any:
    """What could be kept is kept, and then the page is no refusal; each file that was not is named beside the field."""
    attempt = queries.get_attempt(public_id, current_actor().person_id)
    shown = replace(open_room(attempt, position, clock.now()), error=" ".join(refused))
    return render_template("exams/room.html", room=shown, report=ReportForm(formdata=None)), status


@blueprint.get("/attempts/<public_id>/files/<int:position>/<int(max=9999):number>")
@requires(Permission.EXAM_SIT)
def own_file(public_id: str, position: int, number: int) -> Response:
    """A file of one's own answer, as a download."""
    return as_attachment(answer_files.get_own(public_id, current_actor().person_id, position, number).stored)


@blueprint.get("/marking/attempts/<public_id>/files/<int:position>/<int(max=9999):number>")
@requires(Permission.MARKING_DO)
def marked_file(public_id: str, position: int, number: int) -> Response:
    """A file of an answer for whoever marks it, under its number alone; the reading of it is put on record."""
    actor = current_actor()
    found = answer_files.get_for_marker(public_id, actor.person_id, position, number)
    note = Note("answer.file_read", actor.public_id, ("attempt", public_id), {"file": found.stored.public_id})
    transaction.later_aside(lambda session: write_audit(session, [note]))
    return as_blind_attachment(found.position, found.stored)
