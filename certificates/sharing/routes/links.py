"""A holder's links to one certificate: make one, see who opened it, end it."""

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _

from app import clock, transaction
from app.accounts.queries import get_own as get_own_person
from app.body.queries import get_body
from app.errors import DomainError, Missing
from app.policy import Permission, current_actor, requires
from certificates import queries
from certificates.checking.routes.verify import unkept
from certificates.sharing import services as sharing
from certificates.sharing import watching
from certificates.sharing.forms import DOCUMENT, ShareForm

blueprint = Blueprint("sharing", __name__, url_prefix="/certificates", template_folder="../../templates")


@blueprint.get("/<public_id>/shares")
@requires(Permission.CERTIFICATES_OWN)
def shares(public_id: str) -> Any:
    """The links to one certificate, and the form for another."""
    return _page(public_id, ShareForm(formdata=None))


def _page(public_id: str, form: ShareForm, status: int = 200, link: str = "") -> Any:
    """The page; `link` is one just made, which is shown this once."""
    credential, now = queries.get_own(public_id, current_actor().person_id), clock.now()
    page = render_template(
        "certificates/sharing/shares.html",
        credential=credential,
        form=form,
        link=link,
        logs=sharing.list_logs(credential.id, now),
        now=now,
        watches=watching.count_watches([credential.id], now).get(credential.id, 0),
        listed=sharing.LISTED_A_DAY,
    )
    return unkept(make_response(page, status))


@blueprint.post("/<public_id>/shares")
@requires(Permission.CERTIFICATES_OWN)
def make(public_id: str) -> Any:
    """Make a link. It is answered with the page itself: the link is told this once and never kept."""
    form = ShareForm()
    if not form.validate():
        return _page(public_id, form, 422)
    wish = sharing.Wish(form.audience.data or "", form.days.data or 0, form.shows.data == DOCUMENT)
    try:
        _share, token = sharing.make(public_id, get_own_person(current_actor().person_id), wish, clock.now())
    except Missing:
        raise
    except DomainError as error:
        form.refuse(error)
        transaction.begin_read()
        return _page(public_id, form, 422)
    return _page(public_id, ShareForm(formdata=None), link=f"{get_body().base_address}/s/{token}")


@blueprint.post("/shares/<public_id>/end")
@requires(Permission.CERTIFICATES_OWN)
def end(public_id: str) -> Any:
    """End a link."""
    share = sharing.end(public_id, get_own_person(current_actor().person_id), clock.now())
    flash(_("The link is ended. Whoever opens it now reads that it is over."), "success")
    return redirect(url_for("sharing.shares", public_id=share.credential.public_id))
