"""Exams for officers: waivers, further attempts, and what candidates report."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock, transaction
from app.accounts.models import Person
from app.accounts.queries import find_by_email
from app.errors import DomainError
from app.policy import Permission, current_actor, fresh, requires
from assessments.exams import office_queries, queries, services
from assessments.exams.forms import AllowForm, WaiverForm
from assessments.exams.sitting import draws_private_only
from assessments.exams.stock import stocks_of

blueprint = Blueprint("exam_office", __name__, template_folder="../templates")


def _page(status: int = 200, **given: Any) -> Any:
    shown = [(exam, stocks_of(exam, draws_private_only(exam))) for exam in queries.list_exams()]
    html = render_template(
        "exams/office.html",
        exams=[(exam, stocks, sum(stock.missing for stock in stocks)) for exam, stocks in shown],
        out_of_attempts=office_queries.list_out_of_attempts(),
        **given,
    )
    return html, status


@blueprint.get("/office/exams")
@requires(Permission.EXAM_OFFICE)
def exams() -> Any:
    """Every exam with what waits for a decision."""
    return _page()


def _person(email: str) -> Person:
    person = find_by_email(email)
    if person is None:
        raise DomainError(_("No member has this address."), "email")
    return person


@blueprint.get("/office/exams/<code>/waiver")
@requires(Permission.EXAM_OFFICE)
@fresh
def waiver(code: str) -> Any:
    """Ask for the reason of a waiver."""
    return render_template("exams/waiver.html", exam=queries.get_exam(code), form=WaiverForm(formdata=None))


@blueprint.post("/office/exams/<code>/waiver")
@requires(Permission.EXAM_OFFICE)
@fresh
def waiver_post(code: str) -> Any:
    """Record a waiver."""
    exam, form = queries.get_exam(code), WaiverForm()
    if not form.validate():
        return render_template("exams/waiver.html", exam=exam, form=form), 422
    services.record_waiver(exam, form.reason.data or "", current_actor().public_id, clock.now())
    flash(_("The waiver is recorded. Certificates that rest on it say so."), "success")
    return redirect(url_for("exam_office.exams"))


@blueprint.post("/office/exams/<code>/waiver/end")
@requires(Permission.EXAM_OFFICE)
@fresh
def waiver_end(code: str) -> Any:
    """End a waiver."""
    services.end_waiver(queries.get_exam(code), current_actor().public_id)
    flash(_("The waiver has ended. New attempts draw private questions only."), "success")
    return redirect(url_for("exam_office.exams"))


def _asked() -> str:
    """The address a link of the list leads here with."""
    return request.args.get("email", "")[:320]


@blueprint.get("/office/exams/<code>/attempt")
@requires(Permission.EXAM_OFFICE)
def allow(code: str) -> Any:
    """Ask whom to allow another attempt, and why."""
    return render_template(
        "exams/allow.html", exam=queries.get_exam(code), form=AllowForm(formdata=None, email=_asked())
    )


@blueprint.post("/office/exams/<code>/attempt")
@requires(Permission.EXAM_OFFICE)
def allow_post(code: str) -> Any:
    """Allow another attempt."""
    exam, form = queries.get_exam(code), AllowForm()
    try:
        if not form.validate():
            return render_template("exams/allow.html", exam=exam, form=form), 422
        person = _person(form.email.data or "")
        services.allow_attempt(exam, person, form.reason.data or "", current_actor().public_id, clock.now())
    except DomainError as error:
        form.refuse(error)
        transaction.begin_read()
        return render_template("exams/allow.html", exam=queries.get_exam(code), form=form), 422
    flash(_("%(name)s may sit the exam once more.", name=person.name), "success")
    return redirect(url_for("exam_office.exams"))
