"""Structured logs: one JSON line an event, with the request's id; never a secret, a token or an answer."""

import logging
import re
import secrets
import sys
from typing import Any

import structlog
from flask import Flask, Response, g

DETAIL = re.compile(r"DETAIL:  .*?(?=\n\[SQL:|\nCONTEXT:|\n\n|\Z)", re.DOTALL)


def without_values(text: str) -> str:
    """The text of an error without the line in which PostgreSQL quotes the row that it refused."""
    return DETAIL.sub("DETAIL:  (hidden)", text)


def _hide_values(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {name: without_values(value) if isinstance(value, str) else value for name, value in event.items()}


def configure(debug: bool) -> None:
    """Send every log line to standard error as JSON (as text while debugging)."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _hide_values,
    ]
    last = structlog.dev.ConsoleRenderer() if debug else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG if debug else logging.INFO),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # as it is then, not as it was at the start
        cache_logger_on_first_use=False,
    )


def _name_request() -> None:
    g.request_id = secrets.token_hex(6)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.request_id)


def _show_name(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "")
    return response


def init_app(app: Flask) -> None:
    """Name each request, in the log and in its answer."""
    configure(bool(app.debug))
    app.before_request(_name_request)
    app.after_request(_show_name)
