"""The officers' page of exams: waivers, further attempts. Members see none of it."""

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry, AuditPersonal
from app.extensions import db
from assessments.exams import queries
from assessments.exams.models import AttemptAllowance
from tests.factories.assessments import exam_of, singles, words
from tests.factories.people import PersonFactory


@pytest.fixture
def officer(visit):
    """A signed-in officer."""
    return visit.sign_in(PersonFactory(holding=["officer"]))


def test_members_find_no_office(visit):
    exam = exam_of()
    member = visit.sign_in(PersonFactory())

    for path in (
        "/office/exams",
        f"/office/exams/{exam.code}/waiver",
        f"/office/exams/{exam.code}/attempt",
    ):
        assert member.get(path).status_code == 403
        assert member.post(path, {"reason": "x", "email": "a@b.example", "percent": "50"}).status_code in (403, 405)


def test_a_waiver_is_recorded_with_its_reason_and_can_be_ended(officer):
    exam = exam_of(singles(4), draw=4)
    assert "8 questions are missing" in words(officer.get("/office/exams").get_data(as_text=True))
    assert officer.post(f"/office/exams/{exam.code}/waiver", {"reason": ""}).status_code == 422

    officer.post(f"/office/exams/{exam.code}/waiver", {"reason": "The bank is still being written"})

    db.session.expire_all()
    waiver = queries.get_exam(exam.code).waiver
    assert (waiver["reason"], waiver["by"]) == ("The bank is still being written", officer.person.public_id)
    assert "The bank is still being written" in words(officer.get("/office/exams").get_data(as_text=True))
    assert "recorded waiver" in words(officer.get(f"/exams/{exam.code}").get_data(as_text=True))

    officer.post(f"/office/exams/{exam.code}/waiver/end")
    db.session.expire_all()
    assert queries.get_exam(exam.code).waiver is None


def test_a_further_attempt_needs_a_member_and_a_reason(officer):
    exam, member = exam_of(), PersonFactory(email="ada@people.test")
    address = f"/office/exams/{exam.code}/attempt"

    unknown = officer.post(address, {"email": "nobody@people.test", "reason": "Illness"})
    assert unknown.status_code == 422
    assert "No member has this address." in words(unknown.get_data(as_text=True))
    assert 'value="nobody@people.test"' in unknown.get_data(as_text=True)
    own = officer.post(address, {"email": officer.person.email, "reason": "Mine"})
    assert own.status_code == 422

    officer.post(address, {"email": "ADA@people.test", "reason": "Illness on the day"})

    allowance = db.session.scalars(select(AttemptAllowance)).one()
    assert (allowance.person_id, allowance.exam_id, allowance.reason) == (member.id, exam.id, "Illness on the day")
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "attempt.allowed")).one()
    assert "Illness" not in str(entry.detail), "the reason is personal"
    assert db.session.get(AuditPersonal, entry.seq).data == {"reason": "Illness on the day"}
