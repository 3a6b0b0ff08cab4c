"""Joining, confirming, signing in and out, forgotten passwords."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from app import clock, limits, transaction
from app.accounts import by_mail, kept, passwords, queries, services, sessions
from app.accounts import sign_in as signing_in
from app.accounts.forms import AskResetForm, ConfirmPasswordForm, JoinForm, NewPasswordForm, SignInForm
from app.accounts.models import EmailToken, EmailTokenKind, Person
from app.body.queries import get_body
from app.errors import DomainError, Missing, TooMany
from app.limits import Limit
from app.policy import Permission, current_actor, requires

blueprint = Blueprint("accounts", __name__, template_folder="../templates")
JOINS = Limit("join", 40, 3_600)
RESETS = Limit("reset one address", 5, 86_400)
RESETS_FROM = Limit("reset from", 30, 3_600)
FOLLOWED = Limit("mailed links from", 60, 3_600)


def _where() -> str:
    return request.remote_addr or ""


@blueprint.get("/join")
@requires(Permission.PUBLIC)
def join() -> Any:
    """The form to join."""
    if current_actor().is_authenticated:
        return redirect(url_for("home.front"))
    return render_template(
        "accounts/join.html", form=JoinForm(), versions=queries.current_versions(queries.CONSENT_PAGES)
    )


@blueprint.post("/join")
@requires(Permission.PUBLIC)
@transaction.slow_first
def join_post() -> Any:
    """Order an account; known and new addresses get the same answer in the same time."""
    form = JoinForm()
    if not form.validate() or not _check_join(form):
        versions = queries.current_versions(queries.CONSENT_PAGES)
        return render_template("accounts/join.html", form=form, versions=versions), 422
    limits.count((JOINS, _where()))
    hashed = passwords.hash_password(form.password.data or "")
    transaction.begin_write()
    joining = services.Joining(
        name=form.name.data or "",
        email=form.email.data or "",
        password_hash=hashed,
        employer=form.employer.data or "",
        ties=form.ties.data or "",
        is_none=form.is_none,
        language=str(get_locale() or "en"),
    )
    by_mail.order_join(joining, clock.now())
    return redirect(url_for("accounts.check_mail"))


def _check_join(form: JoinForm) -> bool:
    """What the form's shape cannot tell: name, password, employer. Every fault is shown at once."""
    own_words = [form.name.data or "", form.email.data or "", (form.email.data or "").split("@")[0], get_body().name]
    checks = (
        lambda: services.clean_name(form.name.data or ""),
        lambda: passwords.check_new(form.password.data or "", own_words),
        lambda: services.check_affiliation(form.employer.data or "", form.ties.data or "", form.is_none),
    )
    good = True
    for check in checks:
        try:
            check()
        except DomainError as error:
            form.refuse(error)
            good = False
    return good


@blueprint.get("/join/check-mail")
@requires(Permission.PUBLIC)
def check_mail() -> Any:
    """What to do next: open the link in the mail."""
    return render_template("accounts/check-mail.html")


@blueprint.get("/confirm/<secret>")
@requires(Permission.PUBLIC)
def confirm(secret: str) -> Any:
    """A mailed link: asks for the password, so that only who joined can confirm."""
    limits.count((FOLLOWED, _where()))
    if queries.find_token(EmailTokenKind.CONFIRM, secret, clock.now()) is None:
        return _dead_link()
    return render_template("accounts/confirm.html", form=ConfirmPasswordForm(), secret=secret)


@blueprint.post("/confirm/<secret>")
@requires(Permission.PUBLIC)
@transaction.slow_first
def confirm_post(secret: str) -> Any:
    """The address is confirmed and the browser signed in."""
    form = ConfirmPasswordForm()
    token = queries.find_token(EmailTokenKind.CONFIRM, secret, clock.now())
    if token is None:
        return _dead_link()
    try:
        if not form.validate():
            raise DomainError(_("Enter your password."), "password")
        signing_in.prove_password(token.person.email, form.password.data or "")
    except TooMany:
        raise
    except DomainError as error:
        if not form.password.errors:
            form.refuse(DomainError(_("This is not the password you chose when you joined."), error.field))
        return render_template("accounts/confirm.html", form=form, secret=secret), 422
    person = services.confirm(_live_token(EmailTokenKind.CONFIRM, secret), clock.now())
    flash(_("Your address is confirmed. Welcome."), "success")
    return _signed_in(person, "", "")


def _live_token(kind: str, secret: str) -> EmailToken:
    token = queries.find_token(kind, secret, clock.now())
    if token is None:
        raise DomainError(_("This link has been used already."))
    return token


def _dead_link() -> Any:
    return render_template("accounts/dead-link.html"), 410


@blueprint.get("/sign-in")
@requires(Permission.PUBLIC)
def sign_in() -> Any:
    """The form to sign in."""
    target = kept.safe_next(request.args.get("next"))
    if current_actor().is_authenticated:
        return redirect(target or url_for("home.start"))
    form = SignInForm(next=target)
    return render_template("accounts/sign-in.html", form=form)


