"""A draft of a design: the form, its preview while it is written, keeping it, and putting a version into use."""

import base64
import binascii
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from app import clock, transaction
from app.body.queries import get_body
from app.errors import DomainError, Stale
from app.forms import options
from app.policy import Permission, fresh, requires
from certificates.designs import previews, queries, scans, services, words
from certificates.designs.forms import COLOUR, WORD, CopyForm, DesignForm, UseForm, values_of
from certificates.designs.previews import Sample, SampleName
from certificates.designs.queries import Shown
from certificates.designs.routes.designs import VERSION, address, blueprint, doer, find_level, fixed_page, use_form
from certificates.designs.services import Use
from certificates.pdf.design import Design, DesignInvalid
from certificates.pdf.fonts import NameNotRenderable
from certificates.pdf.model import MOST_SIGNATORIES
from courses import summaries

__all__ = ["blueprint"]

_NUMBERS = range(1, MOST_SIGNATORIES + 1)


@dataclass
class Typed:
    """What a form holds: the design where it has no fault, and the pictures by the number of their signatory."""

    design: Design | None
    pictures: dict[int, bytes] = field(default_factory=dict)
    specimen: str = ""


def editor(
    shown: Shown, form: DesignForm | None = None, *, use: UseForm | None = None, typed: Typed | None = None, **more: Any
) -> str:
    """The page of a draft, with what was typed or as it is kept."""
    body = get_body()
    assert shown.row is not None
    kept = values_of(shown.design, body) | {"revision": str(shown.row.revision), "reason": shown.row.reason}
    form = form or DesignForm(formdata=None, **kept)
    _fill_levels(form)
    specimen = typed.specimen if typed else _preview(shown.design, form)[0]
    return render_template(
        "certificates/office/design-draft.html",
        shown=shown,
        design=shown.design,
        row=shown.row,
        form=form,
        use=use_form(use, shown),
        copy_form=CopyForm(formdata=None),
        usual=_usual(),
        colours=[form[name] for name in form._fields if name.startswith(COLOUR)],
        wordings=[form[name] for name in form._fields if name.startswith(WORD)],
        body_people=body.signatories,
        names=queries.list_names([shown.row.changed_by, shown.row.made_by]),
        preview=specimen,
        stamp=body.version,
        **{"theirs": []} | more,
    )


def _usual() -> dict[str, str]:
    """The words and colours that a certificate has where a design says nothing, in the body's language."""
    plain = previews.sample_model(queries.DEFAULT, None, Sample(), get_body(), clock.now())
    words_there = {f"{WORD}{name}": text for name, text in vars(plain.wording).items()}
    return words_there | {f"{COLOUR}{name}": colour for name, colour in vars(plain.palette).items()}


def _fill_levels(form: DesignForm) -> None:
    form.level.choices = options([(level.code, level.title) for level in summaries.list_levels()])


def _read(shown: Shown) -> tuple[DesignForm, Typed]:
    """The posted form, with every fault at its field, and what it says."""
    form = DesignForm()
    _fill_levels(form)
    form.level.validate_choice = False  # a level may go while somebody writes; the preview shows the first one then
    is_whole = form.validate()
    pictures = _pictures(form)
    if not is_whole or form.errors:
        return form, Typed(None, pictures)
    try:
        design = form.as_design(shown.design.code, shown.design.version, pictures)
        services.check(design)
    except DesignInvalid as problem:
        for fault in problem.faults:
            form.refuse(DomainError(words.fault_words(fault), words.field_of(fault.part)))
        return form, Typed(None, pictures)
    return form, Typed(design, pictures)


def _pictures(form: DesignForm) -> dict[int, bytes]:
    """The pictures of signatures, uploaded just now, on their way in the form, or stored; faults at their fields."""
    found = {}
    for number in _NUMBERS:
        if form[f"remove_{number}"].data:
            form[f"held_{number}"].data = form[f"kept_{number}"].data = ""
            continue
        try:
            picture = _picture(form, number)
        except DomainError as error:
            form.refuse(DomainError(error.message, f"scan_{number}"))
            continue
        if picture:
            found[number] = picture
    return found


def _picture(form: DesignForm, number: int) -> bytes:
    sent, held, kept = form[f"scan_{number}"].data, form[f"held_{number}"], form[f"kept_{number}"]
    if isinstance(sent, FileStorage) and sent.filename:
        picture = scans.redraw(sent.stream.read(scans.MOST_BYTES + 1))
        held.data = base64.b64encode(picture).decode()
        return picture
    if held.data:
        try:
            return scans.redraw(base64.b64decode(held.data, validate=True))
        except (binascii.Error, DomainError):
            held.data = ""
            raise DomainError(_("Choose the picture once more.")) from None
    if kept.data:
        try:
            return scans.read(kept.data[:64])
        except FileNotFoundError:
            kept.data = ""
            raise DomainError(_("Choose the picture once more.")) from None
    return b""


def _preview(design: Design, form: DesignForm) -> tuple[str, tuple[str, str] | None]:
    """The specimen as the address of a picture, or the field and the reason why there is none."""
    known = form.sample.data if form.sample.data in set(SampleName) else SampleName.SHORT
    sample = Sample(SampleName(known), bool(form.ends.data))
    model = previews.sample_model(design, find_level(form.level.data or ""), sample, get_body(), clock.now())
    try:
        drawn = previews.picture(previews.page(model, design), previews.WIDE)
    except NameNotRenderable as problem:
        return "", words.unprintable(problem)
    return f"data:image/png;base64,{base64.b64encode(drawn).decode()}", None


