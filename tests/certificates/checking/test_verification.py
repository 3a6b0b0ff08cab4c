"""The one answer: by number, by file, for page, JSON and command line alike."""

import io
from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import select, update

from app import clock
from app.extensions import db
from certificates import queries
from certificates.checking import verification
from certificates.keys.models import SigningKeyRow
from certificates.lifecycle import history
from certificates.lifecycle.status import Event, Status
from certificates.models import Artefact, Credential
from certificates.numbers import new_number
from tests.certificates.papers import Keys, a_model, issue
from tests.factories.certificates import certify
from tests.support.queries import counted

KEYS_OF_THE_PROMISE = {
    "status", "document", "holder", "award", "level", "supervision", "issued_on", "valid_until", "issuer",
    "checked_at", "pdf_url",
}  # fmt: skip


@pytest.fixture
def credential(app):
    return certify()


def document(credential):
    file_id = db.session.scalar(select(Artefact.file_id).where(Artefact.credential_id == credential.id))
    return current_app.extensions["store"].get(file_id)


def ask(what, after=timedelta()):
    now = clock.now() + after
    return verification.verify_file(what, now) if isinstance(what, bytes) else verification.verify_number(what, now)


def told(answer):
    """Status, document, exit code, and whether a holder is named."""
    return (
        answer.status.value,
        answer.document.value if answer.document else None,
        answer.exit_code,
        bool(answer.holder),
    )


class TestByNumber:
    def test_a_certificate_that_stands_is_told_in_full(self, credential):
        answer = ask(credential.number).to_json_dict()
        assert answer.keys() >= KEYS_OF_THE_PROMISE
        assert answer["status"] == "valid"
        assert answer["holder"] == "Ada Beispiel"
        assert answer["award"] == "Foundation in careful testing"
        assert answer["level"] == "Foundation"
        assert answer["issuer"] == "The Test Body"
        assert answer["document"] is answer["valid_until"] is answer["pdf_url"] is None
        assert answer["issued_on"] == credential.issued_on.isoformat()

    @pytest.mark.parametrize("form", ["{}", " {} ", "\t{}\n"])
    def test_the_number_is_read_in_any_case_and_spacing(self, credential, form):
        for text in (credential.number, credential.number.lower(), credential.number.replace("-", " ")):
            assert ask(form.format(text)).status is Status.VALID

    @pytest.mark.parametrize("text", ["", "x", "0" * 26, "' OR 1=1 --", "\x00", "é" * 200, "7KQ2"])
    def test_whatever_is_no_number_is_unknown_in_the_same_shape(self, credential, text):
        unknown = ask(text).to_json_dict()
        assert unknown.keys() == ask(credential.number).to_json_dict().keys()
        assert unknown["status"] == "unknown"
        assert ask(text).exit_code == 2

    def test_an_unknown_number_costs_what_a_known_one_costs(self, credential):
        ask(credential.number)
        statements = {}
        for name, number in (("known", credential.number), ("unknown", new_number())):
            with counted() as seen:
                ask(number)
            statements[name] = len(seen)
        assert statements["known"] == statements["unknown"] <= 3

    def test_what_the_holder_hides_is_not_told_by_any_word(self, credential):
        db.session.execute(update(Credential).values(visibility="share-only"))
        answer = ask(credential.number)
        assert told(answer) == ("valid", None, 0, False)
        for word in ("Ada", "Foundation", str(credential.issued_on)):
            assert word not in str(answer).replace(str(answer.checked_at), "")
        later = ask(credential.number, timedelta(days=1))
        assert (later.since, later.issued_on, later.valid_until, later.register_seq) == (None, None, None, None)

    def test_the_document_is_offered_only_where_the_holder_shows_it(self, credential):
        assert ask(credential.number).pdf_url is None
        db.session.execute(update(Credential).values(visibility="public"))
        assert ask(credential.number).pdf_url == f"http://body.test/certificates/{credential.public_id}.pdf"

    def test_after_its_last_day_it_is_expired(self, app):
        credential = certify(years=1)
        assert told(ask(credential.number)) == ("valid", None, 0, True)
        assert told(ask(credential.number, timedelta(days=367))) == ("expired", None, 1, True)

    def test_before_its_first_day_it_is_not_yet_valid(self, credential):
        assert told(ask(credential.number, -timedelta(days=2))) == ("not-yet-valid", None, 1, True)


