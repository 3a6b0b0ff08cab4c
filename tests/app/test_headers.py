"""What every answer carries: on each address, for each method, and on every error."""

import re
from dataclasses import replace

import pytest

from app import transaction
from app.factory import create_app
from tests.factories.people import PersonFactory
from tests.support import addresses
from tests.support.letters import last_letter
from tests.support.visitor import Visitor

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SECRET_ADDRESSES = {"Referrer-Policy": "no-referrer"}
"""Below /s/ the address itself is the key: it is told to nobody, not even to ourselves."""
FOR_PROGRAMS = {"Cross-Origin-Resource-Policy": "cross-origin"}
"""What checks badges may be read from anywhere; there is nothing of anybody in it."""


def faults(answer, path=""):
    """What a careful browser would miss in an answer."""
    policy = answer.headers.get("Content-Security-Policy", "")
    wanted = ALWAYS | (SECRET_ADDRESSES if path.startswith("/s/") else {})
    is_for_programs = path in ("/.well-known/did.json", "/status-lists/1") and answer.status_code == 200
    wanted |= FOR_PROGRAMS if is_for_programs else {}
    missing = [name for name, value in wanted.items() if answer.headers.get(name) != value]
    if not answer.headers.get("X-Request-Id"):
        missing.append("X-Request-Id")
    if "sandbox" not in policy and not re.search(r"script-src 'self' 'nonce-[\w-]{20,}'", policy):
        missing.append("nonce")
    if "default-src 'none'" not in policy or "unsafe" in policy or "*" in policy or "http:" in policy:
        missing.append("policy")
    if "Cache-Control" not in answer.headers:
        missing.append("Cache-Control")
    return missing


@pytest.mark.sqlite_only
@pytest.mark.parametrize("signed_in", [True, False])
def test_every_address_answers_with_every_header(app, visit, signed_in):
    if signed_in:
        visit.sign_in(PersonFactory(holding=["officer", "assessor", "author", "moderator"]))
    token, wrong, statuses = visit.token(), {}, set()
    for endpoint, method, path in addresses.each(app):
        if endpoint in ("static", "accounts.sign_out"):
            continue
        answer = visit._open(method, path, headers={"X-CSRFToken": token})
        answer.close()
        statuses.add(answer.status_code)
        if faults(answer, path):
            wrong[f"{method} {path} {answer.status_code}"] = faults(answer, path)
    assert wrong == {}
    assert {200, 302, 404} <= statuses


@pytest.mark.parametrize(
    ("status", "ask"),
    [
        (404, lambda v: v.get("/no/such/page")),
        (405, lambda v: v._open("DELETE", "/join", headers={"X-CSRFToken": v.token()})),
        (400, lambda v: v.post("/account/profile", {"csrf_token": "x"}, token=False)),
        (403, lambda v: v.get("/office")),
        (403, lambda v: v.post("/account/profile", headers={"Sec-Fetch-Site": "cross-site"})),
        (403, lambda v: v.post("/account/profile", headers={"Sec-Fetch-Site": "same-site"})),
        (413, lambda v: v.post("/account/profile", {"name": "x" * 1_500_000})),
        (400, lambda v: v.get("/account", headers={"Host": "evil.example"})),
    ],
)
def test_every_error_answers_with_every_header(visit, status, ask):
    visit.sign_in(PersonFactory())
    answer = ask(visit)
    assert answer.status_code == status
    assert faults(answer) == []


def test_a_nonce_is_used_once(visit):
    pages = [visit.get("/") for _turn in range(2)]
    nonces = {re.search(r"nonce-([\w-]+)", page.headers["Content-Security-Policy"]).group(1) for page in pages}
    assert len(nonces) == 2
    assert all(set(re.findall(r'nonce="([^"]+)"', page.text)) <= nonces for page in pages)


def test_what_a_member_sees_is_kept_by_no_cache(visit):
    assert "no-store" not in visit.get("/").headers["Cache-Control"]
    visit.sign_in(PersonFactory())
    page = visit.get("/account")
    assert page.headers["Cache-Control"] == "no-store"
    assert "Cookie" in page.headers["Vary"]


@pytest.mark.sqlite_only
def test_files_of_the_house_cannot_be_read_as_something_else(visit):
    address = re.search(r'href="(/static/css/base\.css\?v=\w+)"', visit.get("/").text).group(1)
    sheet = visit.get(address)
    sheet.close()
    assert sheet.headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in sheet.headers
    assert "max-age=31536000" in sheet.headers["Cache-Control"]


@pytest.fixture
def https(app):
    """The same house, reached over TLS."""
    made = create_app(replace(app.extensions["settings"], base_url="https://body.test"))
    yield Visitor(made)
    with made.app_context():
        transaction.db.engine.dispose()


def test_over_tls_the_cookie_is_bound_to_this_host_and_the_browser_told_to_stay(https):
    answer = https.get("/join", base_url="https://body.test")
    (cookie,) = [value for value in answer.headers.getlist("Set-Cookie") if "laurel" in value]
    assert cookie.startswith("__Host-laurel=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize(
    "host", ["evil.example", "body.test.evil.example", "body.test@evil.example", "", "body.test:x", "BODY.TEST.", "a b"]
)
def test_a_foreign_host_name_is_answered_with_400(visit, host):
    assert visit.get("/join", headers={"Host": host}).status_code == 400


def test_no_header_can_alter_a_mailed_link(visit, session):
    PersonFactory(email="ana@people.test")
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Forwarded": "host=evil.example"}
    assert visit.post("/forgotten-password", {"email": "ana@people.test"}, headers=forged).status_code == 200
    assert (
        visit.post("/forgotten-password", {"email": "ana@people.test"}, headers={"Host": "evil.example"}).status_code
        == 400
    )
    mail = last_letter(visit, "ana@people.test")
    assert "http://body.test/reset-password/" in mail.text
    assert "evil" not in mail.text


def test_a_proxy_is_believed_only_when_one_was_declared(app, session):
    made = create_app(replace(app.extensions["settings"], proxy_hops="1"))

    @made.get("/probe")
    def probe():
        from flask import jsonify, request

        return jsonify(address=request.remote_addr, host=request.host)

    made.view_functions["probe"].permission = app.view_functions["home.front"].permission
    told = {"X-Forwarded-For": "198.51.100.9, 192.0.2.7", "X-Forwarded-Host": "localhost"}
    assert Visitor(made).get("/probe", headers=told).json == {"address": "192.0.2.7", "host": "localhost"}
    with made.app_context():
        transaction.db.engine.dispose()
