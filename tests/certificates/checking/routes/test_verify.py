"""The pages of checking: what an employer with a paper, a phone or a file gets to see."""

import io
import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from cryptography.exceptions import InvalidSignature
from flask import current_app
from sqlalchemy import select, update
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from app import clock
from app.extensions import db
from certificates.checking import signed_answers
from certificates.keys import published as published_keys
from certificates.keys.models import SigningKeyRow
from certificates.keys.records import KeyMissing
from certificates.models import Artefact, Credential
from certificates.numbers import new_number
from certificates.register.models import RegisterEntry
from tests.factories.certificates import (
    certify,
    find_credential,
    make_candidate,
    make_level,
    open_keys,
    pass_exam,
    run_jobs,
)
from tests.factories.people import PersonFactory
from tests.support.queries import counted

LONGEST = (
    "Maximiliana-Wilhelmine Bartholomäa Featherstonehaugh-Cholmondeley von und zu Hohenlohe-Waldenburg-Schillingsfürst"
)
SCORE = {Decimal("83.5"), Decimal("83"), Decimal("84"), Decimal("0.835")}
"""What a score of 83.5 per cent could be written as; none of it occurs on the page for another reason."""


@pytest.fixture
def credential(app):
    return certify()


def document(credential):
    file_id = db.session.scalar(select(Artefact.file_id).where(Artefact.credential_id == credential.id))
    return current_app.extensions["store"].get(file_id)


def text_of(response):
    return response.get_data(as_text=True)


def send_file(visit, data, name="certificate.pdf"):
    """Upload; encoded here, because the test client leaves its own temporary files open."""
    fields = {"csrf_token": visit.token(), "file": FileStorage(io.BytesIO(data), name)}
    boundary, body = encode_multipart(MultiDict(fields))
    db.session.rollback()
    return visit.client.post("/verify", data=body, content_type=f"multipart/form-data; boundary={boundary}")


class TestTyping:
    def test_the_page_offers_number_and_file_and_teaches_the_address(self, visit):
        page = text_of(visit.get("/verify"))
        assert 'name="number"' in page
        assert 'type="file"' in page
        assert "must begin with" in page
        assert "body.test/verify" in page

    def test_a_typed_number_leads_to_its_entry_in_any_form(self, visit, credential):
        response = visit.get("/verify", query_string={"number": " " + credential.number.lower().replace("-", "")})
        assert (response.status_code, response.location) == (302, f"/v/{credential.number}")

    @pytest.mark.parametrize(
        "typed", ["7KQ2", "0000-0000-0000-0000-0000-0000-001", "not a number at all, sorry *********"]
    )
    def test_a_mistyped_number_stays_in_the_field_with_the_reason(self, visit, typed):
        response = visit.get("/verify", query_string={"number": typed})
        assert response.status_code == 422
        assert f'value="{typed}"' in text_of(response)
        assert "govuk-error-message" in text_of(response)


class TestEntry:
    def test_an_auditor_is_led_to_the_proof_in_the_register(self, visit, credential):
        assert f'href="/register?number={credential.number}"' in text_of(visit.get(f"/v/{credential.number}"))
        assert 'href="/register"' in text_of(visit.get("/verify"))

    def test_the_entry_tells_what_the_paper_says(self, visit, credential):
        response = visit.get(f"/v/{credential.number}")
        page = text_of(response)
        for words in (
            "Valid",
            "Ada Beispiel",
            "Foundation",
            "Sat without supervision; identity declared by the holder.",
        ):
            assert words in page
        assert response.headers["X-Robots-Tag"].startswith("noindex")
        assert response.headers["Cache-Control"] == "no-store"

    def test_the_address_of_the_printed_code_shows_the_same(self, visit, credential):
        scanned = visit.get(f"/V/{credential.number}")
        assert scanned.status_code == 200
        assert text_of(scanned).count("Ada Beispiel") == text_of(visit.get(f"/v/{credential.number.lower()}")).count(
            "Ada Beispiel"
        )

    def test_the_page_tells_no_more_than_it_should(self, visit, credential):
        page = text_of(visit.get(f"/v/{credential.number}"))
        person = credential_person(credential)
        for secret in (person.email, person.public_id, credential.public_id):
            assert secret not in main_of(page)

    def test_no_number_on_the_page_is_the_score(self, visit, app):
        open_keys()
        make_level()
        person = make_candidate()
        pass_exam(person, "83.5")
        run_jobs()
        page = text_of(visit.get(f"/v/{find_credential(person).number}"))
        assert "Valid" in page
        assert not SCORE & numbers_in(page)
        visit.sign_in(person)
        assert SCORE & numbers_in(text_of(visit.get("/path"))), "where the score does stand, it is found"

    def test_it_reads_at_most_three_times_and_writes_nothing(self, app, visit, credential):
        number = credential.number
        visit.get(f"/v/{number}")
        with counted() as seen:
            visit.client.get(f"/v/{number}")
        assert len(seen) <= 3
        assert all(statement.startswith("SELECT") for statement in seen)

    def test_no_text_asks_to_believe_what_a_code_opens(self, visit, credential):
        page = text_of(visit.get(f"/v/{credential.number}"))
        assert "believe the page" not in page.lower()
        assert "go to body.test/verify yourself and type the number" in page

    def test_unknown_and_mistyped_numbers_look_alike(self, visit, credential):
        unknown, mistyped = visit.get(f"/v/{new_number()}"), visit.get("/v/7KQ2")
        assert unknown.status_code == mistyped.status_code == 404
        assert "Not found" in text_of(unknown)
        assert re.findall("<h[12][^>]*>([^<]+)", text_of(unknown)) == re.findall(
            "<h[12][^>]*>([^<]+)", text_of(mistyped)
        )

    def test_the_longest_name_is_shown_whole(self, visit, app):
        credential = certify(LONGEST)
        assert credential.state == "issued"
        assert LONGEST in text_of(visit.get(f"/v/{credential.number}"))

    def test_an_exam_under_a_waiver_says_so(self, visit, credential):
        db.session.execute(update(Credential).values(waiver="The bank is young."))
        db.session.commit()
        assert "questions that were public: The bank is young." in text_of(visit.get(f"/v/{credential.number}"))

    def test_a_hidden_certificate_names_nobody(self, visit, credential):
        db.session.execute(update(Credential).values(visibility="share-only"))
        db.session.commit()
        page = text_of(visit.get(f"/v/{credential.number}"))
        assert "This number is one of ours." in page
        assert "Valid" in page
        assert "Ada" not in page
        assert "Compare" not in page


