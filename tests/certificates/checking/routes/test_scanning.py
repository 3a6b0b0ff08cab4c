"""Scanning: the code of a paper of ours leads to its entry, and that of a cloned page is named as not ours."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import update

from app.extensions import db
from certificates.models import Credential
from tests.certificates.scenes import a_code, photograph, send
from tests.factories.certificates import certify


@pytest.fixture
def credential(app):
    return certify()


def scan(visit, text):
    """What the module of the page sends when the camera has read a code."""
    return visit.post("/verify/code", {"text": text})


@pytest.fixture
def cloned(visit, credential):
    """A server of somebody else that shows our own entry page, word for word."""
    page = visit.get(f"/v/{credential.number}").data

    class Clone(BaseHTTPRequestHandler):
        asked: list[str] = []

        def do_GET(self):
            self.asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_):
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Clone)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_code_of_our_paper_leads_to_its_entry(visit, credential):
    for text in (f"HTTP://BODY.TEST/V/{credential.number}", f"http://body.test/v/{credential.number.lower()}"):
        answer = scan(visit, text)
        assert (answer.status_code, answer.location) == (303, f"/v/{credential.number}")


def test_a_photo_of_our_paper_leads_to_its_entry(visit, credential):
    photo = photograph(a_code(f"HTTP://BODY.TEST/V/{credential.number}"))
    answer = send(visit, "/verify/code", {}, photo=(photo, "photo.jpg"))
    assert (answer.status_code, answer.location) == (303, f"/v/{credential.number}")


def test_the_code_of_a_cloned_page_is_named_as_not_ours_and_never_opened(visit, credential, cloned):
    host = f"127.0.0.1:{cloned.server_port}"
    text = f"HTTP://{host}/V/{credential.number}"
    photo = photograph(a_code(text))
    for answer in (scan(visit, text), send(visit, "/verify/code", {}, photo=(photo, "photo.jpg"))):
        page = answer.get_data(as_text=True)
        assert answer.status_code == 200
        assert "Not ours" in page.split("<h1", 1)[1].split("</h1>")[0]
        assert host in page
        assert f'href="http://{host}' not in page.lower()
        assert "Ada Beispiel" not in page
    assert cloned.RequestHandlerClass.asked == []


@pytest.mark.parametrize(
    "text",
    [
        "https://body.test.evil.example/v/{}", "https://body.test@evil.example/v/{}", "https://body.test:8080/v/{}",
        "https://body.test./v/{}", "https://xn--bdy-fdd.test/v/{}", "https://b\u043edy.test/v/{}",
        "http://body\u3002test/v/{}", 'http://"><script>alert(1)<.example/v/{}', "javascript:alert(1)//{}",
    ],
)  # fmt: skip
def test_a_host_that_only_looks_like_ours_is_shown_as_text(visit, credential, text):
    page = scan(visit, text.format(credential.number)).get_data(as_text=True)
    assert "<h1" in page
    assert "Not ours" in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "Ada Beispiel" not in page


def test_an_address_pasted_as_number_is_judged_in_the_same_way(visit, credential):
    ours = visit.get("/verify", query_string={"number": f"http://body.test/v/{credential.number}"})
    theirs = visit.get("/verify", query_string={"number": f"http://evil.example/v/{credential.number}"})
    assert (ours.status_code, ours.location) == (302, f"/v/{credential.number}")
    assert "Not ours" in theirs.get_data(as_text=True)


def test_a_paper_from_before_the_body_moved_leads_to_its_entry(visit, credential):
    db.session.execute(update(Credential).values(base_address="https://old.test"))
    db.session.commit()
    assert scan(visit, f"HTTPS://OLD.TEST/V/{credential.number}").location == f"/v/{credential.number}"
    assert "Not ours" in scan(visit, "https://old.test/v/7KQ2").get_data(as_text=True)


def test_a_mistyped_number_behind_our_address_goes_back_to_the_field(visit, app):
    assert scan(visit, "http://body.test/v/7KQ2").location == "/verify?number=7KQ2"


def test_what_holds_no_address_says_so(visit, app):
    assert "No certificate number" in scan(visit, "hello").get_data(as_text=True)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"GIF89a", "no photo that can be read here"),
        (b"", "no photo that can be read here"),
        (b"\xff\xd8" + bytes(15 * 1024**2), "larger than 15 MB"),
    ],
)
def test_what_is_no_photo_is_told_at_the_field(visit, app, data, words):
    answer = send(visit, "/verify/code", {}, photo=(data, "photo.jpg"))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert words in page
    assert "photo-error" in page


def test_no_photo_at_all_is_told_at_the_field(visit, app):
    answer = visit.post("/verify/code")
    assert answer.status_code == 422
    assert "Take or choose a photo" in answer.get_data(as_text=True)
