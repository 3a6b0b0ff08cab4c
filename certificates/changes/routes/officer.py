"""The officers' queue of what holders ask for, and the decision on each."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app import clock, transaction
from app.audit.services import Note, write
from app.errors import Missing
from app.forms import Form
from app.policy import Permission, current_actor, fresh, requires
from app.storage.services import as_attachment
from certificates import words
from certificates.acting import is_done
from certificates.changes import deciding, names, queries, renewing
from certificates.changes.forms import AgreeNameForm, AgreeRenewalForm, RefuseForm
from certificates.changes.models import ChangeKind, ChangeRequest, ChangeState
from certificates.cpd import queries as cpd

blueprint = Blueprint(
    "certificate_requests", __name__, url_prefix="/office/certificates/requests", template_folder="../../templates"
)


@blueprint.get("")
@requires(Permission.CERTIFICATES_MANAGE)
def queue() -> Any:
    """What waits, the longest wait first."""
    rows = queries.list_open()
    return render_template("certificates/office/requests.html", rows=rows, kind_words=deciding.kind_words)


@blueprint.get("/<public_id>")
@requires(Permission.CERTIFICATES_MANAGE)
def request_page(public_id: str) -> Any:
    """One request with everything that is needed to decide on it."""
    return _page(public_id)


def _page(public_id: str, status: int = 200, **given: Form) -> Any:
    row = queries.get_request(public_id)
    is_renewal = row.kind == ChangeKind.RENEWAL
    forms = {"agree": (AgreeRenewalForm if is_renewal else AgreeNameForm)(formdata=None)}
    page = render_template(
        "certificates/office/request.html",
        row=row,
        credential=row.credential,
        activities=_activities(row) if is_renewal else [],
        conflict=_conflict(row),
        forms=forms | {"refuse": RefuseForm(formdata=None)} | given,
        kind_words=deciding.kind_words,
        free_left=names.MOST_FREE - queries.count_spellings(row.person_id),
        words=words,
    )
    return page, status


def _conflict(row: ChangeRequest) -> str:
    if row.person_id == current_actor().person_id:
        return _("Nobody decides on a certificate of their own.")
    if row.kind != ChangeKind.RENEWAL:
        return ""
    return renewing.conflict_of(current_actor(), row.credential)


def _activities(row: ChangeRequest) -> list[dict[str, Any]]:
    """What a renewal rests on: as it was counted, with the words and the file of the record behind it."""
    kept = row.development["activities"]
    behind = cpd.find_by_refs(row.person_id, [entry["ref"] for entry in kept])
    sample = set(row.development["sample"])
    return [entry | {"own": behind.get(entry["ref"]), "drawn": entry["ref"] in sample} for entry in kept]


@blueprint.post("/<public_id>/agree")
@requires(Permission.CERTIFICATES_MANAGE)
@fresh
def agree(public_id: str) -> Any:
    """Grant what was asked."""
    row, actor = queries.get_request(public_id), current_actor()
    if row.kind == ChangeKind.RENEWAL:
        renewal = AgreeRenewalForm()
        return _act(
            public_id, "agree", renewal,
            lambda: renewing.agree(
                public_id, declared=renewal.declared.data, sampled=renewal.sampled.data, actor=actor, now=clock.now()
            ),
        )  # fmt: skip
    form = AgreeNameForm()
    return _act(
        public_id, "agree", form,
        lambda: names.agree(public_id, seen_proof=form.seen_proof.data, actor=actor, now=clock.now()),
    )  # fmt: skip


@blueprint.post("/<public_id>/refuse")
@requires(Permission.CERTIFICATES_MANAGE)
@fresh
def refuse(public_id: str) -> Any:
    """Refuse what was asked, with a reason."""
    form = RefuseForm()
    return _act(
        public_id, "refuse", form,
        lambda: deciding.refuse(public_id, form.answer.data or "", actor=current_actor(), now=clock.now()),
    )  # fmt: skip


def _act(public_id: str, key: str, form: Form, act: Callable[[], Any]) -> Any:
    """Run one decision; what a rule refuses is shown at the form, with everything typed."""
    if not is_done(form, act):
        return _page(public_id, 422, **{key: form})
    flash(_("Your decision is recorded, and the holder is told."), "success")
    return redirect(url_for("certificate_requests.queue"))


@blueprint.get("/<public_id>/proof")
@requires(Permission.CERTIFICATES_MANAGE)
def proof(public_id: str) -> Response:
    """The proof of a new name, for those who decide; that it was opened is noted in the trail."""
    row = queries.get_request(public_id)
    _refuse_own(row)
    answer = as_attachment(cpd.get_stored(row.file_id))
    _note_opened(row, "change.proof_opened")
    return answer


@blueprint.get("/<public_id>/activities/<activity>/file")
@requires(Permission.CERTIFICATES_MANAGE)
def activity_file(public_id: str, activity: str) -> Response:
    """The proof of an activity that a renewal rests on, while it waits for a decision."""
    row = queries.get_request(public_id)
    _refuse_own(row)
    named = {entry["ref"] for entry in row.development.get("activities", [])}
    if row.state != ChangeState.OPEN or cpd.OWN + activity not in named:
        raise Missing
    answer = as_attachment(cpd.get_file(cpd.get_activity(activity, row.person_id)))
    _note_opened(row, "cpd.proof_opened")
    return answer


def _refuse_own(row: ChangeRequest) -> None:
    """An officer's own proof is a holder's: it has its place on the holder's page."""
    if row.person_id == current_actor().person_id:
        raise Missing


def _note_opened(row: ChangeRequest, action: str) -> None:
    note = Note(action, current_actor().public_id, ("credential", row.credential.public_id), {"request": row.public_id})
    transaction.later_aside(lambda session: write(session, [note]))
