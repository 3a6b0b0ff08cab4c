"""The pages of watching: an employer leaves an address, confirms it, and takes it away again."""

import pytest
from sqlalchemy import select, update

from app.accounts.models import Person
from app.extensions import db
from app.mail.models import MailMessage
from certificates.models import Credential
from certificates.sharing import watching
from certificates.sharing.models import Watch
from tests.certificates.sharing.routes.test_links import make
from tests.factories.certificates import certify

ADDRESS = {"email": "hr@employer.test"}


@pytest.fixture
def credential(app):
    return certify()


@pytest.fixture
def holder(visit, credential):
    return visit.another().sign_in(db.session.get_one(Person, credential.person_id))


def text_of(response):
    return response.get_data(as_text=True)


def the_watch():
    db.session.expire_all()
    return db.session.scalars(select(Watch)).one_or_none()


def test_from_the_page_of_a_certificate_to_the_first_yes_and_the_last_no(visit, holder, credential):
    path = f"/v/{credential.number}/watch"
    assert path in text_of(visit.get(f"/v/{credential.number}"))
    assert "Your e-mail address" in text_of(visit.get(path))
    answer = visit.post(path, ADDRESS)
    assert answer.location == "/watches/check-mail"
    assert "Look into your mail" in text_of(visit.get(answer.location))
    visit.run_jobs()

    link = f"/watches/{watching.seal(the_watch().public_id)}"
    assert "Do you want to hear" in text_of(visit.get(link))
    assert the_watch().confirmed_at is None, "a scanner that opens the link says no yes"
    visit.post(f"{link}/confirm")
    assert the_watch().confirmed_at is not None
    assert "You hear of this certificate" in text_of(visit.get(link))
    assert "One address hears" in text_of(holder.get("/certificates"))
    page = text_of(holder.get(f"/certificates/{credential.public_id}/shares"))
    assert "One address hears" in page
    assert "employer.test" not in page

    answer = visit.post(f"{link}/stop")
    assert "forgotten your address" in text_of(visit.get(answer.location))
    assert the_watch() is None
    assert db.session.scalar(select(MailMessage.id).where(MailMessage.recipient == ADDRESS["email"])) is None
    assert visit.get(link).status_code == 410
    assert visit.post(f"{link}/confirm").status_code == 410
    assert visit.post(f"{link}/stop").status_code == 302


def test_a_hidden_certificate_is_watched_through_a_link_only(visit, holder, credential):
    share = make(holder, credential)
    db.session.execute(update(Credential).values(visibility="share-only"))
    db.session.commit()
    assert "/watch" not in text_of(visit.get(f"/v/{credential.number}")).split("<main", 1)[1]
    assert visit.get(f"/v/{credential.number}/watch").status_code == 404
    assert visit.post(f"/v/{credential.number}/watch", ADDRESS).status_code == 404
    assert f"{share}/watch" in text_of(visit.get(share))
    assert visit.post(f"{share}/watch", ADDRESS).status_code == 302
    visit.run_jobs()
    assert the_watch().email == ADDRESS["email"]
    assert visit.get("/s/nothing/watch").status_code == 404
    assert visit.post("/s/nothing/watch", ADDRESS).status_code == 404


@pytest.mark.parametrize("typed", ["", "hr", "hr@employer test", "a" * 330 + "@employer.test"])
def test_what_is_no_address_is_told_at_the_field(visit, credential, typed):
    answer = visit.post(f"/v/{credential.number}/watch", {"email": typed})
    assert answer.status_code == 422
    assert "govuk-error-message" in text_of(answer)


def test_unknown_numbers_cannot_be_watched(visit, app):
    for number in ("nothing", "0000-0000-0000-0000-0000-0000-000"):
        assert visit.get(f"/v/{number}/watch").status_code == 404
        assert visit.post(f"/v/{number}/watch", ADDRESS).status_code == 404


def test_one_address_is_not_written_to_again_and_again(visit, credential):
    path = f"/v/{credential.number}/watch"
    codes = [visit.post(path, {"email": " HR@employer.test"}).status_code for _ in range(21)]
    assert codes[:20] == [302] * 20
    assert codes[-1] == 429


def test_another_site_cannot_ask_confirm_or_stop(visit, credential):
    visit.post(f"/v/{credential.number}/watch", ADDRESS)
    visit.run_jobs()
    link = f"/watches/{watching.seal(the_watch().public_id)}"
    for path in (f"/v/{credential.number}/watch", f"{link}/confirm", f"{link}/stop"):
        assert visit.post(path, ADDRESS, token=False).status_code == 401
        assert visit.post(path, ADDRESS, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert the_watch().confirmed_at is None


def test_pages_with_an_address_are_kept_and_listed_by_nobody(visit, credential):
    visit.post(f"/v/{credential.number}/watch", ADDRESS)
    visit.run_jobs()
    for path in (f"/watches/{watching.seal(the_watch().public_id)}", f"/v/{credential.number}/watch"):
        answer = visit.get(path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"].startswith("noindex")
