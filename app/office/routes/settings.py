"""The body's settings, and the wording of its messages."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from app import clock, transaction
from app.audit.services import record
from app.body import services as body_services
from app.body.queries import find_body_row, get_body
from app.body.routes import LOGO
from app.errors import DomainError, Missing
from app.mail import services as mail
from app.mail.kinds import MailKind, fill, unknown_placeholders, wording_hint
from app.office.forms import BodyForm, MailTextForm
from app.office.logos import redraw
from app.policy import Permission, current_actor, fresh, requires
from app.storage.services import keep_own

blueprint = Blueprint("settings", __name__)


@blueprint.get("/office/settings")
@requires(Permission.BODY_EDIT)
def body() -> Any:
    """What the body says of itself."""
    row = find_body_row()
    assert row is not None
    people = {f"signatory_{n}": s.name for n, s in enumerate(row.signatories, 1)}
    offices = {f"office_{n}": s.office for n, s in enumerate(row.signatories, 1)}
    return render_template("office/settings.html", form=BodyForm(formdata=None, obj=row, **people, **offices))


@blueprint.post("/office/settings")
@requires(Permission.BODY_EDIT)
@fresh
@transaction.slow_first
def body_post() -> Any:
    """Keep the settings; colours that cannot be read are refused beside their field."""
    form = BodyForm()
    try:
        if not form.validate():
            return render_template("office/settings.html", form=form), 422
        picture = redraw(form.logo.data.read()) if form.logo.data else None
        transaction.begin_write()
        body_services.change(_values(form, picture), form.signatories, actor=current_actor().public_id)
    except DomainError as error:
        form.refuse(error)
        transaction.begin_read()
        return render_template("office/settings.html", form=form), 422
    flash(_("Saved."), "success")
    return redirect(url_for("settings.body"))


def _values(form: BodyForm, picture: bytes | None) -> dict[str, Any]:
    names = [name for name in body_services.EDITABLE if name != "logo_file"]
    values = {name: getattr(form, name).data or "" for name in names}
    if picture is not None:
        kept = keep_own(picture, "logo.png", "image/png", purpose=LOGO, owner="body")
        values["logo_file"] = kept.public_id
    elif form.remove_logo.data:
        values["logo_file"] = ""
    return values


@blueprint.get("/office/mails")
@requires(Permission.MAIL_SEE)
def mails() -> Any:
    """Every message the system can send."""
    return render_template("office/mails.html", kinds=current_app.extensions["mail_kinds"].all())


def _kind(code: str) -> MailKind:
    kind = current_app.extensions["mail_kinds"].find(code)
    if kind is None:
        raise Missing
    return kind


def _language() -> str:
    return str(get_locale() or "en")


@blueprint.get("/office/mails/<code>")
@requires(Permission.MAIL_SEE)
def mail_text(code: str) -> Any:
    """One message: its words, and how it looks filled in."""
    kind = _kind(code)
    own = mail.find_wording(kind, _language())
    form = MailTextForm(
        formdata=None, subject=own.subject if own else kind.subject, text=own.text if own else kind.text
    )
    return _mail_page(kind, form, own is not None)


def _mail_page(kind: MailKind, form: MailTextForm, is_own: bool, status: int = 200) -> Any:
    body_now = get_body()
    values = kind.samples | {"body": body_now.name, "site": body_now.base_address, "contact": body_now.contact_email}
    preview = (fill(form.subject.data or "", values), fill(form.text.data or "", values))
    html = render_template(
        "office/mail-text.html", kind=kind, form=form, hint=wording_hint(kind), preview=preview, is_own=is_own
    )
    return html, status


@blueprint.post("/office/mails/<code>")
@requires(Permission.BODY_EDIT)
@fresh
def mail_text_post(code: str) -> Any:
    """Preview or keep the officer's wording."""
    kind = _kind(code)
    form = MailTextForm()
    good = form.validate() and _placeholders_known(kind, form)
    if not good or request.form.get("act") == "preview":
        return _mail_page(kind, form, mail.find_wording(kind, _language()) is not None, 200 if good else 422)
    actor = current_actor().public_id
    mail.reword(kind, _language(), form.subject.data or "", form.text.data or "", actor=actor, now=clock.now())
    record("mail.reworded", actor=actor, subject=("mail", kind.code))
    flash(_("Saved. The next message uses it."), "success")
    return redirect(url_for("settings.mail_text", code=code))


def _placeholders_known(kind: MailKind, form: MailTextForm) -> bool:
    for field in (form.subject, form.text):
        unknown = unknown_placeholders(field.data or "", kind)
        if unknown:
            names = ", ".join(f"{{{name}}}" for name in sorted(unknown))
            form.refuse(DomainError(_("This message has nothing to fill in for %(names)s.", names=names), field.name))
    return not form.errors


@blueprint.post("/office/mails/<code>/restore")
@requires(Permission.BODY_EDIT)
@fresh
def mail_text_restore(code: str) -> Any:
    """Go back to the built-in wording."""
    kind = _kind(code)
    mail.restore_wording(kind, _language())
    record("mail.wording_restored", actor=current_actor().public_id, subject=("mail", kind.code))
    flash(_("The built-in wording is back."), "success")
    return redirect(url_for("settings.mail_text", code=code))
