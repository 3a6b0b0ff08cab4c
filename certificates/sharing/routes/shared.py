"""What somebody sees who was sent a link to a certificate."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from sqlalchemy import select

from app import clock, limits
from app.errors import Missing
from app.extensions import db
from app.limits import Limit
from app.policy import Permission, current_actor, requires
from app.storage import services as storage
from app.storage.models import StoredFile
from certificates import queries, words
from certificates.checking import verification
from certificates.checking.routes.verify import unkept
from certificates.checking.verification import OPEN_STATUSES
from certificates.sharing import services as sharing
from certificates.sharing import visitors
from certificates.sharing.models import OpenedBy
from certificates.sharing.services import OpenShare, Visit

blueprint = Blueprint("shared", __name__, template_folder="../../templates")
MISSED = Limit("unknown share links from", 60, 600)


@blueprint.get("/s/<token>")
@requires(Permission.PUBLIC)
def share(token: str) -> Any:
    """The certificate that a link shows, whatever its own page shows to others."""
    found = find_open(token)
    if found is None or not _note(found):
        return dead_link(token)
    answer = verification.verify_shared(found.number, clock.now())
    if found.with_document and answer.holder and answer.status in OPEN_STATUSES:
        answer = replace(answer, pdf_url=url_for("shared.document", token=token))
    page = render_template(
        "certificates/sharing/shared.html", answer=answer, words=words, ends_at=found.ends_at, token=token
    )
    return unreferred(make_response(page))


@blueprint.get("/s/<token>/certificate.pdf")
@requires(Permission.PUBLIC)
def document(token: str) -> Any:
    """The signed document, where the link gives it and the award was not taken away."""
    found = find_open(token)
    if found is None:
        return dead_link(token)
    if not found.with_document:
        raise Missing
    if not _note(found, fetched_document=True):
        return dead_link(token)
    credential = queries.get_credential(found.credential_public_id)
    if credential.artefact is None or queries.standing_of(credential, clock.now()).status not in OPEN_STATUSES:
        raise Missing
    row = db.session.scalars(select(StoredFile).where(StoredFile.public_id == credential.artefact.file_id)).first()
    if row is None:  # deleted with its holder's name
        raise Missing
    return unreferred(storage.as_attachment(row))


def find_open(token: str) -> OpenShare | None:
    """The link that opens with this token, whatever others behind the same address have tried."""
    return sharing.find_open(token, clock.now())


def dead_link(token: str) -> Response:
    """The one page for links that have ended (410) and that never were (404); the latter are counted.

    Raises TooMany where an address has tried too many that never were.
    """
    is_known = sharing.is_known(token)
    if not is_known:
        limits.check(MISSED, request.remote_addr or "")
        limits.count_reading(MISSED, request.remote_addr or "")
    response = unreferred(make_response(render_template("certificates/sharing/dead-link.html")))
    response.status_code = 410 if is_known else 404
    return response


def _note(found: OpenShare, *, fetched_document: bool = False) -> bool:
    agent = request.headers.get("User-Agent", "")
    purpose = request.headers.get("Sec-Purpose") or request.headers.get("Purpose") or ""
    if current_actor().person_id == found.person_id:
        opened_by = OpenedBy.HOLDER
    else:
        is_program = visitors.is_program(request.method, agent, purpose)
        opened_by = OpenedBy.SCANNER if is_program else OpenedBy.READER
    network = visitors.network_of(request.remote_addr or "")
    visit = Visit(opened_by, network, visitors.browser_of(agent), fetched_document)
    return sharing.note_opening(found.share_id, visit, clock.now())


def unreferred(response: Response) -> Response:
    """An answer that nobody keeps or lists, and whose address, which holds a secret, is told to no other page."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return unkept(response)
