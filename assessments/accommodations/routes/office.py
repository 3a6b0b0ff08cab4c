"""Accommodations for officers: what was asked for with its evidence, the decision, and granting directly."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app import clock, transaction
from app.accounts.models import Person
from app.accounts.queries import find_by_email
from app.errors import DomainError
from app.policy import Permission, authorise, current_actor, requires
from app.storage.services import as_attachment
from assessments.accommodations import mails, queries, services
from assessments.accommodations.forms import DecideForm, GrantForm
from assessments.accommodations.models import Accommodation

blueprint = Blueprint("accommodations", __name__, url_prefix="/office", template_folder="../templates")


@blueprint.get("/accommodations")
@requires(Permission.ACCOMMODATIONS_DECIDE)
def waiting() -> Any:
    """What waits for a decision, and what is in force."""
    return render_template(
        "accommodations/office.html",
        asked=queries.list_asked(),
        approved=queries.list_approved(),
        in_words=mails.in_words,
        now=clock.now(),
    )


@blueprint.get("/extra-time")
@requires(Permission.ACCOMMODATIONS_DECIDE)
def extra_time() -> Any:
    """The address of before."""
    return redirect(url_for("accommodations.waiting"), 301)


def _found(public_id: str, *, lock: bool = False) -> tuple[Accommodation, Person]:
    row, person = queries.get_with_person(public_id, lock=lock)
    authorise(Permission.ACCOMMODATIONS_DECIDE, row)
    return row, person


def _page(public_id: str, form: DecideForm | None = None, status: int = 200) -> Any:
    row, person = _found(public_id)
    form = form or DecideForm(formdata=None, obj=row, note=row.decision_note)
    has_file = bool(row.evidence_file)
    html = render_template(
        "accommodations/decide.html", row=row, person=person, form=form, has_file=has_file, in_words=mails.in_words
    )
    return html, status


@blueprint.get("/accommodations/<public_id>")
@requires(Permission.ACCOMMODATIONS_DECIDE)
def show(public_id: str) -> Any:
    """One request with its evidence, or one that is in force."""
    return _page(public_id)


@blueprint.get("/accommodations/<public_id>/evidence")
@requires(Permission.ACCOMMODATIONS_DECIDE)
def evidence(public_id: str) -> Response:
    """The file of evidence, as a download."""
    return as_attachment(queries.get_evidence(_found(public_id)[0]))


@blueprint.post("/accommodations/<public_id>/approve")
@requires(Permission.ACCOMMODATIONS_DECIDE)
def approve(public_id: str) -> Any:
    """Approve with the amounts of the form."""
    form, actor = DecideForm(), current_actor().public_id
    if not form.validate():
        return _page(public_id, form, 422)
    row, person = _found(public_id, lock=True)
    try:
        services.approve(row, person, form.amounts, form.until_moment, form.note.data or "", actor, clock.now())
    except DomainError as error:
        return _again(public_id, form, error)
    flash(_("Approved. It holds for every exam that starts from now on, and the member is told."), "success")
    return redirect(url_for("accommodations.waiting"))


@blueprint.post("/accommodations/<public_id>/refuse")
@requires(Permission.ACCOMMODATIONS_DECIDE)
def refuse(public_id: str) -> Any:
    """Refuse with a note."""
    form = DecideForm()
    row, person = _found(public_id, lock=True)
    try:
        services.refuse(row, person, form.note.data or "", current_actor().public_id, clock.now())
    except DomainError as error:
        return _again(public_id, form, error)
    flash(_("Refused. The member is told, and the evidence is deleted."), "success")
    return redirect(url_for("accommodations.waiting"))


def _again(public_id: str, form: DecideForm, error: DomainError) -> Any:
    form.refuse(error)
    transaction.begin_read()
    return _page(public_id, form, 422)


@blueprint.post("/accommodations/<public_id>/end")
@requires(Permission.ACCOMMODATIONS_DECIDE)
def end(public_id: str) -> Any:
    """End what is in force."""
    row, person = _found(public_id, lock=True)
    services.end(row, person, current_actor().public_id, clock.now())
    flash(_("Ended for every exam that starts from now on. The member is told."), "success")
    return redirect(url_for("accommodations.waiting"))


@blueprint.get("/accommodations/grant")
@requires(Permission.ACCOMMODATIONS_DECIDE)
def grant() -> Any:
    """Ask who gets what."""
    return render_template("accommodations/grant.html", form=GrantForm(formdata=None))


@blueprint.post("/accommodations/grant")
@requires(Permission.ACCOMMODATIONS_DECIDE)
def grant_post() -> Any:
    """Grant without a request."""
    form, actor = GrantForm(), current_actor().public_id
    try:
        if not form.validate():
            return render_template("accommodations/grant.html", form=form), 422
        person = find_by_email(form.email.data or "")
        if person is None:
            raise DomainError(_("No member has this address."), "email")
        services.grant(person, form.amounts, form.until_moment, form.note.data or "", actor, clock.now())
    except DomainError as error:
        form.refuse(error)
        transaction.begin_read()
        return render_template("accommodations/grant.html", form=form), 422
    flash(_("Granted. It holds for every exam that starts from now on, and the member is told."), "success")
    return redirect(url_for("accommodations.waiting"))