class TestByFile:
    def test_our_file_is_exact(self, credential):
        assert told(ask(document(credential))) == ("valid", "exact", 0, True)

    def test_one_of_which_the_award_has_run_out_is_exact_and_not_to_be_relied_on(self, app):
        credential = certify(years=1)
        assert told(ask(document(credential), timedelta(days=367))) == ("expired", "exact", 1, True)

    def test_bytes_after_the_end_make_it_genuine_and_not_exact(self, credential):
        assert told(ask(document(credential) + b"\n% a comment\n")) == ("valid", "genuine-not-exact", 2, True)

    def test_a_changed_byte_makes_it_altered_and_the_register_is_shown(self, credential):
        data = document(credential)
        place = data.index(b"/Title") + 12
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        assert told(ask(changed)) == ("valid", "altered", 1, True)

    def test_an_update_over_the_page_makes_it_altered(self, credential):
        update_of_a_stranger = (
            b"\n9 0 obj\n<</Type/Annot/Contents(Advanced)>>\nendobj\nxref\n0 0\ntrailer<<>>\nstartxref\n1\n%%EOF\n"
        )
        answer = ask(document(credential) + update_of_a_stranger)
        assert told(answer) == ("valid", "altered", 1, True)
        assert [revision.covered for revision in answer.file.revisions][-1] is False

    def test_the_same_paper_signed_by_a_stranger_leads_nowhere(self, credential, strangers_keys: Keys):
        forged = issue(
            strangers_keys, number=credential.number, qr_payload=f"HTTPS://BODY.EXAMPLE/V/{credential.number}"
        )
        answer = ask(forged)
        assert told(answer) == ("unknown", "other-signer", 2, False)
        assert answer.file.claimed_number == credential.number

    def test_an_unsigned_copy_proves_nothing_and_names_its_claim(self, credential):
        from certificates.pdf.render import render

        payload = f"HTTPS://BODY.EXAMPLE/V/{credential.number}"
        answer = ask(render(a_model(number=credential.number, qr_payload=payload)))
        assert told(answer) == ("unknown", "unsigned", 2, False)
        assert answer.file.claimed_number == credential.number

    @pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.7 and nothing more", b"\x00" * 5_000, b"PK\x03\x04"])
    def test_what_is_no_certificate_is_not_ours(self, app, data):
        assert told(ask(data)) == ("unknown", "not-ours", 2, False)

    def test_a_file_signed_with_a_stolen_key_is_believed_only_if_the_register_has_it(self, credential, monkeypatch):
        data = document(credential)
        db.session.execute(update(SigningKeyRow).values(state="compromised", compromised_at=clock.now()))
        assert told(ask(data)) == ("valid", "exact", 0, True)
        monkeypatch.setattr(queries, "find_number_of", lambda sha256: None)
        assert told(ask(data)) == ("unknown", "other-signer", 2, False)

    def test_a_file_of_a_certificate_that_is_hidden_tells_no_name(self, credential):
        db.session.execute(update(Credential).values(visibility="share-only"))
        assert told(ask(document(credential))) == ("valid", "exact", 0, False)

    def test_no_page_of_a_file_is_ever_kept(self, credential):
        before = set(current_app.extensions["store"].folder.rglob("*"))
        ask(io.BytesIO(document(credential)).getvalue() + b"%")
        assert set(current_app.extensions["store"].folder.rglob("*")) == before


def test_what_its_holder_withdrew_names_nobody_while_it_is_suspended_either(app):
    credential = queries.get_credential(certify().public_id)
    now = clock.now()
    history.add(credential, Event.WITHDRAWN, now, "holder")
    history.add(credential, Event.SUSPENDED, now, "officer")
    db.session.commit()
    answer = verification.verify_number(credential.number, clock.now())
    assert (answer.status.value, answer.holder, answer.award) == ("suspended", None, None)
