"""Writing an item: choosing its kind, the form with its preview, saving a draft by hand or by itself, sending it."""

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import BadRequest

from app import clock, transaction
from app.errors import DomainError, Stale
from app.policy import Permission, current_actor, requires
from app.shell import show_time
from assessments.authoring import drafts, queries, toml_text, where_used, words
from assessments.authoring.alike_items import near_items
from assessments.authoring.drafts import Draft, draft_of, read_draft
from assessments.authoring.routes.item import ITEM, blueprint
from assessments.authoring.uploads import KINDS_WITH_PICTURE, MOST_BYTES, take_picture
from assessments.grading.kinds.registry import KINDS
from assessments.items import finding, reviewing, writing
from assessments.items.definitions import ItemsInvalid
from assessments.items.models import Item, ItemBank, ItemVersion, VersionState
from courses.folder.items import THINKING
from courses.folder.lessons import TECHNIQUES

__all__ = ["blueprint"]

ABOUT_KINDS: dict[str, Any] = {
    "single": _l("A question with three to five options, one of them right."),
    "multiple": _l("Several options are right, and the page says how many."),
    "true_false": _l("A sentence that is true or false."),
    "inline_choice": _l("A text with lists to choose from. Written as text."),
    "matching": _l("What belongs together is put together."),
    "ordering": _l("Steps are put into their order."),
    "placing": _l("Labels are put on places, with or without a picture. Written as text."),
    "hotspot": _l("Places of a picture are pointed at, or chosen from a list. Written as text."),
    "cloze": _l("A text with gaps to fill in. Written as text."),
    "short_text": _l("A word or two, compared with a list of good answers."),
    "numeric": _l("A number, with a tolerance."),
    "parametrised": _l("A question whose numbers differ from one candidate to the next. Written as text."),
    "essay": _l("A longer text that assessors mark."),
    "file_answer": _l("Files that assessors mark."),
}


@blueprint.get("/items/new")
@requires(Permission.ITEMS_WRITE)
def new() -> Any:
    """Choose a bank and a kind."""
    return _chooser()


@blueprint.post("/items/new")
@requires(Permission.ITEMS_WRITE)
def begin() -> Any:
    """Begin an item: an empty draft of the kind that was chosen, and its form."""
    kind, code = request.form.get("kind", ""), request.form.get("code", "").strip()
    if kind not in KINDS:
        return _chooser(_("Choose a kind of question.")), 422
    bank = finding.get_bank(request.form.get("bank", ""))
    definition = {"code": code or queries.next_code(bank.id), "kind": kind}
    try:
        version = writing.begin_item(bank, writing.Written(definition), actor=current_actor(), now=clock.now())
    except DomainError as error:
        transaction.begin_read()
        return _chooser(error.message), 422
    return redirect(url_for("authoring.write", public_id=version.item.public_id))


def _chooser(fault: str = "") -> str:
    return render_template(
        "authoring/new.html",
        banks=finding.list_banks(),
        chosen=request.values.get("bank", ""),
        kinds=[(name, words.KINDS[name], about) for name, about in ABOUT_KINDS.items()],
        kind=request.form.get("kind", ""),
        code=request.form.get("code", ""),
        fault=fault,
    )


@blueprint.get(f"{ITEM}/write")
@requires(Permission.ITEMS_WRITE)
def write(public_id: str) -> Any:
    """The form of an item: its draft, or the version in use from which the next one is written."""
    item = finding.get_item(public_id)
    source = _source(item)
    if source.state == VersionState.IN_REVIEW:
        flash(_("This version waits for a reviewer. Take it back to go on writing."), "info")
        return redirect(url_for("authoring.item", public_id=public_id, version=source.number))
    return _page(item, source, _draft(item, source))


def _source(item: Item) -> ItemVersion:
    """The version that is open, else the one in use, else the newest."""
    return finding.find_open_version(item.id) or finding.find_in_use(item) or finding.list_versions(item.id)[0]


def _draft(item: Item, source: ItemVersion) -> Draft:
    is_draft = source.state == VersionState.DRAFT
    return draft_of(
        source.content,
        as_text=request.args.get("as") == "text",
        reason=source.reason if is_draft else "",
        language=source.language,
        case=_case_code(item, source),
        mark=source.content_hash,
    )


def _case_code(item: Item, source: ItemVersion) -> str:
    found = next((one for one in finding.list_versions(item.id) if one.id == source.id), None)
    return found.stimulus.stimulus.code if found is not None and found.stimulus is not None else ""


def _page(item: Item, source: ItemVersion, draft: Draft, more: tuple[str, ...] = ()) -> str:
    topics, objectives = queries.list_places(item.bank_id)
    return render_template(
        "authoring/write.html",
        item=item,
        source=source,
        draft=draft,
        is_draft=source.state == VersionState.DRAFT,
        cases=finding.list_cases(item.bank_id),
        topics=topics,
        objectives=objectives,
        thinking=[(name, words.THINKING[name]) for name in THINKING],
        techniques=TECHNIQUES,
        words=words,
        more=more,
        takes_picture=draft.definition.get("kind") in KINDS_WITH_PICTURE,
        faults=_listed(draft),
    )


