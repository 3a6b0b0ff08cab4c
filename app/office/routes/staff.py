"""Roles as a whole: which work has enough people, who comes from elsewhere, and what a small body declares."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app import clock
from app.accounts.roles import role_name
from app.body import services as body_services
from app.body.queries import get_body
from app.errors import DomainError
from app.office import staff_desk
from app.office.forms import SmallBodyForm
from app.policy import Permission, Role, current_actor, fresh, requires

blueprint = Blueprint("staff", __name__)


@blueprint.get("/office/roles")
@requires(Permission.PEOPLE_SEE)
def roles() -> Any:
    """How many people each piece of work needs, and where it stops."""
    return _page(SmallBodyForm(formdata=None, words=get_body().small_body))


def _page(form: SmallBodyForm, status: int = 200) -> Any:
    now = clock.now()
    html = render_template(
        "office/roles.html",
        lines=staff_desk.list_lines(now),
        guests=[(held, role_name(Role(held.role))) for held in staff_desk.guests(now)],
        form=form,
        is_small=get_body().is_small(now),
    )
    return html, status


@blueprint.post("/office/roles/small-body")
@requires(Permission.BODY_EDIT)
@fresh
def declare_small() -> Any:
    """Declare in public that some acts are done by one person alone."""
    form, now = SmallBodyForm(), clock.now()
    try:
        if not form.validate():
            return _page(form, 422)
        body_services.declare_small(form.words.data or "", _end_of(form), actor=current_actor().public_id, now=now)
    except DomainError as error:
        form.refuse(error)
        return _page(form, 422)
    flash(_("Declared. The page about the body says so from now on."), "success")
    return redirect(url_for("staff.roles"))


def _end_of(form: SmallBodyForm) -> datetime:
    """The last second of the day, in the body's zone."""
    assert form.until.data is not None
    return datetime.combine(form.until.data, time(23, 59, 59), ZoneInfo(get_body().zone))


@blueprint.post("/office/roles/small-body/end")
@requires(Permission.BODY_EDIT)
@fresh
def end_small() -> Any:
    """End the declaration."""
    body_services.end_small(actor=current_actor().public_id)
    flash(_("The declaration has ended. Two people are needed again."), "success")
    return redirect(url_for("staff.roles"))
