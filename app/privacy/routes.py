"""A copy of one's data, closing one's account, and reopening it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import clock, forms, limits, transaction
from app.accounts import queries, sessions, sign_in
from app.audit.services import record
from app.body.queries import get_body
from app.errors import DomainError
from app.limits import Limit
from app.policy import Permission, current_actor, fresh, requires
from app.privacy import closing
from app.privacy.export import write_copy

blueprint = Blueprint("privacy", __name__, template_folder="templates")
COPIES = Limit("copy of personal data", 3, 86_400)
CERTIFICATES = [
    ("keep", _l("Keep them: employers can go on checking them, with my name")),
    ("withdraw", _l("Take my name off: checking one will say “withdrawn” and name nobody")),
]


class CloseForm(forms.Form):
    """What becomes of certificates, and the word that it is meant."""

    certificates = forms.one_of(
        _l("Your certificates"), CERTIFICATES, required=_l("Choose what becomes of your certificates.")
    )
    sure = forms.tick(_l("Yes, close my account"), required=_l("Tick the box if you want to close your account."))


@blueprint.post("/account/export")
@requires(Permission.ACCOUNT_OWN)
@fresh
@transaction.slow_first
def export() -> Any:
    """Everything that belongs to the person, as a ZIP."""
    actor, now = current_actor(), clock.now()
    limits.count((COPIES, actor.public_id))
    copy = write_copy(queries.get_own(actor.person_id), now)
    transaction.begin_write()
    record("person.exported", actor=actor.public_id, subject=("person", actor.public_id))
    name = f"{get_body().short_name}-{now:%Y-%m-%d}.zip"
    response = send_file(copy, mimetype="application/zip", as_attachment=True, download_name=name, max_age=0)
    response.headers["Cache-Control"] = "no-store"
    response.call_on_close(copy.close)
    return response


@blueprint.get("/account/close")
@requires(Permission.ACCOUNT_OWN)
def close() -> Any:
    """What goes and what stays, before anything happens."""
    return _close_page(CloseForm(formdata=None))


def _close_page(form: CloseForm) -> str:
    person, now = queries.get_own(current_actor().person_id), clock.now()
    return render_template(
        "privacy/close.html",
        form=form,
        obstacles=closing.list_obstacles(person),
        has_roles=any(grant.ends_at is None or grant.ends_at > now for grant in person.roles),
        days=closing.REOPEN_FOR.days,
    )


@blueprint.post("/account/close")
@requires(Permission.ACCOUNT_OWN)
@fresh
def close_post() -> Any:
    """Close the account and sign out everywhere."""
    form, actor, now = CloseForm(), current_actor(), clock.now()
    if not form.validate():
        return _close_page(form), 422
    try:
        closing.close(actor, form.certificates.data == "withdraw", now)
    except DomainError as error:
        transaction.begin_read()
        form.refuse(error)
        return _close_page(form), 422
    sessions.leave(now, actor.session_id)
    flash(
        _("Your account is closed. To reopen it, sign in within %(days)s days.", days=closing.REOPEN_FOR.days),
        "success",
    )
    return redirect(url_for("home.front"))


@blueprint.get("/reopen-account")
@requires(Permission.PUBLIC)
def reopen() -> Any:
    """Offered to whoever signs in to a closed account."""
    person = sign_in.find_reopening(clock.now())
    if person is None or person.closed_at is None:
        return redirect(url_for("accounts.sign_in"))
    return render_template("privacy/reopen.html", person=person, until=closing.erased_on(person.closed_at))


@blueprint.post("/reopen-account")
@requires(Permission.PUBLIC)
def reopen_post() -> Any:
    """The account is open again, and the browser signed in."""
    now = clock.now()
    person = sign_in.find_reopening(now)
    if person is None:
        return redirect(url_for("accounts.sign_in"))
    closing.reopen(person)
    sign_in.pass_step(person, sign_in.PASSWORD, now)
    flash(_("Welcome back. Your account is open again."), "success")
    return redirect(url_for("account.consent"))
