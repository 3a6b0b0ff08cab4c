"""Another name: a typing error for the asking, a new name with a proof; always a new certificate."""

import threading
from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import func, select

from app import clock, transaction
from app.accounts.models import Person
from app.errors import DomainError, Missing, Stale
from app.extensions import db
from app.mail.models import MailMessage
from app.storage.models import StoredFile
from assessments.practicals.files import Prepared
from certificates import queries
from certificates.changes import deciding, names
from certificates.changes import queries as requests
from certificates.changes.models import ChangeKind
from certificates.checking import verification
from certificates.holding import services as holding
from certificates.lifecycle import suspending as lifecycle
from certificates.models import Credential
from tests.factories.certificates import certify, make_level, pass_exam, run_jobs
from tests.factories.people import PersonFactory
from tests.factories.renewals import officer

PDF = b"%PDF-1.7\nstartxref\n0\n%%EOF"


@pytest.fixture
def credential(app):
    return certify("Ada Beispeil")


def holder(credential):
    return db.session.get_one(Person, credential.person_id)


def ask(credential, name="Ada Beispiel", kind=ChangeKind.SPELLING, words="", proof=None):
    asked = names.Asked(kind, name, words, proof)
    request = names.ask(credential.public_id, holder(credential), asked, clock.now())
    db.session.commit()
    return request.public_id


def ask_new(credential, name="Ada Muster"):
    return ask(credential, name, ChangeKind.NAME, "Marriage", Prepared(PDF, "paper.pdf"))


def agree(request, actor=None, seen_proof=True):
    made = names.agree(request, seen_proof=seen_proof, actor=actor or officer(), now=clock.now())
    db.session.commit()
    run_jobs()
    return [queries.get_credential(row.public_id) for row in made]


def answer(credential):
    return verification.verify_number(credential.number, clock.now())


class TestTypingErrors:
    def test_an_officer_agrees_and_a_new_certificate_takes_the_place_of_the_old(self, credential):
        (new,) = agree(ask(credential), seen_proof=False)
        assert (new.state, new.holder_name, new.issued_on) == ("issued", "Ada Beispiel", credential.issued_on)
        old = answer(credential)
        assert (old.status.value, old.holder, old.replaced_by) == ("superseded", "Ada Beispeil", new.number)
        assert holder(credential).name == "Ada Beispiel", "future certificates carry it too"
        letters = set(db.session.scalars(select(MailMessage.kind)))
        assert {"certificates.change-agreed", "certificates.reissued"} <= letters

    def test_the_newer_number_is_told_only_where_the_newer_may_be_seen(self, credential):
        (new,) = agree(ask(credential))
        new.visibility = "share-only"
        db.session.commit()
        assert (answer(credential).status.value, answer(credential).replaced_by) == ("superseded", None)

    def test_more_than_a_typing_error_is_another_name(self, credential):
        with pytest.raises(DomainError, match="more than a typing error") as refused:
            ask(credential, "Bea Muster")
        assert refused.value.field == "new_name"

    def test_free_twice_and_no_more(self, credential):
        (second,) = agree(ask(credential, "Ada Beispiel"))
        (third,) = agree(ask(second, "Áda Beispiel"))
        with pytest.raises(DomainError, match="twice already"):
            ask(third, "Ada Beispiel")

    @pytest.mark.parametrize("name", ["Ada Beispeil", "Ada \u202eBeispiel", "123", "Ada 🙂 Beispeil"])
    def test_a_name_that_is_the_same_or_cannot_be_printed_is_refused(self, credential, name):
        with pytest.raises(DomainError):
            ask(credential, name)


