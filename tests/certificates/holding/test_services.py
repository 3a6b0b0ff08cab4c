"""A holder withdraws a certificate and shows it again; and what that does not change."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock, transaction
from app.accounts.models import Person
from app.audit.models import AuditEntry
from app.errors import DomainError, Missing
from app.extensions import db
from app.mail.models import MailMessage
from certificates import queries
from certificates.checking import verification
from certificates.holding import services as holding
from certificates.issuing import ordering
from certificates.lifecycle import revocations
from certificates.lifecycle import suspending as lifecycle
from certificates.lifecycle.revocations import ReasonClass
from certificates.models import Visibility
from certificates.register import checking
from certificates.register.models import RegisterEntry
from tests.factories.certificates import certify, run_jobs
from tests.factories.people import PersonFactory
from tests.factories.renewals import officer


@pytest.fixture
def credential(app):
    return certify()


def holder(credential):
    return db.session.get_one(Person, credential.person_id)


def withdraw(credential):
    holding.withdraw(credential.public_id, holder(credential), clock.now())
    transaction.commit()


def restore(credential):
    holding.restore(credential.public_id, holder(credential), clock.now())
    transaction.commit()


def answer(credential):
    db.session.expire_all()
    return verification.verify_number(credential.number, clock.now() + timedelta(seconds=1))


def test_withdrawn_it_says_so_and_no_name_award_or_date_and_back_again(credential):
    withdraw(credential)
    told = answer(credential)
    assert (told.status.value, told.holder, told.award, told.issued_on, told.since) == (
        "withdrawn", None, None, None, None,
    )  # fmt: skip
    assert told.exit_code == 1
    restore(credential)
    assert (answer(credential).status.value, answer(credential).holder) == ("valid", "Ada Beispiel")


def test_every_step_is_in_trail_register_and_mail(credential):
    withdraw(credential)
    restore(credential)
    kinds = db.session.scalars(select(RegisterEntry.kind).order_by(RegisterEntry.seq)).all()
    assert kinds == ["issued", "withdrawn", "restored"]
    assert checking.check(db.session())[1] is None
    trail = set(db.session.scalars(select(AuditEntry.action)))
    assert {"credential.withdrawn_by_holder", "credential.restored_by_holder"} <= trail
    letters = set(db.session.scalars(select(MailMessage.kind)))
    assert {"certificates.withdrawn", "certificates.restored"} <= letters


def test_twice_is_told_and_so_is_taking_back_what_is_not_withdrawn(credential):
    with pytest.raises(DomainError, match="not withdrawn"):
        restore(credential)
    withdraw(credential)
    with pytest.raises(DomainError, match="already"):
        withdraw(credential)


def test_nobody_else_can_do_it_not_even_an_officer(credential):
    for act in (holding.withdraw, holding.restore):
        with pytest.raises(Missing):
            act(credential.public_id, PersonFactory(holding=["officer"]), clock.now())


def test_a_suspension_cannot_be_hidden_by_a_withdrawal(credential):
    lifecycle.suspend(credential.public_id, 3, "Why.", actor=officer(), now=clock.now())
    withdraw(credential)
    assert answer(credential).status.value == "suspended"


def test_what_was_replaced_meanwhile_stays_withdrawn(credential):
    holding.confirm_name(holder(credential), "Ada Muster", clock.now())
    ordering.replace(credential.public_id, "Passport seen.", actor="officer", now=clock.now())
    withdraw(credential)
    run_jobs()
    with pytest.raises(DomainError, match="newer certificate"):
        restore(credential)
    assert answer(credential).status.value == "withdrawn"


def test_a_revoked_certificate_can_neither_be_withdrawn_nor_shown_again(credential):
    withdraw(credential)
    _revoke(credential)
    for act in (withdraw, restore):
        with pytest.raises(DomainError, match=r"stays so|already"):
            act(credential)
    assert answer(credential).status.value == "revoked"


def test_the_way_to_the_next_level_stays_open(credential):
    withdraw(credential)
    assert queries.levels_held(credential.person_id, clock.now()) == {"foundation"}


def test_a_holder_who_withdraws_while_two_officers_revoke_ends_revoked(app, credential):
    request = revocations.propose_revocation(
        credential.public_id, ReasonClass.REQUEST, "Asked.", actor=officer(), now=clock.now()
    ).public_id
    transaction.commit()
    second, person_id, public_id = officer(), credential.person_id, credential.public_id
    number = credential.number
    db.session.remove()
    faults = []

    def run(act):
        try:
            with app.app_context(), transaction.standalone():
                act()
        except DomainError as refused:
            faults.append(refused.message)

    acts = [
        lambda: revocations.confirm_revocation(request, actor=second, now=clock.now()),
        lambda: holding.withdraw(public_id, db.session.get_one(Person, person_id), clock.now()),
    ]
    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults in ([], ["This certificate is revoked, and stays so."])
    told = verification.verify_number(number, clock.now() + timedelta(seconds=1))
    assert (told.status.value, told.reason) == ("revoked", "request")


def _revoke(credential):
    request = revocations.propose_revocation(
        credential.public_id, ReasonClass.REQUEST, "Asked.", actor=officer(), now=clock.now()
    )
    revocations.confirm_revocation(request.public_id, actor=officer(), now=clock.now())
    transaction.commit()


def test_each_choice_says_what_a_printed_code_shows(app):
    for choice in Visibility:
        assert "Who scans the printed code" in holding.visibility_words(choice)[1]
