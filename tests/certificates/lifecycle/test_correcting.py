"""A revocation that was wrong: the old certificate says so, and a new one takes its place."""

import pytest
from sqlalchemy import select

from app import clock, transaction
from app.audit.models import AuditEntry
from app.errors import DomainError
from app.extensions import db
from app.mail.models import MailMessage
from app.policy import Actor
from certificates import queries
from certificates.checking import verification
from certificates.lifecycle import correcting, revocations
from certificates.lifecycle.revocations import ReasonClass
from certificates.register import checking
from certificates.register.models import RegisterEntry
from tests.factories.certificates import certify, run_jobs
from tests.factories.renewals import officer


@pytest.fixture
def officers(app):
    return [officer() for _ in range(3)]


@pytest.fixture
def revoked(app, officers, monkeypatch):
    credential = certify()
    row = revocations.propose_revocation(
        credential.public_id, ReasonClass.MISCONDUCT, "Bought.", actor=officers[0], now=clock.now(), case="C-1"
    )
    revocations.confirm_revocation(row.public_id, actor=officers[1], now=clock.now())
    transaction.commit()
    future = clock.now() + revocations.APPEAL_FOR
    monkeypatch.setattr(clock, "now", lambda: future)
    run_jobs()
    return credential


def correct(credential, actor):
    made = correcting.correct_revocation(credential.public_id, "Two files were mixed up.", actor=actor, now=clock.now())
    transaction.commit()
    run_jobs()
    return queries.get_credential(made.public_id)


def test_the_old_one_stays_revoked_without_its_reason_and_leads_to_the_new_one(revoked, officers):
    assert verification.verify_number(revoked.number, clock.now()).reason == "misconduct"
    new = correct(revoked, officers[2])
    old = verification.verify_number(revoked.number, clock.now())
    assert (old.status.value, old.reason, old.replaced_by) == ("revoked", "mistake", new.number)
    assert "misconduct" not in str(old.to_json_dict())
    now = verification.verify_number(new.number, clock.now())
    assert (now.status.value, now.holder, now.issued_on) == ("valid", "Ada Beispiel", revoked.issued_on)


def test_the_holder_gets_a_letter_and_the_history_an_entry(revoked, officers):
    correct(revoked, officers[2])
    letter = db.session.scalars(select(MailMessage.text).where(MailMessage.kind == "certificates.corrected")).one()
    assert "Two files were mixed up." in letter
    assert "a mistake of ours" in letter
    kinds = db.session.scalars(select(RegisterEntry.kind).order_by(RegisterEntry.seq)).all()
    assert kinds == ["issued", "suspended", "revoked", "corrected", "issued", "superseded"]
    assert checking.check(db.session())[1] is None
    assert "credential.corrected" in set(db.session.scalars(select(AuditEntry.action)))


def test_whoever_revoked_it_cannot_say_so_nor_can_the_holder(revoked, officers):
    for actor in officers[:2]:
        with pytest.raises(DomainError, match="took part"):
            correct(revoked, actor)
    own = Actor(revoked.person_id, "me", "Me", is_authenticated=True)
    with pytest.raises(DomainError, match="of their own"):
        correct(revoked, own)


def test_once_and_only_what_is_revoked(revoked, officers):
    correct(revoked, officers[2])
    with pytest.raises(DomainError, match="ordered already"):
        correct(revoked, officers[2])
    with pytest.raises(DomainError, match="not revoked"):
        correct(certify("Ben Beispiel"), officers[2])


def test_the_new_one_counts_for_the_next_level_again(revoked, officers):
    assert queries.levels_held(revoked.person_id, clock.now()) == set()
    correct(revoked, officers[2])
    assert queries.levels_held(revoked.person_id, clock.now()) == {"foundation"}
