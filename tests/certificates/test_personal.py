"""What goes and what stays of requests and of continuing development when somebody leaves."""

import json

import pytest
from sqlalchemy import select

from app import clock, transaction
from app.extensions import db
from app.privacy import ground
from app.storage.models import StoredFile
from assessments.practicals.files import Prepared
from certificates import personal, queries
from certificates.changes import names, renewing
from certificates.changes.models import ChangeKind, ChangeRequest
from certificates.checking import verification
from certificates.cpd.models import CpdActivity
from certificates.models import AwardDecision
from certificates.register import checking
from tests.factories.certificates import run_jobs
from tests.factories.renewals import certify_for, days_left, learn, newest, officer, person_of

PDF = b"%PDF-1.7\nstartxref\n0\n%%EOF"


@pytest.fixture
def credential(app):
    """A renewed certificate whose holder has asked for another name too."""
    made = certify_for()
    days_left(made, 50)
    learn(person_of(made), "60")
    request = renewing.ask(made.public_id, person_of(made), clock.now())
    renewing.agree(request.public_id, declared=True, sampled=True, actor=officer(), now=clock.now())
    transaction.commit()
    run_jobs()
    asked = names.Asked(ChangeKind.NAME, "Ada Muster", "Marriage in May", Prepared(PDF, "paper.pdf"))
    names.ask(newest().public_id, person_of(made), asked, clock.now())
    transaction.commit()
    return newest()


def test_the_copy_holds_what_was_asked_recorded_and_handed_in(credential):
    person = person_of(credential)
    copy = json.dumps(personal.PERSONAL.export(person), default=str)
    for word in ("Marriage in May", "Ada Muster", "To listen before answering."):
        assert word in copy
    assert [data for name, data in personal.PERSONAL.files(person) if name.endswith("paper.pdf")] == [PDF]


def test_erased_the_words_go_and_the_decision_stays(credential):
    person = person_of(credential)
    person.withdraws_certificates = True
    for provider in (personal.PERSONAL, ground.FILES):
        provider.erase(person, clock.now())
    transaction.commit()
    assert db.session.scalars(select(CpdActivity)).all() == []
    rows = db.session.scalars(select(ChangeRequest).order_by(ChangeRequest.id)).all()
    assert [(row.state, row.live, row.new_name, row.words, row.file_id) for row in rows] == [
        ("agreed", None, "", "", ""),
        ("taken-back", None, "", "", ""),
    ]
    assert db.session.scalars(select(StoredFile).where(StoredFile.purpose == names.PURPOSE)).first() is None
    decision = db.session.scalars(select(AwardDecision).where(AwardDecision.cycle == 2)).one()
    assert decision.inputs["total"] == "60", "that so many hours were there stays with the decision"
    assert checking.check(db.session())[1] is None
    for row in queries.list_own(person.id):
        answer = verification.verify_number(row.number, clock.now())
        assert (answer.status.value, answer.holder) == ("withdrawn", None)


def test_a_holder_who_keeps_the_certificates_keeps_their_names(credential):
    person = person_of(credential)
    personal.PERSONAL.erase(person, clock.now())
    transaction.commit()
    assert {row.holder_name for row in queries.list_own(person.id)} == {"Ada Beispiel"}
