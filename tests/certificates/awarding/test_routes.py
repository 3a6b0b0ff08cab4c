"""What officers see and do: what waits, one certificate, two people for a revocation, the board's decisions."""

import re

import pytest
from sqlalchemy import select, update

from app import clock
from app.accounts import roles
from app.accounts.models import Person, WebSession
from app.audit.models import AuditEntry
from app.extensions import db
from app.policy import Role
from certificates import queries
from certificates.checking import verification
from certificates.models import Credential, Revocation
from tests.factories.certificates import certify, find_credential, make_candidate, make_level, pass_exam, run_jobs
from tests.factories.people import PersonFactory
from tests.support.queries import counted


@pytest.fixture
def credential(app):
    return certify()


@pytest.fixture
def officer(visit):
    return visit.another().sign_in(PersonFactory(name="Odile First", holding=[Role.OFFICER]))


@pytest.fixture
def second(visit):
    return visit.another().sign_in(PersonFactory(name="Otis Second", holding=[Role.OFFICER]))


def text_of(response):
    return response.get_data(as_text=True)


def act(visitor, credential, what, **data):
    return visitor.post(f"/office/certificates/{credential.public_id}/{what}", data)


def step(visitor, credential, what):
    public_id = db.session.scalar(select(Revocation.public_id).order_by(Revocation.id.desc()))
    return act(visitor, credential, f"revocations/{public_id}/{what}")


def status(credential):
    db.session.expire_all()
    return verification.verify_number(credential.number, clock.now()).status.value


def test_the_list_finds_by_number_and_by_name(officer, credential):
    for search in (credential.number, credential.number.lower(), "beispiel", credential.number[:9]):
        assert "Ada Beispiel" in text_of(officer.get("/office/certificates", query_string={"search": search}))
    page = text_of(officer.get("/office/certificates", query_string={"search": "nobody"}))
    assert "No certificate has this number or name." in page


@pytest.mark.parametrize("after", ["²", "9" * 5_000, "x", ""])
def test_a_place_in_the_list_that_is_no_number_is_the_beginning(officer, credential, after):
    page = officer.get("/office/certificates", query_string={"after": after})
    assert page.status_code == 200
    assert "Ada Beispiel" in text_of(page)


def test_the_list_asks_as_often_for_one_as_for_many(officer, credential):
    def asked():
        officer.get("/office/certificates")
        with counted() as seen:
            officer.client.get("/office/certificates")
        return [statement for statement in seen if not re.search("FROM (body|web_session)", statement)]

    one = asked()
    for n in range(12):
        certify(f"Person {n}")
    assert len(asked()) == len(one)


def test_suspending_with_what_was_typed_kept_when_it_is_refused(officer, credential):
    response = act(officer, credential, "suspend", days="9", note="A complaint came in.")
    assert response.status_code == 422
    assert "A complaint came in." in text_of(response)
    assert status(credential) == "valid"
    assert act(officer, credential, "suspend", days="7", note="A complaint came in.").status_code == 302
    assert status(credential) == "suspended"
    page = text_of(officer.get(f"/office/certificates/{credential.public_id}"))
    assert "A complaint came in." in page
    assert act(officer, credential, "lift", note="Cleared up.").status_code == 302
    assert status(credential) == "valid"


def test_revoking_takes_two_officers(officer, second, credential):
    assert act(officer, credential, "revoke", reason="request", note="Asked by letter.").status_code == 302
    assert status(credential) == "valid"
    assert "second officer has to confirm" in text_of(officer.get(f"/office/certificates/{credential.public_id}"))
    assert step(officer, credential, "confirm").status_code == 422
    assert status(credential) == "valid"
    assert "A revocation waits for a second person." in text_of(second.get("/office/certificates"))
    assert step(second, credential, "confirm").status_code == 302
    assert status(credential) == "revoked"
    page = text_of(officer.get(f"/office/certificates/{credential.public_id}"))
    assert "Odile First" in page
    assert "Otis Second" in page


def test_the_page_of_the_register_gives_no_reason_while_an_appeal_is_open(officer, second, visit, credential):
    act(officer, credential, "revoke", reason="misconduct", case="C-7", note="The practical was bought.")
    step(second, credential, "confirm")
    page = text_of(visit.get(f"/v/{credential.number}"))
    assert "Suspended" in page
    assert "isconduct" not in page
    assert "bought" not in page
    assert step(officer, credential, "appeal").status_code == 302
    assert step(officer, credential, "stands").status_code == 422
    third = visit.another().sign_in(PersonFactory(holding=[Role.OFFICER]))
    assert step(third, credential, "stands").status_code == 302
    page = text_of(visit.get(f"/v/{credential.number}"))
    assert "Finding of misconduct" in page
    assert "bought" not in page
    assert "medal-outline" in page


def test_a_proposal_without_a_reason_is_told_at_the_field(officer, credential):
    response = act(officer, credential, "revoke", note="")
    assert response.status_code == 422
    assert 'href="#revoke-reason' in text_of(response)


def test_dangerous_acts_ask_for_the_password_again(officer, credential):
    earlier = clock.now().replace(year=2020)
    db.session.execute(update(WebSession).values(authenticated_at=earlier))
    assert act(officer, credential, "revoke", reason="error", note="Wrong name.").status_code == 401
    assert db.session.scalar(select(Revocation.id)) is None


