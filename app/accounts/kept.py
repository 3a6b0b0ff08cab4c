"""Nothing typed is lost: a form that meets an ended session or a stale token comes back with its content.

The content travels in the page itself, signed, so that only what this site received can be sent again; the person
looks at it and presses the button. Passwords, tokens and files are left out.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, jsonify, make_response, redirect, render_template, request, url_for
from itsdangerous import BadData, URLSafeTimedSerializer

from app.policy import current_actor
from app.transaction import SAFE_METHODS

LEFT_OUT = ("csrf_token", "password", "old_password", "new_password", "kept", "next")
KEEP_SECONDS = 86_400


@dataclass(frozen=True)
class Kept:
    """A form that waits to be sent again: where to, its fields, and whether files must be chosen anew."""

    path: str
    fields: list[tuple[str, str]]
    had_files: bool

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What a person typed and may want to look at."""
        return [(name, value) for name, value in self.fields if value.strip() and len(value) > 1]


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="kept form")


def keep_form() -> str:
    """The posted form of this request as a signed text for a hidden field."""
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in LEFT_OUT]
    had_files = any(file.filename for file in request.files.values())
    return _signer().dumps([request.full_path.rstrip("?"), fields, had_files])


def find_kept(signed: str) -> Kept | None:
    """The form in a hidden field; None when absent, too old or not ours."""
    if not signed:
        return None
    try:
        path, fields, had_files = _signer().loads(signed, max_age=KEEP_SECONDS)
    except BadData:
        return None
    return Kept(path, [(name, value) for name, value in fields], had_files)


def safe_next(target: str | None) -> str:
    """A path on this site to go on to, or the empty string. (security.md I12)"""
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return ""
    if any(ord(c) <= 32 or ord(c) == 127 for c in target):
        return ""
    parts = urlsplit(target)
    return "" if parts.scheme or parts.netloc or parts.path.startswith("//") else target


def wants_json() -> bool:
    """Whether a program, not a person, waits for the answer."""
    return request.is_json or request.path.startswith("/api/")


def ask_to_sign_in() -> Any:
    """Answer for a page that needs someone signed in."""
    if wants_json():
        response = jsonify(error="signed out")
        response.status_code = 401
        return response
    if request.method in SAFE_METHODS:
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
    return _page("accounts/sign-in-again.html", 401)


def ask_again() -> Any:
    """Answer for a dangerous act when the password was given too long ago."""
    if request.method in SAFE_METHODS:
        return redirect(url_for("account.confirm_password", next=request.full_path.rstrip("?")))
    return _page("accounts/confirm-password.html", 401)


def stale_form() -> Any:
    """Answer for a form whose token is not the browser's: signed in since, in another tab or another account."""
    if wants_json():
        response = jsonify(error="stale token")
        response.status_code = 400
        return response
    if not current_actor().is_authenticated and request.endpoint not in ("accounts.sign_in_post", "accounts.join_post"):
        return ask_to_sign_in()
    return carry_on(find_kept(keep_form()), 400)


def carry_on(kept: Kept | None, status: int = 200) -> Response:
    """The page that shows what was typed and sends it with one press."""
    response = make_response(render_template("accounts/carry-on.html", kept=kept))
    response.status_code = status
    return response


def _page(template: str, status: int) -> Response:
    from app.accounts.forms import ConfirmPasswordForm, SignInForm

    form = SignInForm(formdata=None) if "sign-in" in template else ConfirmPasswordForm(formdata=None)
    form.kept.data = keep_form()
    response = make_response(render_template(template, form=form))
    response.status_code = status
    return response
