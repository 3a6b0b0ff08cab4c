"""Uploaded badges: the one that counts, older ones, changed ones, those of others, and whatever else is sent."""

import json
from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import select, update

from app import clock, transaction
from app.extensions import db
from certificates import words
from certificates.badges import baking, did, jwt, picture, proofs
from certificates.badging import keeping as badge_keeping
from certificates.badging import making as badge_making
from certificates.badging import places as badge_places
from certificates.badging.models import BadgeArtefact
from certificates.checking import verification
from certificates.checking.badge_verification import BadgeReason
from certificates.keys.models import SigningKeyRow
from certificates.lifecycle import history
from certificates.lifecycle.status import Event
from certificates.models import Credential
from certificates.resigning.stolen import KeyDoubt
from tests.certificates.badges.workshop import Workshop
from tests.factories.certificates import certify


@pytest.fixture
def credential(app):
    """A certificate with its badge."""
    found = certify()
    badge_keeping.keep(load(found.id), clock.now())
    return load(found.id)


def load(credential_id):
    from sqlalchemy.orm import joinedload

    statement = select(Credential).options(joinedload(Credential.person)).where(Credential.id == credential_id)
    return db.session.scalars(statement).one()


def badge(credential, token=False):
    kept = badge_keeping.find(credential.id)
    return current_app.extensions["store"].get(kept.token_file_id if token else kept.file_id)


def forms(credential):
    """The badge in every form in which it travels."""
    text, token = badge(credential).decode(), badge(credential, token=True).decode()
    medal = badge_making.medal_of("foundation")
    drawing = picture.draw_svg(medal, "Foundation")
    png = picture.draw_png(medal)
    return {
        "json": text.encode(),
        "compact json": json.dumps(json.loads(text)).encode(),
        "jwt": token.encode(),
        "png": baking.bake_png(png, text),
        "png with token": baking.bake_png(png, token),
        "svg": baking.bake_svg(drawing, text).encode(),
        "svg with token": baking.bake_svg(drawing, token).encode(),
    }


def ask(data, after=timedelta()):
    return verification.verify_file(data, clock.now() + after)


def told(answer):
    return (answer.status.value, answer.document.value, answer.exit_code, answer.file.reason)


def test_the_badge_that_counts_is_exact_in_every_form(credential):
    answers = {name: ask(data) for name, data in forms(credential).items()}
    assert {name: told(answer) for name, answer in answers.items()} == dict.fromkeys(
        answers, ("valid", "exact", 0, BadgeReason.COUNTS)
    )
    assert {answer.holder for answer in answers.values()} == {"Ada Beispiel"}
    assert {answer.number for answer in answers.values()} == {credential.number}


def test_its_status_comes_from_the_register(credential):
    data = badge(credential)
    history.add(credential, Event.REVOKED, clock.now(), "officer", reason_class="error")
    transaction.commit()
    assert told(ask(data, timedelta(seconds=2)))[:3] == ("revoked", "exact", 1)


def test_an_older_badge_of_the_certificate_is_genuine_and_not_the_one_that_counts(credential):
    older = badge(credential)
    badge_places.burn(credential.id, clock.now())
    badge_places.give_place(credential.id, clock.now())
    transaction.commit()
    badge_keeping.keep(load(credential.id), clock.now())
    assert told(ask(older)) == ("valid", "genuine-not-exact", 2, BadgeReason.OLDER)
    assert told(ask(badge(credential))) == ("valid", "exact", 0, BadgeReason.COUNTS)


def test_a_changed_badge_is_altered_and_the_register_is_shown(credential):
    changed = json.loads(badge(credential))
    changed["credentialSubject"]["achievement"]["name"] = "Grand Master"
    answer = ask(json.dumps(changed).encode())
    assert told(answer) == ("valid", "altered", 1, BadgeReason.CHANGED)
    assert answer.award == "Foundation in careful testing"
    head, payload, signature = badge(credential, token=True).decode().strip().split(".")
    assert told(ask(f"{head}.{payload}.{signature[:-6]}AAAAAA".encode()))[1:3] == ("altered", 1)


def test_words_that_no_signature_covers_make_it_altered(credential):
    changed = json.loads(badge(credential)) | {"holder": "Mallory"}
    answer = ask(json.dumps(changed).encode())
    assert told(answer)[1:3] == ("altered", 1)
    assert any("no vocabulary defines" in words.fault_sentence(fault) for fault in answer.file.faults)


