"""The page that says which work has enough people, guests, and the declaration of a small body."""

from datetime import timedelta

import pytest

from app import clock
from app.accounts.models import RoleGrant
from app.body.queries import get_body
from app.extensions import db
from app.office import staff_desk
from tests.factories.people import PersonFactory

WORDS = "We are three people and grow."


@pytest.fixture
def officer(visit):
    person = PersonFactory(name="Olu Officer", holding=["officer"])
    visit.sign_in(person)
    return person


def declare(visit, days=30, words=WORDS):
    until = (clock.now() + timedelta(days=days)).date().isoformat()
    return visit.post("/office/roles/small-body", {"words": words, "until": until})


def test_with_one_officer_the_page_names_what_is_stuck_and_why(visit, officer):
    page = visit.get("/office/roles").text
    assert "A certificate is revoked" in page
    assert "Nobody is left for this act: confirm it." in page
    assert "Too few people for some work" in visit.get("/office").text


def test_the_page_warns_of_a_day_to_come(visit, officer):
    leaving = PersonFactory(name="Lea Leaving", holding=["officer"])
    grant = db.session.query(RoleGrant).filter_by(person_id=leaving.id).one()
    grant.ends_at = clock.now() + timedelta(days=20)
    db.session.commit()

    line = next(line for line in staff_desk.list_lines(clock.now()) if line.title == "A certificate is revoked")
    assert line.stops == grant.ends_at
    assert "Stops on" in visit.get("/office/roles").text


def test_a_guest_is_named_with_the_body_that_sends_them_and_comes_for_a_time(visit, officer):
    guest = PersonFactory(name="Gil Guest")
    day = clock.now().date()
    form = {"role": "assessor", "starts_on": day.isoformat(), "reason": "Exchange", "guest_of": "The Other Body"}

    refused = visit.post(f"/office/people/{guest.public_id}/roles", form)
    assert refused.status_code == 422
    assert "A guest comes for a time" in refused.text
    assert "The Other Body" in refused.text

    until = (day + timedelta(days=90)).isoformat()
    assert visit.post(f"/office/people/{guest.public_id}/roles", form | {"ends_on": until}).status_code == 302
    assert "Guest of The Other Body" in visit.get(f"/office/people/{guest.public_id}").text
    assert "sent by The Other Body" in visit.get("/office/roles").text


def test_a_declaration_is_read_by_everybody_until_it_ends(visit, officer):
    assert WORDS not in visit.get("/about").text
    assert declare(visit).status_code == 302
    assert get_body().is_small(clock.now())
    assert not get_body().is_small(clock.now() + timedelta(days=40))
    assert WORDS in visit.another().get("/about").text

    assert visit.post("/office/roles/small-body/end").status_code == 302
    assert WORDS not in visit.another().get("/about").text


@pytest.mark.parametrize("days", [-1, 400])
def test_a_declaration_has_an_end_within_a_year_and_nothing_typed_is_lost(visit, officer, days):
    refused = declare(visit, days)
    assert refused.status_code == 422
    assert "Name a day" in refused.text
    assert WORDS in refused.text


def test_only_officers_see_it_and_declare(visit):
    author = visit.sign_in(PersonFactory(holding=["author"]))
    assert author.get("/office/roles").status_code == 403
    assert declare(author).status_code == 403
