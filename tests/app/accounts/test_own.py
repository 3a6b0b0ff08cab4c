"""One's own account under attack: naughty strings, giant texts, other people's links, and races."""

import json
import re
import time
from statistics import median

import pytest
from sqlalchemy import select

from app import clock, ids, transaction
from app.accounts import passwords, queries, services
from app.accounts.models import Affiliation, EmailToken, Person
from app.jobs.models import Job
from app.mail.models import MailMessage
from tests.factories.people import PersonFactory
from tests.support.letters import last_letter
from tests.support.probe import each_in_a_thread

LINK = re.compile(r"http://body\.test(/[a-z-]+/[\w-]+)")
PASSWORD = "seven quiet garden chairs"
JOINING = {
    "name": "Ana", "email": "ana@people.test", "password": PASSWORD, "affiliation": "employer", "employer": "Acme", "ties": "",
    "agree_terms": "y", "agree_privacy": "y",
}  # fmt: skip
FIELDS = {
    "/account/profile": {"name": "Ana", "zone": ""},
    "/account/affiliation": {"affiliation": "employer", "employer": "Acme", "ties": "Ties"},
    "/account/address": {"email": "new@people.test"},
    "/account/password": {"password": PASSWORD},
    "/sign-in": {"email": "ana@people.test", "password": "x", "next": "/", "kept": ""},
    "/join": {name: JOINING[name] for name in ("name", "email", "password", "employer", "ties")},
    "/forgotten-password": {"email": "ana@people.test"},
}
PLACES = [(path, field) for path, fields in FIELDS.items() for field in fields]
ODD = [
    "\x00", "a\x00b", "\u202eanA", "A" + "\u0301" * 150, "\ufdfa" * 160, "\u0958" * 160, "\U0001d15e" * 80,
    "<script>alert(1)</script>", "' OR 1=1--", "{{7*7}}", "%s%n", "=1+1", "\r\nBcc: x@y.test", "İstanbul", "ﬀ", "ß", "0", "\u2028",
    "-1", "９９９", "🏆" * 50,
]  # fmt: skip


def send(visit, token, path, field, text):
    return visit.post(
        path, (JOINING if path == "/join" else {}) | FIELDS[path] | {field: text, "csrf_token": token}, token=False
    )


@pytest.fixture
def unlimited(monkeypatch):
    """Many tries without the limits, which have tests of their own."""
    monkeypatch.setattr("app.limits.count", lambda *_: None)


@pytest.mark.parametrize(("path", "field"), PLACES)
def test_no_odd_text_breaks_a_form(visit, unlimited, path, field):
    visit = visit.sign_in(PersonFactory()) if path.startswith("/account") else visit
    token = visit.token()
    for text in ODD:
        answer = send(visit, token, path, field, text)
        assert answer.status_code < 500, repr(text)
        assert "<script>alert(1)" not in answer.text


@pytest.mark.parametrize("path", ["/account/profile", "/account/affiliation"])
@pytest.mark.parametrize("each", [10, pytest.param(1, marks=pytest.mark.soak)])
def test_every_naughty_string_is_stored_whole_or_refused(visit, session, fixtures_dir, path, each):
    visit.sign_in(PersonFactory())
    token, field = visit.token(), "name" if path.endswith("profile") else "employer"
    strings = json.loads((fixtures_dir / "html-security" / "blns.json").read_text(encoding="utf-8"))[::each]
    stored = 0
    for text in strings:
        answer = send(visit, token, path, field, text)
        assert answer.status_code in (302, 422), repr(text)
        stored += answer.status_code == 302
    assert stored > len(strings) // 4
    assert visit.get("/account").status_code == 200


@pytest.mark.parametrize(("path", "field"), PLACES)
def test_a_giant_text_is_refused_quickly(visit, unlimited, path, field):
    visit = visit.sign_in(PersonFactory()) if path.startswith("/account") else visit
    token = visit.token()
    begun = time.perf_counter()
    answer = send(visit, token, path, field, "x" * 100_000)
    assert time.perf_counter() - begun < 3
    assert answer.status_code == 422 or field in ("next", "kept")
    assert "too long" in answer.text or field in ("next", "kept", "zone", "affiliation", "password", "email")


