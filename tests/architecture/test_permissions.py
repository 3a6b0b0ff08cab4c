"""Deny by default: every address names its permission, and each role opens exactly what the table says."""

import pytest

from app import policy
from app.config import Settings
from app.docs_pages import ACTORS
from app.factory import create_app
from app.policy import RULES, Permission
from tests.factories.people import PersonFactory
from tests.support import addresses

# What ends the visitor's own session comes last, or the addresses after it would be tried by nobody.
ENDS_THE_SESSION = {"accounts.sign_out", "static"}


@pytest.mark.sqlite_only
def test_every_address_names_a_permission_that_has_a_rule(app):
    for endpoint, view in app.view_functions.items():
        assert view.permission in RULES, endpoint
    assert set(RULES) == set(Permission)


@pytest.mark.sqlite_only
def test_nothing_that_changes_is_open_to_everyone_by_accident(app):
    """Only coming in, going out, a practice question, whether a certificate is genuine, and hearing of one by mail."""
    open_posts = {
        endpoint
        for endpoint, method, _path in addresses.each(app)
        if method != "GET" and app.view_functions[endpoint].permission is Permission.PUBLIC
    }
    entry = {"join_post", "confirm_post", "sign_in_post", "sign_out", "forgotten_password_post", "reset_password_post"}
    known = {f"accounts.{name}" for name in entry} | {"privacy.reopen_post", "quizzes.quiz_answer", "quizzes.check"}
    known |= {f"watches.{name}" for name in ("ask_post", "ask_shared_post", "confirm", "stop")}
    assert {name for name in open_posts if not name.startswith(("verify.", "scanning.", "bulk."))} == known


def test_a_house_with_an_unguarded_door_does_not_open(tmp_path, monkeypatch):
    monkeypatch.setattr("app.wiring.wire", lambda app: app.add_url_rule("/door", "bare.door", lambda: "open"))
    settings = Settings(mode="test", secret_key="s" * 40, instance=str(tmp_path))

    with pytest.raises(RuntimeError, match=r"bare\.door"):
        create_app(settings)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("role", ACTORS)
def test_each_role_opens_what_the_table_says_and_nothing_else(app, visit, role):
    if role != "visitor":
        visit.sign_in(PersonFactory(holding=[role] if role != "member" else []))
    token, wrong = visit.token(), []

    for endpoint, method, path in addresses.each(app):
        if endpoint in ENDS_THE_SESSION:
            continue
        allowed = policy.can(ACTORS[role], app.view_functions[endpoint].permission)
        answer = visit.post(path, {"csrf_token": token}, token=False) if method == "POST" else None
        answer = answer or visit._open(method, path, headers={"X-CSRFToken": token})
        answer.close()
        if refusal(answer) != ("" if allowed else expected_refusal(role, method, path)):
            wrong.append(f"{method} {path}: {answer.status} {answer.headers.get('Location', '')}")

    assert wrong == []


def expected_refusal(role, method, path):
    if role != "visitor":
        return "not yours"
    return "sign in" if method == "GET" and not path.startswith("/api/") else "signed out"


def refusal(answer):
    """How an answer turns somebody away; the empty string if it does not."""
    if answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in?"):
        return "sign in"
    return {401: "signed out", 403: "not yours"}.get(answer.status_code, "")
