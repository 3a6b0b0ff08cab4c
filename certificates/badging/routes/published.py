"""What programs need to check our badges: the issuer's keys, the status lists, and what each achievement means."""

from typing import Any

import structlog
from flask import Blueprint, Response, abort, jsonify, make_response, render_template

from app import clock
from app.body.queries import get_body
from app.policy import Permission, requires
from certificates import queries
from certificates.badges import did, picture
from certificates.badges.did import PublicKeyEntry
from certificates.badging import status_lists
from certificates.badging.making import medal_of
from certificates.issuing.ordering import award_title
from certificates.keys import published as published_keys
from certificates.keys.material import public_der
from certificates.keys.records import KeyPurpose, KeyStoreError
from courses.queries import find_scheme, get_level

log = structlog.get_logger()
blueprint = Blueprint("published", __name__, template_folder="../../templates")
DAY, QUARTER = 24 * 3600, 15 * 60
DID_TYPE, LIST_TYPE = "application/did+json", "application/vc+ld+json"


@blueprint.get("/.well-known/did.json")
@requires(Permission.PUBLIC)
def issuer() -> Response:
    """The DID document of this body: every key that ever signed a badge, those that may be believed marked as such."""
    document = did.build_document(did.did_of(get_body().base_address), badge_keys())
    response = jsonify(document)
    response.mimetype = DID_TYPE
    return for_everyone(response, QUARTER)


def badge_keys() -> list[PublicKeyEntry]:
    """The public halves of the keys that sign badges and status lists."""
    rows = published_keys.list_keys()
    return [
        PublicKeyEntry(row.key_id, public_der(row.public_key), row.compromised_at)
        for row in rows
        if row.purpose in (KeyPurpose.BADGE, KeyPurpose.BADGE_JWT)
    ]


@blueprint.get("/status-lists/<int:number>")
@requires(Permission.PUBLIC)
def status_list(number: int) -> Response:
    """One status list, signed for a short time; 503 while its key cannot be reached."""
    try:
        response = make_response(status_lists.get_list(number, clock.now()))
    except KeyStoreError as problem:
        log.error("status_list_unsigned", problem=str(problem))
        abort(503)
    response.mimetype = LIST_TYPE
    return for_everyone(response, 60)


@blueprint.get("/achievements/<code>")
@requires(Permission.PUBLIC)
def achievement(code: str) -> Any:
    """What a badge of this level stands for: the address that every badge names."""
    level = get_level(code)
    return render_template(
        "certificates/achievement.html",
        level=level,
        title=award_title(level, get_body()),
        achievement=queries.find_achievement(code),
        scheme=find_scheme(code, clock.now().date()),
    )


@blueprint.get("/achievements/<code>.png")
@requires(Permission.PUBLIC)
def medal_png(code: str) -> Response:
    """The picture of the badge of a level."""
    get_level(code)
    response = make_response(picture.draw_png(medal_of(code)))
    response.mimetype = "image/png"
    return for_everyone(response, DAY)


@blueprint.get("/achievements/<code>.svg")
@requires(Permission.PUBLIC)
def medal_svg(code: str) -> Response:
    """The same as a drawing."""
    level = get_level(code)
    response = make_response(picture.draw_svg(medal_of(code), award_title(level, get_body())))
    response.mimetype = "image/svg+xml"
    return for_everyone(response, DAY)


def for_everyone(response: Response, seconds: int) -> Response:
    """An answer that holds nothing of anybody: programs of any origin may read it, and keep it for a while."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    return response