def _listed(draft: Draft) -> list[tuple[str, str]]:
    """Every error for the summary, with the address of its control."""
    named = [(control, text) for control, found in draft.errors.items() for text in found]
    listed = [(f"{draft.name_of(control)}: {text}".lstrip(": "), f"#{_id(control)}") for control, text in named]
    return listed + [(_line(fault.line, fault.text), f"#{_id(drafts.TOML)}") for fault in draft.toml_faults]


def _line(number: int, text: str) -> str:
    return _("Line %(number)s: %(text)s", number=number, text=text) if number else text


def _id(control: str) -> str:
    return control.replace(".", "-")


@blueprint.post(f"{ITEM}/write")
@requires(Permission.ITEMS_WRITE)
def save(public_id: str) -> Any:
    """Keep what was typed as a draft, show how it looks, or send it to a reviewer."""
    item, act = finding.get_item(public_id), request.form.get("act", "save")
    source = _source(item)
    draft = read_draft(request.form, item.code, str(source.content.get("kind", "")))
    if drafts.apply_act(draft, act):
        return _page(item, source, draft)
    _take_upload(draft)
    draft.find_faults()
    if act == "preview":
        return _page(item, source, draft)
    try:
        version = _keep(item, source, draft)
        if act == "send":
            reviewing.send(version, actor=current_actor(), now=clock.now())
    except DomainError as error:
        transaction.begin_read()
        return _refused(public_id, draft, error)
    return _kept(item, version, draft, act)


def _take_upload(draft: Draft) -> None:
    """The picture that came along, put into the definition; what is wrong with it stands beside its field."""
    sent = request.files.get("picture")
    if sent is None or not sent.filename:
        return
    with sent.stream as stream:
        data = stream.read(MOST_BYTES + 1)
    if toml_text.SOURCE in draft.definition:
        return  # there is no definition yet that could name it
    try:
        take_picture(draft.definition, data)
    except DomainError as error:
        draft.errors["picture"] = [error.message]
        return
    draft.toml = toml_text.write_toml(draft.definition)


def _keep(item: Item, source: ItemVersion, draft: Draft) -> ItemVersion:
    """The draft with what was typed: the one there is, or a new version."""
    written, actor, now = draft.written(_case_id(item.bank, draft.case)), current_actor(), clock.now()
    if source.state == VersionState.DRAFT:
        writing.save_draft(source, written, expected=draft.mark, actor=actor, now=now)
        return source
    if source.state == VersionState.IN_REVIEW or draft.mark != source.content_hash:
        raise Stale(_("Somebody has changed this item since you opened it. Load the page to see what."))
    return writing.begin_version(item, written, actor=actor, now=now)


def _case_id(bank: ItemBank, code: str) -> int | None:
    """The newest wording of the case of this code. Raises DomainError at `case` for one that is not there."""
    if not code:
        return None
    found = next((one for one in finding.list_cases(bank.id) if one.stimulus.code == code), None)
    if found is None:
        raise DomainError(_("There is no such case in this bank."), "case")
    return found.id


def _refused(public_id: str, draft: Draft, error: DomainError) -> Any:
    """What was typed stays in the form; beside it stands what was refused."""
    item = finding.get_item(public_id)
    source = _source(item)
    if isinstance(error, ItemsInvalid):
        known = set(draft.errors)
        if not known and not draft.toml_faults:
            draft.errors["stem"] = [message for _code, _path, message in error.faults]
    else:
        draft.errors.setdefault(error.field or "", []).append(error.message)
    status = error.status if isinstance(error, Stale) else 422
    if isinstance(error, Stale):
        draft.mark = source.content_hash
    if request.form.get("act") == "autosave":
        return jsonify(error=error.message), status
    return _page(item, source, draft, ("theirs",) if isinstance(error, Stale) else ()), status


def _kept(item: Item, version: ItemVersion, draft: Draft, act: str) -> Any:
    if act == "autosave":
        saved = _("Saved at %(time)s", time=show_time(clock.now()).rpartition(", ")[2])
        return jsonify(mark=version.content_hash, saved=saved, faults=len(_listed(draft)), preview=_preview(draft))
    if act == "send":
        flash(_("Version %(number)s waits for a reviewer now.", number=version.number), "success")
        return redirect(url_for("authoring.item", public_id=item.public_id, version=version.number))
    draft.mark = version.content_hash
    draft.near = near_items(item.bank_id, item.code, str(draft.definition.get("stem", "")))
    flash(_("The draft is saved."), "success")
    return _page(item, version, draft)


def _preview(draft: Draft) -> str:
    return render_template("authoring/_preview.html", showing=draft.showing, uid="preview")


@blueprint.post(f"{ITEM}/drop")
@requires(Permission.ITEMS_WRITE)
def drop(public_id: str) -> Any:
    """Delete a draft that nobody has decided on."""
    item = finding.get_item(public_id)
    version, bank = finding.find_open_version(item.id), item.bank.code
    if version is None:
        raise BadRequest
    is_only = version.number == 1
    where_used.drop_draft(version, actor=current_actor())
    flash(_("The draft is gone."), "success")
    return redirect(url_for("authoring.bank", code=bank) if is_only else url_for("authoring.item", public_id=public_id))
