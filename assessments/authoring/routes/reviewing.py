"""The page of a reviewer: what is new, beside what is in use, and the decision."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock, transaction
from app.errors import DomainError, Missing, Stale
from app.policy import Permission, current_actor, requires
from assessments.authoring import queries, showing, words
from assessments.authoring.alike_items import near_items
from assessments.authoring.differences import field_changes
from assessments.authoring.forms import ReviewForm
from assessments.authoring.routes.item import ITEM, compared
from assessments.authoring.routes.writing import blueprint
from assessments.items import finding, reviewing
from assessments.items.models import Item, ItemVersion, VersionState

__all__ = ["blueprint"]


def _waiting(item: Item) -> ItemVersion:
    """The version that waits for a decision. Raises Missing."""
    version = finding.find_open_version(item.id)
    if version is None or version.state != VersionState.IN_REVIEW:
        raise Missing
    return next(one for one in finding.list_versions(item.id) if one.id == version.id)


@blueprint.get(f"{ITEM}/review")
@requires(Permission.ITEMS_APPROVE)
def review(public_id: str) -> Any:
    """A version that waits, with what changes against the one in use."""
    item = finding.get_item(public_id)
    return _page(item, _waiting(item), ReviewForm(formdata=None))


def _page(item: Item, version: ItemVersion, form: ReviewForm) -> str:
    now, actor = clock.now(), current_actor()
    in_use = next((one for one in finding.list_versions(item.id) if one.number == item.number), None)
    return render_template(
        "authoring/review.html",
        item=item,
        version=version,
        in_use=in_use,
        changes=field_changes(compared(in_use), compared(version)) if in_use is not None else [],
        showing=showing.find_showing(version.content),
        variants=showing.list_variants(version.content),
        near=near_items(item.bank_id, item.code, str(version.content.get("stem", ""))),
        reviews=[(number, one) for number, one in finding.list_reviews(item.id) if number == version.number],
        names=queries.names_of({version.made_by, *version.writers}),
        refusal=reviewing.why_not(version, actor, now),
        is_alone=reviewing.is_own(version, actor),
        form=form,
        words=words,
    )


@blueprint.post(f"{ITEM}/review")
@requires(Permission.ITEMS_APPROVE)
def decide(public_id: str) -> Any:
    """Approve the version, or return it with a note."""
    item, form = finding.get_item(public_id), ReviewForm()
    version, act = _waiting(item), request.form.get("act")
    if not form.validate_on_submit():
        return _page(item, version, form), 422
    try:
        if act == "approve":
            _check_seen(version)
            reviewing.approve(version, form.note.data or "", actor=current_actor(), now=clock.now())
        else:
            reviewing.return_(version, form.note.data or "", actor=current_actor(), now=clock.now())
    except DomainError as error:
        transaction.begin_read()
        form.refuse(error)
        item = finding.get_item(public_id)
        return _page(item, _waiting(item), form), error.status if isinstance(error, Stale) else 422
    is_approved = act == "approve"
    flash(_("The version is in use now.") if is_approved else _("It is back with its writer."), "success")
    return redirect(url_for("authoring.item", public_id=public_id, version=version.number))


def _check_seen(version: ItemVersion) -> None:
    """What is approved is what was on the reviewer's page. Raises Stale when it is another wording by now."""
    if request.form.get("mark") != version.content_hash:
        raise Stale(_("This version has changed since you opened it. Read it again."))
