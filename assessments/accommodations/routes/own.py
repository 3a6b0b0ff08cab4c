"""A member's own arrangement for exams: what is in force, what was asked for, and asking."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock, transaction
from app.accounts.queries import get_own
from app.errors import DomainError, Missing
from app.limits import Limit, count
from app.policy import Permission, current_actor, requires
from assessments.accommodations import mails, queries, services
from assessments.accommodations.forms import AskForm
from assessments.accommodations.services import MOST_EVIDENCE_BYTES, Evidence

blueprint = Blueprint("own_accommodations", __name__, template_folder="../templates")
ASKED = Limit("accommodation requests", 20, 86_400)


def _page(form: AskForm, status: int = 200) -> Any:
    person_id = current_actor().person_id
    html = render_template(
        "accommodations/own.html",
        form=form,
        in_force=queries.find_in_force(person_id, clock.now()),
        asked=queries.find_asked(person_id),
        earlier=[row for row in queries.list_own(person_id) if row.state in ("refused", "ended")],
        in_words=mails.in_words,
    )
    return html, status


@blueprint.get("/account/accommodations")
@requires(Permission.ACCOUNT_OWN)
def own() -> Any:
    """What one gets in every exam, and the form that asks for it."""
    return _page(AskForm(formdata=None))


@blueprint.post("/account/accommodations")
@requires(Permission.ACCOUNT_OWN)
@transaction.slow_first
def ask() -> Any:
    """Ask for an arrangement."""
    form, actor = AskForm(), current_actor()
    if not form.validate():
        return _page(form, 422)
    evidence = _evidence(form)
    count((ASKED, actor.public_id))
    transaction.begin_write()
    try:
        services.ask(get_own(actor.person_id), form.amounts, evidence, clock.now())
    except DomainError as error:
        form.refuse(error)
        transaction.begin_read()
        return _page(form, 422)
    flash(_("Sent. An officer decides, and you get a message."), "success")
    return redirect(url_for("own_accommodations.own"))


def _evidence(form: AskForm) -> Evidence:
    """The words, and at most one byte more of the file than is allowed, so that a larger one is refused by its size."""
    sent = request.files.get("file")
    data = sent.read(MOST_EVIDENCE_BYTES + 1) if sent and sent.filename else b""
    return Evidence(form.evidence.data or "", data, (sent.filename or "") if sent else "")


@blueprint.post("/account/accommodations/withdraw")
@requires(Permission.ACCOUNT_OWN)
def withdraw() -> Any:
    """Take one's request back."""
    person = get_own(current_actor().person_id)
    row = queries.find_asked(person.id)
    if row is None:
        raise Missing
    services.withdraw(row, person, clock.now())
    flash(_("Taken back. The evidence is deleted."), "success")
    return redirect(url_for("own_accommodations.own"))
