"""The page of whoever decides an appeal: the whole record of the result, and the decision."""

import re
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app import clock, forms, transaction
from app.errors import DomainError, Missing
from app.policy import Permission, current_actor, requires
from assessments.appeals import queries, remedies, rules, seeing, services, words
from assessments.appeals.forms import DecideForm
from assessments.appeals.models import Appeal

blueprint = Blueprint("appeals_review", __name__, template_folder="../templates")


@blueprint.get("/appeals")
@requires(Permission.APPEALS_REVIEW)
def assigned() -> str:
    """What one was asked to decide."""
    return render_template(
        "appeals/assigned.html",
        appeals=queries.list_assigned(current_actor().public_id),
        tone=lambda due: rules.due_tone(due, clock.now()),
        states=words.state_words(),
        grounds=words.ground_words(),
    )


def _own(public_id: str) -> Appeal:
    found = queries.get_appeal(public_id)
    if found.reviewer != current_actor().public_id:
        raise Missing
    return found


def _form(found: Appeal, **given: Any) -> DecideForm:
    form, said = DecideForm(**given), words.remedy_words()
    form.remedy.choices = forms.options([(one.value, said[one]) for one in remedies.possible(found.result)])
    return form


def _page(found: Appeal, form: DecideForm, status: int = 200) -> Any:
    html = render_template(
        "appeals/decide.html",
        appeal=found,
        form=form,
        record=seeing.record_of(found.result),
        tone=rules.due_tone(found.due_at, clock.now()),
        grounds=words.ground_words(),
        states=words.state_words(),
        remedies=words.remedy_words(),
        is_open=found.state == "in_review",
        has_questions=found.result.attempt_id is not None,
    )
    return html, status


@blueprint.get("/appeals/<public_id>")
@requires(Permission.APPEALS_REVIEW)
def appeal(public_id: str) -> Any:
    """One appeal with the record it is about."""
    found = _own(public_id)
    return _page(found, _form(found, formdata=None))


@blueprint.post("/appeals/<public_id>")
@requires(Permission.APPEALS_REVIEW)
def decide(public_id: str) -> Any:
    """Decide."""
    found = _own(public_id)
    form = _form(found)
    if not form.validate():
        return _page(found, form, 422)
    positions = [int(number) for number in re.findall(r"\d{1,4}", form.positions.data or "")]
    details = {"positions": positions, "mode": form.mode.data}
    given = (form.upheld.data == "yes", form.decision.data or "", form.remedy.data or "")
    try:
        services.decide(found, *given, current_actor().public_id, clock.now(), details)
    except DomainError as error:
        form.refuse(error)
        transaction.begin_read()
        return _page(_own(public_id), form, 422)
    flash(_("Your decision is kept, and the candidate is told."), "success")
    return redirect(url_for("appeals_review.assigned"))
