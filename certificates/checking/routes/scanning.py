"""Scanning: what a code holds, read by the browser or from a photograph, leads to the entry or is named as not ours."""

from contextlib import closing
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import limits, transaction
from app.errors import DomainError
from app.limits import Limit
from app.policy import Permission, requires
from certificates.checking.code_check import judge_code
from certificates.checking.codes import Code, CodeKind
from certificates.checking.forms import CodeForm, UploadForm
from certificates.checking.routes.verify import start_page, unkept
from certificates.numbers import NumberInvalid, parse_number
from certificates.strangers import asking
from certificates.strangers.asking import NotRead

blueprint = Blueprint("scanning", __name__, template_folder="../../templates")
MEGABYTE = 1024**2
MOST_BYTES = 15 * MEGABYTE
SCANNED = Limit("codes scanned", 60, 60)


@blueprint.post("/verify/code")
@requires(Permission.PUBLIC)
@transaction.slow_first
def code() -> Any:
    """Judge what a code holds. A photograph is read in memory and not kept."""
    limits.count_reading(SCANNED, request.remote_addr or "")
    form = CodeForm()
    try:
        if not form.validate():
            return start_page(UploadForm(formdata=None), code_form=form, status=422)
        found = _chosen([judge_code(text) for text in _texts(form)])
    except DomainError as error:
        form.refuse(error)
        return start_page(UploadForm(formdata=None), code_form=form, status=422)
    if found.kind is CodeKind.OURS:
        return redirect(_entry(found.number), 303)
    return unkept(make_response(render_template("certificates/code.html", code=found)))


def _texts(form: CodeForm) -> list[str]:
    """What was scanned. Raises DomainError at `photo`."""
    if form.text.data:
        return [form.text.data]
    given = form.photo.data
    if not given or not given.filename:
        raise DomainError(_("Take or choose a photo of the code."), "photo")
    with closing(given):
        data = given.stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise DomainError(_("The photo is larger than 15 MB. Take it with a lower resolution."), "photo")
    try:
        texts = asking.read_codes(data)
    except NotRead as problem:
        raise DomainError(_refusal(problem.code), "photo") from problem
    if not texts:
        message = _("No code was found on the photo. Go closer, keep it flat and in focus, or type the number.")
        raise DomainError(message, "photo")
    return texts


def _refusal(why: str) -> str:
    return {
        "size": _("The photo has too many pixels. Take it with a lower resolution."),
        "picture": _("This is no photo that can be read here. Choose a JPEG, PNG or WebP file."),
        "busy": _("Many photos are being read at this moment. Try again in a minute, or type the number."),
    }.get(why, _("The photo could not be read. Take another one, or type the number."))


def _chosen(codes: list[Code]) -> Code:
    """Of several codes on one photograph: ours, or else the one that leads elsewhere."""
    order = (CodeKind.OURS, CodeKind.FOREIGN, CodeKind.NO_ADDRESS)
    return min(codes, key=lambda found: order.index(found.kind))


def _entry(number: str) -> str:
    """Where a number of ours leads; one that is mistyped, back to the field with the reason."""
    try:
        return url_for("verify.entry", number=parse_number(number))
    except NumberInvalid:
        return url_for("verify.start", number=number)
