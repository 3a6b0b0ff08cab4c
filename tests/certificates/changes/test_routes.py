"""A holder's pages: what comes next for each certificate, the record of development, asking, withdrawing."""

import io
import re

import pytest
from sqlalchemy import select, update

from app import clock
from app.accounts.models import WebSession
from app.audit.models import AuditEntry
from app.extensions import db
from certificates.changes import names
from certificates.changes.models import ChangeRequest
from certificates.cpd import services
from certificates.cpd.models import CpdActivity
from certificates.models import Credential
from tests.factories.certificates import certify, run_jobs
from tests.factories.people import PersonFactory
from tests.factories.renewals import certify_for, days_left, learn, newest, person_of
from tests.support.queries import counted

PDF = b"%PDF-1.7\nstartxref\n0\n%%EOF"


def text_of(response):
    return response.get_data(as_text=True)


def plain(response):
    return " ".join(re.sub("<[^>]+>", " ", text_of(response)).split())


@pytest.fixture
def credential(app):
    made = certify_for()
    days_left(made, 100)
    return newest()


@pytest.fixture
def holder(visit, credential):
    return visit.another().sign_in(person_of(credential))


@pytest.fixture
def officer(visit):
    return visit.another().sign_in(PersonFactory(name="Odile First", holding=["officer"]))


def the_request():
    return db.session.scalars(select(ChangeRequest).order_by(ChangeRequest.id.desc())).first()


def activity(**changes):
    given = {
        "title": "Workshop on listening", "done_on": str(clock.now().date()), "hours": "30", "kind": "structured",
        "learnt": "To wait for the second answer.",
    }  # fmt: skip
    return given | changes


class TestTheRecord:
    def test_from_the_first_activity_to_the_renewal_in_hand(self, holder, officer, credential, visit):
        assert "0 of 60 hours" in plain(holder.get("/cpd"))
        assert "Nothing is recorded yet." in plain(holder.get("/cpd"))
        for hours in ("30", "30"):
            proof = {"file": (io.BytesIO(PDF), "proof.pdf")}
            assert holder.post("/cpd/new", activity(hours=hours) | proof).status_code == 302
        page = plain(holder.get("/cpd"))
        assert "60 of 60 hours" in page
        assert "Renew it" in page
        assert "Renew it" in plain(holder.get("/certificates"))
        assert holder.post(f"/certificates/{credential.public_id}/renew").status_code == 302
        assert "Renewal asked for" in plain(holder.get("/certificates"))

        assert "a renewal" in plain(officer.get("/office/certificates"))
        request = the_request()
        path = f"/office/certificates/requests/{request.public_id}"
        assert "Ada Beispiel: a renewal" in plain(officer.get("/office/certificates/requests"))
        page = plain(officer.get(path))
        assert "To wait for the second answer." in page
        assert "Look at this one" in page
        drawn = request.development["sample"][0].removeprefix("own:")
        assert officer.get(f"{path}/activities/{drawn}/file").data == PDF
        assert officer.post(f"{path}/agree", {"declared": "y"}).status_code == 422
        assert officer.post(f"{path}/agree", {"declared": "y", "sampled": "y"}).status_code == 302
        assert officer.post(f"{path}/agree", {"declared": "y", "sampled": "y"}).status_code == 409
        run_jobs()
        page = plain(holder.get("/certificates"))
        assert "Not yet valid" in page
        assert "until then the one before it stands" in page
        assert "Used for a renewal" in plain(holder.get("/cpd"))
        assert officer.get(f"{path}/activities/{drawn}/file").status_code == 404, "decided, it is nobody's business"
        opened = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "cpd.proof_opened")).one()
        assert opened.detail == {"request": request.public_id}

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"hours": "1,5"}, None),
            ({"hours": "a day"}, "such as 1.5"),
            ({"hours": ""}, "Enter the hours."),
            ({"hours": "0.1"}, "quarters"),
            ({"title": ""}, "what it was"),
            ({"learnt": ""}, "what you learnt"),
            ({"kind": "magic"}, "Not a valid choice"),
            ({"done_on": "2199-01-01"}, "a day that has come"),
            ({"done_on": ""}, "Enter the day."),
        ],
    )
    def test_what_is_wrong_is_told_at_its_field_and_the_rest_stays(self, holder, changes, words):
        response = holder.post("/cpd/new", activity(**changes))
        assert response.status_code == (302 if words is None else 422)
        if words is not None:
            assert words in text_of(response)
            if "learnt" not in changes:
                assert "To wait for the second answer." in text_of(response)

    def test_a_program_is_no_proof(self, holder):
        response = holder.post("/cpd/new", activity(file=(io.BytesIO(b"MZ\x90"), "tool.exe")))
        assert response.status_code == 422
        assert db.session.scalars(select(CpdActivity)).first() is None

    def test_an_activity_is_changed_and_taken_back(self, holder, credential):
        (made,) = learn(person_of(credential), "1.5")
        assert 'value="1.5"' in text_of(holder.get(f"/cpd/{made}"))
        assert holder.post(f"/cpd/{made}", activity(hours="2.25", title="A talk")).status_code == 302
        assert "2.25" in plain(holder.get("/cpd"))
        assert holder.post(f"/cpd/{made}/withdraw").status_code == 302
        assert "A talk" not in plain(holder.get("/cpd"))
        assert holder.get(f"/cpd/{made}").status_code == 404

    def test_used_it_is_shown_and_cannot_be_changed(self, holder, credential):
        (made,) = learn(person_of(credential), "60")
        holder.post(f"/certificates/{credential.public_id}/renew")
        assert '<form method="post" enctype' not in text_of(holder.get(f"/cpd/{made}"))
        assert holder.post(f"/cpd/{made}", activity()).status_code == 422
        holder.post(f"/cpd/{made}/withdraw")
        assert "rests on this activity" in plain(holder.get("/cpd"))

    def test_somebody_elses_is_not_there(self, holder, app):
        row = services.record_activity(PersonFactory(), _entry(), clock.now())
        db.session.commit()
        for path in (f"/cpd/{row.public_id}", f"/cpd/{row.public_id}/file"):
            assert holder.get(path).status_code == 404
        assert holder.post(f"/cpd/{row.public_id}/withdraw").status_code == 404

    def test_the_page_asks_as_often_for_one_as_for_many(self, holder, credential):
        def asked():
            holder.get("/cpd")
            with counted() as seen:
                holder.client.get("/cpd")
            return [statement for statement in seen if not re.search("FROM (body|web_session)", statement)]

        learn(person_of(credential), "1")
        one = asked()
        learn(person_of(credential), *["0.5"] * 30)
        assert len(asked()) == len(one)

    def test_without_a_certificate_that_ends_nothing_is_asked(self, visit, app):
        visit.sign_in(PersonFactory())
        assert "no hours are asked of you" in plain(visit.get("/cpd"))


