"""Coming in: joining, confirming, signing in and out, forgotten passwords."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app import clock
from app.accounts.models import Consent, Person, WebSession
from app.jobs.models import Job
from app.mail.models import MailMessage
from tests.factories.people import PersonFactory
from tests.support.letters import last_letter
from tests.support.queries import counted

LINK = re.compile(r"http://body\.test(/[a-z-]+/[\w-]+)")
JOINING = {
    "name": "Ana María O’Neill",
    "email": "Ana@People.test",
    "password": "seven quiet garden chairs",
    "affiliation": "employer",
    "employer": "Example Works Ltd",
    "ties": "",
    "agree_terms": "y",
    "agree_privacy": "y",
}


def without_noise(answer, address):
    """A page without what differs on every answer: nonce, token and the address that was typed."""
    return re.sub(r'(nonce|value)="[^"]+"', "", answer.text.replace(address, ""))


def link_in(mail):
    return LINK.search(mail.text).group(1)


def join(visit, session, **changes):
    answer = visit.post("/join", JOINING | changes)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return link_in(last_letter(visit, JOINING["email"]))


def test_someone_joins_confirms_and_is_in(visit, session):
    link = join(visit, session)
    assert "Confirm your address" in visit.get(link).text

    answer = visit.post(link, {"password": JOINING["password"]})

    assert answer.status_code == 302
    person = session.scalars(select(Person)).one()
    assert (person.name, person.email) == ("Ana María O’Neill", "Ana@People.test")
    assert person.email_confirmed_at is not None
    assert {c.page for c in session.scalars(select(Consent))} == {"terms", "code-of-conduct", "privacy"}
    assert visit.get("/account").status_code == 200


def test_who_does_not_know_the_password_cannot_confirm_and_so_cannot_take_an_address(visit, session):
    link = join(visit, session)
    answer = visit.post(link, {"password": "a guess that is wrong"})
    assert answer.status_code == 422
    assert "not the password you chose" in answer.text
    assert session.scalars(select(Person)).one().email_confirmed_at is None


def test_a_confirming_link_works_once(visit, session):
    link = join(visit, session)
    visit.post(link, {"password": JOINING["password"]})
    assert visit.another().get(link).status_code == 410


def test_a_known_address_gets_the_same_answer_and_the_owner_is_told(visit, session):
    PersonFactory(email="ana@people.test", name="Ana the First")
    new = visit.post("/join", JOINING | {"email": "someone@else.test"})
    known = visit.another().post("/join", JOINING)
    assert (new.status_code, new.headers["Location"]) == (known.status_code, known.headers["Location"])
    assert "already" in last_letter(visit, "ana@people.test").subject
    assert (
        session.scalar(select(Person).where(Person.name == JOINING["name"], Person.email == JOINING["email"])) is None
    )


def test_every_fault_of_the_form_is_said_at_once_and_nothing_typed_is_lost(visit):
    answer = visit.post("/join", JOINING | {"name": "12 34", "password": "password1", "employer": "", "ties": ""})
    assert answer.status_code == 422
    for words in ("as it should stand on a certificate", "first that attackers try", "Name your employer"):
        assert words in answer.text
    assert 'value="12 34"' in answer.text
    assert "Ana@People.test" in answer.text
    assert "password1" not in answer.text


def test_signing_in_and_out(visit, session):
    join(visit, session)
    visit.post(link_in(last_letter(visit, JOINING["email"])), {"password": JOINING["password"]})
    visit.post("/sign-out")
    assert visit.get("/account").headers["Location"].startswith("/sign-in?next=/account")

    answer = visit.post("/sign-in", {"email": "ANA@people.TEST", "password": JOINING["password"], "next": "/account"})

    assert answer.headers["Location"] == "/account"
    rows = session.scalars(select(WebSession)).all()
    assert sum(row.ended_at is None for row in rows) == 1


def test_wrong_password_and_unknown_address_read_alike(visit, session):
    join(visit, session)
    wrong = visit.post("/sign-in", {"email": JOINING["email"], "password": "not this one"})
    unknown = visit.another().post("/sign-in", {"email": "nobody@people.test", "password": "not this one"})
    assert wrong.status_code == unknown.status_code == 422
    for page in (wrong, unknown):
        assert "The address or the password is not right." in page.text


def test_the_eleventh_try_in_five_minutes_is_refused_for_that_browser_only(visit, session):
    join(visit, session)
    for _ in range(10):
        assert visit.post("/sign-in", {"email": JOINING["email"], "password": "guess"}).status_code == 422
    refused = visit.post("/sign-in", {"email": JOINING["email"], "password": "guess"})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    owner = visit.another()
    answer = owner.post(
        "/sign-in",
        {"email": JOINING["email"], "password": JOINING["password"]},
        environ_base={"REMOTE_ADDR": "192.0.2.7"},
    )
    assert answer.status_code == 302


def test_a_forgotten_password_ends_every_session_and_works_once(visit, session):
    join(visit, session)
    visit.post(link_in(last_letter(visit, JOINING["email"])), {"password": JOINING["password"]})
    other = visit.another()
    other.post("/forgotten-password", {"email": JOINING["email"]})
    link = link_in(last_letter(visit, JOINING["email"]))

    assert other.post(link, {"password": "nine calm rivers turning"}).status_code == 302

    assert visit.get("/account").status_code == 302
    assert other.get(link).status_code == 410
    assert "changed" in last_letter(visit, JOINING["email"]).subject
    assert (
        other.post("/sign-in", {"email": JOINING["email"], "password": "nine calm rivers turning"}).status_code == 302
    )


def test_an_old_link_has_ended(visit, session):
    join(visit, session)
    visit.post("/forgotten-password", {"email": JOINING["email"]})
    link = link_in(last_letter(visit, JOINING["email"]))
    with time_machine.travel(clock.now() + timedelta(minutes=61), tick=True):
        assert visit.get(link).status_code == 410


def test_asking_for_an_unknown_address_says_the_same_and_sends_nothing(visit, session):
    PersonFactory(email="known@people.test")
    known = visit.post("/forgotten-password", {"email": "known@people.test"})
    unknown = visit.post("/forgotten-password", {"email": "nobody@people.test"})
    assert unknown.status_code == known.status_code == 200
    assert without_noise(known, "known@people.test") == without_noise(unknown, "nobody@people.test")
    assert last_letter(visit, "nobody@people.test") is None


def test_a_form_sent_after_the_session_ended_comes_back_whole(visit, session):
    join(visit, session)
    visit.post(link_in(last_letter(visit, JOINING["email"])), {"password": JOINING["password"]})
    token = visit.token()
    with time_machine.travel(clock.now() + timedelta(hours=3), tick=True):
        answer = visit.post(
            "/account/profile", {"name": "Ana María Long Typed", "zone": "", "csrf_token": token}, token=False
        )
        assert answer.status_code == 401
        kept = re.search(r'name="kept" value="([^"]+)"', answer.text).group(1)
        carried = visit.post("/sign-in", {"email": JOINING["email"], "password": JOINING["password"], "kept": kept})
    assert "Ana María Long Typed" in carried.text
    assert 'action="/account/profile"' in carried.text


def test_a_form_with_a_stale_token_comes_back_whole(visit):
    visit.sign_in(PersonFactory())
    answer = visit.post("/account/profile", {"name": "Typed With Care", "zone": "", "csrf_token": "old"}, token=False)
    assert answer.status_code == 400
    assert "Typed With Care" in answer.text


def test_another_site_cannot_post_in_a_members_name(visit):
    visit.sign_in(PersonFactory())
    answer = visit.post("/account/profile", {"name": "Evil"}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert "Evil" not in answer.text


def test_next_never_leaves_the_site(visit, session):
    join(visit, session)
    visit.post(link_in(last_letter(visit, JOINING["email"])), {"password": JOINING["password"]})
    visit.post("/sign-out")
    for target in (
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/%09/evil.example",
        "\t//evil",
        "///evil",
    ):
        answer = visit.another().post(
            "/sign-in", {"email": JOINING["email"], "password": JOINING["password"], "next": target},
            environ_base={"REMOTE_ADDR": f"192.0.2.{len(target)}"},
        )  # fmt: skip
        assert "evil" not in answer.headers.get("Location", "") or answer.headers["Location"].startswith("/%09")


def test_the_outbox_forgets_a_link_once_it_has_left(visit, session):
    assert join(visit, session)
    left = session.scalars(select(MailMessage)).one()
    assert (left.state, left.text) == ("sent", "")


def test_a_whole_class_signs_in_from_one_house_and_a_guesser_there_is_stopped(visit, session):
    join(visit, session)
    owner = visit.post(link_in(last_letter(visit, JOINING["email"])), {"password": JOINING["password"]})
    assert owner.status_code == 302
    for number in range(30):
        guess = visit.another().post("/sign-in", {"email": f"nobody{number}@people.test", "password": "guess"})
        assert guess.status_code == 422
    stopped = visit.another().post("/sign-in", {"email": "one.more@people.test", "password": "guess"})
    assert stopped.status_code == 429


ASKING = [("/forgotten-password", {"email": "ana@people.test"}), ("/join", JOINING)]


def asked(visit, session, path, form):
    """What a request with this form writes and asks of the database, and the order it leaves."""
    with counted() as sent:
        assert visit.post(path, form).status_code in (200, 302)
    order = session.scalars(select(Job).order_by(Job.id.desc())).first()
    return [statement for statement in sent if "limit_count" not in statement], (order.kind, set(order.payload))


@pytest.mark.parametrize(("path", "form"), ASKING)
def test_a_known_address_is_no_more_work_than_an_unknown_one_while_somebody_waits(visit, session, path, form):
    """The answer could look alike and still tell by its time: here not even the statements differ."""
    asked(visit, session, path, form | {"email": "first@people.test"})  # what is looked up once a process
    unknown = asked(visit, session, path, form)
    PersonFactory(email="ana@people.test")
    assert asked(visit, session, path, form) == unknown
    assert session.scalars(select(MailMessage)).all() == [], "who is meant is found out by nobody who could be timed"


@pytest.mark.parametrize(("path", "form"), ASKING)
def test_what_was_typed_stays_in_the_ledger_no_longer_than_it_is_needed(visit, session, path, form):
    visit.post(path, form)
    assert session.scalars(select(Job.payload)).one()["email"].casefold() == "ana@people.test"
    visit.run_jobs()
    session.rollback()
    assert session.scalars(select(Job.payload).where(Job.kind.startswith("accounts."))).all() == [{}]


def test_someone_joins_as_of_the_moment_the_form_was_sent(visit, session):
    sent_at = clock.now()
    with time_machine.travel(sent_at, tick=False):
        visit.post("/join", JOINING)
    with time_machine.travel(sent_at + timedelta(hours=5), tick=False):
        visit.run_jobs()
    session.rollback()
    person = session.scalars(select(Person)).one()
    assert person.joined_at == sent_at
    assert {given.given_at for given in session.scalars(select(Consent))} == {sent_at}