@pytest.mark.parametrize("column", [column.name for column in Person.__table__.columns])
def test_no_form_writes_a_column_that_is_not_its_own(visit, session, column):
    person = PersonFactory()
    visit.sign_in(person)
    before = session.execute(select(Person.__table__)).one()._asdict()
    forged = {column: "2" if column == "id" else "2030-01-01"}
    visit.post("/account/profile", {"name": person.name, "zone": ""} | ({} if column in ("name", "zone") else forged))
    visit.post("/account/affiliation", {"affiliation": "none"} | forged)
    session.rollback()
    assert session.execute(select(Person.__table__)).one()._asdict() == before


def test_a_new_address_is_used_after_its_owner_said_so_and_the_old_one_is_told(visit, session):
    person = PersonFactory(email="old@people.test")
    visit.sign_in(person)
    assert visit.post("/account/address", {"email": "New@people.test"}).status_code == 302
    session.refresh(person)
    assert person.email == "old@people.test"
    link = LINK.search(last_letter(visit, "New@people.test").text).group(1)
    assert visit.get(link).status_code == 200
    assert visit.post(link).status_code == 302
    session.refresh(person)
    assert person.email == "New@people.test"
    assert "New@people.test" in last_letter(visit, "old@people.test").text
    assert visit.post(link).status_code == 410


def test_a_link_for_an_address_serves_its_own_person_only(visit, session):
    visit.sign_in(PersonFactory())
    visit.post("/account/address", {"email": "new@people.test"})
    link = LINK.search(last_letter(visit, "new@people.test").text).group(1)
    thief = visit.another().sign_in(PersonFactory())
    assert thief.get(link).status_code == 404
    assert thief.post(link).status_code == 404
    assert visit.another().get(link).status_code == 302


def test_an_address_that_was_taken_meanwhile_is_refused_and_the_link_is_not_used_up(visit, session):
    visit.sign_in(PersonFactory(email="old@people.test"))
    visit.post("/account/address", {"email": "new@people.test"})
    link = LINK.search(last_letter(visit, "new@people.test").text).group(1)
    PersonFactory(email="NEW@people.test")
    answer = visit.post(link)
    assert answer.status_code == 409
    assert "another account" in answer.text
    session.rollback()
    assert session.scalars(select(EmailToken.used_at)).one() is None


def test_asking_for_an_address_that_is_known_looks_the_same_and_sends_nothing(visit, session):
    PersonFactory(email="known@people.test")
    visit.sign_in(PersonFactory())
    assert visit.post("/account/address", {"email": "KNOWN@people.test"}).status_code == 302
    assert last_letter(visit, "KNOWN@people.test") is None


def test_whether_the_new_address_is_known_is_found_out_by_a_job(visit, session):
    """A member could otherwise try addresses one after the other and time the answers."""
    PersonFactory(email="known@people.test")
    visit.sign_in(PersonFactory())
    orders = []
    for address in ("known@people.test", "nobody@people.test"):
        visit.post("/account/address", {"email": address})
        orders.append(session.scalars(select(Job).order_by(Job.id.desc())).first())
    assert [(order.kind, set(order.payload)) for order in orders] == [
        ("accounts.change-address", {"person", "email"}),
        ("accounts.change-address", {"person", "email"}),
    ]
    assert session.scalars(select(EmailToken)).all() == []
    visit.run_jobs()
    session.rollback()
    assert session.scalars(select(EmailToken.email)).all() == ["nobody@people.test"]


def test_an_account_that_was_closed_meanwhile_gets_no_new_address(visit, session):
    person = PersonFactory()
    visit.sign_in(person)
    visit.post("/account/address", {"email": "new@people.test"})
    person.closed_at = clock.now()
    session.commit()
    assert last_letter(visit, "new@people.test") is None


