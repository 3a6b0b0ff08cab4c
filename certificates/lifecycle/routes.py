"""What officers do to one certificate: suspend, lift, propose and confirm a revocation, record an appeal, replace."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app import clock
from app.accounts.queries import get_person
from app.errors import Missing
from app.forms import Form
from app.policy import Permission, current_actor, fresh, requires
from certificates import queries, words
from certificates.acting import is_done
from certificates.awarding.routes import blueprint
from certificates.changes import deciding
from certificates.changes import queries as requests
from certificates.issuing import ordering
from certificates.lifecycle import correcting, revocations
from certificates.lifecycle import suspending as lifecycle
from certificates.lifecycle.forms import CorrectForm, LiftForm, ReplaceForm, RevokeForm, SuspendForm
from certificates.lifecycle.revocations import ReasonClass
from certificates.models import Credential

FORMS: dict[str, type[Form]] = {
    "suspend": SuspendForm,
    "lift": LiftForm,
    "revoke": RevokeForm,
    "replace": ReplaceForm,
    "correct": CorrectForm,
    "step": Form,
}

__all__ = ["blueprint"]


@blueprint.get("/office/certificates/<public_id>")
@requires(Permission.CERTIFICATES_MANAGE)
def certificate(public_id: str) -> Any:
    """One certificate with its history and everything that may be done to it."""
    return _page(public_id)


def _page(public_id: str, status: int = 200, **given: Form) -> Any:
    credential, now = queries.get_credential(public_id), clock.now()
    page = render_template(
        "certificates/office/certificate.html",
        credential=credential,
        standing=queries.standing_of(credential, now),
        asked=requests.list_of_credential(credential.id),
        kind_words=deciding.kind_words,
        live=revocations.live_revocation(credential),
        names=_names(credential),
        words=words,
        forms={name: form(formdata=None) for name, form in FORMS.items()} | given,
    )
    return page, status


def _names(credential: Credential) -> dict[str, str]:
    """The names of the people who acted on a certificate, by public id."""
    acted = {row.by for row in credential.history} | {row.second_by for row in credential.history}
    acted.add(credential.decision.decided_by)
    for row in credential.revocations:
        acted |= {row.proposed_by, row.confirmed_by or "", row.ended_by}
    return {public_id: _name(public_id) for public_id in acted if public_id and not public_id.startswith("standing:")}


def _name(public_id: str) -> str:
    if public_id == "system":
        return _("by the clock")
    try:
        return get_person(public_id).name
    except Missing:
        return _("someone who has left")


def _act(public_id: str, key: str, form: Form, act: Callable[[], None], done: str) -> Any:
    """Run one act of a form and come back; what a rule refuses is shown at the form, with everything typed."""
    if not is_done(form, act):
        return _page(public_id, 422, **{key: form})
    flash(done, "success")
    return redirect(url_for("certificates_office.certificate", public_id=public_id))


@blueprint.post("/office/certificates/<public_id>/suspend")
@requires(Permission.CERTIFICATES_MANAGE)
@fresh
def suspend(public_id: str) -> Any:
    """Suspend for up to seven days."""
    form = SuspendForm()
    act = lambda: lifecycle.suspend(  # noqa: E731
        public_id, form.days.data or 0, form.note.data or "", actor=current_actor(), now=clock.now()
    )
    return _act(public_id, "suspend", form, act, _("The certificate is suspended, and its holder is told."))


@blueprint.post("/office/certificates/<public_id>/lift")
@requires(Permission.CERTIFICATES_MANAGE)
@fresh
def lift(public_id: str) -> Any:
    """End a suspension."""
    form = LiftForm()
    act = lambda: lifecycle.lift(public_id, form.note.data or "", actor=current_actor(), now=clock.now())  # noqa: E731
    return _act(public_id, "lift", form, act, _("The suspension is lifted."))


@blueprint.post("/office/certificates/<public_id>/revoke")
@requires(Permission.CERTIFICATES_MANAGE)
@fresh
def propose(public_id: str) -> Any:
    """The first of two people."""
    form = RevokeForm()

    def act() -> None:
        reason = ReasonClass(form.reason.data)
        revocations.propose_revocation(
            public_id,
            reason,
            form.note.data or "",
            case=form.case.data or "",
            actor=current_actor(),
            now=clock.now(),
        )

    return _act(public_id, "revoke", form, act, _("Proposed. A second officer has to confirm it."))


@blueprint.post("/office/certificates/<public_id>/replace")
@requires(Permission.CERTIFICATES_MANAGE)
@fresh
def replace(public_id: str) -> Any:
    """A new certificate under the name as confirmed now."""
    form = ReplaceForm()

    def act() -> None:
        ordering.replace(public_id, form.reason.data or "", actor=current_actor().public_id, now=clock.now())

    return _act(public_id, "replace", form, act, _("A new certificate is on its way; it will replace this one."))


@blueprint.post("/office/certificates/<public_id>/correct")
@requires(Permission.CERTIFICATES_MANAGE)
@fresh
def correct(public_id: str) -> Any:
    """Say that the revocation was a mistake, and make a new certificate."""
    form = CorrectForm()

    def act() -> None:
        correcting.correct_revocation(public_id, form.note.data or "", actor=current_actor(), now=clock.now())

    return _act(
        public_id, "correct", form, act, _("Recorded. A new certificate is on its way, and its holder is told.")
    )


@blueprint.post("/office/certificates/<public_id>/again")
@requires(Permission.CERTIFICATES_MANAGE)
@fresh
def again(public_id: str) -> Any:
    """Try again to make a certificate that was held up."""
    return _act(public_id, "step", Form(), lambda: _order_again(public_id), _("It is being made again."))


def _order_again(public_id: str) -> None:
    ordering.order_again(public_id, actor=current_actor().public_id, now=clock.now())


@blueprint.post(
    "/office/certificates/<public_id>/revocations/<revocation>/<any(confirm, drop, appeal, stands, ends):step>"
)
@requires(Permission.CERTIFICATES_MANAGE)
@fresh
def revocation_step(public_id: str, revocation: str, step: str) -> Any:
    """Confirm or drop a proposal, record an appeal, or how it ended."""
    actor, now = current_actor(), clock.now()
    steps: dict[str, Callable[[], None]] = {
        "confirm": lambda: revocations.confirm_revocation(revocation, actor=actor, now=now),
        "drop": lambda: revocations.drop_proposal(revocation, actor=actor, now=now),
        "appeal": lambda: revocations.note_appeal(revocation, actor=actor, now=now),
        "stands": lambda: revocations.end_appeal(revocation, stands=True, actor=actor, now=now),
        "ends": lambda: revocations.end_appeal(revocation, stands=False, actor=actor, now=now),
    }
    return _act(public_id, "step", Form(), steps[step], _("Recorded."))
