"""One page for whatever went wrong: what happened, how to go on, and a reference for the operator's log."""

import secrets
from typing import Any

import structlog
from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from app.errors import DomainError, TooMany
from app.extensions import db

log = structlog.get_logger(__name__)


def _words(status: int) -> tuple[str, str]:
    known = {
        400: (_("This request could not be read"), _("Go back, look at what you entered, and send it again.")),
        403: (
            _("This is not yours to open"),
            _("Your account does not have the role for this page. An officer of the body can grant it."),
        ),
        404: (
            _("There is nothing here"),
            _("The address may be mistyped, or the page was moved or is not meant for you."),
        ),
        405: (_("This address does not work that way"), _("Open the page again from the menu.")),
        409: (_("This has changed in the meantime"), _("Open the page again to see how it stands now.")),
        410: (_("This is closed"), _("It can no longer be changed.")),
        413: (_("That is too large"), _("Choose a smaller file, or send several one after the other.")),
        429: (_("A little too fast"), _("Please wait a moment and try again.")),
        503: (_("We are busy just now"), _("Nothing was lost. Wait a few seconds and try again.")),
    }
    fallback = (
        _("Something broke on our side"),
        _("Nothing you did caused it, and nothing half-done was kept. Please try again."),
    )
    return known.get(status, fallback)


def error_page(status: int, message: str = "", reference: str = "") -> Response:
    """The page (or JSON for programs) that says what happened and how to go on."""
    title, advice = _words(status)
    if request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json":
        response = jsonify(error=message or title, reference=reference or None)
    else:
        response = make_response(_draw(status=status, title=title, advice=advice, message=message, reference=reference))
    response.status_code = status
    return response


def _draw(**words: Any) -> str:
    try:
        return render_template("errors/error.html", **words)
    except Exception:  # no database, no body yet, or a foreign host name: the bare page asks for none of them
        log.exception("error_page_failed", status=words["status"])
        db.session.rollback()
        return current_app.jinja_env.get_template("errors/bare.html").render(words)


def _place() -> str:
    """The address as a pattern, for the log: the real one may hold the secret of a mailed link."""
    return request.url_rule.rule if request.url_rule else ""


def _from_rule(error: DomainError) -> Response:
    db.session.rollback()
    response = error_page(error.status, error.message)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _from_http(error: HTTPException) -> Any:
    db.session.rollback()
    if error.response is not None or (error.code or 500) < 400:
        return error
    if isinstance(error, CSRFError):
        return current_app.extensions["stale_form"]()
    return error_page(error.code or 500)


def _from_busy_database(error: OperationalError | PoolTimeout) -> Response:
    db.session.rollback()
    log.warning("database_unavailable", error=str(getattr(error, "orig", error)), path=_place())
    response = error_page(503)
    response.headers["Retry-After"] = "3"
    return response


def _from_value(error: DataError | OverflowError) -> Response:
    """A value that no column can hold, such as a number of thirty digits in an address."""
    db.session.rollback()
    log.warning("value_refused", error=type(error).__name__, path=_place())
    return error_page(400)


def _from_fault(error: Exception) -> Response:
    db.session.rollback()
    reference = secrets.token_hex(4).upper()
    log.error("fault", exc_info=error, reference=reference, path=_place(), method=request.method)
    return error_page(500, reference=reference)


def init_app(app: Flask) -> None:
    """Answer rules, HTTP errors and faults with the one page."""
    app.register_error_handler(DomainError, _from_rule)
    app.register_error_handler(HTTPException, _from_http)
    app.register_error_handler(OperationalError, _from_busy_database)
    app.register_error_handler(PoolTimeout, _from_busy_database)
    app.register_error_handler(DataError, _from_value)
    app.register_error_handler(OverflowError, _from_value)
    if not app.debug:
        app.register_error_handler(Exception, _from_fault)
