"""What other pages are told of renewals: plain rows, one statement, and the same as the holder's own page says."""

from datetime import timedelta

import pytest

from app import clock
from app.extensions import db
from certificates.changes import outlooks, renewing
from certificates.changes.periods import Phase
from certificates.cpd import services as cpd
from certificates.lifecycle import history
from certificates.lifecycle.status import Event
from tests.factories.certificates import certify
from tests.factories.renewals import certify_for, days_left, entry, newest, person_of
from tests.support.queries import counted


@pytest.mark.parametrize(
    ("left", "phase"), [(400, Phase.EARLY), (100, Phase.OPEN), (-20, Phase.LATE), (-200, Phase.OVER)]
)
def test_it_says_what_the_page_of_the_certificate_says(app, left, phase):
    credential = certify_for()
    days_left(credential, left)
    [row] = outlooks.list_renewals(credential.person_id, clock.now())
    outlook = renewing.find_outlook(newest(), clock.now())
    assert row.phase is phase
    assert (row.window, row.phase) == (outlook.window, outlook.phase)
    assert row.hours == outlook.account.terms.hours == 60
    assert row.title == credential.achievement["title"]
    assert row.address == f"/certificates/{credential.public_id}/renew"
    assert row.ended_at.date() - row.window.ends in (timedelta(0), timedelta(1))


def test_one_that_was_asked_for_says_so(app):
    credential = certify_for()
    days_left(credential, 30)
    for hours in ("30", "30"):
        cpd.record_activity(person_of(credential), entry(hours), clock.now())
    renewing.ask(credential.public_id, person_of(credential), clock.now())
    db.session.commit()
    [row] = outlooks.list_renewals(credential.person_id, clock.now())
    assert row.asked


@pytest.mark.parametrize("event", [Event.REVOKED, Event.SUSPENDED, Event.WITHDRAWN])
def test_what_is_not_in_force_has_no_renewal(app, event):
    credential = certify_for()
    days_left(credential, 30)
    history.add(newest(), event, clock.now(), "officer")
    db.session.commit()
    assert outlooks.list_renewals(credential.person_id, clock.now()) == []


def test_an_award_for_life_has_none(app):
    credential = certify()
    assert outlooks.list_renewals(credential.person_id, clock.now()) == []


def test_it_is_one_statement(app):
    credential = certify_for()
    days_left(credential, 30)
    person_id = credential.person_id
    with counted() as seen:
        assert len(outlooks.list_renewals(person_id, clock.now())) == 1
    assert len(seen) == 1