@pytest.mark.parametrize("address", ["ÄNNA@people.test", "straße@people.test", "ANA@people.test"])
def test_people_are_found_by_the_address_as_they_wrote_it_in_every_script(visit, session, address):
    person = PersonFactory(email=address, password_hash=passwords.hash_password(PASSWORD))
    assert queries.find_by_email(address).id == person.id
    visit.post("/join", JOINING | {"email": address})
    assert "already" in last_letter(visit, address).subject
    assert visit.another().post("/sign-in", {"email": address, "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize("typed", ["ángel", "Ángel", "ÁNGEL", "gel o", "çelik", "100%", "a_b"])
def test_officers_find_people_in_every_script_and_signs_mean_themselves(app, typed):
    for name in ("Ángel Ortiz", "Zoë ÇELİK".replace("İ", "I"), "Rate 100%er", "Plain Name", "A_B Under", "Axb Other"):
        PersonFactory(name=name)
    found = {person.name for person in queries.list_people(typed)}
    expected = {"100%": {"Rate 100%er"}, "a_b": {"A_B Under"}, "çelik": {"Zoë ÇELIK"}}
    assert found == expected.get(typed, {"Ángel Ortiz"})


def test_two_who_join_with_one_address_at_once_are_one_account(app, session):
    session.commit()

    def join(number):
        with app.app_context():
            transaction.begin_write()
            joining = services.Joining(f"Ana {'ABCD'[number]}", "Ana@people.test", "hash", "Acme", "", False)
            services.join(joining, clock.now())
            transaction.commit()

    assert each_in_a_thread(4, join) == [None] * 4
    session.rollback()
    assert len(session.scalars(select(Person)).all()) == 1
    assert len(session.scalars(select(Affiliation)).all()) == 1
    assert len(session.scalars(select(MailMessage)).all()) == 4, "each is answered at the address itself"


def test_one_link_serves_one_of_ten_who_follow_it_at_once(app, session):
    person_id = PersonFactory().id
    secret = ids.new_secret()
    from app.accounts.sessions import hash_secret

    now = clock.now()
    lasts = {"made_at": now, "ends_at": now + services.RESET_FOR}
    session.add(
        EmailToken(person_id=person_id, kind="reset", secret_hash=hash_secret(secret), email="a@b.test", **lasts)
    )
    session.commit()

    def follow(_number):
        with app.app_context():
            transaction.begin_write()
            token = queries.find_token("reset", secret, clock.now())
            if token is None:
                return False
            services.reset_password(token, "new hash", clock.now())
            transaction.commit()
            return True

    outcomes = each_in_a_thread(10, follow)
    assert sum(outcome is True for outcome in outcomes) == 1
    assert all(outcome is False or "used already" in str(outcome) for outcome in outcomes if outcome is not True)


@pytest.mark.parametrize("name", ["\u0958" * 81, "x" * 161, "12 34", "A\u202eB", "\u200d", "  "])
def test_a_name_that_no_certificate_could_carry_is_refused(visit, name):
    visit.sign_in(PersonFactory())
    answer = visit.post("/account/profile", {"name": name, "zone": ""})
    assert answer.status_code == 422


def wrong_tries(visit, token, address, times):
    taken = []
    for _turn in range(times):
        begun = time.perf_counter()
        send(visit, token, "/sign-in", "email", address)
        taken.append(time.perf_counter() - begun)
    return taken


def test_an_unknown_address_costs_as_much_as_a_known_one(visit, unlimited):
    PersonFactory(email="known@people.test", password_hash=passwords.hash_password(PASSWORD))
    token = visit.token()
    known, unknown = (median(wrong_tries(visit, token, f"{who}@people.test", 7)) for who in ("known", "nobody"))
    assert 0.4 < unknown / known < 2.5, "without the hash of nobody it is about a tenth"


@pytest.mark.soak
def test_two_hundred_tries_each_cannot_be_told_apart(visit, unlimited):
    PersonFactory(email="known@people.test", password_hash=passwords.hash_password(PASSWORD))
    token = visit.token()
    taken = {"known": [], "nobody": []}
    for _round in range(100):
        for who, times in taken.items():
            times += wrong_tries(visit, token, f"{who}@people.test", 2)
    assert median(taken["known"]) == pytest.approx(median(taken["nobody"]), rel=0.05)
