"""The list of designs, a version that is fixed, specimens of both kinds, and copying, continuing and laying aside.

Drafts, and putting a version into use, are in `design_drafts`.
"""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock, transaction
from app.body.queries import get_body
from app.errors import DomainError, Missing
from app.forms import options
from app.policy import Permission, current_actor, fresh, requires
from certificates.checking.routes.verify import unkept
from certificates.designs import previews, queries, services, words
from certificates.designs.forms import SAMPLES, CopyForm, UseForm
from certificates.designs.previews import Sample, SampleName
from certificates.designs.queries import Shown
from certificates.designs.services import Doer
from certificates.pdf.design import SHIPPED
from certificates.pdf.fonts import NameNotRenderable
from certificates.pdf.model import DesignReference
from courses import summaries
from courses.summaries import LevelView

blueprint = Blueprint("certificate_designs", __name__, template_folder="../../templates")
PLACE = "/office/certificates/designs"
VERSION = f"{PLACE}/<code>/<int(max=99999):version>"
_KEPT = "private, max-age=31536000, immutable"


def doer() -> Doer:
    """Who acts in this request."""
    return Doer(current_actor().public_id, clock.now())


def find_level(code: str) -> LevelView | None:
    """The level with a code, else the first one, else None."""
    levels = summaries.list_levels()
    return next((level for level in levels if level.code == code), levels[0] if levels else None)


def address(reference: DesignReference, endpoint: str = "version_page", **more: Any) -> str:
    """The address of a version."""
    return url_for(f"certificate_designs.{endpoint}", code=reference.code, version=reference.version, **more)


@blueprint.get(PLACE)
@requires(Permission.DESIGNS_EDIT)
def list_designs() -> Any:
    """Which level uses which design, then every design with a small picture."""
    return _list(CopyForm(formdata=None))


def _list(form: CopyForm, status: int = 200) -> Any:
    rows, choices, now = queries.list_versions(), queries.list_choices(), clock.now()
    used = [(level, queries.in_force(choices, level.code, now)) for level in summaries.list_levels()]
    page = render_template(
        "certificates/office/designs.html",
        form=form,
        rows=rows,
        used=used,
        coming=[choice for choice in choices if choice.from_at > now],
        default=queries.DEFAULT,
        titles=_titles(rows),
        shipped=SHIPPED,
        names=queries.list_names([choice.chosen_by for choice in choices] + [row.changed_by for row in rows]),
        stamp=get_body().version,
        state_words=words.state_words,
    )
    return page, status


def _titles(rows: Any) -> dict[tuple[str, int], str]:
    """The names of all designs by code and version."""
    own = {(row.design.code, row.version): row.data["title"] for row in rows}
    return {(design.code, design.version): words.title_of(design) for design in SHIPPED} | own


@blueprint.post(f"{PLACE}/copy")
@requires(Permission.DESIGNS_EDIT)
def copy() -> Any:
    """Begin a design of one's own as a copy."""
    form = CopyForm()
    if not form.validate():
        return _list(form, 422)
    source = queries.get_shown(form.code.data or "", form.version.data or 0)
    row = services.copy(source, form.title.data or "", doer())
    flash(_("This is your copy. Nothing is printed in it until it is put into use."), "success")
    return redirect(address(DesignReference(row.design.code, row.version)))


def use_form(form: UseForm | None = None, shown: Shown | None = None) -> UseForm:
    """The form that puts a version into use, with the levels of the body."""
    form = form or UseForm(formdata=None, revision=str(shown.row.revision) if shown and shown.row else "")
    form.use_level.choices = options([(level.code, level.title) for level in summaries.list_levels()])
    return form


def fixed_page(shown: Shown, form: UseForm | None = None, status: int = 200) -> Any:
    """A version that can no longer be changed."""
    choices, row = queries.list_choices(), shown.row
    mine = [c for c in choices if (c.design_code, c.design_version) == (shown.design.code, shown.design.version)]
    people = [choice.chosen_by for choice in mine] + ([row.made_by, row.changed_by, row.retired_by] if row else [])
    page = render_template(
        "certificates/office/design.html",
        shown=shown,
        design=shown.design,
        title=words.title_of(shown.design),
        row=row,
        form=use_form(form),
        choices=mine,
        copy_form=CopyForm(formdata=None),
        levels={level.code: level.title for level in summaries.list_levels()},
        names=queries.list_names(people),
        samples=SAMPLES,
        asked=_asked(),
        stamp=get_body().version,
        state_words=words.state_words,
    )
    return page, status


def _asked() -> dict[str, str]:
    """Which specimen the address asks for; anything unknown is the usual one."""
    sample = request.args.get("sample", "")
    known = sample if sample in set(SampleName) else SampleName.SHORT.value
    return {
        "sample": known,
        "ends": "" if request.args.get("ends") == "no" else "y",
        "level": request.args.get("level", ""),
    }


def _specimen(code: str, version: int) -> bytes:
    shown, asked = queries.get_shown(code, version), _asked()
    sample = Sample(SampleName(asked["sample"]), bool(asked["ends"]))
    model = previews.sample_model(shown.design, find_level(asked["level"]), sample, get_body(), clock.now())
    try:
        return previews.page(model, shown.design)
    except NameNotRenderable as problem:
        raise DomainError(words.unprintable(problem)[1]) from None


@blueprint.get(f"{VERSION}.pdf")
@requires(Permission.DESIGNS_EDIT)
def specimen(code: str, version: int) -> Response:
    """The specimen as it would be printed, unsigned."""
    response = Response(_specimen(code, version), mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=f"{code}-{version}.pdf")
    return unkept(response)


@blueprint.get(f"{VERSION}.png")
@requires(Permission.DESIGNS_EDIT)
def picture(code: str, version: int) -> Response:
    """The specimen as a picture: small for the list, or with `?wide` as wide as a page needs it."""
    width = previews.WIDE if "wide" in request.args else previews.SMALL
    response = Response(previews.picture(_specimen(code, version), width), mimetype="image/png")
    unkept(response)
    if "v" in request.args:  # stamped with what it shows
        response.headers["Cache-Control"] = _KEPT
    return response


@blueprint.post(f"{VERSION}/next")
@requires(Permission.DESIGNS_EDIT)
def begin_next(code: str, version: int) -> Any:
    """Begin the next version of a design of one's own."""
    try:
        row = services.begin_next(code, version, doer())
    except Missing:
        raise
    except DomainError as error:
        transaction.begin_read()
        flash(error.message, "warning")
        return redirect(address(DesignReference(code, version)))
    return redirect(address(DesignReference(code, row.version)))


@blueprint.post(f"{VERSION}/retire")
@requires(Permission.DESIGNS_USE)
@fresh
def retire(code: str, version: int) -> Any:
    """Lay a version aside; no level may use it."""
    try:
        services.retire(code, version, doer())
    except Missing:
        raise
    except DomainError as error:
        transaction.begin_read()
        flash(error.message, "warning")
        return redirect(address(DesignReference(code, version)))
    flash(_("The version is laid aside. Certificates drawn in it stay as they are."), "success")
    return redirect(url_for("certificate_designs.list_designs"))