class TestNewNames:
    def test_it_needs_a_reason_and_a_proof(self, credential):
        with pytest.raises(DomainError) as refused:
            ask(credential, "Ada Muster", ChangeKind.NAME, "", Prepared(PDF, "paper.pdf"))
        assert refused.value.field == "words"
        with pytest.raises(DomainError) as refused:
            ask(credential, "Ada Muster", ChangeKind.NAME, "Marriage")
        assert refused.value.field == "file"

    def test_nobody_agrees_without_having_looked_at_the_proof(self, credential):
        request = ask_new(credential)
        with pytest.raises(DomainError, match="Look at the proof"):
            agree(request, seen_proof=False)

    def test_the_proof_goes_on_the_stated_day_and_not_before(self, credential, monkeypatch):
        request = ask_new(credential)
        agree(request)
        row = requests.get_request(request)
        assert row.file_until == row.decided_at + deciding.PROOF_KEPT_FOR
        file_id = row.file_id
        assert current_app.extensions["store"].get(file_id) == PDF
        future = clock.now() + timedelta(days=29)
        monkeypatch.setattr(clock, "now", lambda: future)
        run_jobs()
        db.session.expire_all()
        assert requests.get_request(request).file_id == ""
        assert db.session.scalars(select(StoredFile).where(StoredFile.public_id == file_id)).first() is None
        with pytest.raises(FileNotFoundError):
            current_app.extensions["store"].get(file_id)

    def test_taken_back_the_proof_goes_at_once(self, credential):
        request = ask_new(credential)
        with transaction.standalone():
            deciding.take_back(request, credential.person_id, clock.now())
        assert db.session.scalars(select(StoredFile).where(StoredFile.purpose == names.PURPOSE)).first() is None
        with pytest.raises(Stale):
            names.agree(request, seen_proof=True, actor=officer(), now=clock.now())

    def test_every_certificate_in_force_under_the_old_name_follows(self, credential):
        make_level("practitioner", exam="EX2", requires="foundation")
        pass_exam(holder(credential), code="EX2")
        run_jobs()
        made = agree(ask_new(credential))
        assert sorted(row.level_code for row in made) == ["foundation", "practitioner"]
        assert {row.holder_name for row in made} == {"Ada Muster"}
        assert {row.state for row in made} == {"issued"}

    def test_a_third_name_that_was_chosen_meanwhile_is_left_alone(self, credential):
        request = ask_new(credential)
        holding.confirm_name(holder(credential), "Ada Anders", clock.now())
        agree(request)
        assert holder(credential).name == "Ada Anders"


class TestWho:
    def test_a_stranger_asks_in_vain(self, credential):
        asked = names.Asked(ChangeKind.SPELLING, "Ada Beispiel")
        with pytest.raises(Missing):
            names.ask(credential.public_id, PersonFactory(), asked, clock.now())

    def test_one_request_at_a_time(self, credential):
        ask(credential)
        with pytest.raises(DomainError, match="already"):
            ask_new(credential)

    def test_nobody_can_go_on_asking(self, credential):
        for _ in range(deciding.MOST_OPEN_A_MONTH):
            deciding.take_back(ask(credential), credential.person_id, clock.now())
            db.session.commit()
        with pytest.raises(DomainError, match="very often"):
            ask(credential)

    def test_nobody_agrees_to_a_request_of_their_own(self, credential):
        request, own = ask(credential), officer()
        db.session.execute(db.update(Credential).values(person_id=own.person_id))
        db.session.commit()
        with pytest.raises(DomainError, match="of their own"):
            agree(request, own)

    @pytest.mark.parametrize("what", ["suspended", "withdrawn"])
    def test_only_one_in_force_is_made_anew(self, credential, what):
        request = ask(credential)
        if what == "suspended":
            lifecycle.suspend(credential.public_id, 2, "Why.", actor=officer(), now=clock.now())
        else:
            holding.withdraw(credential.public_id, holder(credential), clock.now())
        db.session.commit()
        with pytest.raises(DomainError, match="in force"):
            agree(request)

    def test_officers_who_decide_at_once_decide_once(self, app, credential):
        request, officers = ask(credential), [officer() for _ in range(4)]
        db.session.remove()
        done, stale = [], []

        def decide(n):
            try:
                with app.app_context(), transaction.standalone():
                    if n % 2:
                        names.agree(request, seen_proof=True, actor=officers[n], now=clock.now())
                    else:
                        deciding.refuse(request, "No.", actor=officers[n], now=clock.now())
                done.append(n)
            except Stale:
                stale.append(n)

        threads = [threading.Thread(target=decide, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (len(done), len(stale)) == (1, 3)
        made = db.session.scalar(select(func.count()).select_from(Credential))
        assert made == (2 if done[0] % 2 else 1)
