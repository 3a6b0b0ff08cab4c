"""Security headers on every answer, and the refusal of requests that another site sends in a visitor's name."""

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, request
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from app.transaction import SAFE_METHODS

POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)
YEAR = 31_536_000


def csp_nonce() -> str:
    """The nonce of this answer, for the script tags of templates."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return g.csp_nonce


def _refuse_other_sites() -> None:
    if request.method in SAFE_METHODS:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)
    origin = request.headers.get("Origin")
    if origin and origin != "null" and urlsplit(origin).netloc != request.host:
        abort(403)


def _limit_words() -> None:
    """Files may be large, words may not: werkzeug bounds the words of a multipart form only."""
    if request.mimetype != "multipart/form-data":
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]


def _is_signed_in() -> bool:
    try:
        return bool(current_user.is_authenticated)
    except SQLAlchemyError:  # the database is away: answer as carefully as for somebody signed in
        return True


def _add(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY.format(nonce=csp_nonce()))
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=(), payment=()")
    settings = current_app.extensions["settings"]
    if settings.is_https:
        headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}; includeSubDomains")
    if settings.is_demo:
        headers.setdefault("X-Robots-Tag", "noindex")
    if request.endpoint != "static" and "Cache-Control" not in headers:
        headers["Cache-Control"] = "no-store" if _is_signed_in() else "no-cache, private"
        headers.add("Vary", "Cookie")
    return response


def init_app(app: Flask) -> None:
    """Add the headers to every answer of the application, errors included."""
    app.before_request(_limit_words)
    app.before_request(_refuse_other_sites)
    app.after_request(_add)
    app.jinja_env.globals["csp_nonce"] = csp_nonce
