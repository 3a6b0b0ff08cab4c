"""Attacks on links and watches: forging the log, wearing out a mailbox or a house, telling the address of a link."""

import pytest
from flask import current_app
from sqlalchemy import func, select, update

from app import limits
from app.accounts.models import Person
from app.extensions import db
from app.mail.models import MailMessage
from certificates.models import Credential
from certificates.sharing import watching
from certificates.sharing.models import ShareOpening, Watch
from certificates.sharing.routes import shared, watches
from tests.certificates.sharing.routes.test_links import FIREFOX, make
from tests.factories.certificates import certify

HOSTILE = '<script>alert(1)</script> Firefox/1 "><img src=x onerror=alert(1)> {{7*7}} %0d%0aSet-Cookie: x=1 \xff'


@pytest.fixture
def credential(app):
    return certify()


@pytest.fixture
def holder(visit, credential):
    return visit.another().sign_in(db.session.get_one(Person, credential.person_id))


def letters():
    """Messages to whoever asked to watch; the certificate itself was announced to its holder."""
    return [row.recipient for row in db.session.scalars(select(MailMessage)) if "watch" in row.kind]


def test_nothing_that_a_reader_says_of_itself_stands_in_the_log(visit, holder, credential):
    path = make(holder, credential, audience=HOSTILE[:100])
    reader = visit.another()
    reader.get(path, headers={"User-Agent": HOSTILE, "Referer": HOSTILE, "X-Forwarded-For": "203.0.113.9, <b>"})
    reader.get(path, headers={"User-Agent": "x" * 20_000 + "Firefox/1"})
    reader.get(path, headers={"User-Agent": "", "Purpose": "x"})
    rows = db.session.scalars(select(ShareOpening).order_by(ShareOpening.id)).all()
    assert [(row.browser, row.network) for row in rows] == [
        ("Firefox", "127.0.0.0/24"), ("other", "127.0.0.0/24"), ("other", "127.0.0.0/24"),
    ]  # fmt: skip
    page = holder.get(f"/certificates/{credential.public_id}/shares").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "onerror=alert(1)>" not in page
    assert "49" not in page.split("<main", 1)[1].split("share-head", 1)[1][:400]


def test_guesses_of_one_close_no_link_of_another_behind_the_same_address(visit, holder, credential, monkeypatch):
    monkeypatch.setattr(shared, "MISSED", limits.Limit("few", 3, 600))
    path = make(holder, credential)
    assert [visit.get(f"/s/guess-{number}").status_code for number in range(6)] == [404, 404, 404, 429, 429, 429]
    assert visit.get(path, headers=FIREFOX).status_code == 200
    assert visit.get(f"{path}/watch").status_code == 200
    assert visit.get("/s/guess-again/watch").status_code == 429


def test_no_page_under_a_link_tells_its_address_to_another(visit, holder, credential):
    path = make(holder, credential, shows="document")
    answers = [visit.get(f"{path}{rest}", headers=FIREFOX) for rest in ("", "/watch", "/certificate.pdf")]
    answers.append(visit.post(f"{path}/watch", {"email": "no address"}))
    assert [answer.status_code for answer in answers] == [200, 200, 200, 422]
    for answer in answers:
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"].startswith("noindex")


@pytest.mark.parametrize("end", ["by its holder", "by its certificate", "by its account"])
def test_a_link_that_ended_gives_nothing_of_what_it_gave(visit, holder, credential, end):
    path = make(holder, credential, shows="document")
    assert "Ada" in visit.get(path, headers=FIREFOX).get_data(as_text=True)
    if end == "by its holder":
        page = holder.get(f"/certificates/{credential.public_id}/shares").get_data(as_text=True)
        holder.post(page.split("/certificates/shares/")[1].split('"')[0].join(["/certificates/shares/", ""]))
    elif end == "by its certificate":
        holder.post(f"/certificates/{credential.public_id}/withdraw", {"confirm": "y"})
    else:
        db.session.execute(update(Person).where(Person.id == credential.person_id).values(closed_at=func.now()))
        db.session.commit()
    for rest in ("", "/certificate.pdf", "/watch"):
        answer = visit.get(f"{path}{rest}", headers=FIREFOX)
        assert b"Ada" not in answer.data
        assert not answer.data.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("typed", "mailbox"),
    [
        ("Victim+1@Mail.Example ", "victim@mail.example"),
        ("victim@mail.example", "victim@mail.example"),
        ("victim+a+b@mail.example", "victim@mail.example"),
        ("+tag@mail.example", "+tag@mail.example"),
    ],
)
def test_a_tag_makes_no_other_mailbox(typed, mailbox):
    assert watches.mailbox_of(typed) == mailbox


