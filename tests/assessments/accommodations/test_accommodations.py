"""Accommodations: asked for, decided by somebody else, in force for every exam, ended, and never seen by markers."""

import io
import itertools
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app import clock, transaction
from app.audit.models import AuditEntry
from app.errors import DomainError
from app.extensions import db
from app.mail.models import MailMessage
from app.storage.models import StoredFile
from assessments.accommodations import personal, queries, services
from assessments.accommodations.models import Accommodation
from assessments.accommodations.services import Amounts, Evidence
from tests.assessments.exams.test_races import at_once
from tests.factories.assessments import begin, candidate, exam_of, hand_in, held_clock, press_start, run_jobs, words
from tests.factories.people import PersonFactory

__all__ = ["held_clock"]
CANARY = "canarystammer"
PDF = b"%PDF-1.4 a letter %%EOF"


@pytest.fixture
def officer(app):
    return PersonFactory(holding=["officer"], name="Olga Officer")


@pytest.fixture
def member(app):
    return PersonFactory(name="Ada Example", email="ada@people.test")


def asked(member, percent=25, evidence=None):
    row = services.ask(member, Amounts(percent), evidence or Evidence("see letter"), clock.now())
    transaction.commit()
    return row


def approved(member, officer, amounts, until=None):
    row = services.grant(member, amounts, until, "", officer.public_id, clock.now())
    transaction.commit()
    return row


def mails_to(person):
    return list(db.session.scalars(select(MailMessage.kind).where(MailMessage.person == person.public_id)))


def text(answer):
    return words(answer.get_data(as_text=True))


# ---- asking and deciding


def test_a_member_asks_with_evidence_and_an_officer_approves_other_amounts(visit, member, officer):
    ada = visit.sign_in(member)
    sent = {
        "time_percent": "50",
        "breaks": "2",
        "break_minutes": "10",
        "larger_text": "y",
        "needs": "A room of my own",
        "evidence": f"My doctor says {CANARY}",
        "file": (io.BytesIO(PDF), "letter.pdf"),
    }
    assert ada.post("/account/accommodations", sent).status_code == 302
    assert "Waits for a decision" in text(ada.get("/account/accommodations"))
    assert queries.find_in_force(member.id) is None, "asking gives nothing"
    row = queries.find_asked(member.id)

    olga = visit.another().sign_in(officer)
    assert "Ada Example" in text(olga.get("/office/accommodations"))
    assert CANARY in text(olga.get(f"/office/accommodations/{row.public_id}"))
    assert olga.get(f"/office/accommodations/{row.public_id}/evidence").data == PDF
    answer = olga.post(
        f"/office/accommodations/{row.public_id}/approve",
        {"time_percent": "25", "breaks": "", "break_minutes": "", "note": "From now on"},
    )

    assert answer.status_code == 302
    found = queries.find_in_force(member.id)
    assert (found.time_percent, found.breaks, found.decided_by) == (25, 0, officer.public_id)
    assert mails_to(member) == ["accommodations.approved"]
    page = text(ada.get("/account/accommodations"))
    assert "25 % more time" in page
    assert "From now on" in page


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(visit, member):
    ada = visit.sign_in(member)

    answer = ada.post("/account/accommodations", {"time_percent": "much", "needs": "A quiet room"})

    assert answer.status_code == 422
    assert "whole number from 0 to 300" in text(answer)
    assert "A quiet room" in text(answer)
    assert 'value="much"' in answer.get_data(as_text=True)
    nothing = ada.post("/account/accommodations", {"time_percent": ""})
    assert "at least one thing" in text(nothing)
    half = ada.post("/account/accommodations", {"breaks": "2"})
    assert "both a number and minutes" in text(half)
    program = ada.post(
        "/account/accommodations", {"time_percent": "25", "file": (io.BytesIO(b"MZ\x90\0"), "letter.pdf")}
    )
    assert program.status_code == 422
    assert queries.list_own(member.id) == []


def test_one_request_at_a_time_and_it_can_be_taken_back_with_its_evidence(visit, member):
    asked(member, evidence=Evidence("letter", PDF, "letter.pdf"))
    ada = visit.sign_in(member)
    assert "asked already" in text(ada.post("/account/accommodations", {"time_percent": "50"}))

    assert ada.post("/account/accommodations/withdraw").status_code == 302

    row = db.session.scalars(select(Accommodation)).one()
    assert (row.state, row.evidence, row.evidence_file) == ("ended", "", "")
    assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 0
    assert ada.post("/account/accommodations/withdraw").status_code == 404


