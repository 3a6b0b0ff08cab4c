"""Sittings for officers: planning, changing, cancelling, who watches, and who has a seat."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app import clock, transaction
from app.accounts.models import Person
from app.accounts.queries import find_by_email
from app.errors import DomainError
from app.policy import Permission, current_actor, requires
from assessments.accommodations.queries import needs_of
from assessments.exams import queries as exams
from assessments.exams.errors import StartRefused
from assessments.exams.wording import permit_sentence
from assessments.sittings import planning, queries, seating, words
from assessments.sittings.forms import LinesForm, NewForm, PlanForm, ReasonForm, WhomForm, own_zone

blueprint = Blueprint("office_sittings", __name__, url_prefix="/office/sittings", template_folder="../templates")


@blueprint.get("")
@requires(Permission.SITTINGS_PLAN)
def sittings() -> Any:
    """Sittings to come, and those that are over."""
    return render_template(
        "sittings/office.html",
        coming=queries.list_sittings(ended=False),
        over=queries.list_sittings(ended=True),
        state_of=words.sitting_state,
    )


@blueprint.get("/new")
@requires(Permission.SITTINGS_PLAN)
def new() -> Any:
    """Ask for a new sitting."""
    form = NewForm(formdata=None, supervision="supervised", needs_code=True, exam=request.args.get("exam", ""))
    return _new_page(form)


def _new_page(form: NewForm, status: int = 200) -> Any:
    return render_template("sittings/new.html", form=form.offer(exams.list_exams()), zone=own_zone().key), status


@blueprint.post("/new")
@requires(Permission.SITTINGS_PLAN)
def new_post() -> Any:
    """Plan a sitting."""
    form = NewForm().offer(exams.list_exams())
    try:
        if not form.validate():
            return _new_page(form, 422)
        exam = exams.get_exam(form.exam.data)
        sitting = planning.plan_sitting(exam, form.plan, current_actor().public_id, clock.now())
    except DomainError as error:
        form.refuse(error)
        transaction.begin_read()
        return _new_page(form, 422)
    flash(_("Planned. Now name who watches, and give out the seats."), "success")
    return redirect(_address(sitting.public_id))


def _address(public_id: str) -> str:
    return url_for("office_sittings.show", public_id=public_id)


def _page(public_id: str, status: int = 200, **forms_given: Any) -> Any:
    sitting, now = queries.get_sitting(public_id), clock.now()
    seated = queries.list_seated(sitting.id)
    shown = {
        "whom": WhomForm(formdata=None),
        "lines": LinesForm(formdata=None),
        "watch": WhomForm(formdata=None, prefix="watch-"),
        "faults": (),
    }
    html = render_template(
        "sittings/show.html",
        sitting=sitting,
        state=words.sitting_state(sitting.state),
        mode=dict(words.MODES).get(sitting.supervision, sitting.supervision),
        seated=[(one, words.attempt_state(one.attempt.state)) for one in seated],
        needs=needs_of([one.person.id for one in seated], now),
        invigilators=queries.list_invigilators(sitting.id),
        can_seat=sitting.state in ("planned", "open"),
        **(shown | forms_given),
    )
    return html, status


@blueprint.get("/<public_id>")
@requires(Permission.SITTINGS_PLAN)
def show(public_id: str) -> Any:
    """One sitting with its seats."""
    return _page(public_id)


@blueprint.get("/<public_id>/edit")
@requires(Permission.SITTINGS_PLAN)
def edit(public_id: str) -> Any:
    """Change a sitting that has not been opened."""
    return _edit_page(public_id, None)


def _edit_page(public_id: str, form: PlanForm | None, status: int = 200) -> Any:
    sitting = queries.get_sitting(public_id)
    html = render_template(
        "sittings/edit.html", sitting=sitting, form=form or PlanForm.of(sitting), zone=own_zone().key
    )
    return html, status


@blueprint.post("/<public_id>/edit")
@requires(Permission.SITTINGS_PLAN)
def edit_post(public_id: str) -> Any:
    """Keep the change; those with a seat are told."""
    form = PlanForm()
    try:
        if not form.validate():
            return _edit_page(public_id, form, 422)
        sitting = queries.get_sitting(public_id, lock=True)
        planning.change(sitting, form.plan, current_actor().public_id, clock.now())
    except DomainError as error:
        form.refuse(error)
        transaction.begin_read()
        return _edit_page(public_id, form, 422)
    flash(_("Changed. Everybody with a seat is told by mail."), "success")
    return redirect(_address(public_id))


@blueprint.get("/<public_id>/cancel")
@requires(Permission.SITTINGS_PLAN)
def cancel(public_id: str) -> Any:
    """Ask why it is cancelled."""
    sitting = queries.get_sitting(public_id)
    return render_template("sittings/cancel.html", sitting=sitting, form=ReasonForm(formdata=None))


@blueprint.post("/<public_id>/cancel")
@requires(Permission.SITTINGS_PLAN)
def cancel_post(public_id: str) -> Any:
    """Cancel a sitting."""
    form, sitting = ReasonForm(), queries.get_sitting(public_id, lock=True)
    try:
        if not form.validate():
            return render_template("sittings/cancel.html", sitting=sitting, form=form), 422
        planning.cancel(sitting, form.reason.data or "", current_actor().public_id, clock.now())
    except DomainError as error:
        form.refuse(error)
        transaction.begin_read()
        return render_template("sittings/cancel.html", sitting=queries.get_sitting(public_id), form=form), 422
    flash(_("Cancelled. Everybody with a seat is told by mail, and no attempt is used up."), "success")
    return redirect(_address(public_id))


def _person(email: str) -> Person:
    person = find_by_email(email)
    if person is None or person.closed_at is not None:
        raise DomainError(_("No member has this address."), "email")
    return person


@blueprint.post("/<public_id>/seats")
@requires(Permission.SITTINGS_PLAN)
def seat(public_id: str) -> Any:
    """Give one person a seat."""
    form = WhomForm()
    try:
        if not form.validate():
            return _page(public_id, 422, whom=form)
        found, person = queries.get_watched(public_id, lock=True), _person(form.email.data or "")
        seating.seat(found, person, form.label.data or "", current_actor().public_id, clock.now())
    except StartRefused as refused:
        return _refused(public_id, form, DomainError(permit_sentence(refused.permit), "email"))
    except DomainError as error:
        return _refused(public_id, form, error)
    flash(_("%(name)s has a seat, and is told by mail.", name=person.name), "success")
    return redirect(_address(public_id))


def _refused(public_id: str, form: WhomForm, error: DomainError) -> Any:
    form.refuse(error)
    transaction.begin_read()
    return _page(public_id, 422, whom=form)


@blueprint.post("/<public_id>/seats/list")
@requires(Permission.SITTINGS_PLAN)
def seat_list(public_id: str) -> Any:
    """Give seats to a pasted list; the lines that could not be seated come back with their reasons."""
    form = LinesForm()
    try:
        if not form.validate():
            return _page(public_id, 422, lines=form)
        report = seating.seat_list(public_id, form.lines.data or "", current_actor().public_id, clock.now())
    except DomainError as error:
        form.refuse(error)
        transaction.begin_read()
        return _page(public_id, 422, lines=form)
    _say(report)
    if not report.faults:
        return redirect(_address(public_id))
    left = LinesForm(formdata=None, lines="\n".join(line for line, _why in report.faults))
    return _page(public_id, lines=left, faults=report.faults)


def _say(report: seating.Report) -> None:
    if report.seated:
        number = len(report.seated)
        flash(ngettext("%(num)s person was seated.", "%(num)s people were seated.", number), "success")
    if report.faults:
        number = len(report.faults)
        flash(ngettext("%(num)s could not be seated.", "%(num)s could not be seated.", number), "warning")


@blueprint.get("/<public_id>/ready")
@requires(Permission.SITTINGS_PLAN)
def ready(public_id: str) -> Any:
    """Those who meet the conditions of the exam and have no seat yet."""
    found = queries.get_watched(public_id)
    return render_template("sittings/ready.html", sitting=found.sitting, people=seating.list_ready(found))


@blueprint.post("/<public_id>/ready")
@requires(Permission.SITTINGS_PLAN)
def ready_post(public_id: str) -> Any:
    """Give seats to those who are ticked."""
    chosen = request.form.getlist("person")
    report = seating.seat_people(public_id, chosen, current_actor().public_id, clock.now())
    _say(report)
    for name, why in report.faults[:5]:
        flash(f"{name}: {why}", "warning")
    return redirect(_address(public_id))


@blueprint.post("/<public_id>/seats/<seat_id>/remove")
@requires(Permission.SITTINGS_PLAN)
def unseat(public_id: str, seat_id: str) -> Any:
    """Take a seat back."""
    sitting = queries.get_sitting(public_id, lock=True)
    reason, actor = request.form.get("reason", "")[:500], current_actor().public_id
    try:
        name = seating.unseat(sitting, seat_id, reason, actor, clock.now())
    except DomainError as error:
        if error.status == 404:
            raise
        transaction.begin_read()
        flash(error.message, "warning")
        return redirect(_address(public_id))
    flash(_("%(name)s has no seat any more, and is told by mail.", name=name), "success")
    return redirect(_address(public_id))


@blueprint.post("/<public_id>/invigilators")
@requires(Permission.SITTINGS_PLAN)
def watch(public_id: str) -> Any:
    """Name somebody who watches."""
    form = WhomForm(prefix="watch-")
    try:
        if not form.validate():
            return _page(public_id, 422, watch=form)
        sitting, person = queries.get_sitting(public_id, lock=True), _person(form.email.data or "")
        planning.name_invigilator(sitting, person, current_actor().public_id, clock.now())
    except DomainError as error:
        form.refuse(error)
        transaction.begin_read()
        return _page(public_id, 422, watch=form)
    flash(_("%(name)s watches, and is told by mail.", name=person.name), "success")
    return redirect(_address(public_id))


@blueprint.post("/<public_id>/invigilators/<person_id>/remove")
@requires(Permission.SITTINGS_PLAN)
def unwatch(public_id: str, person_id: str) -> Any:
    """Let somebody watch no longer."""
    planning.remove_invigilator(queries.get_sitting(public_id, lock=True), person_id, current_actor().public_id)
    flash(_("Saved."), "success")
    return redirect(_address(public_id))