@blueprint.post(f"{VERSION}/preview")
@requires(Permission.DESIGNS_EDIT)
@transaction.slow_first
def live_preview(code: str, version: int) -> Any:
    """What is being written as a picture, or its faults by field; nothing is kept."""
    form, typed = _read(queries.get_shown(code, version))
    if typed.design is None:
        return jsonify(faults={name: str(errors[0]) for name, errors in form.errors.items() if name and errors})
    drawn, fault = _preview(typed.design, form)
    if fault:
        return jsonify(faults=dict([fault]))
    return jsonify(picture=drawn)


@blueprint.get(VERSION)
@requires(Permission.DESIGNS_EDIT)
def version_page(code: str, version: int) -> Any:
    """One version: a draft to be written, or a fixed one to be looked at."""
    shown = queries.get_shown(code, version)
    return editor(shown) if shown.is_draft else fixed_page(shown)


@blueprint.post(VERSION)
@requires(Permission.DESIGNS_EDIT)
@transaction.slow_first
def save(code: str, version: int) -> Any:
    """Keep the draft, or show how it would look."""
    shown = queries.get_shown(code, version)
    if shown.row is None:
        raise DomainError(services.fixed_words())
    form, typed = _read(shown)
    if typed.design is None:
        return editor(shown, form, typed=typed), 422
    typed.specimen, fault = _preview(typed.design, form)
    if fault:
        form.refuse(DomainError(fault[1], fault[0]))
    if fault or request.form.get("act") == "preview":
        return editor(shown, form, typed=typed), 422 if fault else 200
    return _keep(typed.design, form, typed)


def _keep(design: Design, form: DesignForm, typed: Typed) -> Any:
    transaction.begin_write()
    pictures, reason = list(typed.pictures.values()), form.reason.data or ""
    try:
        services.save(design, pictures, reason, revision=whole_number(form.revision.data), doer=doer())
    except DomainError as error:
        transaction.begin_read()
        return _not_kept(queries.get_shown(design.code, design.version), form, typed, error)
    flash(_("The draft is saved."), "success")
    return redirect(address(design.reference))


def _not_kept(shown: Shown, form: DesignForm, typed: Typed, error: DomainError) -> Any:
    """What was typed stays in the form; beside it stands what somebody else has saved."""
    if shown.row is None:
        raise error
    form.refuse(error)
    form.revision.data = str(shown.row.revision)
    return editor(shown, form, typed=typed, theirs=_theirs(shown, form)), error.status


def _theirs(shown: Shown, form: DesignForm) -> list[tuple[str, str, str]]:
    """Where the saved draft differs from what was typed: label, theirs, yours."""
    saved = DesignForm(formdata=None, **values_of(shown.design, get_body()))
    left_out = ("revision", "reason", "sample", "ends", "level", "csrf_token", "held_1", "held_2")
    pairs = [(saved[name], field) for name, field in form._fields.items() if name not in left_out and name in saved]
    differing = [(one, other) for one, other in pairs if (one.data or "") != (other.data or "")]
    return [(_label(form, mine.name), _shown(theirs), _shown(mine)) for theirs, mine in differing]


def _label(form: DesignForm, name: str) -> str:
    """What a field is called; a stored picture goes by the name of the field it came in."""
    return str(form[name.replace("kept_", "scan_")].label.text)


def _shown(field: Any) -> str:
    """What a field holds, in words; a picture is only said to be there."""
    if not field.data:
        return "—"
    if field.name.startswith(("kept_", "held_", "scan_")):
        return _("a picture")
    if field.data is True:
        return _("yes")
    return next((str(label) for value, label, *_rest in _choices(field) if value == field.data), str(field.data))


def _choices(field: Any) -> list[Any]:
    return list(field.iter_choices()) if hasattr(field, "iter_choices") else []


@blueprint.post(f"{VERSION}/use")
@requires(Permission.DESIGNS_USE)
@fresh
@transaction.slow_first
def use(code: str, version: int) -> Any:
    """Let a level be certified in this version, after every kind of name was tried in it."""
    form, shown = use_form(UseForm()), queries.get_shown(code, version)
    if not form.validate():
        return _refused(shown, form)
    level, by = find_level(form.use_level.data or ""), doer()
    wanted = Use(
        form.use_level.data or "",
        _from(form.from_day.data),
        form.use_reason.data or "",
        whole_number(form.revision.data),
    )
    try:
        previews.check_every_sample(shown.design, level, get_body(), by.now)
        transaction.begin_write()
        services.put_into_use(shown.design.reference, wanted, by)
    except DomainError as error:
        transaction.begin_read()
        form.refuse(error)
        return _refused(queries.get_shown(code, version), form, error.status if isinstance(error, Stale) else 422)
    flash(_("It is chosen. Certificates that exist stay as they are."), "success")
    return redirect(url_for("certificate_designs.list_designs"))


def _refused(shown: Shown, form: UseForm, status: int = 422) -> Any:
    if shown.is_draft:
        return editor(shown, use=form), status
    return fixed_page(shown, form, status)


def whole_number(text: str | None) -> int:
    """The number in a hidden field; 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _from(day: date | None) -> datetime:
    """The beginning of a day where the body is at home; without one, now."""
    if day is None:
        return clock.now()
    return datetime.combine(day, time(), ZoneInfo(get_body().zone)).astimezone(UTC)
