"""A certificate is never revoked by a changed key: officers look at it, once for each cause."""

import pytest
from sqlalchemy import select

from app import clock, transaction
from app.accounts.models import Person
from app.errors import DomainError, Refused, Stale
from app.extensions import db
from assessments.exams import conducting
from assessments.exams.models import Attempt
from assessments.results import services as results
from assessments.results.models import Result
from assessments.results.services import Finding
from certificates.lifecycle import reviews
from certificates.models import CertificateReview, Credential, CredentialState
from tests.factories.certificates import certify
from tests.factories.people import PersonFactory
from tests.factories.results import officer


def worked_out_again(result, outcome, percent="60"):
    finding = Finding(
        person_id=result.person_id,
        kind="exam",
        code=result.code,
        title=result.title,
        number=result.number,
        outcome=outcome,
        percent=result.percent,
        data=dict(result.data),
        record={"engine": "1", "inputs": {"items": []}, "inputs_sha256": "0" * 64, "outcome": {"percent": percent}},
        rule_version="v1",
        attempt_id=result.attempt_id,
    )
    made = results.supersede(result, finding, "The key was wrong.", officer(), clock.now())
    transaction.commit()
    return made


@pytest.fixture
def credential(app):
    return certify()


@pytest.fixture
def result(credential):
    return db.session.scalars(select(Result).where(Result.person_id == credential.person_id)).one()


def test_a_pass_that_is_none_any_more_opens_one_review_and_revokes_nothing(credential, result):
    worked_out_again(result, "fail")

    review = reviews.list_open()[0]
    assert (review.credential_id, review.cause) == (credential.id, "regrade")
    assert review.detail["new_outcome"] == "fail"
    assert db.session.get(Credential, credential.id).state == CredentialState.ISSUED


def test_a_pass_that_stays_one_opens_none(result):
    worked_out_again(result, "pass")
    assert reviews.list_open() == []


def test_a_certificate_rests_on_the_first_version_of_a_result_after_several(result):
    again = worked_out_again(result, "pass")
    worked_out_again(again, "fail")
    assert len(reviews.list_open()) == 1


def test_an_attempt_that_does_not_count_opens_one_too(credential, result):
    attempt = db.session.get(Attempt, result.attempt_id)
    conducting.void(attempt, officer(), "Somebody else sat it.", clock.now())
    transaction.commit()
    assert [review.cause for review in reviews.list_open()] == ["void"]


def test_an_officer_decides_once_with_a_reason_and_not_on_their_own(credential, result):
    worked_out_again(result, "fail")
    review = reviews.list_open()[0]
    holder = db.session.get(Person, credential.person_id)
    with pytest.raises(Refused):
        reviews.decide(review, "keep", "Mine.", holder.public_id, clock.now())
    for decision, note, field in (("", "Why.", "decision"), ("keep", " ", "note")):
        with pytest.raises(DomainError) as refused:
            reviews.decide(review, decision, note, officer(), clock.now())
        assert refused.value.field == field
    reviews.decide(review, "keep", "They relied on our word.", officer(), clock.now())
    transaction.commit()
    with pytest.raises(Stale):
        reviews.decide(review, "revoke", "No.", officer(), clock.now())
    assert db.session.scalars(select(CertificateReview.decision)).all() == ["keep"]


def test_the_page_lists_them_and_leads_to_the_certificate(visit, credential, result):
    worked_out_again(result, "fail")
    boss = visit.sign_in(PersonFactory(holding=["officer"]))
    page = boss.get("/office/certificate-reviews").get_data(as_text=True)
    assert credential.number in page
    review = reviews.list_open()[0]
    address = f"/office/certificate-reviews/{review.public_id}"
    refused = boss.post(address, {"decision": "", "note": "Kept words."})
    assert refused.status_code == 422
    assert "Kept words." in refused.get_data(as_text=True)
    done = boss.post(address, {"decision": "revoke", "note": "It rests on nothing."})
    assert done.headers["Location"].endswith(f"/office/certificates/{credential.public_id}")