def _entry():
    from tests.factories.renewals import entry

    return entry()


class TestAnotherName:
    def test_a_typing_error_is_asked_for_and_agreed_with_one_click(self, holder, officer, credential):
        path = f"/certificates/{credential.public_id}/name-change"
        assert "Another name" in plain(holder.get(path))
        assert holder.post(path, {"kind": "spelling", "new_name": "Ada Beispiél"}).status_code == 302
        assert "You asked about a typing error" in plain(holder.get("/certificates"))
        request = the_request()
        assert officer.post(f"/office/certificates/requests/{request.public_id}/agree").status_code == 302
        run_jobs()
        assert newest().holder_name == "Ada Beispiél"

    def test_what_was_typed_stays_when_it_is_refused(self, holder, credential):
        path = f"/certificates/{credential.public_id}/name-change"
        response = holder.post(path, {"kind": "spelling", "new_name": "Bea Muster"})
        assert response.status_code == 422
        assert 'value="Bea Muster"' in text_of(response)
        assert "more than a typing error" in plain(response)
        response = holder.post(path, {"kind": "name", "new_name": "Ada Muster", "words": "Marriage in May"})
        assert response.status_code == 422
        assert "Marriage in May" in text_of(response)
        assert the_request() is None

    def test_the_proof_is_for_those_who_decide_and_opening_it_is_noted(self, holder, officer, visit, credential):
        path = f"/certificates/{credential.public_id}/name-change"
        given = {"kind": "name", "new_name": "Ada Muster", "words": "Marriage", "file": (io.BytesIO(PDF), "paper.pdf")}
        assert holder.post(path, given).status_code == 302
        request = the_request()
        proof = f"/office/certificates/requests/{request.public_id}/proof"
        assert visit.get(proof).status_code == 302
        assert visit.another().sign_in(PersonFactory(holding=["assessor"])).get(proof).status_code == 403
        answer = officer.get(proof)
        assert answer.data == PDF
        assert answer.headers["Content-Disposition"].startswith("attachment")
        opened = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "change.proof_opened")).one()
        assert opened.detail == {"request": request.public_id}
        agree = f"/office/certificates/requests/{request.public_id}/agree"
        assert officer.post(agree).status_code == 422
        assert officer.post(agree, {"seen_proof": "y"}).status_code == 302

    def test_a_refusal_keeps_what_was_typed_and_tells_the_reason(self, holder, officer, credential):
        holder.post(
            f"/certificates/{credential.public_id}/name-change", {"kind": "spelling", "new_name": "Ada Beispel"}
        )
        path = f"/office/certificates/requests/{the_request().public_id}"
        assert officer.post(f"{path}/refuse", {"answer": ""}).status_code == 422
        assert officer.post(f"{path}/refuse", {"answer": "It is right as it is."}).status_code == 302
        assert "It is right as it is." in plain(officer.get(path))

    def test_taken_back(self, holder, visit, credential):
        holder.post(
            f"/certificates/{credential.public_id}/name-change", {"kind": "spelling", "new_name": "Ada Beispel"}
        )
        path = f"/certificates/requests/{the_request().public_id}/take-back"
        assert visit.another().sign_in(PersonFactory()).post(path).status_code == 404
        assert holder.post(path).status_code == 302
        assert holder.post(path).status_code == 409

    def test_an_officer_does_not_decide_on_an_own_request(self, app, visit):
        made = certify("Olga Officer")
        own = visit.another().sign_in(person_of(made))
        own.post(f"/certificates/{made.public_id}/name-change", {"kind": "spelling", "new_name": "Olga Oficer"})
        from app.accounts import roles

        roles.found_first_officer(person_of(made), clock.now())
        path = f"/office/certificates/requests/{the_request().public_id}"
        assert "Nobody decides on a certificate of their own." in plain(own.get(path))
        assert own.post(f"{path}/agree").status_code == 422
        assert names.MOST_FREE == 2


