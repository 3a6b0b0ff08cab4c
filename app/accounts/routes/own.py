"""One's own account: profile, affiliation, address, password, sessions, consents."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock, transaction
from app.accounts import by_mail, kept, passwords, queries, services, sessions
from app.accounts import sign_in as signing_in
from app.accounts.forms import (
    AffiliationForm,
    ChangeAddressForm,
    ChangePasswordForm,
    ConfirmPasswordForm,
    ConsentForm,
    ProfileForm,
)
from app.accounts.models import Person
from app.accounts.roles import role_name
from app.body.queries import get_body
from app.errors import DomainError, Missing
from app.policy import Permission, Role, current_actor, fresh, requires

blueprint = Blueprint("account", __name__)


def _own() -> Person:
    return queries.get_own(current_actor().person_id)


def _page(status: int = 200, **forms_given: Any) -> Any:
    person = _own()
    affiliation = queries.current_affiliation(person)
    shown = {
        "profile": ProfileForm(formdata=None, obj=person),
        "affiliation_form": AffiliationForm(
            formdata=None,
            affiliation="none" if affiliation and affiliation.is_none else "employer",
            employer=affiliation.employer if affiliation else "",
            ties=affiliation.ties if affiliation else "",
        ),
        "address_form": ChangeAddressForm(formdata=None),
        "password_form": ChangePasswordForm(formdata=None),
    } | forms_given
    roles = [(role_name(Role(grant.role)), grant) for grant in person.roles]
    html = render_template(
        "accounts/account.html",
        person=person,
        roles=roles,
        now=clock.now(),
        consents=queries.list_consents(person.id),
        **shown,
    )
    return html, status


@blueprint.get("/account")
@requires(Permission.ACCOUNT_OWN)
def account() -> Any:
    """Everything of one's own account on one page."""
    return _page()


@blueprint.post("/account/profile")
@requires(Permission.ACCOUNT_OWN)
def profile() -> Any:
    """Change name and zone."""
    form = ProfileForm()
    if not form.validate():
        return _page(422, profile=form)
    try:
        services.change_profile(_own(), form.name.data or "", form.zone.data or "", clock.now())
    except DomainError as error:
        form.refuse(error)
        transaction.begin_read()
        return _page(422, profile=form)
    flash(_("Saved."), "success")
    return redirect(url_for("account.account"))


@blueprint.post("/account/affiliation")
@requires(Permission.ACCOUNT_OWN)
def affiliation() -> Any:
    """Declare one's affiliation anew."""
    form = AffiliationForm()
    if not form.validate():
        return _page(422, affiliation_form=form)
    try:
        services.declare_affiliation(_own(), form.employer.data or "", form.ties.data or "", form.is_none, clock.now())
    except DomainError as error:
        form.refuse(error)
        transaction.begin_read()
        return _page(422, affiliation_form=form)
    flash(_("Saved."), "success")
    return redirect(url_for("account.account"))


@blueprint.post("/account/address")
@requires(Permission.ACCOUNT_OWN)
@fresh
def address() -> Any:
    """Ask to use another address; the link goes to the new one."""
    form = ChangeAddressForm()
    if not form.validate():
        return _page(422, address_form=form)
    by_mail.order_change(current_actor().public_id, form.email.data or "")
    flash(_("We sent a link to %(email)s. Your address changes when you open it.", email=form.email.data), "info")
    return redirect(url_for("account.account"))


@blueprint.post("/account/password")
@requires(Permission.ACCOUNT_OWN)
@fresh
@transaction.slow_first
def password() -> Any:
    """Choose a new password; other browsers are signed out."""
    form = ChangePasswordForm()
    person = _own()
    try:
        if not form.validate():
            return _page(422, password_form=form)
        passwords.check_new(form.password.data or "", [person.name, person.email, get_body().name])
    except DomainError as error:
        form.refuse(error)
        return _page(422, password_form=form)
    hashed = passwords.hash_password(form.password.data or "")
    transaction.begin_write()
    services.change_password(_own(), hashed, current_actor().session_id, clock.now())
    flash(_("Your password is changed. Other browsers are signed out."), "success")
    return redirect(url_for("account.account"))


@blueprint.get("/account/sessions")
@requires(Permission.ACCOUNT_OWN)
def sessions_page() -> Any:
    """Where one is signed in."""
    actor = current_actor()
    rows = sessions.list_sessions(actor.person_id, clock.now())
    return render_template("accounts/sessions.html", rows=rows, own_id=actor.session_id)


@blueprint.post("/account/sessions/<public_id>/end")
@requires(Permission.ACCOUNT_OWN)
def end_session(public_id: str) -> Any:
    """Sign one browser out."""
    if not sessions.end_one(current_actor().person_id, public_id, clock.now()):
        raise Missing
    flash(_("That browser is signed out."), "success")
    return redirect(url_for("account.sessions_page"))


@blueprint.post("/account/sessions/end-others")
@requires(Permission.ACCOUNT_OWN)
def end_other_sessions() -> Any:
    """Sign every other browser out."""
    actor = current_actor()
    sessions.end_all(actor.person_id, clock.now(), but=actor.session_id)
    flash(_("Every other browser is signed out."), "success")
    return redirect(url_for("account.sessions_page"))


@blueprint.get("/confirm-password")
@requires(Permission.ACCOUNT_OWN)
def confirm_password() -> Any:
    """Ask for the password before a dangerous page."""
    form = ConfirmPasswordForm(formdata=None, next=kept.safe_next(request.args.get("next")))
    return render_template("accounts/confirm-password.html", form=form)


@blueprint.post("/confirm-password")
@requires(Permission.ACCOUNT_OWN)
@transaction.slow_first
def confirm_password_post() -> Any:
    """Go on where the password was asked for."""
    form = ConfirmPasswordForm()
    actor = current_actor()
    try:
        if not form.validate():
            return render_template("accounts/confirm-password.html", form=form), 422
        signing_in.prove_again(actor.person_id, actor.session_id, form.password.data or "")
    except DomainError as error:
        form.refuse(error)
        return render_template(
            "accounts/confirm-password.html", form=form
        ), error.status if error.status == 429 else 422
    waiting = kept.find_kept(form.kept.data or "")
    if waiting is not None:
        return kept.carry_on(waiting)
    return redirect(kept.safe_next(form.next.data) or url_for("account.account"))


@blueprint.get("/account/consent")
@requires(Permission.ACCOUNT_OWN)
def consent() -> Any:
    """The texts that have a newer version than the one agreed to."""
    missing = queries.missing_consents(current_actor().person_id)
    target = kept.safe_next(request.args.get("next"))
    if not missing:
        return redirect(target or url_for("home.start"))
    return render_template("accounts/consent.html", form=ConsentForm(), missing=missing, next=target)


@blueprint.post("/account/consent")
@requires(Permission.ACCOUNT_OWN)
def consent_post() -> Any:
    """Agree to the current texts."""
    form = ConsentForm()
    person_id = current_actor().person_id
    target = kept.safe_next(request.form.get("next"))
    if not form.validate():
        missing = queries.missing_consents(person_id)
        return render_template("accounts/consent.html", form=form, missing=missing, next=target), 422
    services.give_consents(person_id, clock.now())
    return redirect(target or url_for("home.start"))
