"""Hearing of a certificate: who is asked, what is written when, and what is forgotten."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from app import clock, transaction
from app.accounts.models import Person
from app.extensions import db
from app.jobs import runner
from app.mail.models import MailMessage
from certificates import personal
from certificates.holding import services as holding
from certificates.lifecycle.status import Event
from certificates.models import Credential
from certificates.sharing import personal as sharing_personal
from certificates.sharing import watching
from certificates.sharing.models import Watch
from tests.factories.certificates import certify, run_jobs
from tests.factories.renewals import days_left

ADDRESS = "hr@employer.test"
DAY = timedelta(days=1)


@pytest.fixture
def credential(app):
    certify(years=3)
    return db.session.scalars(select(Credential)).one()


def ask(credential, email=ADDRESS):
    watching.order(credential.number, email, "en")
    transaction.commit()
    run_jobs()


def watch_it(credential, email=ADDRESS):
    ask(credential, email)
    watch = db.session.scalars(select(Watch).where(Watch.email == email.lower())).one()
    watching.confirm(watching.seal(watch.public_id), clock.now())
    transaction.commit()
    return watch.public_id


def letters(email=ADDRESS):
    return db.session.scalars(select(MailMessage).where(MailMessage.recipient == email).order_by(MailMessage.id)).all()


def kinds(email=ADDRESS):
    return [message.kind.removeprefix("certificates.watch-") for message in letters(email)]


def happens(credential, kind, **more):
    from certificates import queries
    from certificates.lifecycle import history

    history.add(queries.get_credential(credential.public_id), kind, clock.now(), "officer", **more)
    transaction.commit()
    run_jobs()


def subjects():
    return [message.subject.partition(":")[0] for message in letters() if message.kind.endswith("told")]


def the_watch():
    return db.session.scalars(select(Watch)).one_or_none()


def test_nothing_is_sent_before_the_address_has_said_yes(credential):
    ask(credential)
    happens(credential, Event.SUSPENDED)
    assert kinds() == ["confirm"]
    assert watching.count_watches([credential.id], clock.now()) == {}


def test_each_change_of_status_is_told_once_and_nothing_else(credential):
    watch_it(credential)
    happens(credential, Event.SUSPENDED, note="gossip", reason_class="misconduct")
    happens(credential, Event.SUSPENDED, note="gossip again")
    happens(credential, Event.LIFTED)
    happens(credential, Event.WITHDRAWN)
    happens(credential, Event.RESTORED)
    happens(credential, Event.REVOKED, reason_class="misconduct", note="gossip")
    happens(credential, Event.CORRECTED, note="gossip")
    assert subjects() == ["Suspended", "Valid", "Withdrawn by its holder", "Valid", "Revoked"]
    assert the_watch().ends_at <= clock.now(), "revoked is the last there is to say"


def test_a_message_says_the_number_the_word_and_the_way_out_but_no_reason_and_no_name(credential, monkeypatch):
    monkeypatch.setattr("app.mail.services._mark", lambda *_: None)  # a message that has left forgets its text
    public_id = watch_it(credential)
    happens(credential, Event.SUSPENDED, note="gossip")
    text = letters()[-1].text
    for words in (credential.number, "Suspended", f"http://body.test/watches/{watching.seal(public_id)}"):
        assert words in text
    for words in ("gossip", "Ada", "Foundation"):
        assert words not in text


def test_the_text_of_a_message_goes_once_it_has_left(credential):
    watch_it(credential)
    assert [message.text for message in letters()] == [""]


def test_a_suspension_that_ends_by_itself_is_told_when_it_does(credential):
    watch_it(credential)
    happens(credential, Event.SUSPENDED, until_at=clock.now() + 7 * DAY)
    with time_machine.travel(clock.now() + 7 * DAY + timedelta(minutes=1), tick=True):
        run_jobs()
    assert subjects() == ["Suspended", "Valid"]


def test_a_certificate_that_expires_is_told_by_the_hourly_round_and_then_forgotten(app, credential):
    watch_it(credential)
    days_left(credential, 0)
    with time_machine.travel(clock.now() + 2 * DAY, tick=True):
        for _ in range(2):
            runner.order(watching.ROUND_JOB, {})
            transaction.commit()
            run_jobs()
        assert subjects() == ["Expired"]
        watching.forget_ended(clock.now())
        transaction.commit()
    assert the_watch() is None
    assert letters() == []


def test_a_message_that_has_not_left_keeps_its_address_until_it_has(credential):
    watch_it(credential)
    happens(credential, Event.REVOKED)
    db.session.execute(update(MailMessage).values(state="queued"))
    watching.forget_ended(clock.now())
    transaction.commit()
    assert the_watch() is not None
    db.session.execute(update(MailMessage).values(state="sent"))
    watching.forget_ended(clock.now())
    transaction.commit()
    assert the_watch() is None
    assert letters() == []


def test_to_stop_forgets_the_address_and_what_was_sent_at_once(credential):
    public_id = watch_it(credential)
    for _ in range(2):
        watching.stop(watching.seal(public_id), clock.now())
        transaction.commit()
    assert the_watch() is None
    assert letters() == []
    happens(credential, Event.SUSPENDED)
    assert letters() == []


def test_a_link_that_is_made_up_altered_or_over_opens_nothing(app, credential):
    public_id = watch_it(credential)
    sealed = watching.seal(public_id)
    assert watching.find(sealed, clock.now())
    for wrong in (public_id, sealed[:-1], sealed.upper(), f"{public_id}.", "", "ä.ö"):
        assert watching.find(wrong, clock.now()) is None
    assert watching.find(sealed, clock.now() + watching.KEPT_FOR + DAY) is None


def test_links_hold_when_the_secret_of_the_site_is_changed(app, credential, monkeypatch):
    sealed = watching.seal(watch_it(credential))
    monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", [app.secret_key])
    monkeypatch.setitem(app.config, "SECRET_KEY", "another secret of more than thirty-two bytes")
    assert watching.find(sealed, clock.now())


def test_an_address_that_watches_is_told_so_and_nobody_else_can_see_it(credential):
    watch_it(credential)
    ask(credential, " HR@Employer.test ")
    assert kinds() == ["confirm", "known"]
    assert the_watch().confirmed_at is not None


def test_one_address_gets_few_letters_to_answer_and_may_watch_a_hundred(credential, monkeypatch):
    monkeypatch.setattr(watching, "MOST_UNCONFIRMED", 0)
    ask(credential)
    assert kinds() == []
    monkeypatch.undo()
    monkeypatch.setattr(watching, "MOST_OF_CERTIFICATE", 1)
    watch_it(credential)
    ask(credential, "another@employer.test")
    assert kinds("another@employer.test") == []


def test_an_ended_watch_can_begin_anew(credential):
    watch_it(credential)
    with time_machine.travel(clock.now() + watching.KEPT_FOR + DAY, tick=True):
        days_left(credential, 100)
        ask(credential)
        assert the_watch().confirmed_at is None
        assert kinds() == ["confirm"]


def test_what_is_not_confirmed_goes_after_three_days(credential):
    ask(credential)
    watching.forget_ended(clock.now() + watching.TO_CONFIRM - timedelta(minutes=5))
    assert the_watch() is not None
    watching.forget_ended(clock.now() + watching.TO_CONFIRM + timedelta(minutes=5))
    transaction.commit()
    assert the_watch() is None


@pytest.mark.parametrize("number", ["0000-0000-0000-0000-0000-0000-000", "nothing"])
def test_for_a_number_that_nobody_has_nothing_is_sent(app, credential, number):
    watching.order(number, ADDRESS, "en")
    transaction.commit()
    run_jobs()
    assert the_watch() is None
    assert kinds() == []


def test_what_has_ended_cannot_be_watched(credential):
    happens(credential, Event.REVOKED)
    ask(credential)
    assert the_watch() is None


def test_when_the_holder_is_erased_the_watch_hears_it_last_and_ends(credential):
    watch_it(credential)
    person = db.session.get_one(Person, credential.person_id)
    assert sharing_personal.PERSONAL.export(person)["watched_by"] == [{"number": credential.number, "addresses": 1}]
    person.withdraws_certificates = True
    for provider in (sharing_personal.PERSONAL, personal.PERSONAL):
        provider.erase(person, clock.now())
    transaction.commit()
    run_jobs()
    assert subjects() == ["Withdrawn by its holder"]
    assert the_watch().ends_at <= clock.now()


def test_a_withdrawal_that_can_be_taken_back_keeps_the_watch(credential):
    watch_it(credential)
    holding.withdraw(credential.public_id, db.session.get_one(Person, credential.person_id), clock.now())
    transaction.commit()
    run_jobs()
    assert subjects() == ["Withdrawn by its holder"]
    assert the_watch().ends_at > clock.now() + 1_000 * DAY
