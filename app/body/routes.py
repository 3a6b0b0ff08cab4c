"""What the look takes from the body: its colours as a style sheet, and its logo."""

from flask import Blueprint, Response, render_template, request
from sqlalchemy import select

from app.body.colours import shades
from app.body.queries import get_body
from app.errors import Missing
from app.extensions import db
from app.policy import Permission, requires
from app.storage import services as storage
from app.storage.models import StoredFile

blueprint = Blueprint("body", __name__)
LOGO = "logo"
A_YEAR = "public, max-age=31536000, immutable"


@blueprint.get("/brand.css")
@requires(Permission.PUBLIC)
def brand() -> Response:
    """The body's two colours and what follows from them, as custom properties."""
    body = get_body()
    derived = shades(body.primary_colour, body.accent_colour)
    response = Response(render_template("brand.css", light=derived.light, dark=derived.dark), mimetype="text/css")
    stamped = request.args.get("v") == str(body.version)
    response.headers["Cache-Control"] = A_YEAR if stamped else "no-cache"
    return response


@blueprint.get("/logo/<public_id>")
@requires(Permission.PUBLIC)
def logo(public_id: str) -> Response:
    """The body's logo, as a picture that was drawn anew when it was uploaded."""
    row = db.session.scalars(
        select(StoredFile).where(StoredFile.public_id == public_id, StoredFile.purpose == LOGO)
    ).first()
    if row is None:
        raise Missing
    response = Response(storage.read(row), mimetype="image/png")
    response.headers["Cache-Control"] = A_YEAR
    return response
