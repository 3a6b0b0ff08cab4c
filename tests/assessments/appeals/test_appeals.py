"""An appeal: made in time, decided by somebody without a part in it, with a remedy that takes effect."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock, transaction
from app.accounts.models import Person
from app.errors import DomainError, Refused, Stale
from app.extensions import db
from app.mail.models import MailMessage
from assessments.appeals import queries, services
from assessments.appeals.independence import Part
from assessments.appeals.personal import PERSONAL
from assessments.appeals.record import people_behind
from assessments.exams import queries as exams
from assessments.exams.models import Attempt, AttemptItem
from assessments.exams.rules import AttemptState
from assessments.items.models import ItemReview, ItemVersion
from assessments.regrading import services as regrading
from assessments.regrading.models import Regrade
from assessments.results import queries as results
from assessments.results.services import release
from tests.factories.assessments import candidate, exam_of, held_clock, run_jobs, singles, words
from tests.factories.people import PersonFactory
from tests.factories.practicals import finish, hand_in
from tests.factories.results import answered, officer, versions_of

__all__ = ["held_clock"]


@pytest.fixture
def who(app):
    return candidate()


@pytest.fixture
def failed(who):
    """A released result that failed by one question."""
    return answered(exam_of(singles(4)), 2, person=who)


def made_by(who, result, text="The second option is right as well."):
    appeal = services.make(result, "question", text, who.public_id, clock.now())
    transaction.commit()
    return appeal


def assigned(who, result):
    appeal, reviewer = made_by(who, result), PersonFactory(holding=["officer"])
    services.assign(appeal, reviewer, officer(), clock.now())
    transaction.commit()
    return appeal, reviewer.public_id


def test_an_appeal_gets_a_receipt_with_the_day_of_its_answer(who, failed):
    appeal = made_by(who, failed[1])
    again = services.make(failed[1], "other", "Once more.", who.public_id, clock.now())

    assert again.id == appeal.id, "one is open at a time"
    assert appeal.due_at - appeal.made_at == timedelta(days=28)
    letter = db.session.scalars(select(MailMessage).where(MailMessage.kind == "appeals.received")).one()
    assert appeal.public_id in letter.text


def test_after_the_time_none_is_taken(who, failed, held_clock):
    held_clock.go(days=30)
    with pytest.raises(DomainError):
        made_by(who, failed[1])


def test_one_without_words_or_ground_is_refused_at_its_field(who, failed):
    for ground, text, field in (("question", " ", "text"), ("nothing", "Words.", "grounds")):
        with pytest.raises(DomainError) as refused:
            services.make(failed[1], ground, text, who.public_id, clock.now())
        assert refused.value.field == field


def test_everybody_behind_a_result_is_known_and_none_of_them_is_asked(who, failed):
    attempt, result = failed
    version = versions_of(attempt)[0]
    writer, approver, watcher = (PersonFactory(holding=["officer"]) for _one in range(3))
    db.session.get(ItemVersion, version).writers = [writer.public_id]
    db.session.add(
        ItemReview(item_version_id=version, decision="approved", by=approver.public_id, at=clock.now(), note="")
    )
    stored = db.session.get(Attempt, attempt.id)
    stored.history = [*stored.history, {"state": "paused", "at": "", "by": watcher.public_id, "reason": ""}]
    transaction.commit()

    behind = people_behind(result)
    assert who.public_id in behind[Part.CANDIDATE]
    assert writer.public_id in behind[Part.WRITER]
    assert approver.public_id in behind[Part.APPROVER]
    assert watcher.public_id in behind[Part.INVIGILATOR]
    appeal = made_by(who, result)
    for person in (writer, approver, watcher):
        with pytest.raises(DomainError):
            services.assign(appeal, person, officer(), clock.now())


def test_only_the_one_who_was_asked_decides_and_once(who, failed):
    appeal, reviewer = assigned(who, failed[1])
    with pytest.raises(Refused):
        services.decide(appeal, False, "No.", "", officer(), clock.now())
    services.decide(appeal, False, "The lesson says so.", "", reviewer, clock.now())
    transaction.commit()
    with pytest.raises(Stale):
        services.decide(appeal, True, "Yes.", "none", reviewer, clock.now())

    letter = db.session.scalars(select(MailMessage).where(MailMessage.kind == "appeals.decided")).one()
    assert "lesson" not in letter.text, "reasons are read on the page"


def test_who_had_a_part_since_decides_no_more(who, failed):
    appeal, reviewer = assigned(who, failed[1])
    stored = db.session.get(Attempt, failed[0].id)
    stored.history = [*stored.history, {"state": "released", "at": "", "by": reviewer, "reason": ""}]
    transaction.commit()
    with pytest.raises(Refused):
        services.decide(appeal, True, "Yes.", "none", reviewer, clock.now())


def test_a_voided_attempt_uses_up_none(who, failed):
    appeal, reviewer = assigned(who, failed[1])
    services.decide(appeal, True, "The room was evacuated.", "void", reviewer, clock.now())
    transaction.commit()

    assert db.session.get(Attempt, failed[0].id).state == AttemptState.VOIDED
    exam = exams.get_exam(failed[1].code)
    assert exams.permit_for(who.person_id, exam, clock.now()).attempts_left == 3


def test_one_more_attempt_is_allowed(who, failed):
    appeal, reviewer = assigned(who, failed[1])
    exam = exams.get_exam(failed[1].code)
    before = exams.permit_for(who.person_id, exam, clock.now()).attempts_left
    services.decide(appeal, True, "Extra time was not given.", "new_attempt", reviewer, clock.now())
    transaction.commit()

    assert exams.permit_for(who.person_id, exam, clock.now()).attempts_left == before + 1


def test_questions_of_this_attempt_alone_are_credited_once_an_officer_approves(who, failed):
    attempt, result = failed
    other, untouched = answered(exams.get_exam(result.code), 2)
    appeal, reviewer = assigned(who, result)
    wrong = next(
        row.position
        for row in db.session.scalars(select(AttemptItem).where(AttemptItem.attempt_id == attempt.id))
        if row.points == 0
    )
    with pytest.raises(DomainError) as refused:
        services.decide(appeal, True, "Yes.", "regrade", reviewer, clock.now(), {"positions": [99], "mode": "exclude"})
    assert refused.value.field == "positions"
    db.session.rollback()
    details = {"positions": [wrong], "mode": "full_credit"}
    services.decide(appeal, True, "Both are right.", "regrade", reviewer, clock.now(), details)
    transaction.commit()

    proposal = db.session.scalars(select(Regrade)).one()
    assert results.find_by_attempt(attempt.id).id == result.id, "an officer approves it first"
    regrading.approve(proposal, proposal.effect["seen"], officer(), clock.now())
    transaction.commit()
    run_jobs()
    assert results.find_by_attempt(attempt.id).outcome == "pass"
    assert results.find_by_attempt(other.id).id == untouched.id


def test_an_appeal_is_taken_back_and_made_again(who, failed):
    appeal = made_by(who, failed[1])
    services.withdraw(appeal, who.public_id, clock.now())
    transaction.commit()
    assert made_by(who, failed[1]).id != appeal.id


def test_it_stands_in_ones_copy_hinders_the_close_while_open_and_is_forgotten_with_the_account(who, failed):
    appeal = made_by(who, failed[1])
    person = db.session.get(Person, who.person_id)
    assert PERSONAL.export(person)[0]["text"] == "The second option is right as well."
    assert PERSONAL.obstacles(person)
    services.withdraw(appeal, who.public_id, clock.now())
    assert not PERSONAL.obstacles(person)
    PERSONAL.erase(person, clock.now())
    transaction.commit()
    assert queries.get_appeal(appeal.public_id).text == ""


def test_the_pages_from_the_candidate_to_the_decision(visit, who, failed):
    result = failed[1]
    member = visit.sign_in(db.session.get(Person, who.person_id))
    address = f"/results/{result.public_id}/appeal"
    refused = member.post(address, {"text": "These words are kept."})
    assert refused.status_code == 422
    assert "These words are kept." in refused.get_data(as_text=True)
    assert member.post(address, {"grounds": "question", "text": "Option c is right too."}).status_code == 302
    said = words(member.get(address).get_data(as_text=True))
    assert "had no part in your result" in said

    appeal = queries.list_open()[0]
    reviewer = PersonFactory(holding=["assessor"], name="Rita Reviewer")
    boss = visit.another().sign_in(PersonFactory(holding=["officer"]))
    assert "Rita Reviewer" in boss.get(f"/office/appeals/{appeal.public_id}").get_data(as_text=True)
    assert boss.post(f"/office/appeals/{appeal.public_id}", {"reviewer": reviewer.public_id}).status_code == 302

    judge = visit.another().sign_in(reviewer)
    page = judge.get(f"/appeals/{appeal.public_id}").get_data(as_text=True)
    assert "Option c is right too." in page
    assert who.name not in words(page), "a number stands for the candidate"
    assert boss.get(f"/appeals/{appeal.public_id}").status_code == 404
    assert judge.post(f"/appeals/{appeal.public_id}", {"upheld": "yes", "remedy": "none"}).status_code == 422
    decision = {"upheld": "yes", "remedy": "none", "decision": "You are right.", "mode": "exclude"}
    assert judge.post(f"/appeals/{appeal.public_id}", decision).status_code == 302

    said = words(member.get(address).get_data(as_text=True))
    assert "You are right." in said
    assert "Rita" not in said


def test_somebody_elses_result_has_no_appeal_page(visit, who, failed):
    stranger = visit.sign_in(PersonFactory())
    assert stranger.get(f"/results/{failed[1].public_id}/appeal").status_code == 404


def test_a_practical_can_be_appealed_against_too(visit):
    person, officer_person = PersonFactory(), PersonFactory(holding=["officer"])
    script = hand_in(person)
    finish(script, PersonFactory(holding=["assessor"]))
    result = results.find_by_submission(script.id)
    release(result, officer_person.public_id, clock.now())
    transaction.commit()
    member = visit.sign_in(person)

    page = member.get(f"/practicals/{result.code}").get_data(as_text=True)
    address = f"/results/{result.public_id}/appeal"
    assert address in page
    assert member.post(address, {"grounds": "marking", "text": "Criterion 2 is met."}).status_code == 302
    behind = people_behind(result)
    assert officer_person.public_id in behind[Part.RELEASER]
    assert len(behind[Part.MARKER]) == 1
