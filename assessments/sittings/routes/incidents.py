"""Incidents and late answers for officers: what waits, and the decisions."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app import clock, transaction
from app.errors import DomainError
from app.policy import Permission, current_actor, requires
from assessments.sittings import incidents, late, queries, words
from assessments.sittings.forms import DecideForm
from assessments.sittings.incidents import Decision

blueprint = Blueprint("incidents", __name__, url_prefix="/office/incidents", template_folder="../templates")


def _page(
    status: int = 200, form: DecideForm | None = None, at: str = "", late_error: str = "", late_at: str = ""
) -> Any:
    html = render_template(
        "sittings/incidents.html",
        waiting=queries.list_incidents(decided=False),
        decided=queries.list_incidents(decided=True),
        late=late.list_groups(),
        names=queries.names_of_reporters(),
        blank=lambda public_id: DecideForm(formdata=None, prefix=f"{public_id}-"),
        why_words=words.why_words,
        form=form,
        at=at,
        late_error=late_error,
        late_at=late_at,
        kind_words=words.kind_words,
        decision_words=words.decision_words,
    )
    return html, status


@blueprint.get("")
@requires(Permission.SITTINGS_PLAN)
def waiting() -> Any:
    """Incidents and late answers that wait, and what was decided."""
    return _page()


@blueprint.post("/<public_id>")
@requires(Permission.SITTINGS_PLAN)
def decide(public_id: str) -> Any:
    """Decide on an incident."""
    form, incident = DecideForm(prefix=f"{public_id}-"), queries.get_incident(public_id, lock=True)
    try:
        if not form.validate():
            return _page(422, form, public_id)
        decision = Decision(form.decision.data or "", form.note.data or "", form.minutes.data or 0)
        refused = incidents.decide(incident, decision, current_actor().public_id, clock.now())
    except DomainError as error:
        form.refuse(error)
        transaction.begin_read()
        return _page(422, form, public_id)
    flash(_("Decided. Whoever it concerns is told by mail."), "success")
    for sentence in refused[:5]:
        flash(sentence, "warning")
    return redirect(url_for("incidents.waiting"))


@blueprint.post("/late/<attempt_id>")
@requires(Permission.SITTINGS_PLAN)
def decide_late(attempt_id: str) -> Any:
    """Count or refuse answers that came late."""
    chosen, reason = request.form.getlist("answer"), request.form.get("reason", "")[:500]
    counted, actor = request.form.get("counted") == "yes", current_actor().public_id
    try:
        number = late.decide(attempt_id, chosen, counted, reason, actor, clock.now())
    except DomainError as error:
        transaction.begin_read()
        return _page(422, late_error=error.message, late_at=attempt_id)
    if counted:
        said = ngettext("%(num)s answer counts.", "%(num)s answers count.", number)
    else:
        said = ngettext("%(num)s answer does not count.", "%(num)s answers do not count.", number)
    flash(f"{said} {_('The candidate is told by mail.')}", "success")
    return redirect(url_for("incidents.waiting"))
