"""The officers' page of appeals: what waits and by when, and who is asked to decide."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app import clock, forms, transaction
from app.accounts.queries import get_person
from app.errors import DomainError
from app.policy import Permission, current_actor, requires
from assessments.appeals import queries, rules, services, words
from assessments.appeals.forms import AssignForm
from assessments.appeals.models import Appeal

blueprint = Blueprint("appeals_office", __name__, template_folder="../templates")


@blueprint.get("/office/appeals")
@requires(Permission.APPEALS_MANAGE)
def appeals() -> str:
    """Appeals without an answer, what is due first, and those that have ended."""
    return render_template(
        "appeals/office.html",
        waiting=queries.list_open(),
        closed=queries.list_closed(),
        tone=lambda due: rules.due_tone(due, clock.now()),
        states=words.state_words(),
        grounds=words.ground_words(),
    )


def _form(found: Appeal, **given: Any) -> AssignForm:
    form = AssignForm(**given)
    free = [person for person, parts in queries.list_reviewers(found, clock.now()) if not parts]
    form.reviewer.choices = forms.options([(person.public_id, person.name) for person in free])
    return form


def _page(found: Appeal, form: AssignForm, status: int = 200) -> Any:
    html = render_template(
        "appeals/assign.html",
        appeal=found,
        form=form,
        tied=[pair for pair in queries.list_reviewers(found, clock.now()) if pair[1]],
        parts=words.part_words(),
        grounds=words.ground_words(),
        states=words.state_words(),
        remedies=words.remedy_words(),
        tone=rules.due_tone(found.due_at, clock.now()),
        is_open=found.state in rules.OPEN,
    )
    return html, status


@blueprint.get("/office/appeals/<public_id>")
@requires(Permission.APPEALS_MANAGE)
def appeal(public_id: str) -> Any:
    """One appeal, and who may decide it."""
    found = queries.get_appeal(public_id)
    return _page(found, _form(found, formdata=None, reviewer=found.reviewer))


@blueprint.post("/office/appeals/<public_id>")
@requires(Permission.APPEALS_MANAGE)
def assign(public_id: str) -> Any:
    """Ask somebody to decide."""
    found = queries.get_appeal(public_id)
    form = _form(found)
    if not form.validate():
        return _page(found, form, 422)
    try:
        services.assign(found, get_person(form.reviewer.data or ""), current_actor().public_id, clock.now())
    except DomainError as error:
        form.refuse(error)
        transaction.begin_read()
        return _page(queries.get_appeal(public_id), form, 409)
    flash(_("Asked to decide. A mail tells them."), "success")
    return redirect(url_for("appeals_office.appeals"))
