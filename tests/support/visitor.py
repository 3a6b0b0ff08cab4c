"""Somebody with a browser, for tests: opens pages, fills in forms, signs in."""

import contextvars
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from app import clock, ids
from app.accounts.models import Person, WebSession
from app.extensions import db
from app.factory import Laurel
from app.jobs import runner
from tests.support.birth import Snapshot

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class Site:
    """The application of one database and how to bring it back."""

    app: Laurel
    snapshot: Snapshot


class PageFault(AssertionError):
    """A page that a browser would stumble over."""


class _Lint(HTMLParser):
    """Looks for what every page must have and must not have."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.faults: list[str] = []
        self.titles = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.titles += tag == "title"
        if known.get("id"):
            self.ids.append(known["id"] or "")
        if "style" in known:
            self.faults.append(f"<{tag}> has an inline style")
        self.faults += [f"<{tag}> has {name}" for name in known if name.startswith("on")]
        if tag == "script" and not (known.get("src") and known.get("nonce")):
            self.faults.append("a script without src or nonce")
        if tag == "img" and "alt" not in known:
            self.faults.append("an image without alt")


def lint(html: str) -> None:
    """Raise PageFault if the page has doubled ids, inline code or styles, or no title."""
    page = _Lint()
    page.feed(html)
    doubled = {name for name in page.ids if page.ids.count(name) > 1}
    faults = page.faults + [f"id {name!r} twice" for name in sorted(doubled)]
    if not page.titles:
        faults.append("no title")
    if faults:
        raise PageFault("; ".join(faults))


class Visitor:
    """A browser of its own: cookies, forms with their tokens, and every page looked over."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()
        self.person: Person | None = None

    def another(self) -> "Visitor":
        """Somebody else, or the same person with a second browser."""
        return Visitor(self.app)

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        """Open a page."""
        return self._open("GET", path, **kwargs)

    def post(self, path: str, data: dict[str, Any] | None = None, *, token: bool = True, **kwargs: Any) -> TestResponse:
        """Send a form, with the token of this browser unless told otherwise."""
        given = dict(data or {})
        if token:
            given["csrf_token"] = self.token()
        return self._open("POST", path, data=given, **kwargs)

    def put(self, path: str, json: Any) -> TestResponse:
        """Send JSON the way the modules of our pages do."""
        return self._open("PUT", path, json=json, headers={"X-CSRFToken": self.token()})

    def token(self) -> str:
        """The token that a form of this browser would carry."""
        page = self._alone(self.client.get, "/forgotten-password").get_data(as_text=True)
        match = TOKEN.search(page)
        assert match, "the page with a form has no token"
        return match.group(1)

    @staticmethod
    def _alone(call: Any, *args: Any, **kwargs: Any) -> TestResponse:
        """As from outside: without the test's own application context, whose session and `g` Flask would reuse."""
        return contextvars.Context().run(call, *args, **kwargs)

    def _open(self, method: str, path: str, **kwargs: Any) -> TestResponse:
        db.session.commit()
        response = self._alone(self.client.open, path, method=method, buffered=True, **kwargs)
        db.session.rollback()
        if response.mimetype == "text/html" and response.status_code != 204 and response.data:
            lint(response.get_data(as_text=True))
        return response

    def sign_in(self, person: Person) -> "Visitor":
        """Sign this browser in as `person`, without the slow password."""
        from app.accounts.sessions import hash_secret

        secret = ids.new_secret()
        now = clock.now()
        db.session.add(
            WebSession(
                public_id=ids.new_public_id(),
                person_id=person.id,
                secret_hash=hash_secret(secret),
                begun_at=now,
                authenticated_at=now,
                last_seen_at=now,
                device="Test",
            )
        )
        db.session.commit()
        with self.client.session_transaction() as cookie:
            cookie["_user_id"] = secret
            cookie["_fresh"] = True
        self.person = person
        return self

    def run_jobs(self) -> int:
        """Let everything happen that waits in the ledger."""
        db.session.commit()
        return contextvars.Context().run(runner.run_all, self.app)  # type: ignore[arg-type]
