"""Links to one certificate: what they show, how they end, and what is kept of those who open them."""

import threading
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import delete, func, select, update

from app import clock, transaction
from app.accounts.models import Person
from app.errors import DomainError, Missing
from app.extensions import db
from certificates import queries
from certificates.checking import verification
from certificates.models import Credential
from certificates.sharing import services as sharing
from certificates.sharing.models import OpenedBy, Share, ShareDay, ShareOpening
from certificates.sharing.services import Visit, Wish
from tests.factories.certificates import certify
from tests.factories.people import PersonFactory

ACME = Wish("Acme, Human Resources")
VISIT = Visit(OpenedBy.READER, "192.0.2.0/24", "Firefox")


@pytest.fixture
def credential(app):
    return certify()


def holder_of(credential):
    return db.session.get_one(Person, credential.person_id)


def share_it(credential, wish=ACME, now=None):
    made = sharing.make(credential.public_id, holder_of(credential), wish, now or clock.now())
    transaction.commit()
    return made


def count(table):
    return db.session.scalar(select(func.count()).select_from(table))


def test_a_link_is_kept_as_a_hash_and_opens_for_its_days(credential):
    share, token = share_it(credential, Wish("Acme", days=3, with_document=True))
    assert len(token) >= 43, "256 bits"
    assert token not in str([tuple(row) for row in db.session.execute(select(Share.__table__))])
    found = sharing.find_open(token, share.made_at + timedelta(days=3, seconds=-1))
    assert (found.number, found.with_document) == (credential.number, True)
    assert sharing.find_open(token, share.made_at + timedelta(days=3)) is None
    assert sharing.find_open(token + "x", clock.now()) is None


def test_a_link_shows_everything_of_a_hidden_certificate_and_nothing_of_a_withdrawn_one(credential):
    db.session.execute(update(Credential).values(visibility="share-only"))
    transaction.commit()
    assert verification.verify_number(credential.number, clock.now()).holder is None
    assert verification.verify_shared(credential.number, clock.now()).holder == "Ada Beispiel"
    from certificates.holding import services as holding

    holding.withdraw(credential.public_id, holder_of(credential), clock.now())
    transaction.commit()
    answer = verification.verify_shared(credential.number, clock.now())
    assert (answer.status.value, answer.holder, answer.award, answer.issued_on) == ("withdrawn", None, None, None)


@pytest.mark.parametrize("days", [0, -1, 91, 10**6])
def test_days_out_of_range_are_refused_at_their_field(credential, days):
    with pytest.raises(DomainError) as refused:
        share_it(credential, Wish("Acme", days=days))
    assert refused.value.field == "days"
    assert count(Share) == 0


def test_only_the_holder_makes_and_ends_links(credential):
    share, token = share_it(credential)
    stranger = PersonFactory()
    with pytest.raises(Missing):
        sharing.make(credential.public_id, stranger, ACME, clock.now())
    with pytest.raises(Missing):
        sharing.end(share.public_id, stranger, clock.now())
    assert sharing.find_open(token, clock.now())
    sharing.end(share.public_id, holder_of(credential), clock.now())
    transaction.commit()
    assert sharing.find_open(token, clock.now()) is None
    assert sharing.is_known(token)


def test_there_are_twenty_open_links_at_most_and_ended_ones_do_not_count(credential):
    made = [share_it(credential)[0] for _ in range(sharing.MOST_LIVE)]
    with pytest.raises(DomainError, match="End one"):
        share_it(credential)
    transaction.undo()
    sharing.end(made[0].public_id, holder_of(credential), clock.now())
    transaction.commit()
    share_it(credential)


def test_a_closed_account_shows_nothing_until_it_is_opened_again(credential):
    _share, token = share_it(credential)
    person = holder_of(credential)
    person.closed_at = clock.now()
    transaction.commit()
    assert sharing.find_open(token, clock.now()) is None
    holder_of(credential).closed_at = None
    transaction.commit()
    assert sharing.find_open(token, clock.now())