@blueprint.post("/sign-in")
@requires(Permission.PUBLIC)
@transaction.slow_first
def sign_in_post() -> Any:
    """Check the password, pass the step, go on to where the person was heading."""
    form = SignInForm()
    try:
        if not form.validate():
            return render_template("accounts/sign-in.html", form=form), 422
        person = signing_in.prove_password(form.email.data or "", form.password.data or "")
        if person.email_confirmed_at is None:
            services.ask_for_confirmation(person, clock.now())
            return redirect(url_for("accounts.check_mail"))
    except TooMany as error:
        form.refuse(error)
        return render_template("accounts/sign-in.html", form=form), 429, {"Retry-After": str(error.retry_after)}
    except DomainError as error:
        form.refuse(error)
        return render_template("accounts/sign-in.html", form=form), 422
    return _signed_in(person, form.next.data or "", form.kept.data or "")


def _signed_in(person: Person, target: str, kept_form: str) -> Any:
    if person.closed_at is not None:
        signing_in.keep_for_reopening(person, clock.now())
        return redirect(url_for("privacy.reopen"))
    signing_in.pass_step(person, signing_in.PASSWORD, clock.now())
    waiting = kept.find_kept(kept_form)
    if waiting is not None:
        return kept.carry_on(waiting)
    if queries.missing_consents(person.id):
        return redirect(url_for("account.consent", next=kept.safe_next(target)))
    return redirect(kept.safe_next(target) or url_for("home.start"))


@blueprint.post("/sign-out")
@requires(Permission.PUBLIC)
def sign_out() -> Any:
    """Sign this browser out."""
    actor = current_actor()
    if actor.is_authenticated:
        sessions.leave(clock.now(), actor.session_id)
    flash(_("You are signed out."), "success")
    return redirect(url_for("home.front"))


@blueprint.get("/forgotten-password")
@requires(Permission.PUBLIC)
def forgotten_password() -> Any:
    """The form that asks for a link."""
    return render_template("accounts/forgotten-password.html", form=AskResetForm())


@blueprint.post("/forgotten-password")
@requires(Permission.PUBLIC)
@transaction.slow_first
def forgotten_password_post() -> Any:
    """Order a link; whether there is such an account is found out later, and told to its address alone."""
    form = AskResetForm()
    if not form.validate():
        return render_template("accounts/forgotten-password.html", form=form), 422
    email = form.email.data or ""
    limits.count((RESETS_FROM, _where()), (RESETS, email.casefold()))
    transaction.begin_write()
    by_mail.order_reset(email)
    return render_template("accounts/reset-sent.html", email=email)


@blueprint.get("/reset-password/<secret>")
@requires(Permission.PUBLIC)
def reset_password(secret: str) -> Any:
    """A mailed link: the form for a new password."""
    limits.count((FOLLOWED, _where()))
    if queries.find_token(EmailTokenKind.RESET, secret, clock.now()) is None:
        return _dead_link()
    return render_template("accounts/new-password.html", form=NewPasswordForm(), secret=secret)


@blueprint.post("/reset-password/<secret>")
@requires(Permission.PUBLIC)
@transaction.slow_first
def reset_password_post(secret: str) -> Any:
    """Set the new password and sign in nowhere: every session has ended."""
    form = NewPasswordForm()
    token = queries.find_token(EmailTokenKind.RESET, secret, clock.now())
    if token is None:
        return _dead_link()
    try:
        if not form.validate():
            raise DomainError("", None)
        passwords.check_new(form.password.data or "", [token.person.name, token.person.email, get_body().name])
    except DomainError as error:
        if error.message:
            form.refuse(error)
        return render_template("accounts/new-password.html", form=form, secret=secret), 422
    hashed = passwords.hash_password(form.password.data or "")
    transaction.begin_write()
    services.reset_password(_live_token(EmailTokenKind.RESET, secret), hashed, clock.now())
    flash(_("Your password is changed. Sign in with the new one."), "success")
    return redirect(url_for("accounts.sign_in"))


@blueprint.get("/change-address/<secret>")
@requires(Permission.ACCOUNT_OWN)
def change_address(secret: str) -> Any:
    """A mailed link to a new address: one button, pressed while signed in."""
    token = queries.find_token(EmailTokenKind.CHANGE, secret, clock.now())
    if token is None:
        return _dead_link()
    if token.person_id != current_actor().person_id:
        raise Missing
    return render_template("accounts/change-address.html", secret=secret, email=token.email)


@blueprint.post("/change-address/<secret>")
@requires(Permission.ACCOUNT_OWN)
def change_address_post(secret: str) -> Any:
    """Use the new address from now on."""
    token = queries.find_token(EmailTokenKind.CHANGE, secret, clock.now())
    if token is None:
        return _dead_link()
    if token.person_id != current_actor().person_id:
        raise Missing
    services.change_address(token, clock.now())
    flash(_("Your new address is in use. We told the old one."), "success")
    return redirect(url_for("account.account"))
