"""Sessions end to the second, and whatever changes a person's rights acts on the next request of every browser."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from app import clock
from app.accounts import passwords
from app.accounts.models import Person, RoleGrant, WebSession
from app.accounts.sessions import IDLE_MEMBER, IDLE_STAFF, LONGEST, SEEN_EVERY
from app.extensions import db
from app.policy import FRESH_SECONDS
from tests.factories.people import PersonFactory

SECOND = timedelta(seconds=1)
PASSWORD = "seven quiet garden chairs"


@pytest.fixture
def start():
    """A moment to count from, with the clock standing still."""
    moment = clock.now().replace(microsecond=0)
    with time_machine.travel(moment, tick=False) as held:
        yield lambda after=timedelta(): held.move_to(moment + after)


def is_in(visit, path="/account"):
    return visit.get(path).status_code == 200


@pytest.mark.parametrize(
    ("holding", "idle"), [([], IDLE_MEMBER), (["assessor"], IDLE_STAFF), (["officer"], IDLE_STAFF)]
)
def test_an_idle_session_ends_to_the_second(visit, start, holding, idle):
    person = PersonFactory(holding=holding)
    visit.sign_in(person)
    other = visit.another().sign_in(person)
    start(idle - SECOND)
    assert is_in(visit)
    start(idle)
    assert not is_in(other)
    assert is_in(visit), "who was seen in the meantime stays"


def test_no_session_lives_longer_than_half_a_day_however_busy(visit, start):
    visit.sign_in(PersonFactory())
    at = timedelta()
    while at < LONGEST - SECOND:
        start(at)
        assert is_in(visit)
        at += timedelta(minutes=100)
    start(LONGEST - SECOND)
    assert is_in(visit)
    start(LONGEST)
    assert not is_in(visit)


def test_being_seen_is_noted_on_pages_that_fail_too_and_not_on_each_one(visit, session, start):
    visit.sign_in(PersonFactory())

    def seen():
        session.rollback()
        return session.scalars(select(WebSession.last_seen_at)).one()

    begun = seen()
    start(SEEN_EVERY - SECOND)
    visit.get("/account")
    assert seen() == begun
    start(SEEN_EVERY)
    assert visit.get("/office/people/nobody").status_code == 403
    assert seen() == begun + SEEN_EVERY
    start(3 * SEEN_EVERY)
    assert visit.get("/no-such-page").status_code == 404
    assert seen() == begun + 3 * SEEN_EVERY


def test_a_role_that_ended_opens_nothing_on_the_next_request(visit, session):
    person = PersonFactory(holding=["officer"])
    visit.sign_in(person)
    assert is_in(visit, "/office")
    session.execute(update(RoleGrant).values(ends_at=clock.now()))
    session.commit()
    assert visit.get("/office").status_code == 403


def test_a_role_that_begins_later_opens_its_doors_then_and_not_before(visit, session, start):
    visit.sign_in(PersonFactory(holding=["officer"]))
    now = clock.now()
    session.execute(
        update(RoleGrant).values(starts_at=now + timedelta(minutes=10), ends_at=now + timedelta(minutes=20))
    )
    session.commit()
    for minutes, seconds, status in ((10, -1, 403), (10, 0, 200), (20, -1, 200), (20, 0, 403)):
        start(timedelta(minutes=minutes, seconds=seconds))
        assert visit.get("/office").status_code == status, (minutes, seconds)


def test_a_closed_account_is_out_at_once(visit, session):
    visit.sign_in(PersonFactory())
    session.execute(update(Person).values(closed_at=clock.now()))
    session.commit()
    assert not is_in(visit)


def test_a_new_password_signs_the_other_browsers_out_and_keeps_this_one(visit):
    person = PersonFactory()
    visit.sign_in(person)
    other = visit.another().sign_in(person)
    assert is_in(other)
    assert visit.post("/account/password", {"password": PASSWORD}).status_code == 302
    assert is_in(visit)
    assert not is_in(other)


def test_one_browser_ends_another_and_nobody_elses(visit, session):
    person = PersonFactory()
    visit.sign_in(person)
    other = visit.another().sign_in(person)
    stranger = visit.another().sign_in(PersonFactory())
    strangers = session.scalar(select(WebSession.public_id).where(WebSession.person_id == stranger.person.id))
    mine = session.scalars(
        select(WebSession.public_id).where(WebSession.person_id == person.id).order_by(WebSession.id)
    ).all()

    assert visit.post(f"/account/sessions/{strangers}/end").status_code == 404
    assert visit.post(f"/account/sessions/{mine[1]}/end").status_code == 302

    assert is_in(stranger)
    assert is_in(visit)
    assert not is_in(other)


def test_an_officer_signs_a_member_out_everywhere(visit):
    member = PersonFactory()
    browsers = [visit.another().sign_in(member) for _turn in range(2)]
    officer = visit.sign_in(PersonFactory(holding=["officer"]))
    assert officer.post(f"/office/people/{member.public_id}/sign-out").status_code == 302
    assert not any(is_in(browser) for browser in browsers)


def test_signing_in_changes_the_secret_and_takes_nothing_over(visit, session):
    PersonFactory(email="ana@people.test", password_hash=passwords.hash_password(PASSWORD))
    visit.get("/join")
    planted = visit.client.get_cookie("laurel")
    visit.post("/sign-in", {"email": "ana@people.test", "password": PASSWORD})
    mine = visit.client.get_cookie("laurel")
    assert planted is None or planted.value != mine.value
    secrets = session.scalars(select(WebSession.secret_hash)).all()
    assert len(secrets) == 1
    assert secrets[0] not in mine.value


DANGEROUS = [
    ("/account/address", {"email": "new@people.test"}),
    ("/account/password", {"password": PASSWORD}),
    ("/office/people/{0}/roles", {"role": "assessor", "starts_on": "2030-01-01", "reason": "x"}),
    ("/office/people/{0}/roles/x/end", {}),
    ("/office/people/{0}/sign-out", {}),
    ("/office/results", {"result": "x"}),
    ("/office/settings", {"name": "Another Name"}),
    ("/office/mails/accounts.confirm", {"subject": "Another subject", "text": "Another text"}),
    ("/office/mails/accounts.confirm/restore", {}),
    ("/office/pages/about", {"title": "About", "text": "Another text"}),
    ("/office/pages/about/versions/1/restore", {"version": "1"}),
]


@pytest.mark.parametrize(("path", "typed"), DANGEROUS)
def test_a_dangerous_act_asks_for_the_password_when_it_was_given_long_ago(visit, session, start, path, typed):
    officer = PersonFactory(holding=["officer"], password_hash=passwords.hash_password(PASSWORD))
    member = PersonFactory()
    path = path.format(member.public_id)
    visit.sign_in(officer)
    start(timedelta(seconds=FRESH_SECONDS + 1))
    asked = visit.post(path, typed)
    assert asked.status_code == 401
    assert "kept" in asked.text

    wrong = visit.post("/confirm-password", {"password": "not this"})
    assert wrong.status_code == 422
    assert visit.post(path, typed).status_code == 401

    assert visit.post("/confirm-password", {"password": PASSWORD}).status_code == 302
    assert visit.post(path, typed).status_code in (302, 404, 409, 422), "asked for no password any more"


def test_what_was_typed_before_the_password_was_asked_for_is_sent_after_it(visit, session, start):
    import re

    person = PersonFactory(password_hash=passwords.hash_password(PASSWORD))
    visit.sign_in(person)
    start(timedelta(seconds=FRESH_SECONDS + 1))
    asked = visit.post("/account/address", {"email": "new@people.test"})
    kept = re.search(r'name="kept"[^>]*value="([^"]+)"', asked.text).group(1)
    carried = visit.post("/confirm-password", {"password": PASSWORD, "kept": kept})
    assert 'action="/account/address"' in carried.text
    assert "new@people.test" in carried.text
    forged = visit.post("/confirm-password", {"password": PASSWORD, "kept": kept[:-3] + "abc"})
    assert "new@people.test" not in forged.text


def test_the_session_of_one_can_never_be_had_from_the_database(visit, session):
    visit.sign_in(PersonFactory())
    row = session.scalars(select(WebSession)).one()
    for value in (row.secret_hash, row.public_id, str(row.id)):
        thief = visit.another()
        with thief.client.session_transaction() as cookie:
            cookie["_user_id"] = value
        assert not is_in(thief)
    db.session.rollback()