def test_nobody_decides_on_their_own_by_any_door(visit, officer):
    olga = visit.sign_in(officer)
    row = asked(officer, evidence=Evidence("", PDF, "letter.pdf"))

    for path in ("", "/evidence"):
        assert olga.get(f"/office/accommodations/{row.public_id}{path}").status_code == 404
    for act in ("approve", "refuse", "end"):
        assert (
            olga.post(f"/office/accommodations/{row.public_id}/{act}", {"time_percent": "300", "note": "x"}).status_code
            == 404
        )
    own = olga.post("/office/accommodations/grant", {"email": officer.email, "time_percent": "100"})
    assert "Another officer has to decide on your own" in text(own)
    for act in (
        lambda: services.approve(row, officer, Amounts(25), None, "", officer.public_id, clock.now()),
        lambda: services.grant(officer, Amounts(25), None, "", officer.public_id, clock.now()),
    ):
        with pytest.raises(DomainError):
            act()
    assert queries.find_in_force(officer.id) is None


@pytest.mark.parametrize("role", [[], ["assessor"], ["author"], ["moderator"]])
def test_only_officers_see_requests_and_evidence(visit, member, role):
    row = asked(member, evidence=Evidence("", PDF, "letter.pdf"))
    other = visit.sign_in(PersonFactory(holding=role))

    for path in ("", f"/{row.public_id}", f"/{row.public_id}/evidence", "/grant"):
        assert other.get(f"/office/accommodations{path}").status_code == 403


def test_a_refusal_needs_a_note_and_deletes_the_evidence(visit, member, officer):
    row = asked(member, evidence=Evidence(CANARY, PDF, "letter.pdf"))
    olga = visit.sign_in(officer)
    address = f"/office/accommodations/{row.public_id}/refuse"
    assert olga.post(address, {"note": ""}).status_code == 422

    assert olga.post(address, {"note": "The letter is from 1987"}).status_code == 302

    db.session.expire_all()
    row = db.session.scalars(select(Accommodation)).one()
    assert (row.state, row.evidence, row.evidence_file) == ("refused", "", "")
    assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 0
    message = db.session.scalars(select(MailMessage)).one()
    assert "The letter is from 1987" in message.text
    assert CANARY not in message.text
    assert olga.post(address, {"note": "again"}).status_code == 422, "decided already"


# ---- in force


EXAM_MINUTES, PERCENTS = (1, 45, 61, 100, 240), (0, 25, 50, 100)
EXACT = {  # minutes of the exam, extra per cent: whole seconds, worked out by hand
    (1, 25): 75, (1, 50): 90, (1, 100): 120, (45, 25): 3375, (45, 50): 4050, (45, 100): 5400,
    (61, 25): 4575, (61, 50): 5490, (61, 100): 7320, (100, 25): 7500, (100, 50): 9000, (100, 100): 12000,
    (240, 25): 18000, (240, 50): 21600, (240, 100): 28800,
    (1, 0): 60, (45, 0): 2700, (61, 0): 3660, (100, 0): 6000, (240, 0): 14400,
}  # fmt: skip


def test_extra_time_is_exact_for_every_exam_and_needs_no_asking_again(app, officer, held_clock):
    exams = {minutes: exam_of(minutes=minutes) for minutes in EXAM_MINUTES}
    for percent in PERCENTS:
        who = candidate()
        person = db.session.get(type(officer), who.person_id)
        if percent:
            approved(person, officer, Amounts(percent))
        for minutes in EXAM_MINUTES:
            attempt = begin(exams[minutes], who)
            assert attempt.deadline_at - attempt.started_at == timedelta(seconds=EXACT[minutes, percent])
    assert len(EXACT) == len(list(itertools.product(EXAM_MINUTES, PERCENTS)))


def test_what_an_attempt_begins_with_is_kept_on_it(app, officer):
    who = candidate()
    person = db.session.get(type(officer), who.person_id)
    approved(person, officer, Amounts(25, 2, 10, larger_text=True, needs=CANARY))

    attempt = begin(exam_of(), who)

    assert attempt.accommodation == {"time_percent": 25, "breaks": 2, "break_minutes": 10, "larger_text": True}


def test_a_date_is_respected_also_before_the_job_has_come_round(app, member, officer, held_clock):
    until = held_clock.now + timedelta(days=2)
    approved(member, officer, Amounts(50), until)
    assert queries.extra_percent(member.id) == 50
    held_clock.go(days=2)
    assert queries.extra_percent(member.id) == 0
    assert queries.find_in_force(member.id, until - timedelta(seconds=1)).time_percent == 50
    assert queries.find_in_force(member.id, until) is None

    from app.jobs.runner import order_periodic

    order_periodic(app.extensions["jobs"])
    run_jobs()

    row = db.session.scalars(select(Accommodation)).one()
    assert (row.state, row.until) == ("ended", until)
    assert "accommodations.ended" in mails_to(member)