def test_every_act_is_in_the_trail(officer, second, credential):
    act(officer, credential, "suspend", days="2", note="Why.")
    act(officer, credential, "lift", note="Enough.")
    act(officer, credential, "revoke", reason="request", note="Asked.")
    step(second, credential, "confirm")
    kept = db.session.scalars(select(AuditEntry.action).where(AuditEntry.object_id == credential.public_id)).all()
    wanted = {
        "credential.ordered",
        "credential.issued",
        "credential.suspended",
        "credential.lifted",
        "revocation.proposed",
        "revocation.confirmed",
        "credential.revoked",
    }
    assert wanted <= set(kept)


def test_replacing_under_a_new_name(officer, credential):
    assert "Replace under the new name" not in text_of(officer.get(f"/office/certificates/{credential.public_id}"))
    db.session.execute(
        update(Person).where(Person.id == credential.person_id).values(name="Ada Muster", name_confirmed_at=clock.now())
    )
    assert act(officer, credential, "replace", reason="Passport seen.").status_code == 302
    run_jobs()
    assert status(credential) == "superseded"
    page = text_of(officer.get(f"/v/{credential.number}"))
    assert "Replaced" in page
    assert "Open the newer entry" in page


def test_an_officer_does_not_replace_a_certificate_of_their_own(visit, credential):
    holder = db.session.get(Person, credential.person_id)
    holder.name, holder.name_confirmed_at = "Ada Muster", clock.now()
    roles.found_first_officer(holder, clock.now())
    own = visit.another().sign_in(holder)
    response = act(own, credential, "replace", reason="Passport seen.")
    assert response.status_code == 422
    assert "Nobody decides on a certificate of their own." in text_of(response)
    assert db.session.scalars(select(Credential.supersedes_id)).all() == [None]


def test_a_held_certificate_is_shown_with_its_reason_and_tried_again(officer, credential):
    values = {"state": "held", "problem": "The office is too long for the page."}
    db.session.execute(update(Credential).values(**values))
    page = text_of(officer.get("/office/certificates"))
    assert "The office is too long for the page." in page
    assert act(officer, credential, "again").status_code == 302
    assert db.session.scalars(select(Credential.state)).one() == "ordered"
    assert act(officer, credential, "again").status_code == 422


def test_a_person_decides_on_the_evidence(officer, app):
    make_level(decider="person")
    candidate = make_candidate("Cleo Candidate")
    pass_exam(candidate)
    assert "Cleo Candidate" in text_of(officer.get("/office/certificates"))
    path = f"/office/certificates/awards/{queries.find_case(candidate.id, 'foundation', 1).public_id}"
    assert "Best result 80 %; 70 % needed." in text_of(officer.get(path))

    response = officer.post(path, {"outcome": "award"})
    assert response.status_code == 422
    assert "neither taught nor examined" in text_of(response)
    response = officer.post(path, {"outcome": "declined", "independent": "y"})
    assert response.status_code == 422
    assert "Say why" in text_of(response)
    assert officer.post(path, {"outcome": "award", "independent": "y"}).status_code == 302
    assert find_credential(candidate).state == "ordered"
    assert officer.post(path, {"outcome": "award", "independent": "y"}).status_code == 409


def test_standing_decisions_are_recorded_and_ended(officer, app):
    make_level(has_standing=False)
    candidate = make_candidate()
    pass_exam(candidate)
    assert "no standing decision" in text_of(officer.get("/office/certificates"))
    path = "/office/certificates/standing"
    response = officer.post(path, {"level": "foundation", "text": "", "minuted_on": "2026-01-05"})
    assert response.status_code == 422
    assert 'value="2026-01-05"' in text_of(response)
    given = {"level": "foundation", "text": "Whoever meets it has it.", "minuted_on": "2026-01-05"}
    assert officer.post(path, given).status_code == 302
    assert find_credential(candidate).state == "ordered"
    row = queries.find_standing("foundation")
    assert officer.post(f"{path}/{row.public_id}/end").status_code == 302
    assert queries.find_standing("foundation") is None
    assert officer.post(f"{path}/{row.public_id}/end").status_code == 409


def test_the_keys_and_the_register_are_shown(officer, credential):
    page = text_of(officer.get("/office/keys"))
    assert "The register holds together: 1 entries." in page
    assert "ecdsa-p256-sha256" in page


@pytest.mark.parametrize("role", [None, Role.ASSESSOR, Role.AUTHOR, Role.MODERATOR])
def test_only_officers_come_in(visit, credential, role):
    visit.sign_in(PersonFactory(holding=[role] if role else []))
    for path in ("", f"/{credential.public_id}", "/standing"):
        assert visit.get(f"/office/certificates{path}").status_code == 403
    assert act(visit, credential, "suspend", days="1", note="Why.").status_code == 403
    assert status(credential) == "valid"


def test_the_desk_of_the_office_says_what_waits(officer, app):
    make_level(decider="person")
    pass_exam(make_candidate())
    assert "1 awards wait for a decision" in text_of(officer.get("/office"))
