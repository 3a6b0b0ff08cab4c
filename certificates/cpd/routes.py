"""A holder's record of continuing development: what counts, what is asked, and every activity."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app import clock, transaction
from app.accounts.queries import get_own
from app.errors import DomainError, Missing
from app.policy import Permission, current_actor, requires
from app.storage.services import as_attachment
from certificates import words
from certificates.changes import queries as changes
from certificates.changes import renewing
from certificates.cpd import queries, services
from certificates.cpd.forms import ActivityForm
from certificates.cpd.hours import CpdKind
from certificates.uploads import read_upload

blueprint = Blueprint("cpd", __name__, url_prefix="/cpd", template_folder="../templates")


@blueprint.get("")
@requires(Permission.CPD_OWN)
def record() -> Any:
    """Totals against what is asked, and the record, the newest first."""
    person_id, now = current_actor().person_id, clock.now()
    outlooks = renewing.list_outlooks(person_id, now)
    first = min((outlook.counts_from for outlook in outlooks), default=None)
    told = queries.list_hours(person_id, first) if first else []
    return render_template(
        "certificates/cpd/record.html",
        outlooks=outlooks,
        rows=queries.list_activities(person_id),
        told=[entry for entry in told if not entry.ref.startswith(queries.OWN)],
        used=changes.used_refs(person_id),
        words=words,
    )


@blueprint.get("/new")
@requires(Permission.CPD_OWN)
def new() -> Any:
    """The form for another activity."""
    return _form_page(ActivityForm(formdata=None))


@blueprint.post("/new")
@requires(Permission.CPD_OWN)
@transaction.slow_first
def new_post() -> Any:
    """Record an activity."""
    form = ActivityForm()
    entry = _read(form)
    if entry is None:
        return _form_page(form, status=422)
    transaction.begin_write()
    try:
        services.record_activity(get_own(current_actor().person_id), entry, clock.now())
    except DomainError as error:
        return _refused(form, error)
    flash(_("Recorded."), "success")
    return redirect(url_for("cpd.record"))


@blueprint.get("/<public_id>")
@requires(Permission.CPD_OWN)
def edit(public_id: str) -> Any:
    """One activity, to change it or take it back."""
    row = queries.get_activity(public_id, current_actor().person_id)
    names = ("title", "done_on", "hours", "kind", "learnt")
    form = ActivityForm(formdata=None, **{name: getattr(row, name) for name in names})
    form.hours.data = row.hours.normalize()
    return _form_page(form, public_id)


@blueprint.post("/<public_id>")
@requires(Permission.CPD_OWN)
@transaction.slow_first
def edit_post(public_id: str) -> Any:
    """Change an activity."""
    queries.get_activity(public_id, current_actor().person_id)
    form = ActivityForm()
    entry = _read(form)
    if entry is None:
        return _form_page(form, public_id, 422)
    transaction.begin_write()
    try:
        services.change_activity(public_id, get_own(current_actor().person_id), entry, clock.now())
    except Missing:
        raise
    except DomainError as error:
        return _refused(form, error, public_id)
    flash(_("Saved."), "success")
    return redirect(url_for("cpd.record"))


@blueprint.post("/<public_id>/withdraw")
@requires(Permission.CPD_OWN)
def withdraw(public_id: str) -> Any:
    """Take an activity back."""
    try:
        services.withdraw_activity(public_id, get_own(current_actor().person_id), clock.now())
    except Missing:
        raise
    except DomainError as error:
        flash(error.message, "warning")
    else:
        flash(_("Taken back. It counts no more."), "success")
    return redirect(url_for("cpd.record"))


@blueprint.get("/<public_id>/file")
@requires(Permission.CPD_OWN)
def file(public_id: str) -> Response:
    """The proof of one's own activity, as a download."""
    return as_attachment(queries.get_file(queries.get_activity(public_id, current_actor().person_id)))


def _read(form: ActivityForm) -> services.Entry | None:
    """The activity as it was typed, its file looked at; None with the faults at their fields."""
    is_whole = form.validate()
    try:
        sent = read_upload(form.file.data, services.FILE_KINDS, services.MOST_MEGABYTES)
    except DomainError as error:
        form.refuse(error)
        return None
    if not is_whole or form.hours.data is None:
        return None
    return services.Entry(
        done_on=form.done_on.data,
        hours=form.hours.data,
        kind=CpdKind(form.kind.data),
        title=form.title.data or "",
        learnt=form.learnt.data or "",
        file=sent,
    )


def _refused(form: ActivityForm, error: DomainError, public_id: str = "") -> Any:
    form.refuse(error)
    transaction.begin_read()
    return _form_page(form, public_id, 422)


def _form_page(form: ActivityForm, public_id: str = "", status: int = 200) -> Any:
    person_id = current_actor().person_id
    row = queries.get_activity(public_id, person_id) if public_id else None
    is_used = row is not None and queries.OWN + public_id in changes.used_refs(person_id)
    page = render_template("certificates/cpd/activity.html", form=form, row=row, is_used=is_used, words=words)
    return page, status
