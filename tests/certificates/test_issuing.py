"""From an award to exactly one certificate, whatever breaks in between."""

import hashlib

from flask import current_app
from sqlalchemy import func, select

from app import clock
from app.audit import services as audit
from app.extensions import db
from app.mail.models import MailMessage
from certificates import register, verification
from certificates.document_check import DocumentVerdict
from certificates.models import Artefact, Credential
from certificates.register_models import RegisterEntry
from tests.factories.certificates import certify


def test_a_passed_exam_becomes_a_signed_registered_certificate_that_the_holder_hears_of(app):
    credential = certify("Ada Beispiel")

    assert credential.state == "issued"
    artefact = db.session.scalars(select(Artefact)).one()
    data = current_app.extensions["store"].get(artefact.file_id)
    assert hashlib.sha256(data).hexdigest() == artefact.sha256
    entry = db.session.scalars(select(RegisterEntry)).one()
    assert (entry.kind, entry.number, entry.artefact_sha256) == ("issued", credential.number, artefact.sha256)
    assert register.check(db.session()) == (1, None)
    kinds = list(db.session.scalars(select(MailMessage.kind)))
    assert kinds.count("certificates.issued") == 1
    assert audit.check(db.session())[1] is None

    answer = verification.verify_file(data, clock.now())
    assert (answer.document, answer.status.value, answer.holder) == (DocumentVerdict.EXACT, "valid", "Ada Beispiel")
    assert answer.exit_code == 0
    assert db.session.scalar(select(func.count()).select_from(Credential)) == 1