class TestJson:
    def test_known_and_unknown_have_one_shape(self, visit, credential):
        known, unknown = (visit.get(f"/api/v1/certificates/{n}") for n in (credential.number, new_number()))
        assert (known.status_code, unknown.status_code) == (200, 404)
        assert known.get_json().keys() == unknown.get_json().keys()
        assert known.get_json()["status"] == "valid"
        assert known.headers["Cache-Control"] == "no-store"

    def test_page_and_json_say_the_same(self, visit, credential):
        told = visit.get(f"/api/v1/certificates/{credential.number}").get_json()
        page = " ".join(re.sub("<[^>]+>", " ", text_of(visit.get(f"/v/{credential.number}"))).split())
        assert all(told[name] in page for name in ("holder", "award", "level", "issuer"))

    def test_thirty_a_minute_and_then_a_wait(self, visit, credential, monkeypatch):
        with time_machine.travel(clock.now().replace(second=1), tick=False):  # all within one minute
            answers = [visit.get(f"/api/v1/certificates/{credential.number}") for _ in range(32)]
        codes = [answer.status_code for answer in answers]
        assert 429 in codes
        assert codes.count(200) >= 30
        assert int(answers[codes.index(429)].headers["Retry-After"]) > 0


class TestSignedJson:
    def test_the_answer_is_signed_and_the_check_of_the_docs_says_so(self, visit, credential):
        for number in (credential.number, new_number()):
            answer = visit.get(f"/api/v1/certificates/{number}").get_json()
            assert signed_answers.check(answer) == "holds"
            keys = visit.get("/api/v1/keys").get_json()["keys"]
            assert check_as_documented(dict(answer), keys)
            with pytest.raises(InvalidSignature):
                check_as_documented(answer | {"status": "valid", "holder": "Mallory"}, keys)

    def test_a_changed_answer_and_one_of_others_are_told_apart(self, visit, credential):
        answer = visit.get(f"/api/v1/certificates/{credential.number}").get_json()
        assert signed_answers.check(answer | {"holder": "Mallory"}) == "altered"
        jws = answer["proof"]["jws"]
        for proof in (None, {}, {"jws": "x"}, {"jws": 5}, {"jws": "e30..AA"}, {"jws": jws.replace("..", ".AA.")}):
            assert signed_answers.check(answer | {"proof": proof}) == "not-ours"

    def test_the_keys_of_the_promise_are_all_still_there(self, visit, credential):
        answer = visit.get(f"/api/v1/certificates/{credential.number}").get_json()
        assert answer.keys() >= {"status", "document", "holder", "award", "level", "supervision", "issued_on"}
        assert answer.keys() >= {"valid_until", "issuer", "checked_at", "pdf_url", "proof"}

    def test_answers_signed_with_a_stolen_key_say_so(self, visit, credential):
        answer = visit.get(f"/api/v1/certificates/{credential.number}").get_json()
        stolen = update(SigningKeyRow).where(SigningKeyRow.purpose == "answer")
        db.session.execute(stolen.values(state="compromised", compromised_at=clock.now()))
        db.session.commit()
        assert signed_answers.check(answer) == "key-stolen"
        assert "revoked" in visit.get("/api/v1/keys").get_json()["keys"][0]

    def test_without_a_key_the_answer_comes_unsigned(self, visit, credential, monkeypatch):
        def none(purpose, now):
            raise KeyMissing("no key")

        monkeypatch.setattr(published_keys, "signer_for", none)
        answer = visit.get(f"/api/v1/certificates/{credential.number}")
        assert (answer.status_code, answer.get_json()["proof"]) == (200, None)

    def test_unknown_and_malformed_cost_the_same(self, app, visit, credential):
        visit.get(f"/api/v1/certificates/{credential.number}")
        counts, shapes = set(), set()
        for number in (new_number(), "7KQ2", "x" * 300):
            with counted() as seen:
                shapes.add(tuple(visit.get(f"/api/v1/certificates/{number}").get_json()))
            counts.add(len(seen))
        assert len(counts) == len(shapes) == 1