def test_ten_thousand_openings_keep_a_hundred_rows_and_one_count(credential, monkeypatch):
    share, _token = share_it(credential)
    share_id, now = share.id, clock.now()
    monkeypatch.setattr(sharing, "LISTED_A_DAY", 5)
    monkeypatch.setattr(sharing, "COUNTED_A_DAY", 12)
    assert all(sharing.note_opening(share_id, VISIT, now) for _ in range(30))
    assert (count(ShareOpening), count(ShareDay)) == (5, 1)
    assert db.session.scalar(select(ShareDay.openings)) == 12
    assert sharing.note_opening(share_id, VISIT, now + timedelta(days=1))
    assert (count(ShareOpening), count(ShareDay)) == (6, 2)
    [log] = sharing.list_logs(credential.id, now)
    assert (log.total, len(log.openings)) == (13, 6)


def test_one_that_has_ended_in_between_is_neither_opened_nor_logged(credential):
    share, token = share_it(credential)
    found = sharing.find_open(token, clock.now())
    sharing.end(share.public_id, holder_of(credential), clock.now())
    transaction.commit()
    assert not sharing.note_opening(found.share_id, VISIT, clock.now())
    assert count(ShareOpening) == count(ShareDay) == 0


def test_openings_at_the_same_moment_are_all_counted(app, credential):
    share, _token = share_it(credential)
    share_id, now, started = share.id, clock.now(), threading.Barrier(6)
    db.session.rollback()

    def open_it():
        with app.app_context():
            started.wait()
            sharing.note_opening(share_id, VISIT, now)
            db.session.remove()

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert db.session.scalar(select(ShareDay.openings)) == count(ShareOpening) == 6


def test_the_log_lists_the_open_links_first_with_their_own_openings(credential):
    first, _ = share_it(credential, Wish("first"))
    second, _ = share_it(credential, Wish("second"))
    for share_id, times in ((first.id, 40), (second.id, 2)):
        for _ in range(times):
            sharing.note_opening(share_id, VISIT, clock.now())
    sharing.end(second.public_id, holder_of(credential), clock.now())
    transaction.commit()
    logs = sharing.list_logs(credential.id, clock.now())
    found = [(log.share.audience, len(log.openings), log.total) for log in logs]
    assert found == [("first", sharing.SHOWN, 40), ("second", 2, 2)]


def test_what_is_older_than_its_period_is_forgotten(credential):
    share, token = share_it(credential)
    for days in (0, 5):
        sharing.note_opening(share.id, VISIT, share.made_at + timedelta(days=days))
    made_at = share.made_at
    sharing.forget_openings(made_at + timedelta(days=2))
    transaction.commit()
    assert (count(ShareOpening), count(ShareDay)) == (1, 1)
    sharing.forget_ended(made_at + timedelta(days=14))
    transaction.commit()
    assert count(Share) == 1
    sharing.forget_ended(made_at + timedelta(days=14, seconds=1))
    transaction.commit()
    assert count(Share) == count(ShareOpening) == count(ShareDay) == 0
    assert not sharing.is_known(token)


def test_no_link_to_a_certificate_that_is_not_issued(credential):
    db.session.execute(update(Credential).values(state="held"))
    transaction.commit()
    with pytest.raises(DomainError, match="not been issued"):
        share_it(credential)
    assert queries.get_credential(credential.public_id).state == "held"
    db.session.execute(delete(Share))


def test_an_account_that_is_erased_leaves_no_link_and_no_log(credential):
    from certificates.sharing import personal as sharing_personal

    share, token = share_it(credential)
    sharing.note_opening(share.id, VISIT, clock.now())
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        copy = sharing_personal.PERSONAL.export(holder_of(credential))
        sharing_personal.PERSONAL.erase(holder_of(credential), clock.now())
        transaction.commit()
    [link] = copy["links"]
    assert (link["audience"], link["openings"][0]["network"]) == ("Acme, Human Resources", "192.0.2.0/24")
    assert not sharing.is_known(token)
    assert count(Share) == count(ShareOpening) == count(ShareDay) == 0
