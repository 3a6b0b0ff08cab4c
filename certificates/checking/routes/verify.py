"""Checking a certificate: by number, by scan, by file; as a page and as JSON, without an account."""

from contextlib import closing
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from app import clock, limits, transaction
from app.errors import DomainError, Missing
from app.extensions import db
from app.limits import Limit
from app.policy import Permission, can, current_actor, requires
from app.storage import services as storage
from app.storage.models import StoredFile
from certificates import queries, words
from certificates.checking import file_words, signed_answers, verification
from certificates.checking.code_check import judge_code
from certificates.checking.codes import CodeKind
from certificates.checking.forms import CodeForm, UploadForm
from certificates.checking.verification import OPEN_STATUSES
from certificates.lifecycle.status import Status
from certificates.models import Credential
from certificates.numbers import NumberInvalid, NumberProblem, parse_number
from certificates.sharing.routes import cards
from certificates.signatures.document_check import DocumentVerdict

blueprint = Blueprint("verify", __name__, template_folder="../../templates")
MEGABYTE = 1024**2
MOST_BYTES = 20 * MEGABYTE
ASKED = Limit("certificates asked as JSON", 30, 60)
UPLOADED = Limit("certificates uploaded", 60, 60)


@blueprint.get("/verify")
@requires(Permission.PUBLIC)
def start() -> Any:
    """Type, scan or upload; a number that is typed leads to its entry."""
    typed = request.args.get("number", "")
    if not typed.strip():
        return start_page(UploadForm(formdata=None))
    if "/" in typed:  # somebody copied the address of an entry
        read = judge_code(typed)
        if read.kind is CodeKind.FOREIGN:
            return unkept(make_response(render_template("certificates/code.html", code=read)))
        typed = read.number or typed
    try:
        return redirect(url_for("verify.entry", number=parse_number(typed)))
    except NumberInvalid as problem:
        return start_page(UploadForm(formdata=None), typed, number_fault(problem.problem), 422)


def start_page(
    form: UploadForm, typed: str = "", fault: str = "", status: int = 200, code_form: CodeForm | None = None
) -> Any:
    """The page with every way to check; `form` and `code_form` carry what is wrong with what was sent."""
    code_form = code_form or CodeForm(formdata=None)
    page = render_template("certificates/verify.html", form=form, code_form=code_form, typed=typed, fault=fault)
    return page, status


def number_fault(problem: NumberProblem) -> str:
    """Why a typed text is no certificate number, and what to look at."""
    return {
        NumberProblem.EMPTY: _("Enter the number that stands on the certificate."),
        NumberProblem.LENGTH: _(
            "A certificate number has 27 letters and digits in groups of four. Some are missing, or too many."
        ),
        NumberProblem.CHARACTER: _(
            "There is a character in it that no certificate number has. Look again at what is printed."
        ),
        NumberProblem.CHECK: _(
            "A character is mistyped: letters and digits do not fit together. Compare them group by group."
        ),
    }[problem]


@blueprint.post("/verify")
@requires(Permission.PUBLIC)
@transaction.slow_first
def upload() -> Any:
    """Compare a file with what was signed. The file is read in memory and not kept."""
    limits.count_reading(UPLOADED, request.remote_addr or "")
    form = UploadForm()
    try:
        if not form.validate():
            return start_page(form, status=422)
        name, data = _uploaded(form)
    except DomainError as error:
        form.refuse(error)
        return start_page(form, status=422)
    answer = verification.verify_file(data, clock.now())
    said = None
    if answer.document is DocumentVerdict.ALTERED and answer.file and answer.file.form == "pdf" and answer.holder:
        said = file_words.read_words(data, answer.number or "")
    db.session.rollback()
    page = render_template("certificates/file.html", answer=answer, words=words, name=name, size=len(data), said=said)
    return unkept(make_response(page))


def _uploaded(form: UploadForm) -> tuple[str, bytes]:
    """Name and bytes of the file. Raises DomainError at `file`."""
    given = form.file.data
    if not given or not given.filename:
        raise DomainError(_("Choose the PDF that you were given."), "file")
    with closing(given):
        data = given.stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise DomainError(_("The file is larger than 20 MB. A certificate of ours is far smaller."), "file")
    if not data:
        raise DomainError(_("The file is empty."), "file")
    return storage.clean_name(given.filename), data


@blueprint.get("/v/<number>", endpoint="entry")
@blueprint.get("/V/<number>", endpoint="scanned")
@requires(Permission.PUBLIC)
def entry(number: str) -> Any:
    """The entry of one certificate; the capital address is what the printed code holds."""
    answer = verification.verify_number(number, clock.now())
    preview = cards.preview_of(answer)
    response = make_response(render_template("certificates/entry.html", answer=answer, words=words, preview=preview))
    response.status_code = 404 if answer.status is Status.UNKNOWN else 200
    return unkept(response)


@blueprint.get("/api/v1/certificates/<number>")
@requires(Permission.PUBLIC)
def as_json(number: str) -> Response:
    """The same answer for programs, signed; unknown: 404 and the same shape."""
    limits.count_reading(ASKED, request.remote_addr or "")
    now = clock.now()
    answer = verification.verify_number(number, now)
    response = jsonify(signed_answers.sign(answer.to_json_dict(), now))
    response.status_code = 404 if answer.status is Status.UNKNOWN else 200
    return unkept(response)


@blueprint.get("/api/v1/keys")
@requires(Permission.PUBLIC)
def answer_keys() -> Response:
    """The public halves of the keys that sign answers (RFC 7517)."""
    return jsonify(signed_answers.list_public())


def unkept(response: Response) -> Response:
    """An answer that no cache keeps and no search engine lists."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, noarchive"
    return response


@blueprint.get("/certificates/<public_id>.pdf")
@requires(Permission.PUBLIC)
def document(public_id: str) -> Response:
    """The signed document: for its holder and for officers, and for everyone where the holder shows it."""
    credential = queries.get_credential(public_id)
    if credential.artefact is None or not may_fetch(credential):
        raise Missing
    row = db.session.scalars(select(StoredFile).where(StoredFile.public_id == credential.artefact.file_id)).first()
    if row is None:  # deleted with its holder's name
        raise Missing
    return unkept(storage.as_attachment(row))


def may_fetch(credential: Credential) -> bool:
    """Whether this visitor may have the document: its holder, an officer, everyone where it is public and not taken away."""
    actor = current_actor()
    if actor.is_authenticated and credential.person_id == actor.person_id:
        return True
    if can(actor, Permission.CERTIFICATES_MANAGE):
        return True
    return credential.visibility == "public" and queries.standing_of(credential, clock.now()).status in OPEN_STATUSES
