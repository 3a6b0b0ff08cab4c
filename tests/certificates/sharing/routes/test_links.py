"""The pages of sharing: the holder makes a link, somebody opens it, and the holder sees that."""

import re
from contextlib import contextmanager

import pytest
from flask import current_app
from sqlalchemy import select, update

from app import clock, transaction
from app.accounts.models import Person
from app.extensions import db
from certificates import queries
from certificates.lifecycle import history
from certificates.lifecycle.status import Event
from certificates.models import Artefact, Credential
from certificates.sharing import services as sharing
from certificates.sharing.models import OpenedBy, Share, ShareDay, ShareOpening
from tests.certificates.checking.routes.test_read_only import _read_only_file, _standby
from tests.factories.certificates import certify
from tests.factories.people import PersonFactory
from tests.support.queries import counted

FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"}
GOOD = {"audience": "Acme & Sons", "days": "14", "shows": "page"}


@pytest.fixture
def credential(app):
    return certify()


@pytest.fixture
def holder(visit, credential):
    return visit.another().sign_in(db.session.get_one(Person, credential.person_id))


def text_of(response):
    return response.get_data(as_text=True)


def make(holder, credential, **fields):
    """Make a link on the page; its path."""
    page = text_of(holder.post(f"/certificates/{credential.public_id}/shares", GOOD | fields))
    found = re.search(r'id="share-link">http://body\.test(/s/[\w-]+)<', page)
    assert found, "the link is shown"
    return found.group(1)


def hide(credential):
    db.session.execute(update(Credential).values(visibility="share-only"))
    db.session.commit()


def openings():
    return db.session.scalars(select(ShareOpening).order_by(ShareOpening.id)).all()


def test_from_the_holder_to_the_employer_and_back(visit, holder, credential):
    hide(credential)
    path = make(holder, credential)
    employer = visit.another()
    answer = employer.get(path, headers=FIREFOX)
    assert answer.status_code == 200
    for words in ("Valid", "Ada Beispiel", "Foundation", credential.number[-3:]):
        assert words in text_of(answer)
    assert "Acme" not in text_of(answer), "what the holder calls the reader is the holder's own"
    page = text_of(holder.get(f"/certificates/{credential.public_id}/shares"))
    for words in ("Acme &amp; Sons", "Opened once", "127.0.0.0/24", "Firefox", "Somebody"):
        assert words in page
    assert path not in page, "the link itself is told once"
    assert "1 open" in text_of(holder.get("/certificates"))


def test_nobody_keeps_lists_or_passes_on_the_page(visit, holder, credential):
    path = make(holder, credential)
    for address in (path, "/s/unknown"):
        answer = visit.get(address, headers=FIREFOX)
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"].startswith("noindex")
        assert "Set-Cookie" not in answer.headers
        assert "og:" not in text_of(answer)


def test_ended_and_unknown_links_answer_the_same_page(visit, holder, credential):
    path = make(holder, credential)
    share = db.session.scalars(select(Share)).one()
    holder.post(f"/certificates/shares/{share.public_id}/end")
    ended, unknown = visit.get(path), visit.get("/s/" + "x" * 43)
    assert (ended.status_code, unknown.status_code) == (410, 404)
    assert "This link is over" in text_of(ended)
    main = [text_of(answer).split("<main", 1)[1] for answer in (ended, unknown)]
    assert main[0] == main[1]
    assert openings() == []


def test_the_document_comes_only_with_a_link_that_gives_it(visit, holder, credential):
    hide(credential)
    without, given = make(holder, credential), make(holder, credential, shows="document")
    file_id = db.session.scalar(select(Artefact.file_id))
    assert "certificate.pdf" not in text_of(visit.get(without))
    assert visit.get(f"{without}/certificate.pdf").status_code == 404
    assert f"{given}/certificate.pdf" in text_of(visit.get(given))
    answer = visit.get(f"{given}/certificate.pdf", headers=FIREFOX)
    assert answer.data == current_app.extensions["store"].get(file_id)
    assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert [row.fetched_document for row in openings()] == [False, False, True]
    assert visit.get("/s/unknown/certificate.pdf").status_code == 404


def test_scanners_and_the_holder_are_told_apart(visit, holder, credential):
    path = make(holder, credential)
    visit._open("HEAD", path, headers=FIREFOX)
    visit.get(path, headers={"User-Agent": "Slackbot-LinkExpanding 1.0"})
    visit.get(path, headers=FIREFOX)
    holder.get(path, headers=FIREFOX)
    expected = [OpenedBy.SCANNER, OpenedBy.SCANNER, OpenedBy.READER, OpenedBy.HOLDER]
    assert [row.opened_by for row in openings()] == expected
    columns = {column.name for column in ShareOpening.__table__.columns}
    assert columns == {"id", "share_id", "at", "opened_by", "network", "browser", "fetched_document"}


def test_the_link_opens_while_the_database_takes_no_writes(visit, holder, credential):
    path = make(holder, credential, shows="document")
    kind = db.engine.dialect.name
    refusing = contextmanager(_standby if kind == "postgresql" else _read_only_file)
    db.session.rollback()
    with refusing():
        answers = [visit.get(address, headers=FIREFOX) for address in (path, f"{path}/certificate.pdf", "/s/unknown")]
        assert [answer.status_code for answer in answers] == [200, 200, 404]
    visit.app.extensions.pop("limit_memory", None)
    assert openings() == []


