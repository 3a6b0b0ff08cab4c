"""An exam before the start: its rules, what its pass mark means, and the declaration that starts it."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for

from app import clock, transaction
from app.errors import DomainError
from app.policy import Permission, current_actor, requires
from assessments.accommodations import queries as accommodations
from assessments.exams import queries, risks, sitting, watching, wording
from assessments.exams.chances import pass_chances
from assessments.exams.errors import BankShort, StartRefused
from assessments.exams.forms import StartForm
from assessments.exams.gates import StartRequest
from assessments.exams.models import Exam
from assessments.exams.rules import BEFORE_START, Permit
from assessments.exams.writing import Candidate

blueprint = Blueprint("exams", __name__, template_folder="../templates")
blueprint.add_app_template_filter(wording.plain_number, "plain_number")
blueprint.add_app_template_filter(wording.in_a_row, "in_a_row")
blueprint.add_app_template_filter(wording.clock_time, "clock_time")


def candidate() -> Candidate:
    """The signed-in person as a candidate on this device."""
    actor = current_actor()
    return Candidate(actor.person_id, actor.public_id, actor.name, actor.session_id)


def _page(exam: Exam, form: StartForm, permit: Permit | None = None, status: int = 200) -> Any:
    actor, now = current_actor(), clock.now()
    permit = permit or queries.permit_for(actor.person_id, exam, now)
    html = render_template(
        "exams/exam.html",
        exam=exam,
        form=form,
        permit=permit,
        sentence=wording.permit_sentence(permit),
        supervision=wording.supervision_words(exam.supervision),
        chances=pass_chances(exam),
        stated_risks=risks.stated(exam),
        questions=sum(cell["draw"] for cell in exam.blueprint) + exam.pilots,
        live=queries.find_live(actor.person_id, exam.id),
        extra_percent=accommodations.extra_percent(actor.person_id),
        is_private_only=sitting.draws_private_only(exam),
    )
    return html, status


@blueprint.get("/exams/<code>")
@requires(Permission.EXAM_SIT)
def exam(code: str) -> Any:
    """Rules, figures and the start of an exam."""
    return _page(queries.get_exam(code), StartForm(formdata=None))


@blueprint.post("/exams/<code>/start")
@requires(Permission.EXAM_SIT)
def start(code: str) -> Any:
    """Begin an attempt, or go on with the one that runs."""
    found, live = queries.get_start(code, current_actor().person_id)
    form = StartForm()
    if live is not None and live.state in BEFORE_START:  # it starts at the seat, where codes are asked for and counted
        return _page(found, form, status=409)
    if not form.validate():
        return _page(found, form, status=422)
    try:
        attempt = sitting.start_from(found, live, StartRequest(candidate(), clock.now()))
    except StartRefused as refused:
        transaction.begin_read()
        return _page(queries.get_exam(code), form, refused.permit, 409)
    except BankShort as short:
        watching.report_short(short)
        return _refused(code, form, short)
    except DomainError as error:
        return _refused(code, form, error)
    return redirect(url_for("attempts.room", public_id=attempt.public_id))


def _refused(code: str, form: StartForm, error: DomainError) -> Any:
    """The page once more, with what hinders the start beside its field."""
    form.refuse(error)
    transaction.begin_read()
    return _page(queries.get_exam(code), form, status=error.status)
