"""What a holder asks for one certificate: another name, another period, to be shown no more, or shown again."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app import clock, transaction
from app.accounts.queries import get_own as get_own_person
from app.errors import DomainError, Missing
from app.policy import Permission, current_actor, fresh, requires
from app.storage.services import as_attachment
from certificates import queries, words
from certificates.acting import is_done
from certificates.awarding import reentry
from certificates.awarding import services as awards
from certificates.changes import deciding, names, renewing
from certificates.changes import queries as requests
from certificates.changes.forms import ConfirmForm, NameChangeForm
from certificates.changes.models import ChangeKind
from certificates.changes.periods import Phase
from certificates.cpd.queries import get_stored
from certificates.holding import services as holding
from certificates.issuing import ordering
from certificates.uploads import read_upload

blueprint = Blueprint("changes", __name__, url_prefix="/certificates", template_folder="../../templates")


@blueprint.get("/<public_id>/name-change")
@requires(Permission.CERTIFICATES_OWN)
def name_change(public_id: str) -> Any:
    """Another name: a typing error, or a new one."""
    return _name_page(public_id, NameChangeForm(formdata=None))


def _name_page(public_id: str, form: NameChangeForm, status: int = 200) -> Any:
    credential = queries.get_own(public_id, current_actor().person_id)
    page = render_template(
        "certificates/changes/name-change.html",
        credential=credential,
        form=form,
        asked=requests.find_open(credential.id),
        can_ask=ordering.can_be_replaced(credential, clock.now()),
        kept_days=deciding.PROOF_KEPT_FOR.days,
        kind_words=deciding.kind_words,
    )
    return page, status


@blueprint.post("/<public_id>/name-change")
@requires(Permission.CERTIFICATES_OWN)
@transaction.slow_first
def name_change_post(public_id: str) -> Any:
    """Ask for another name."""
    queries.get_own(public_id, current_actor().person_id)
    form = NameChangeForm()
    is_whole = form.validate()
    try:
        proof = read_upload(form.file.data, names.FILE_KINDS, names.MOST_MEGABYTES)
        if is_whole:
            transaction.begin_write()
            asked = names.Asked(ChangeKind(form.kind.data), form.new_name.data or "", form.words.data or "", proof)
            names.ask(public_id, get_own_person(current_actor().person_id), asked, clock.now())
    except Missing:
        raise
    except DomainError as error:
        form.refuse(error)
        transaction.begin_read()
        return _name_page(public_id, form, 422)
    if not is_whole:
        return _name_page(public_id, form, 422)
    flash(_("Asked. An officer looks at it, and you get a message."), "success")
    return redirect(url_for("holder.certificates"))


@blueprint.get("/<public_id>/renew")
@requires(Permission.CERTIFICATES_OWN)
def renew(public_id: str) -> Any:
    """How the certificate stands with its renewal, and the button."""
    return _renew_page(public_id, ConfirmForm(formdata=None))


def _renew_page(public_id: str, form: ConfirmForm, status: int = 200) -> Any:
    credential, now = queries.get_own(public_id, current_actor().person_id), clock.now()
    outlook = renewing.find_outlook(credential, now)
    is_over = outlook is not None and outlook.phase is Phase.OVER
    page = render_template(
        "certificates/changes/renew.html",
        credential=credential,
        outlook=outlook,
        steps=reentry.list_steps(credential.level_code, awards.today(now)) if is_over else [],
        form=form,
        words=words,
    )
    return page, status


@blueprint.post("/<public_id>/renew")
@requires(Permission.CERTIFICATES_OWN)
def renew_post(public_id: str) -> Any:
    """Ask for the next period."""
    form = ConfirmForm(confirm=True)
    try:
        renewing.ask(public_id, get_own_person(current_actor().person_id), clock.now())
    except Missing:
        raise
    except DomainError as error:
        form.refuse(error)
        transaction.begin_read()
        return _renew_page(public_id, form, 422)
    flash(_("Asked. Somebody who neither taught nor examined you decides, and you get a message."), "success")
    return redirect(url_for("holder.certificates"))


@blueprint.post("/requests/<public_id>/take-back")
@requires(Permission.CERTIFICATES_OWN)
def take_back(public_id: str) -> Any:
    """Take an open request back."""
    deciding.take_back(public_id, current_actor().person_id, clock.now())
    flash(_("Taken back. A proof that you sent has been deleted."), "success")
    return redirect(url_for("holder.certificates"))


@blueprint.get("/requests/<public_id>/proof")
@requires(Permission.CERTIFICATES_OWN)
def proof(public_id: str) -> Response:
    """The proof that one has sent, as a download."""
    return as_attachment(get_stored(requests.get_own_request(public_id, current_actor().person_id).file_id))


@blueprint.get("/<public_id>/withdraw")
@requires(Permission.CERTIFICATES_OWN)
def withdraw(public_id: str) -> Any:
    """What a withdrawal means, before it is done."""
    return _withdraw_page(public_id, ConfirmForm(formdata=None))


def _withdraw_page(public_id: str, form: ConfirmForm, status: int = 200) -> Any:
    credential = queries.get_own(public_id, current_actor().person_id)
    return render_template("certificates/changes/withdraw.html", credential=credential, form=form), status


@blueprint.post("/<public_id>/withdraw")
@requires(Permission.CERTIFICATES_OWN)
@fresh
def withdraw_post(public_id: str) -> Any:
    """Withdraw a certificate."""
    form = ConfirmForm()
    if not is_done(form, lambda: holding.withdraw(public_id, get_own_person(current_actor().person_id), clock.now())):
        return _withdraw_page(public_id, form, 422)
    flash(_("Withdrawn. You can take this back at any time."), "success")
    return redirect(url_for("holder.certificates"))


@blueprint.post("/<public_id>/restore")
@requires(Permission.CERTIFICATES_OWN)
def restore(public_id: str) -> Any:
    """Take a withdrawal back."""
    try:
        holding.restore(public_id, get_own_person(current_actor().person_id), clock.now())
    except Missing:
        raise
    except DomainError as error:
        flash(error.message, "warning")
    else:
        flash(_("The certificate is shown again, as you chose before."), "success")
    return redirect(url_for("holder.certificates"))
