"""The cases of a bank: texts that several items ask about."""

from itertools import pairwise
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import func, select

from app import clock, transaction
from app.errors import DomainError, Missing, Stale
from app.extensions import db
from app.pages.differences import compare
from app.policy import Permission, current_actor, requires
from assessments.authoring.forms import CaseForm
from assessments.authoring.routes.reviewing import blueprint
from assessments.items import cases, finding
from assessments.items.models import Item, ItemBank, ItemVersion, Stimulus, StimulusVersion

__all__ = ["blueprint"]

CASES = "/items/bank/<code>/cases"


@blueprint.get(CASES)
@requires(Permission.ITEMS_WRITE)
def list_cases(code: str) -> Any:
    """Every case of a bank, and a form for a new one."""
    return _list(finding.get_bank(code), CaseForm(formdata=None))


def _list(bank: ItemBank, form: CaseForm) -> str:
    counted = (
        select(StimulusVersion.stimulus_id, func.count(ItemVersion.item_id.distinct()))
        .join(ItemVersion, ItemVersion.stimulus_version_id == StimulusVersion.id)
        .join(Stimulus, Stimulus.id == StimulusVersion.stimulus_id)
        .where(Stimulus.bank_id == bank.id)
        .group_by(StimulusVersion.stimulus_id)
    )
    uses: dict[int, int] = dict(db.session.execute(counted).all())
    return render_template("authoring/cases.html", bank=bank, cases=finding.list_cases(bank.id), uses=uses, form=form)


@blueprint.post(CASES)
@requires(Permission.ITEMS_WRITE)
def write_case(code: str) -> Any:
    """Keep a new case."""
    bank, form = finding.get_bank(code), CaseForm()
    if not form.validate_on_submit():
        return _list(bank, form), 422
    given = (form.code.data or "", form.title.data or "", form.text.data or "")
    try:
        version = cases.write_case(bank, *given, actor=current_actor(), now=clock.now())
    except DomainError as error:
        transaction.begin_read()
        form.refuse(error)
        return _list(finding.get_bank(code), form), 422
    flash(_("The case is kept. Items can be asked about it now."), "success")
    return redirect(url_for("authoring.case", public_id=version.stimulus.public_id))


@blueprint.get("/items/cases/<public_id>")
@requires(Permission.ITEMS_WRITE)
def case(public_id: str) -> Any:
    """One case: its newest wording in a form, the older ones, and the items that ask about it."""
    found = finding.get_case(public_id)
    newest = finding.list_case_versions(found.id)[0]
    return _case(found, CaseForm(formdata=None, title=newest.title, text=newest.text), newest.number)


def _case(found: Stimulus, form: CaseForm, expected: int) -> str:
    versions = finding.list_case_versions(found.id)
    asked = (
        select(Item.public_id, Item.code, Item.number, ItemVersion.number, StimulusVersion.number)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .join(StimulusVersion, StimulusVersion.id == ItemVersion.stimulus_version_id)
        .where(StimulusVersion.stimulus_id == found.id)
        .order_by(Item.code, ItemVersion.number.desc())
    )
    return render_template(
        "authoring/case.html",
        case=found,
        bank=db.session.get_one(ItemBank, found.bank_id),
        versions=versions,
        changes=[(newer, older, compare(older.text, newer.text)) for newer, older in pairwise(versions)],
        items=db.session.execute(asked).all(),
        form=form,
        expected=expected,
    )


@blueprint.post("/items/cases/<public_id>")
@requires(Permission.ITEMS_WRITE)
def rewrite_case(public_id: str) -> Any:
    """Keep a new wording of a case."""
    found, form = finding.get_case(public_id), CaseForm()
    given = request.form.get("number", "")
    if not given.isdecimal() or len(given) > 6:
        raise Missing
    if not form.validate_on_submit():
        return _case(found, form, int(given)), 422
    try:
        cases.rewrite_case(
            found,
            form.title.data or "",
            form.text.data or "",
            expected=int(given),
            actor=current_actor(),
            now=clock.now(),
        )
    except DomainError as error:
        transaction.begin_read()
        form.refuse(error)
        found = finding.get_case(public_id)
        return _case(found, form, found.number if isinstance(error, Stale) else int(given)), error.status
    flash(_("The case has a new wording. Items in use keep the one they were approved with."), "success")
    return redirect(url_for("authoring.case", public_id=public_id))
