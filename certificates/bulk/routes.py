"""Checking many at once: a list or an archive goes in, the answers come as a page, as CSV and as a signed record."""

import json
from contextlib import closing
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import gettext as _

from app import clock, limits, transaction
from app.errors import DomainError, TooMany
from app.extensions import db
from app.limits import Limit
from app.policy import Permission, requires
from app.storage import services as storage
from certificates import words
from certificates.bulk import checking, record
from certificates.bulk.archive import is_archive, read_archive
from certificates.bulk.forms import BulkForm
from certificates.bulk.listing import read_list
from certificates.checking import signed_answers
from certificates.checking.routes.verify import unkept
from certificates.checking.signed_answers import RecordStanding

blueprint = Blueprint("bulk", __name__, template_folder="../templates")
MOST_BYTES = 20 * 1024**2
CHECKED = Limit("rows checked in bulk", 10_000, 3_600)
TAKEN = Limit("records taken", 120, 60)
ROWS_A_FILE = 5
"""How many rows of a list one file of an archive weighs: its signature is checked too."""


@blueprint.get("/verify/bulk")
@requires(Permission.PUBLIC)
def start() -> Any:
    """Where a list or an archive is chosen."""
    return _start(BulkForm(formdata=None))


def _start(form: BulkForm, status: int = 200) -> Any:
    return render_template("certificates/bulk.html", form=form), status


@blueprint.post("/verify/bulk")
@requires(Permission.PUBLIC)
@transaction.slow_first
def check() -> Any:
    """Answer for all of them. What was sent is read in memory and not kept."""
    form, now = BulkForm(), clock.now()
    try:
        if not form.validate():
            return _start(form, 422)
        name, data = _uploaded(form)
        outcomes = _outcomes(data, now)
    except TooMany:
        raise
    except DomainError as error:
        form.refuse(error)
        return _start(form, 422)
    made = record.make_record(outcomes, data, name, now)
    db.session.rollback()
    page = render_template(
        "certificates/bulk-answer.html",
        outcomes=outcomes,
        of_files=is_archive(data),
        record=made,
        written=json.dumps(made, ensure_ascii=False, separators=(",", ":")),
        checked_at=now,
        words=words,
    )
    return unkept(make_response(page))


def _uploaded(form: BulkForm) -> tuple[str, bytes]:
    given = form.file.data
    if not given or not given.filename:
        raise DomainError(_("Choose a list or an archive."), "file")
    with closing(given):
        data = given.stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise DomainError(_("The file is larger than 20 MB. Send it in parts."), "file")
    return storage.clean_name(given.filename), data


def _outcomes(data: bytes, now: datetime) -> list[Any]:
    """The answers. The limit counts rows and not requests, so that one list costs what its rows cost one by one."""
    address = request.remote_addr or ""
    limits.check(CHECKED, address)  # before anything is unpacked
    if is_archive(data):
        limits.count_reading(CHECKED, address, ROWS_A_FILE * sum(1 for _file in read_archive(data)))
        return checking.check_files(read_archive(data), now)
    rows = read_list(data)
    limits.count_reading(CHECKED, address, len(rows))
    return checking.check_rows(rows, now)


@blueprint.post("/verify/bulk/record")
@requires(Permission.PUBLIC)
@transaction.slow_first
def take() -> Any:
    """The record that the page of answers holds, as a file: nothing was kept here, so the page sends it along."""
    limits.count_reading(TAKEN, request.remote_addr or "")
    text = request.form.get("record", "")
    try:
        made = json.loads(text)
        standing = signed_answers.check(made) if made["proof"] is not None else RecordStanding.HOLDS
        table, data = ("\ufeff" + record.as_csv(made)).encode(), text.encode()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise DomainError(_("This is no record of ours.")) from problem
    if standing is not RecordStanding.HOLDS:
        raise DomainError(_("This record was changed after we signed it."))
    if request.form.get("form") == "csv":
        return _attached(table, "text/csv; charset=utf-8", "certificates-checked.csv")
    return _attached(data, "application/json", "certificates-checked.json")


def _attached(data: bytes, media_type: str, name: str) -> Response:
    response = make_response(data)
    response.headers["Content-Type"] = media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return unkept(response)