def test_a_past_date_is_refused(app, member, officer):
    with pytest.raises(DomainError) as caught:
        services.grant(member, Amounts(25), clock.now(), "", officer.public_id, clock.now())
    assert caught.value.field == "until"


def test_another_one_takes_the_place_of_the_first_and_its_evidence_goes(app, member, officer):
    first = asked(member, evidence=Evidence("x", PDF, "letter.pdf"))
    services.approve(first, member, Amounts(25), None, "", officer.public_id, clock.now())
    transaction.commit()

    approved(member, officer, Amounts(100))

    states = dict(db.session.execute(select(Accommodation.time_percent, Accommodation.state)).all())
    assert states == {25: "ended", 100: "approved"}
    assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 0
    recorded = select(AuditEntry.action).where(AuditEntry.action.startswith("accommodation")).order_by(AuditEntry.seq)
    assert list(db.session.scalars(recorded)) == [
        f"accommodation.{act}" for act in ("asked", "approved", "ended", "approved")
    ]


def test_twenty_grants_at_once_leave_one_in_force(app, member, officer):
    person_id, actor, model = member.id, officer.public_id, type(member)

    def give(percent):
        services.grant(db.session.get(model, person_id), Amounts(percent), None, "", actor, clock.now())

    ended = at_once(app, [lambda n=n: give(n + 1) for n in range(20)])

    assert ended == {"done": 20}
    in_force = select(func.count()).select_from(Accommodation).where(Accommodation.state == "approved")
    assert db.session.scalar(in_force) == 1


def test_an_officer_ends_it_and_a_running_attempt_keeps_it(visit, member, officer):
    row = approved(member, officer, Amounts(50))
    ada = visit.sign_in(member)
    attempt = press_start(ada, exam_of())
    before = attempt.deadline_at

    visit.another().sign_in(officer).post(f"/office/accommodations/{row.public_id}/end")

    db.session.expire_all()
    assert attempt.deadline_at == before
    assert queries.extra_percent(member.id) == 0
    assert "accommodations.ended" in mails_to(member)


# ---- who never sees it


def test_no_page_of_marking_or_results_tells_of_an_accommodation(visit, member, officer):
    approved(member, officer, Amounts(50, 2, 7, larger_text=True, needs=CANARY))
    ada = visit.sign_in(member)
    exam = exam_of()
    attempt = press_start(ada, exam)
    result = hand_in(attempt, candidate_of(member, ada))
    pages = [ada.get(path) for path in ("/results", f"/results/{result.public_id}")]
    for role in ("assessor", "author", "officer"):
        other = visit.another().sign_in(PersonFactory(holding=[role]))
        pages += [other.get(path) for path in ("/marking", "/office/results", f"/office/exams/{exam.code}/integrity")]

    for page in pages:
        main = page.get_data(as_text=True).partition("<main")[2].lower()
        assert not [word for word in (CANARY, "50 %", "accommodation", "arrangement", "larger text") if word in main]
    assert [page.status_code for page in pages[:2]] == [200, 200]
    assert CANARY not in str(vars(result))


def candidate_of(person, browser):
    from app.accounts.models import WebSession
    from assessments.exams.writing import Candidate

    session_id = db.session.scalars(select(WebSession.id).where(WebSession.person_id == person.id)).first()
    return Candidate(person.id, person.public_id, person.name, session_id)


def test_the_old_address_leads_to_the_new_one(visit, officer):
    answer = visit.sign_in(officer).get("/office/extra-time")

    assert answer.status_code == 301
    assert answer.headers["Location"].endswith("/office/accommodations")


# ---- privacy


def test_a_copy_holds_ones_own_requests_and_erasing_leaves_nothing(app, member, officer):
    asked(member, evidence=Evidence(CANARY, PDF, "letter.pdf"))
    approved(member, officer, Amounts(25))

    told = personal.PERSONAL.export(member)
    files = list(personal.PERSONAL.files(member))

    assert {(row["state"], row["evidence"]) for row in told} == {("asked", CANARY), ("approved", "")}
    assert [data for _name, data in files] == [PDF]
    personal.PERSONAL.erase(member, clock.now())
    transaction.commit()
    assert db.session.scalar(select(func.count()).select_from(Accommodation)) == 0
    assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 0
