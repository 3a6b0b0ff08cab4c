"""Fetching the badge of a certificate: as JSON, as a token, and baked into a picture."""

from collections.abc import Callable

from flask import Blueprint, Response, current_app, make_response

from app.errors import Missing
from app.policy import Permission, requires
from certificates import queries
from certificates.badges import baking, picture
from certificates.badging import keeping as badge_keeping
from certificates.badging.making import JSON_TYPE, TOKEN_TYPE, medal_of
from certificates.checking.routes.verify import may_fetch, unkept
from certificates.models import Credential

blueprint = Blueprint("badges", __name__)


@blueprint.get("/certificates/<public_id>.json")
@requires(Permission.PUBLIC)
def as_json(public_id: str) -> Response:
    """The credential with its proof, byte for byte as it was signed."""
    return _fetch(public_id, "json", JSON_TYPE, lambda _credential, data: data)


@blueprint.get("/certificates/<public_id>.jwt")
@requires(Permission.PUBLIC)
def as_token(public_id: str) -> Response:
    """The same as a signed token, for wallets that read those."""
    return _fetch(public_id, "jwt", TOKEN_TYPE, lambda _credential, data: data, token=True)


@blueprint.get("/certificates/<public_id>.png")
@requires(Permission.PUBLIC)
def as_png(public_id: str) -> Response:
    """The badge inside its picture."""
    return _fetch(public_id, "png", "image/png", _baked_png)


@blueprint.get("/certificates/<public_id>.svg")
@requires(Permission.PUBLIC)
def as_svg(public_id: str) -> Response:
    """The badge inside its picture as a drawing."""
    return _fetch(public_id, "svg", "image/svg+xml", _baked_svg)


def _baked_png(credential: Credential, data: bytes) -> bytes:
    return baking.bake_png(picture.draw_png(medal_of(credential.level_code)), data.decode())


def _baked_svg(credential: Credential, data: bytes) -> bytes:
    drawing = picture.draw_svg(medal_of(credential.level_code), credential.achievement["title"])
    return baking.bake_svg(drawing, data.decode()).encode()


def _fetch(
    public_id: str, ending: str, media_type: str, make: Callable[[Credential, bytes], bytes], *, token: bool = False
) -> Response:
    """One form of the badge for its holder and for officers, and for everyone where the holder shows it.

    Raises Missing, alike for what does not exist, is not shown, and went with the name of its holder.
    """
    credential = queries.get_credential(public_id)
    kept = badge_keeping.find(credential.id)
    if kept is None or credential.artefact is None or not may_fetch(credential):
        raise Missing
    try:
        data = current_app.extensions["store"].get(kept.token_file_id if token else kept.file_id)
    except FileNotFoundError:
        raise Missing from None
    response = make_response(make(credential, data))
    response.mimetype = media_type
    response.headers["Content-Disposition"] = f'attachment; filename="badge-{credential.number}.{ending}"'
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return unkept(response)