def test_a_link_that_is_ended_while_somebody_opens_it_shows_nothing(visit, holder, credential, monkeypatch):
    path = make(holder, credential)
    found = sharing.find_open

    def find_then_end(token, now):
        share = found(token, now)
        with transaction.aside() as session:
            session.execute(update(Share).values(ended_at=now))
        return share

    monkeypatch.setattr(sharing, "find_open", find_then_end)
    answer = visit.get(path, headers=FIREFOX)
    assert answer.status_code == 410
    assert "Ada" not in text_of(answer)
    assert openings() == []


def test_whoever_tries_links_is_stopped_and_the_next_house_is_not(visit, holder, credential, monkeypatch):
    path = make(holder, credential)
    codes = [visit.get(f"/s/guess-{number}").status_code for number in range(63)]
    assert codes[:55] == [404] * 55
    assert codes[-1] == 429
    assert visit.get(path).status_code == 200, "whoever has a link may share the address with whoever guesses"
    elsewhere = visit.another().get(path, environ_base={"REMOTE_ADDR": "198.51.100.9"})
    assert elsewhere.status_code == 200


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"audience": ""}, "Say for whom"),
        ({"audience": "x" * 121}, "too long"),
        ({"days": "91"}, "Choose from 1 to 90 days"),
        ({"days": "soon"}, "Choose from 1 to 90 days"),
        ({"days": "9" * 40}, "Choose from 1 to 90 days"),
        ({"shows": "everything"}, "Not a valid choice"),
    ],
)
def test_faults_are_told_at_their_field_and_nothing_typed_is_lost(holder, credential, fields, words):
    answer = holder.post(f"/certificates/{credential.public_id}/shares", GOOD | fields)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert "govuk-error-message" in text_of(answer)
    if "audience" not in fields:
        assert 'value="Acme &amp; Sons"' in text_of(answer)
    assert db.session.scalar(select(Share.id)) is None


def test_too_many_links_are_refused_with_what_to_do(holder, credential, monkeypatch):
    monkeypatch.setattr("certificates.sharing.services.MOST_LIVE", 1)
    make(holder, credential)
    answer = holder.post(f"/certificates/{credential.public_id}/shares", GOOD)
    assert answer.status_code == 422
    assert "End one of them first" in text_of(answer)


def test_the_certificate_and_the_links_of_somebody_else_are_not_there(visit, holder, credential):
    path = make(holder, credential)
    share = db.session.scalars(select(Share)).one().public_id
    stranger = visit.another().sign_in(PersonFactory())
    officer = visit.another().sign_in(PersonFactory(holding=["officer"]))
    for somebody in (stranger, officer):
        assert somebody.get(f"/certificates/{credential.public_id}/shares").status_code == 404
        assert somebody.post(f"/certificates/{credential.public_id}/shares", GOOD).status_code == 404
        assert somebody.post(f"/certificates/shares/{share}/end").status_code == 404
    assert visit.get(path).status_code == 200


def test_another_site_can_neither_make_nor_end_a_link(holder, credential):
    make(holder, credential)
    share = db.session.scalars(select(Share)).one()
    for path in (f"/certificates/{credential.public_id}/shares", f"/certificates/shares/{share.public_id}/end"):
        assert holder.post(path, GOOD, token=False).status_code in (400, 403)
        assert holder.post(path, GOOD, headers={"Origin": "https://evil.example"}).status_code == 403
    db.session.expire_all()
    assert db.session.scalars(select(Share)).one().ended_at is None


def test_a_name_for_the_reader_is_only_text(holder, credential):
    make(holder, credential, audience="<script>alert(1)</script>")
    assert "<script>alert" not in text_of(holder.get(f"/certificates/{credential.public_id}/shares"))


def test_after_a_revocation_the_link_says_so_and_gives_no_document(visit, holder, credential):
    path = make(holder, credential, shows="document")
    history.add(queries.get_credential(credential.public_id), Event.REVOKED, clock.now(), "officer")
    transaction.commit()
    page = text_of(visit.get(path))
    assert "Revoked" in page
    assert "certificate.pdf" not in page
    assert visit.get(f"{path}/certificate.pdf").status_code == 404


def test_the_own_page_asks_no_more_for_more_certificates(visit, holder, credential):
    def statements():
        db.session.rollback()
        with counted() as seen:
            page = text_of(holder.get("/certificates"))
        return len(seen), page

    few, page = statements()
    for path in (".png", ".svg", ".json", ".jwt"):
        assert f"/certificates/{credential.public_id}{path}" in page
        assert holder.get(f"/certificates/{credential.public_id}{path}").status_code == 200
    second = certify("Ada Beispiel", code="practitioner", exam="EX2")
    db.session.execute(update(Credential).where(Credential.id == second.id).values(person_id=credential.person_id))
    db.session.commit()
    many, page = statements()
    assert page.count("Share by a link") == 2
    assert many == few


def test_a_certificate_from_before_badges_offers_none(holder, credential):
    from certificates.badging.models import BadgePlace

    db.session.execute(update(BadgePlace).values(live=None))
    db.session.commit()
    page = text_of(holder.get("/certificates"))
    assert ".png" not in page.split("<main", 1)[1]
    assert "Fetch the signed PDF" in page


def test_what_is_counted_shows_on_the_page_of_the_holder(visit, holder, credential, monkeypatch):
    monkeypatch.setattr("certificates.sharing.services.LISTED_A_DAY", 2)
    path = make(holder, credential)
    for _ in range(4):
        visit.get(path, headers=FIREFOX)
    assert db.session.scalar(select(ShareDay.openings)) == 4
    page = text_of(holder.get(f"/certificates/{credential.public_id}/shares"))
    assert "Opened 4 times" in page
    assert "of one day we list" in page