def check_as_documented(answer, keys):
    """The lines of docs/employers.md, run as they stand there."""
    lines = (Path(__file__).resolve().parents[4] / "docs" / "employers.md").read_text(encoding="utf-8")
    [code] = re.findall(r"```python\n(.*?)```", lines, re.DOTALL)
    exec(code, {"answer": answer, "keys": keys})
    return True


class TestUpload:
    def test_our_file_is_recognised_and_not_kept(self, visit, credential):
        entries = len(db.session.scalars(select(RegisterEntry)).all())
        page = text_of(send_file(visit, document(credential)))
        assert "This is the file we signed" in page
        assert "Ada Beispiel" in page
        assert "not kept" in page
        assert len(db.session.scalars(select(RegisterEntry)).all()) == entries

    def test_an_altered_file_is_met_with_the_register(self, visit, credential):
        data = document(credential)
        page = text_of(
            send_file(visit, data[:-30] + b"1 0 obj\n<</Contents(Advanced)>>\nendobj\nxref\ntrailer\n%%EOF\n")
        )
        assert "altered after we signed it" in page
        assert "In our register" in page
        assert "Ada Beispiel" in page

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"%PDF-1.7\nstartxref\n0\n%%EOF", "This file has no signature"),
            (b"GIF89a", "We cannot tell from this file"),
            (b"%PDF-1.7\n" + b"0" * 3_000_000, "far larger than any certificate"),
        ],
    )
    def test_other_files_get_an_honest_answer(self, visit, app, data, words):
        open_keys()
        response = send_file(visit, data)
        assert response.status_code == 200
        assert words in text_of(response)

    def test_no_file_and_an_empty_file_are_told_at_the_field(self, visit, app):
        for data, name in ((b"", ""), (b"", "empty.pdf")):
            response = send_file(visit, data, name)
            assert response.status_code == 422
            assert "file-error" in text_of(response)

    def test_more_than_twenty_megabytes_are_refused(self, visit, app):
        response = send_file(visit, b"%PDF-1.7\n" + b"0" * (20 * 1024**2))
        assert response.status_code == 422
        assert "larger than 20 MB" in text_of(response)

    def test_a_hostile_file_name_is_only_text(self, visit, app):
        page = text_of(send_file(visit, b"GIF89a", '<img src=x onerror=alert(1)>"../../etc/passwd'))
        assert "<img src=x" not in page


class TestDocument:
    def test_the_holder_and_officers_fetch_it_and_strangers_find_nothing(self, visit, credential):
        path = f"/certificates/{credential.public_id}.pdf"
        assert visit.get(path).status_code == 404
        stranger = visit.another().sign_in(PersonFactory())
        assert stranger.get(path).status_code == 404
        holder = visit.another().sign_in(credential_person(credential))
        officer = visit.another().sign_in(PersonFactory(holding=["officer"]))
        expected = document(credential)
        for somebody in (holder, officer):
            response = somebody.get(path)
            assert (response.status_code, response.data) == (200, expected)
            assert response.headers["Content-Disposition"].startswith("attachment")

    def test_everyone_fetches_what_its_holder_shows(self, visit, credential):
        db.session.execute(update(Credential).values(visibility="public"))
        db.session.commit()
        told = json.loads(visit.get(f"/api/v1/certificates/{credential.number}").data)
        path = told["pdf_url"].removeprefix("http://body.test")
        assert visit.get(path).data == document(credential)

    def test_a_document_that_is_not_there_is_missing(self, visit, app):
        assert visit.get("/certificates/nothing.pdf").status_code == 404


def credential_person(credential):
    from app.accounts.models import Person

    return db.session.get(Person, credential.person_id)


def numbers_in(page):
    """Every number that stands in the visible text, but for dates, times and the number of the certificate."""
    text = re.sub(r"<[^>]+>", " ", main_of(page)).replace("\u00a0", " ")
    text = re.sub(r"\b[0-9A-Z]{4}(-[0-9A-Z]{3,4}){6}\b", " ", text)
    text = re.sub(r"\b\d{1,2} [A-Z][a-z]+ \d{4}\b|\b\d{1,2}:\d{2}\b", " ", text)
    return {Decimal(found.replace(",", ".")) for found in re.findall(r"(?<![\w.,])\d+(?:[.,]\d+)?(?!\w)", text)}


def main_of(page):
    return page.split("<main", 1)[1].split("</main>", 1)[0]