class TestWithdrawing:
    def test_with_a_tick_and_the_password_fresh_and_back_again(self, holder, visit, credential):
        path = f"/certificates/{credential.public_id}/withdraw"
        assert "Withdrawn by its holder" in plain(holder.get(path))
        assert holder.post(path).status_code == 422
        assert holder.post(path, {"confirm": "y"}).status_code == 302
        public = plain(visit.get(f"/v/{credential.number}"))
        assert "Withdrawn by its holder" in public
        assert "Ada" not in public
        assert visit.get(f"/certificates/{credential.public_id}.pdf").status_code == 404
        assert holder.get(f"/certificates/{credential.public_id}.pdf").status_code == 200
        assert "You have withdrawn it" in plain(holder.get("/certificates"))
        assert holder.post(f"/certificates/{credential.public_id}/restore").status_code == 302
        assert "Ada Beispiel" in plain(visit.get(f"/v/{credential.number}"))

    def test_it_asks_for_the_password_after_a_while(self, holder, credential):
        db.session.execute(update(WebSession).values(authenticated_at=clock.now().replace(year=2020)))
        assert holder.post(f"/certificates/{credential.public_id}/withdraw", {"confirm": "y"}).status_code == 401

    def test_somebody_elses_is_not_there(self, visit, credential):
        visit.sign_in(PersonFactory())
        for page in ("withdraw", "renew", "name-change"):
            assert visit.get(f"/certificates/{credential.public_id}/{page}").status_code == 404
            assert visit.post(f"/certificates/{credential.public_id}/{page}", {"confirm": "y"}).status_code in (
                404,
                422,
            )
        assert visit.post(f"/certificates/{credential.public_id}/restore").status_code == 404
        assert db.session.scalars(select(Credential.visibility)).one() == "unlisted"


class TestTheHoldersPage:
    @pytest.mark.parametrize(("choice", "linked"), [("public", True), ("unlisted", True), ("share-only", False)])
    def test_linkedin_only_where_its_page_shows_what_it_is(self, holder, credential, choice, linked):
        holder.post(f"/certificates/{credential.public_id}/visibility", {"visibility": choice})
        page = text_of(holder.get("/certificates"))
        assert ("linkedin.com/profile/add" in page) is linked
        assert page.count("Who scans the printed code") >= 3

    def test_linkedin_is_told_the_last_month_of_its_validity(self, holder, credential):
        page = text_of(holder.get("/certificates")).replace("&amp;", "&")
        assert f"expirationYear={credential.valid_until.year}&expirationMonth={credential.valid_until.month}" in page

    def test_an_award_for_life_has_no_renewal(self, visit, app):
        made = certify("Ben Beispiel")
        page = plain(visit.sign_in(person_of(made)).get("/certificates"))
        assert "enewal" not in page
        assert "cannot be renewed" in plain(visit.get(f"/certificates/{made.public_id}/renew"))
