"""The officers' page of badges: how many certificates have none, and the order to make them."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import ngettext

from app import clock
from app.forms import Form
from app.policy import Permission, current_actor, fresh, requires
from certificates.acting import is_done
from certificates.badging import services

blueprint = Blueprint(
    "office_badges", __name__, url_prefix="/office/certificates/badges", template_folder="../../templates"
)


@blueprint.get("")
@requires(Permission.CERTIFICATES_MANAGE)
def missing() -> Any:
    """How many valid certificates have no badge, and what making them does and does not do."""
    return _page(Form(formdata=None))


def _page(form: Form, status: int = 200) -> Any:
    count = len(services.list_without(clock.now()))
    return render_template("certificates/office/badges.html", form=form, count=count), status


@blueprint.post("")
@requires(Permission.CERTIFICATES_MANAGE)
@fresh
def make_missing() -> Any:
    """Order a badge for each of them."""
    form, ordered = Form(), []
    if not is_done(form, lambda: ordered.append(services.order_missing(current_actor().public_id, clock.now()))):
        return _page(form, 422)
    count = ordered[0]
    flash(ngettext("%(num)s badge is being made.", "%(num)s badges are being made.", count), "success")
    return redirect(url_for("office_badges.missing"))
