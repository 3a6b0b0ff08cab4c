"""Starting: the draw, the seed, the device, the waits, extra time, and what production demands."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app import clock, transaction
from app.audit.models import AuditEntry
from app.body import queries as body_queries
from app.body.models import Body
from app.errors import DomainError, Missing
from app.extensions import db
from app.jobs.models import Job
from assessments.accommodations import services as accommodations
from assessments.accommodations.services import Amounts
from assessments.exams import asking, closing, office_queries, queries, services, sitting
from assessments.exams.errors import AttemptClosed, BankShort, OtherDevice, StartRefused
from assessments.exams.models import Attempt, AttemptItem
from assessments.exams.rules import AttemptState, Reason
from assessments.exams.writing import Candidate
from assessments.items.models import Item, ItemBank, ItemVersion
from assessments.items.services import import_items
from courses import queries as courses
from courses import services as learning
from tests.factories.assessments import (
    all_kinds,
    bank_of,
    begin,
    candidate,
    definition,
    exam_of,
    hand_in,
    held_clock,
    questions_of,
    singles,
)
from tests.factories.courses import SmallCourse, publish
from tests.factories.people import PersonFactory

__all__ = ["held_clock"]


def codes_of(attempt):
    statement = (
        select(Item.code)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .join(AttemptItem, AttemptItem.item_version_id == ItemVersion.id)
        .where(AttemptItem.attempt_id == attempt.id)
    )
    return list(db.session.scalars(statement))


def become_production():
    db.session.execute(update(Body).values(mode="production"))
    transaction.commit()
    body_queries.forget()


def test_an_attempt_follows_the_blueprint_and_keeps_what_it_needs(session):
    cells = [("F1", "apply", 3), ("F2", "apply", 2), ("F2", "understand", 1)]
    bank = [definition(f"{t}-{k}-{n}", topic=t, thinking=k) for t, k, _d in cells for n in range(5)]
    exam = exam_of(bank, blueprint=[{"topic": t, "thinking": k, "draw": d} for t, k, d in cells])
    who = candidate(name="Ada Example")

    attempt = begin(exam, who)

    drawn = Counter((q.item_version.topic, q.item_version.thinking) for q in questions_of(attempt))
    assert drawn == {(t, k): d for t, k, d in cells}
    assert [q.position for q in questions_of(attempt)] == [1, 2, 3, 4, 5, 6]
    assert attempt.deadline_at - attempt.started_at == timedelta(minutes=60)
    assert (attempt.state, attempt.number, attempt.supervision) == ("in_progress", 1, "unsupervised")
    assert attempt.declared_name == "Ada Example"
    assert attempt.exam_snapshot["pass_percent"] == "70"


def test_the_stored_seed_draws_and_shuffles_the_same_again(session):
    exam = exam_of(all_kinds(3), draw=9)
    attempt = begin(exam, candidate())

    again = asking.preview(exam, None, attempt.seed)

    stored = [(q.position, q.item_version_id, q.order) for q in questions_of(attempt)]
    assert [(q.position, q.item_version_id, q.order) for q in again] == stored


def test_a_second_start_finds_the_first_attempt(session):
    exam, who = exam_of(), candidate()

    assert begin(exam, who).public_id == begin(exam, who).public_id
    assert len(session.scalars(select(Attempt)).all()) == 1


def test_the_end_is_ordered_with_the_start(session):
    attempt = begin(exam_of(), candidate())

    [job] = session.scalars(select(Job).where(Job.kind == closing.EXPIRE)).all()
    assert job.payload == {"attempt": attempt.public_id}
    assert job.run_at == attempt.deadline_at + timedelta(seconds=61)


def test_a_later_change_of_the_items_does_not_reach_the_attempt(session):
    bank_items = singles(4)
    exam = exam_of(bank_items)
    attempt = begin(exam, candidate())
    stems = {q.item_version.content["stem"] for q in questions_of(attempt)}

    changed = [item | {"stem": item["stem"] + " changed"} for item in bank_items]
    import_items(changed, session.get(ItemBank, exam.bank_id), clock.now())
    transaction.commit()

    assert {q.item_version.content["stem"] for q in questions_of(attempt)} == stems


def test_a_retake_asks_what_was_not_asked_before(session, held_clock):
    exam, who = exam_of(singles(8), draw=4), candidate()
    first = begin(exam, who)
    hand_in(first, who)
    held_clock.go(days=1)

    second = begin(exam, who)

    assert second.number == 2
    assert not set(codes_of(first)) & set(codes_of(second))


def test_the_waits_and_the_officer(session, held_clock):
    exam, who = exam_of(singles(4)), candidate()
    for days in (1, 7):
        hand_in(begin(exam, who), who)
        with pytest.raises(StartRefused) as refused:
            sitting.start(exam, who, clock.now())
        assert refused.value.permit.reason is Reason.WAIT
        held_clock.go(days=days)
    hand_in(begin(exam, who), who)
    held_clock.go(days=400)
    with pytest.raises(StartRefused) as refused:
        sitting.start(exam, who, clock.now())
    assert refused.value.permit.reason is Reason.OFFICER_DECIDES
    assert [(e.code, p.id) for e, p in office_queries.list_out_of_attempts()] == [(exam.code, who.person_id)]

    officer = PersonFactory(holding=["officer"])
    person = session.get(type(officer), who.person_id)
    services.allow_attempt(exam, person, "Illness on the day", officer.public_id, clock.now())
    transaction.commit()

    assert office_queries.list_out_of_attempts() == []
    assert begin(exam, who).number == 4


def test_an_officer_cannot_decide_on_their_own_attempts_or_time(session):
    exam, officer = exam_of(), PersonFactory(holding=["officer"])

    with pytest.raises(DomainError):
        services.allow_attempt(exam, officer, "me", officer.public_id, clock.now())
    with pytest.raises(DomainError):
        accommodations.grant(officer, Amounts(50), None, "", officer.public_id, clock.now())


def test_extra_time_moves_the_deadline_of_the_next_start_only(session):
    exam, who = exam_of(), candidate()
    officer = PersonFactory(holding=["officer"])
    running = begin(exam_of(), who)
    before = running.deadline_at

    person = session.get(type(officer), who.person_id)
    accommodations.grant(person, Amounts(25), None, "", officer.public_id, clock.now())
    transaction.commit()

    attempt = begin(exam, who)
    assert attempt.deadline_at - attempt.started_at == timedelta(minutes=75)
    session.refresh(running)
    assert running.deadline_at == before


def test_a_start_after_the_time_of_a_forgotten_attempt_ends_that_one(session, held_clock):
    exam, who = exam_of(), candidate()
    forgotten = begin(exam, who)
    held_clock.go(minutes=62)

    found = begin(exam, who)

    assert found.public_id == forgotten.public_id
    assert found.state == AttemptState.SCORED
    assert found.submitted_at == forgotten.deadline_at


def test_in_production_an_exam_that_certifies_draws_private_items_only(session):
    exam = exam_of(singles(4), draw=2)
    become_production()
    with pytest.raises(BankShort) as short:
        sitting.start(exam, candidate(), clock.now())
    assert short.value.cells == ["F1/apply"]

    private = singles(2)
    import_items(private, session.get(ItemBank, exam.bank_id), clock.now(), is_public=False)
    transaction.commit()

    attempt = begin(exam, candidate())
    assert set(codes_of(attempt)) == {item["code"] for item in private}
    assert attempt.exam_snapshot["waiver"] is None


def test_a_waiver_lets_public_items_in_and_stays_on_the_attempt(session):
    exam = exam_of(singles(4), draw=2)
    become_production()
    services.record_waiver(exam, "First year of the body", "officer-id", clock.now())
    transaction.commit()

    attempt = begin(exam, candidate())
    services.end_waiver(exam, "officer-id")
    transaction.commit()

    assert attempt.exam_snapshot["waiver"]["reason"] == "First year of the body"
    acts = session.scalars(select(AuditEntry.action).where(AuditEntry.object_kind == "exam")).all()
    assert acts == ["exam.waiver_recorded", "exam.waiver_ended"]
    with pytest.raises(BankShort):
        sitting.start(exam, candidate(), clock.now())


def test_practice_for_its_own_sake_may_draw_public_items_in_production(session):
    exam = exam_of(singles(4), certifies=False)
    become_production()

    assert begin(exam, candidate()).state == AttemptState.IN_PROGRESS


def test_one_device_writes_until_another_takes_over(session):
    exam, laptop = exam_of(), candidate(session_id=11)
    phone = Candidate(laptop.person_id, laptop.public_id, laptop.name, session_id=22)
    attempt = begin(exam, laptop)

    with pytest.raises(OtherDevice):
        sitting.set_flag(attempt.public_id, phone, 1, True, clock.now())
    sitting.take_over(attempt.public_id, phone, clock.now())
    transaction.commit()

    sitting.set_flag(attempt.public_id, phone, 1, True, clock.now())
    transaction.commit()
    assert questions_of(attempt)[0].flagged
    with pytest.raises(OtherDevice):
        sitting.set_flag(attempt.public_id, laptop, 2, True, clock.now())
    assert "attempt.taken_over" in session.scalars(select(AuditEntry.action)).all()


def test_nothing_can_be_flagged_taken_over_or_reported_after_the_end(session):
    exam, who = exam_of(), candidate()
    attempt = begin(exam, who)
    late = attempt.deadline_at + timedelta(seconds=61)

    for act in (
        lambda: sitting.set_flag(attempt.public_id, who, 1, True, late),
        lambda: sitting.take_over(attempt.public_id, who, late),
        lambda: sitting.report_question(attempt.public_id, who, 1, "wrong", late),
    ):
        with pytest.raises(AttemptClosed):
            act()


def test_an_attempt_is_found_by_its_owner_only(session):
    attempt, other = begin(exam_of(), candidate()), candidate()

    with pytest.raises(Missing):
        queries.get_attempt(attempt.public_id, other.person_id)
    with pytest.raises(Missing):
        queries.get_for_writing(attempt.public_id, other.person_id, 1)


def test_no_question_is_asked_much_more_often_than_the_draw_makes_likely(session):
    """A draw of 4 from 16 shows each item to a quarter of the candidates; none may exceed a third over 200 draws."""
    exam = exam_of(singles(16), draw=4)

    shown = Counter(place.version_id for n in range(200) for place in asking.draw_places(exam, set(), f"seed {n}"))

    assert len(shown) == 16
    assert max(shown.values()) <= 200 / 3


def test_the_bank_of_another_exam_stays_out(session):
    bank_of(singles(4))
    exam = exam_of(own := singles(2))

    assert set(codes_of(begin(exam, candidate()))) == {item["code"] for item in own}


def test_the_exam_of_a_course_opens_when_its_lessons_are_read(session, tmp_path):
    course = SmallCourse(tmp_path)
    publish(course)
    exam = exam_of(singles(4), course_code="CT")
    who = candidate()
    person = who.person_id

    with pytest.raises(StartRefused) as stranger:
        begin(exam, who)
    assert stranger.value.permit.reason is Reason.LESSONS

    learning.enrol(person, "CT", clock.now())
    transaction.commit()
    codes = [state.code for state in courses.lesson_states(courses.find_enrolment(person, "CT"))]
    for code in codes[:-1]:
        learning.finish_lesson(person, "CT", code, clock.now())
    transaction.commit()
    with pytest.raises(StartRefused) as early:
        begin(exam, who)
    assert early.value.permit.unread

    learning.finish_lesson(person, "CT", codes[-1], clock.now())
    transaction.commit()
    assert begin(exam, who).state == AttemptState.IN_PROGRESS
