"""A holder's own pages: the name before the first certificate, and who sees it afterwards."""

import csv
import unicodedata

import pytest
from sqlalchemy import select

from app.accounts.models import Person
from app.errors import DomainError
from app.extensions import db
from certificates import queries
from certificates.holding import services as holding
from certificates.models import Credential
from tests.factories.certificates import (
    certify,
    find_credential,
    make_candidate,
    make_level,
    open_keys,
    pass_exam,
    run_jobs,
)
from tests.factories.people import PersonFactory


def text_of(response):
    return response.get_data(as_text=True)


def person_of(credential):
    return db.session.get(Person, credential.person_id)


@pytest.fixture
def candidate(app):
    """Someone who has done everything and has not confirmed the name."""
    open_keys()
    make_level()
    person = make_candidate("Ada Beispiel", is_confirmed=False)
    pass_exam(person)
    return person


def confirm(visit, name, **more):
    return visit.post("/certificates/name", {"name": name, "confirm": "y"} | more)


def test_from_the_last_result_to_the_certificate_in_hand(visit, candidate):
    visit.sign_in(candidate)
    assert "Confirm your name" in text_of(visit.get("/certificates"))
    assert "Ada Beispiel" in text_of(visit.get("/certificates/name"))
    assert confirm(visit, "Ada Beispiel").status_code == 302
    assert "Being made" in text_of(visit.get("/certificates"))
    run_jobs()
    page = text_of(visit.get("/certificates"))
    credential = find_credential(candidate)
    assert credential.number in page
    assert "Fetch the signed PDF" in page
    assert visit.get(f"/certificates/{credential.public_id}.pdf").data.startswith(b"%PDF-")


def test_without_the_tick_nothing_is_confirmed_and_the_name_stays_in_the_field(visit, candidate):
    visit.sign_in(candidate)
    response = visit.post("/certificates/name", {"name": "Ada M. Beispiel"})
    assert response.status_code == 422
    assert 'value="Ada M. Beispiel"' in text_of(response)
    assert find_credential(candidate) is None


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("محمد علي", None),
        ("नीता", None),
        ("ܐܒܐ", "script"),
        ("王秀英", "script"),
        ("Ada \u202eliespieB", "cannot be printed"),
        ("A" * 160, None),
        ("Ada 🙂", "no form"),
    ],
)
def test_a_name_that_cannot_be_printed_is_refused_with_the_reason_at_the_field(visit, candidate, name, reason):
    visit.sign_in(candidate)
    response = confirm(visit, name)
    db.session.expire_all()
    if reason is None:
        assert response.status_code == 302
        return
    assert response.status_code == 422
    assert reason in text_of(response)
    assert db.session.get(Person, candidate.id).name == "Ada Beispiel"
    assert find_credential(candidate) is None


def test_the_names_of_the_world_are_printed_whole_or_refused_with_a_reason(app, fixtures_dir):
    """Outside data: surnames as their countries write them; none is set wrongly and none is dropped in silence."""
    names = _names(fixtures_dir)
    assert len(names) > 1_000
    refused = [name for name in names if _is_refused(name)]
    assert any("CJK" in unicodedata.name(name[0]) for name in refused)
    assert not any(unicodedata.name(name[0]).startswith("LATIN") for name in refused)


def _names(folder):
    path = folder / "names" / "sigpwned" / "common-surnames-by-country.csv"
    with path.open(encoding="utf-8-sig") as file:
        return sorted({row["Localized Name"].strip() for row in csv.DictReader(file)} - {""})


def _is_refused(name):
    try:
        holding.refuse_unprintable(name)
    except DomainError as error:
        return (error.field, bool(error.message)) == ("name", True)
    return False


def test_the_preview_shows_another_spelling_without_keeping_it(visit, candidate):
    visit.sign_in(candidate)
    assert "Ádá Beispiel" in text_of(visit.get("/certificates/name", query_string={"name": "Ádá Beispiel"}))
    db.session.expire_all()
    assert db.session.get(Person, candidate.id).name == "Ada Beispiel"
    preview = visit.get("/certificates/preview.pdf", query_string={"name": "Ádá Beispiel"})
    assert preview.mimetype == "application/pdf"


def test_the_holder_chooses_who_sees_it(visit, app):
    credential = certify()
    visit.sign_in(person_of(credential))
    for choice, status in (("public", 200), ("unlisted", 404), ("share-only", 404)):
        visit.post(f"/certificates/{credential.public_id}/visibility", {"visibility": choice})
        assert visit.another().get(f"/certificates/{credential.public_id}.pdf").status_code == status
    assert "Ada" not in text_of(visit.another().get(f"/v/{credential.number}"))


def test_a_choice_that_does_not_exist_changes_nothing(visit, app):
    credential = certify()
    visit.sign_in(person_of(credential))
    visit.post(f"/certificates/{credential.public_id}/visibility", {"visibility": "everyone"})
    assert db.session.scalars(select(Credential.visibility)).one() == "unlisted"


def test_the_certificate_of_somebody_else_is_not_there(visit, app):
    credential = certify()
    visit.sign_in(PersonFactory())
    response = visit.post(f"/certificates/{credential.public_id}/visibility", {"visibility": "share-only"})
    assert response.status_code == 404
    assert queries.get_credential(credential.public_id).visibility == "unlisted"
    assert credential.number not in text_of(visit.get("/certificates"))


def test_linkedin_gets_a_filled_form_and_only_for_what_others_may_see(visit, app):
    credential = certify()
    visit.sign_in(person_of(credential))
    page = text_of(visit.get("/certificates"))
    assert "linkedin.com/profile/add" in page
    assert f"certId={credential.number}" in page
    visit.post(f"/certificates/{credential.public_id}/visibility", {"visibility": "share-only"})
    assert "linkedin.com/profile/add" not in text_of(visit.get("/certificates"))


def test_someone_without_certificates_reads_how_they_come(visit, app):
    visit.sign_in(PersonFactory())
    assert "Your first certificate will hang here" in text_of(visit.get("/certificates"))


@pytest.mark.parametrize("path", ["/certificates", "/certificates/name", "/certificates/preview.pdf"])
def test_strangers_are_asked_to_sign_in(visit, app, path):
    assert visit.get(path).location.startswith("/sign-in")
