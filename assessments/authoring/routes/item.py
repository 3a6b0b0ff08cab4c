"""One item: how it looks, its key, its versions, what was said and decided, its figures, where it is used."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock, transaction
from app.errors import DomainError, Missing
from app.forms import Form
from app.policy import Permission, current_actor, requires
from assessments.authoring import queries, showing, where_used, words
from assessments.authoring.chosen import option_texts
from assessments.authoring.differences import FieldChange, field_changes
from assessments.authoring.forms import CommentForm, EnemyForm, RetireForm, TagsForm
from assessments.authoring.routes.banks import blueprint
from assessments.items import comments, finding, keeping, reviewing
from assessments.items.models import Item, ItemVersion

__all__ = ["blueprint"]

ITEM = "/items/<public_id>"


@blueprint.get(ITEM)
@requires(Permission.ITEMS_WRITE)
def item(public_id: str) -> Any:
    """An item with everything that is known of it."""
    return page(finding.get_item(public_id))


def page(found: Item, refused: Form | None = None) -> str:
    """The page of an item; `refused` is the small form that was not taken, with what was typed."""
    versions = finding.list_versions(found.id)
    shown = _asked_for(found, versions)
    statistics, said = queries.statistics_by_version(found.id), finding.list_comments(found.id)
    reviews = finding.list_reviews(found.id)
    people = {version.made_by for version in versions} | {one.by for one in said} | {one.by for _n, one in reviews}
    people |= {writer for version in versions for writer in version.writers}
    form_of: dict[type[Form], Form] = {type(refused): refused} if refused else {}
    return render_template(
        "authoring/item.html",
        item=found,
        shown=shown,
        showing=showing.find_showing(shown.content),
        variants=showing.list_variants(shown.content) if showing.find_showing(shown.content) else [],
        faults=showing.faults_in_words(shown.content),
        versions=versions,
        open_version=next((version for version in versions if version.state in finding.OPEN), None),
        changes=_changes(versions),
        statistics=statistics,
        texts=option_texts(shown.content),
        said=said,
        reviews=reviews,
        enemies=finding.list_enemies(found.id),
        tags=finding.list_tags(found.id),
        uses=where_used.find_uses(found, shown.topic, shown.thinking),
        names=queries.names_of(people),
        words=words,
        comment_form=form_of.get(CommentForm) or CommentForm(formdata=None),
        retire_form=form_of.get(RetireForm) or RetireForm(formdata=None),
        tags_form=form_of.get(TagsForm) or TagsForm(formdata=None, tags=", ".join(finding.list_tags(found.id))),
        enemy_form=form_of.get(EnemyForm) or EnemyForm(formdata=None),
        refused=refused,
    )


def _number(name: str) -> int:
    asked = request.args.get(name, "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else 0


def _asked_for(found: Item, versions: Any) -> ItemVersion:
    """The version that was asked for, else the one in use, else the newest. Raises Missing."""
    wanted = _number("version")
    if wanted and all(version.number != wanted for version in versions):
        raise Missing
    wanted = wanted or found.number or versions[0].number
    chosen: ItemVersion = next(version for version in versions if version.number == wanted)
    return chosen


def _changes(versions: Any) -> tuple[int, int, list[FieldChange]] | None:
    """The comparison that was asked for: the two numbers and what differs; None without one."""
    by_number = {version.number: version for version in versions}
    newer, older = by_number.get(_number("compare")), by_number.get(_number("with") or _number("compare") - 1)
    if newer is None or older is None:
        return None
    return older.number, newer.number, field_changes(compared(older), compared(newer))


def compared(version: ItemVersion) -> dict[str, Any]:
    """What is compared of a version: its definition, and the case it is asked about."""
    case = version.stimulus
    return dict(version.content) | ({"case": f"{case.title}\n{case.text}"} if case is not None else {})


def _back(found: Item, anchor: str = "") -> Any:
    return redirect(url_for("authoring.item", public_id=found.public_id, _anchor=anchor or None))


def _small(public_id: str, form: Form, act: Callable[[Item], None], done: str, anchor: str) -> Any:
    """A small form: done and back to the item, or shown again with what was typed and what was refused."""
    found = finding.get_item(public_id)
    if not form.validate_on_submit():
        return page(found, form), 422
    try:
        act(found)
    except DomainError as error:
        transaction.begin_read()
        form.refuse(error)
        return page(finding.get_item(public_id), form), 422
    flash(done, "success")
    return _back(found, anchor)


@blueprint.post(f"{ITEM}/comments")
@requires(Permission.ITEMS_WRITE)
def say(public_id: str) -> Any:
    """Say something about the item."""
    form = CommentForm()

    def act(found: Item) -> None:
        number = found.number or finding.last_number(found.id)
        comments.comment(found, number, form.text.data or "", actor=current_actor(), now=clock.now())

    return _small(public_id, form, act, _("Your comment is there."), "of-comments")


@blueprint.post(f"{ITEM}/comments/<comment>/settle")
@requires(Permission.ITEMS_WRITE)
def settle(public_id: str, comment: str) -> Any:
    """Fold a comment away, or open it again."""
    found = finding.get_item(public_id)
    comments.settle(finding.get_comment(found.id, comment), actor=current_actor(), now=clock.now())
    return _back(found, "of-comments")


@blueprint.post(f"{ITEM}/tags")
@requires(Permission.ITEMS_WRITE)
def tag(public_id: str) -> Any:
    """Change the tags."""
    form = TagsForm()

    def act(found: Item) -> None:
        keeping.set_tags(found, keeping.read_tags(form.tags.data or ""), actor=current_actor())

    return _small(public_id, form, act, _("The tags are changed."), "of-tags")


@blueprint.post(f"{ITEM}/enemies")
@requires(Permission.ITEMS_WRITE)
def keep_apart(public_id: str) -> Any:
    """Never ask this item together with another one."""
    form = EnemyForm()

    def act(found: Item) -> None:
        other = finding.find_item(found.bank_id, form.other.data or "")
        keeping.keep_apart(found, other, form.why.data or "", actor=current_actor(), now=clock.now())

    return _small(public_id, form, act, _("These two are never asked together now."), "of-enemies")


@blueprint.post(f"{ITEM}/enemies/<other>/end")
@requires(Permission.ITEMS_WRITE)
def let_together(public_id: str, other: str) -> Any:
    """Let two items be asked together again."""
    found = finding.get_item(public_id)
    keeping.let_together(found, finding.find_item(found.bank_id, other), actor=current_actor())
    return _back(found, "of-enemies")


@blueprint.post(f"{ITEM}/retire")
@requires(Permission.ITEMS_WRITE)
def retire(public_id: str) -> Any:
    """Take the item out of use."""
    form = RetireForm()

    def act(found: Item) -> None:
        keeping.retire(found, form.reason.data or "", actor=current_actor(), now=clock.now())

    return _small(public_id, form, act, _("The item is retired. Attempts that asked it keep it."), "of-acts")


@blueprint.post(f"{ITEM}/standing/<act>")
@requires(Permission.ITEMS_WRITE)
def stand(public_id: str, act: str) -> Any:
    """Bring the item back, let it rest or wake it, let it count or not. Raises Missing for any other act."""
    found, actor = finding.get_item(public_id), current_actor()
    if act == "bring-back":
        keeping.bring_back(found, actor=actor, now=clock.now())
    elif act in ("rest", "wake"):
        keeping.set_resting(found, act == "rest", actor=actor)
    elif act in ("pilot", "count"):
        keeping.set_pilot(found, act == "pilot", actor=actor)
    else:
        raise Missing
    return _back(found, "of-acts")


@blueprint.post(f"{ITEM}/delete")
@requires(Permission.ITEMS_WRITE)
def delete(public_id: str) -> Any:
    """Delete an item that was never used."""
    found = finding.get_item(public_id)
    code = found.bank.code
    where_used.delete_item(found, actor=current_actor())
    flash(_("The item is deleted."), "success")
    return redirect(url_for("authoring.bank", code=code))


@blueprint.post(f"{ITEM}/take-back")
@requires(Permission.ITEMS_WRITE)
def take_back(public_id: str) -> Any:
    """Go on writing what waits for a reviewer."""
    found = finding.get_item(public_id)
    version = finding.find_open_version(found.id)
    if version is None:
        raise Missing
    reviewing.take_back(version, actor=current_actor(), now=clock.now())
    return redirect(url_for("authoring.write", public_id=public_id))