def test_a_mailbox_is_not_worn_out_by_tags(visit, credential, monkeypatch):
    monkeypatch.setattr(watches, "ASKED_FOR", limits.Limit("few letters", 4, 86_400))
    codes = [
        visit.post(f"/v/{credential.number}/watch", {"email": f"victim+{number}@mail.example"}).status_code
        for number in range(6)
    ]
    visit.run_jobs()
    assert codes == [302] * 4 + [429] * 2
    assert len(letters()) <= 4


@pytest.mark.parametrize(
    "typed",
    ["a@b.example\r\nBcc: all@b.example", "a@b.example\nSubject: x", "a@b.example,c@d.example", "a@b.example;c@d.example",
     "<a@b.example>", "a@b.example\0", '"a\r\nBcc: x"@b.example', "a@b.example Bcc:c@d.example"],
)  # fmt: skip
def test_an_address_carries_no_header_and_no_second_address(visit, credential, typed):
    answer = visit.post(f"/v/{credential.number}/watch", {"email": typed})
    visit.run_jobs()
    sent = letters()
    assert answer.status_code == 422 or sent == ["a@b.example"]
    assert all("\n" not in to and "," not in to and " " not in to for to in sent)


def test_the_seal_of_one_watch_opens_no_other(visit, credential):
    for name in ("one", "two"):
        visit.post(f"/v/{credential.number}/watch", {"email": f"{name}@mail.example"})
    visit.run_jobs()
    one, two = db.session.scalars(select(Watch).order_by(Watch.id)).all()
    first, second = watching.seal(one.public_id), watching.seal(two.public_id)
    crossed = f"{one.public_id}.{second.rpartition('.')[2]}"
    with current_app.app_context():
        assert watching.find(crossed, one.asked_at) is None
    for made_up in (crossed, one.public_id, f"{one.public_id}.", first[:-1], first.upper(), f"{first}%00"):
        assert visit.get(f"/watches/{made_up}").status_code in (404, 410)
        visit.post(f"/watches/{made_up}/confirm")
        visit.post(f"/watches/{made_up}/stop")
    db.session.expire_all()
    assert [row.confirmed_at for row in db.session.scalars(select(Watch))] == [None, None]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_no_program_that_looks_at_a_mailed_link_says_yes_or_no(visit, credential, method):
    visit.post(f"/v/{credential.number}/watch", {"email": "one@mail.example"})
    visit.run_jobs()
    seal = watching.seal(db.session.scalars(select(Watch)).one().public_id)
    for path in (f"/watches/{seal}", f"/watches/{seal}/confirm", f"/watches/{seal}/stop"):
        visit._open(method, path)
    db.session.expire_all()
    assert db.session.scalars(select(Watch)).one().confirmed_at is None


def test_the_answer_to_an_address_tells_nothing_about_it(visit, holder, credential):
    """The same place and the same words for a first, a second and a watching address; unknown and hidden ones miss alike."""
    path = f"/v/{credential.number}/watch"
    answers = [visit.post(path, {"email": "one@mail.example"}) for _time in range(3)]
    visit.run_jobs()
    assert {(answer.status_code, answer.location) for answer in answers} == {(302, "/watches/check-mail")}
    db.session.execute(update(Credential).values(visibility="share-only"))
    db.session.commit()
    hidden, unknown = visit.get(path), visit.get("/v/0000-0000-0000-0000-0000-0000-000/watch")
    said = [answer.get_data(as_text=True).split("<main", 1)[1].split("</main", 1)[0] for answer in (hidden, unknown)]
    assert (hidden.status_code, said[0]) == (unknown.status_code, said[1])
