"""What the verify page and the command line say about files after a key was stolen: the judgement reaches the answer."""

from dataclasses import replace

import pytest
from flask import current_app
from sqlalchemy import select

from app import clock, transaction
from app.extensions import db
from certificates import words
from certificates.checking import verification
from certificates.keys import changes
from certificates.keys import published as published_keys
from certificates.keys.records import KeyPurpose
from certificates.models import Artefact, Credential
from certificates.pdf.model import CertificateModel
from certificates.pdf.render import render
from certificates.signatures.signing import sign_pdf
from tests.factories.certificates import certify, run_jobs


@pytest.fixture
def stolen_key(app, tmp_path, monkeypatch):
    """Two certificates, and the document signer stolen between them."""
    settings = replace(current_app.extensions["settings"], keys_folder=str(tmp_path / "keys"))
    monkeypatch.setitem(current_app.extensions, "settings", settings)
    first, since, second = certify("Ada Beispiel"), clock.now(), certify("Ben Beispiel")
    model = db.session.scalars(select(Credential.model)).first() | {"holder_name": "Mallory Muster"}
    forged = sign_pdf(
        render(CertificateModel.from_json_dict(model)), published_keys.open_signer(clock.now()), clock.now()
    )
    [key] = published_keys.list_keys(KeyPurpose.DOCUMENT_SIGNING)
    changes.compromise(key.key_id, since, clock.now(), actor="officer")
    transaction.commit()
    return document(first), document(second), forged


def document(credential):
    file_id = db.session.scalar(select(Artefact.file_id).where(Artefact.credential_id == credential.id))
    return current_app.extensions["store"].get(file_id)


def told(data):
    answer = verification.verify_file(data, clock.now())
    return (
        answer.document.value,
        answer.status.value,
        answer.exit_code,
        answer.holder,
        words.reason_sentence(answer.file.reason),
    )


def test_what_each_file_is_answered(stolen_key):
    before, after, forged = stolen_key
    newer = "We signed it with a key that was compromised later. The register has a newer copy: ask the holder for that one."
    assert told(before)[:4] == ("exact", "valid", 0, "Ada Beispiel")
    assert told(after) == ("genuine-not-exact", "valid", 2, "Ben Beispiel", newer)
    assert told(forged) == (
        "other-signer", "unknown", 2, None, "It is signed with a key of ours that was stolen, and we did not issue it.",
    )  # fmt: skip
    changes.rotate(KeyPurpose.DOCUMENT_SIGNING, "The Test Body", clock.now(), actor="officer", specimen=False)
    run_jobs()
    assert told(after) == ("genuine-not-exact", "valid", 2, "Ben Beispiel", newer)
    [fresh] = db.session.scalars(select(Credential).where(Credential.holder_name == "Ben Beispiel"))
    assert told(document(fresh))[:3] == ("exact", "valid", 0)
