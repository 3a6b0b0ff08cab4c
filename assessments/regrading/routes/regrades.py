"""Regrades for officers: proposing with a dry run, reading what it would do, approving or dropping."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from app import clock, transaction
from app.accounts.models import Person
from app.errors import DomainError
from app.extensions import db
from app.policy import Permission, current_actor, fresh, requires
from assessments.exams.models import Attempt
from assessments.exams.queries import get_exam
from assessments.regrading import proposing, queries, services, words
from assessments.regrading.forms import DropForm, ProposeForm
from assessments.regrading.models import Regrade

blueprint = Blueprint("regrades", __name__, template_folder="../templates")


@blueprint.get("/office/exams/<code>/regrades/new")
@requires(Permission.KEYS_REVIEW)
def new(code: str) -> Any:
    """Choose questions, then say what is to happen with each."""
    return _new_page(code, ProposeForm(formdata=None), request.args.getlist("version", type=int))


def _new_page(code: str, form: ProposeForm, versions: list[int], status: int = 200) -> Any:
    exam = get_exam(code)
    asked = queries.list_asked(exam, versions)
    html = render_template(
        "regrading/new.html" if versions and asked else "regrading/choose.html",
        exam=exam,
        form=form,
        asked=[(one, queries.other_versions(one.version) if versions else []) for one in asked],
        figures=queries.statistics_of([one.version.id for one in asked]),
        modes=words.mode_words(),
        review=request.values.get("review", "")[:20],
        typed=request.form,
    )
    return html, status


@blueprint.post("/office/exams/<code>/regrades/new")
@requires(Permission.KEYS_REVIEW)
def propose(code: str) -> Any:
    """Write the proposal down with its dry run."""
    exam, form, versions = get_exam(code), ProposeForm(), request.form.getlist("version", type=int)[:50]
    if not form.validate():
        return _new_page(code, form, versions, 422)
    review = request.form.get("review", "")
    try:
        rows = proposing.read_rows(exam, request.form, versions)
        found = queries.get_review(review) if review else None
        made = services.propose(
            exam, rows, form.reason.data or "", current_actor().public_id, clock.now(), review=found
        )
    except DomainError as error:
        form.refuse(error)
        transaction.begin_read()
        return _new_page(code, form, versions, 422)
    flash(_("Proposed. Nothing has changed yet: another officer reads what it would do, and approves."), "success")
    return redirect(url_for("regrades.regrade", public_id=made.public_id))


def _page(public_id: str, status: int = 200, fault: str = "") -> Any:
    found = queries.get_regrade(public_id)
    effect = services.dry_run(found.exam_id, found.decisions) if found.state == "proposed" else found.effect
    html = render_template(
        "regrading/regrade.html",
        regrade=found,
        exam=found.exam,
        effect=effect,
        names=_names(found, effect),
        modes=words.mode_words(),
        states=words.state_words(),
        is_own=found.proposed_by == current_actor().public_id,
        drop=DropForm(formdata=None),
        fault=fault,
    )
    return html, status


def _names(found: Regrade, effect: dict[str, Any] | None) -> dict[str, str]:
    """Names of the people concerned, by attempt, for officers."""
    attempts = [row["attempt"] for row in (effect or {}).get("rows", [])]
    statement = select(Attempt.public_id, Person.name).join(Person, Person.id == Attempt.person_id)
    return dict(db.session.execute(statement.where(Attempt.public_id.in_(attempts))).all())


@blueprint.get("/office/regrades/<public_id>")
@requires(Permission.KEYS_REVIEW)
def regrade(public_id: str) -> Any:
    """What a regrade does, worked out at this moment while it waits."""
    return _page(public_id)


@blueprint.post("/office/regrades/<public_id>/approve")
@requires(Permission.KEYS_REVIEW)
@fresh
def approve(public_id: str) -> Any:
    """Apply it."""
    found = queries.get_regrade(public_id)
    try:
        effect = services.approve(found, request.form.get("seen", ""), current_actor().public_id, clock.now())
    except DomainError as error:
        transaction.begin_read()
        return _page(public_id, error.status, error.message)
    flash(_("Applied: %(count)s results have changed.", count=effect["changed"]), "success")
    return redirect(url_for("regrades.regrade", public_id=public_id))


@blueprint.post("/office/regrades/<public_id>/drop")
@requires(Permission.KEYS_REVIEW)
def drop(public_id: str) -> Any:
    """Decide against it."""
    found, form = queries.get_regrade(public_id), DropForm()
    if not form.validate():
        return _page(public_id, 422, str(form.reason.errors[0]))
    code = found.exam.code
    services.drop(found, form.reason.data or "", current_actor().public_id, clock.now())
    flash(_("Dropped. Nothing has changed."), "info")
    return redirect(url_for("key_reviews.keys", code=code))