def test_a_badge_of_another_issuer_is_not_ours_and_its_number_is_a_claim(credential):
    workshop = Workshop()
    theirs = json.loads(badge(credential))
    theirs.pop("proof")
    theirs["issuer"]["id"] = "did:web:evil.example"
    method = did.method_of("did:web:evil.example", "0" * 16)
    signed = proofs.secure(theirs, workshop.badge_key.sign, method, clock.now())
    answer = ask(json.dumps(signed).encode())
    assert told(answer) == ("unknown", "not-ours", 2, BadgeReason.FOREIGN)
    assert (answer.holder, answer.file.claimed_number) == (None, credential.number)


def test_our_name_with_a_key_of_theirs_is_not_ours(credential):
    theirs = json.loads(badge(credential))
    theirs.pop("proof")
    method = did.method_of(theirs["issuer"]["id"], "f" * 16)
    signed = proofs.secure(theirs, Workshop().badge_key.sign, method, clock.now())
    assert told(ask(json.dumps(signed).encode()))[1:3] == ("not-ours", 2)
    token = jwt.encode(theirs, lambda data: b"x" * 256, method)
    assert told(ask(token.encode()))[1:3] == ("not-ours", 2)


def test_a_key_for_answers_or_documents_signs_no_badge(credential):
    """Every published key has an id; only those for badges are asked."""
    theirs = json.loads(badge(credential))
    [proof] = theirs["proof"]
    for row in db.session.scalars(select(SigningKeyRow).where(SigningKeyRow.purpose != "badge")):
        proof["verificationMethod"] = did.method_of(theirs["issuer"]["id"], row.key_id)
        assert ask(json.dumps(theirs).encode()).exit_code != 0


class TestStolenKeys:
    def steal(self, since):
        db.session.execute(
            update(SigningKeyRow)
            .where(SigningKeyRow.purpose.in_(("badge", "badge-jwt")))
            .values(state="compromised", compromised_at=since)
        )
        transaction.commit()

    def test_what_the_register_holds_from_before_is_believed(self, credential):
        self.steal(clock.now())
        assert {told(ask(data))[:3] for data in forms(credential).values()} == {("valid", "exact", 0)}

    def test_what_it_holds_from_afterwards_is_ours_and_out_of_date(self, credential):
        self.steal(clock.now() - timedelta(days=1))
        expected = ("valid", "genuine-not-exact", 2, KeyDoubt.SIGNED_ANEW)
        assert {told(ask(data)) for data in forms(credential).values()} == {expected}

    def test_what_it_does_not_know_was_signed_by_the_thief(self, credential):
        forged = badge(credential)
        db.session.execute(db.delete(BadgeArtefact))
        transaction.commit()
        assert told(ask(forged)) == ("valid", "genuine-not-exact", 2, BadgeReason.UNREGISTERED)
        self.steal(clock.now())
        assert told(ask(forged)) == ("unknown", "other-signer", 2, KeyDoubt.KEY_STOLEN)


def test_a_body_that_has_moved_knows_its_badges_still(credential):
    from app.body.models import Body

    db.session.execute(update(Body).values(base_address="https://elsewhere.test"))
    transaction.commit()
    assert told(ask(badge(credential)))[:3] == ("valid", "exact", 0)


def test_a_badge_of_somebody_erased_is_recognised_by_its_hash(credential):
    data = badge(credential)
    kept = badge_keeping.find(credential.id)
    current_app.extensions["store"].delete(kept.file_id)
    assert told(ask(data))[1] == "exact"


@pytest.mark.parametrize(
    "data",
    [
        b"{", b"{}", b"[]", b"eyJ", b"eyJhbGciOiJub25lIn0.e30.", b"<svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x89PNG\r\n\x1a\n", b'{"id": 5}', b'{"type": {"a": []}}', b"{" * 5_000, b"<!DOCTYPE svg [<!ENTITY a 'b'>]>",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_badge_is_not_ours(app, data):
    answer = ask(data)
    assert told(answer)[:3] == ("unknown", "not-ours", 2)
    assert all(words.fault_sentence(fault) for fault in answer.file.faults)


def test_no_file_of_the_collections_hurts_or_passes(credential, fixtures_dir):
    folders = [fixtures_dir / name for name in ("credentials", "pdf-signatures", "qr")]
    found = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    codes, heads = {}, set()
    for path in found:
        answer = ask(path.read_bytes())
        codes[path.name] = answer.exit_code
        heads.add(words.document_head(answer.document, answer.file.form).word)
        assert words.reason_sentence(answer.file.reason)
        assert all(words.fault_sentence(fault) for fault in answer.file.faults)
    assert len(found) > 300
    assert set(codes.values()) == {2}
    assert "Not ours" in heads
