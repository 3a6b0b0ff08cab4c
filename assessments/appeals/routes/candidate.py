"""The candidate's page of an appeal: making it, following it, taking it back."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app import clock, forms, transaction
from app.errors import DomainError, Missing
from app.policy import Permission, current_actor, requires
from assessments.appeals import queries, services, words
from assessments.appeals.forms import AppealForm
from assessments.results import queries as results
from assessments.results.models import Result

blueprint = Blueprint("appeals", __name__, template_folder="../templates")


def _form(**given: Any) -> AppealForm:
    form = AppealForm(**given)
    form.grounds.choices = forms.options(list(words.ground_words().items()))
    return form


def _page(result: Result, form: AppealForm, status: int = 200) -> Any:
    now, found = clock.now(), queries.find_latest(result)
    until = queries.deadline_of(result)
    html = render_template(
        "appeals/candidate.html",
        result=result,
        appeal=found,
        until=until,
        may=now <= until and result.superseded_at is None and (found is None or found.state == "withdrawn"),
        form=form,
        grounds=words.ground_words(),
        states=words.state_words(),
        remedies=words.remedy_words(),
    )
    return html, status


@blueprint.get("/results/<public_id>/appeal")
@requires(Permission.RESULT_OWN)
def appeal(public_id: str) -> Any:
    """Where the appeal against a result stands, or the form to make one."""
    return _page(results.get_released(public_id, current_actor().person_id), _form(formdata=None))


@blueprint.post("/results/<public_id>/appeal")
@requires(Permission.RESULT_OWN)
def make(public_id: str) -> Any:
    """Make an appeal."""
    actor, form = current_actor(), _form()
    result = results.get_released(public_id, actor.person_id)
    if not form.validate():
        return _page(result, form, 422)
    try:
        services.make(result, form.grounds.data or "", form.text.data or "", actor.public_id, clock.now())
    except DomainError as error:
        form.refuse(error)
        transaction.begin_read()
        return _page(results.get_released(public_id, actor.person_id), form, 409)
    flash(_("Your appeal has arrived. A mail confirms it."), "success")
    return redirect(url_for("appeals.appeal", public_id=public_id))


@blueprint.post("/results/<public_id>/appeal/withdraw")
@requires(Permission.RESULT_OWN)
def withdraw(public_id: str) -> Any:
    """Take an appeal back."""
    actor = current_actor()
    found = queries.find_latest(results.get_released(public_id, actor.person_id))
    if found is None:
        raise Missing
    services.withdraw(found, actor.public_id, clock.now())
    flash(_("Your appeal is taken back."), "info")
    return redirect(url_for("appeals.appeal", public_id=public_id))
