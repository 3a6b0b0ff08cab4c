"""What wallets and other programs fetch: the issuer's keys, the status lists, the badge in all its forms."""

import json
from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import select

from app import clock
from app.extensions import db
from app.jobs.models import Job
from app.policy import Actor, Role
from certificates import queries
from certificates.badges import baking, did, status_list
from certificates.badges.check import BadgeVerdict, check_badge
from certificates.badging import places as badge_places
from certificates.badging import status_lists
from certificates.badging.models import BadgeArtefact, BadgePlace
from certificates.badging.routes.published import badge_keys
from certificates.keys.records import KeyMissing
from certificates.lifecycle import history
from certificates.lifecycle import suspending as lifecycle
from certificates.lifecycle.status import Event
from certificates.models import Visibility
from tests.factories.certificates import certify, run_jobs
from tests.factories.people import PersonFactory

FORMS = ("json", "jwt", "png", "svg")


@pytest.fixture
def public(app):
    """A certificate that its holder shows to everybody."""
    credential = certify()
    credential.visibility = Visibility.PUBLIC
    db.session.commit()
    return queries.get_credential(credential.public_id)


def resolve():
    return did.resolver("did:web:body.test", badge_keys())


def is_burnt(visit, place):
    """The bit as a stranger reads it: fetch the list, check its signature, unfold it."""
    data = visit.get(f"/status-lists/{place.list_number}").get_data()
    found = json.loads(data)
    [proof] = found["proof"]
    assert resolve()(proof["verificationMethod"]) is not None
    return status_list.read_bit(found, f"http://body.test/status-lists/{place.list_number}", place.position)


def the_place(credential):
    return db.session.scalars(
        select(BadgePlace).where(BadgePlace.credential_id == credential.id, BadgePlace.live == 1)
    ).one()


def officer():
    person = PersonFactory(holding=["officer"])
    return Actor(person.id, person.public_id, person.name, roles=frozenset({Role.OFFICER}), is_authenticated=True)


def test_the_issuers_document_lists_the_keys_of_badges_and_no_others(visit, public):
    answer = visit.get("/.well-known/did.json")
    document = answer.get_json(force=True)
    kinds = {method["type"] for method in document["verificationMethod"]}
    assert (document["id"], kinds) == ("did:web:body.test", {"Multikey", "JsonWebKey"})
    assert len(document["assertionMethod"]) == 2
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("form", FORMS)
def test_a_public_badge_is_fetched_by_anybody_and_is_ours_in_every_form(visit, public, form):
    answer = visit.get(f"/certificates/{public.public_id}.{form}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].endswith(f'badge-{public.number}.{form}"')
    check = check_badge(answer.get_data(), resolve=resolve(), now=clock.now())
    assert (check.verdict, check.number, check.holder_name) == (BadgeVerdict.OURS, public.number, "Ada Beispiel")
    assert check.status.list_address == "http://body.test/status-lists/1"


@pytest.mark.parametrize("form", FORMS)
def test_a_badge_that_is_not_shown_is_for_its_holder_only(visit, form):
    credential = certify()
    address = f"/certificates/{credential.public_id}.{form}"
    assert visit.get(address).status_code == 404
    assert visit.another().sign_in(PersonFactory()).get(address).status_code == 404
    holder = queries.get_credential(credential.public_id).person
    assert visit.another().sign_in(holder).get(address).status_code == 200


def test_the_baked_picture_holds_exactly_the_signed_badge(visit, public):
    kept = db.session.scalars(select(BadgeArtefact)).one()
    signed = current_app.extensions["store"].get(kept.file_id).decode()
    for form in ("png", "svg"):
        assert baking.unbake(visit.get(f"/certificates/{public.public_id}.{form}").get_data()) == signed


def test_a_suspension_sets_the_bit_at_once_and_its_end_brings_a_fresh_badge(visit, public):
    before, number = the_place(public), public.number
    assert not is_burnt(visit, before)
    lifecycle.suspend(public.public_id, 7, "A complaint came in.", actor=officer(), now=clock.now())
    db.session.commit()
    assert is_burnt(visit, before)

    lifecycle.lift(public.public_id, "It came to nothing.", actor=officer(), now=clock.now())
    db.session.commit()
    run_jobs()
    after = the_place(public)
    assert after.position != before.position
    assert is_burnt(visit, before), "a bit that was set stays set"
    assert not is_burnt(visit, after)
    fresh = check_badge(
        visit.get(f"/certificates/{public.public_id}.json").get_data(), resolve=resolve(), now=clock.now()
    )
    assert (fresh.verdict, fresh.number, fresh.status.index) == (BadgeVerdict.OURS, number, after.position)


def test_a_suspension_that_ends_by_itself_has_its_fresh_badge_ordered_for_then(public):
    now = clock.now()
    history.add(public, Event.SUSPENDED, now, "officer", until_at=now + timedelta(days=7))
    db.session.commit()
    due = db.session.scalars(select(Job.run_at).where(Job.kind == "certificates.refresh-badge")).one()
    assert timedelta(days=7) < due - now < timedelta(days=7, minutes=1)


def test_a_list_that_was_never_begun_is_not_there(visit, public):
    assert visit.get("/status-lists/2").status_code == 404
    assert visit.get("/status-lists/1").status_code == 200


def test_a_list_that_cannot_be_signed_says_so_instead_of_breaking(visit, app, monkeypatch):
    def away(purpose, now):
        raise KeyMissing("no key for badge is active now")

    app.extensions.pop("status_lists", None)
    monkeypatch.setattr(status_lists.published_keys, "signer_for", away)
    assert visit.get("/status-lists/1").status_code == 503


def test_places_are_given_by_chance_and_never_twice(app):
    credential = certify()
    now = clock.now()
    given = [badge_places.give_place(credential.id, now) for _ in range(40)]
    places = [(place.list_number, place.position) for place in given]
    assert len(set(places)) == 40
    assert places != sorted(places)
    assert [place.live for place in given].count(1) == 1


def test_what_the_badge_stands_for_has_a_page_and_a_picture(visit, public):
    page = visit.get("/achievements/foundation")
    assert "Foundation" in page.get_data(as_text=True)
    assert visit.get("/achievements/foundation.png").get_data().startswith(b"\x89PNG")
    assert b"<svg" in visit.get("/achievements/foundation.svg").get_data()
    assert visit.get("/achievements/nothing").status_code == 404


def test_reading_a_list_asks_little_of_the_database(visit, public):
    from tests.support.queries import counted

    db.session.expire_all()
    visit.get("/status-lists/1")
    with counted() as statements:
        visit.get("/status-lists/1")
    assert len(statements) <= 4
