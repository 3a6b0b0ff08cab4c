"""Addresses of style sheets and modules, stamped with their content so that browsers may keep them for ever."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from whitenoise import WhiteNoise

STATIC = Path(__file__).parent / "static"
YEAR = 31_536_000
PREFIX = "static/"


def _stamped(name: str) -> str:
    stamp = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/{PREFIX}{name}?v={stamp}"


_kept = lru_cache(maxsize=512)(_stamped)


def asset(name: str) -> str:
    """The address of a file under `static/`, changing when the file does: at a restart, while debugging at once."""
    return _stamped(name) if current_app.debug else _kept(name)


def _guard(headers: Any, _path: str, _url: str) -> None:
    """What `app.headers` gives to every other answer and a file of ours needs too."""
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


def init_app(app: Flask) -> None:
    """Serve `static/` with compression and long lives, and give templates `asset()`."""
    app.jinja_env.globals["asset"] = asset
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(STATIC),
        prefix=PREFIX,
        max_age=YEAR,
        autorefresh=app.debug,
        allow_all_origins=False,
        add_headers_function=_guard,
    )
