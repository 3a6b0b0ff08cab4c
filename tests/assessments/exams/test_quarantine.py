"""Answers that came when none could be taken: kept aside once each, shown to officers, decided once, by another."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import bus, clock, transaction
from app.errors import DomainError
from app.extensions import db
from assessments.exams import closing, conducting, quarantine
from assessments.exams.answers import save_answer
from assessments.exams.domain_events import LateAnswerCounted
from assessments.exams.errors import AttemptClosed, AttemptPaused, WritingRefused
from assessments.exams.models import ItemResponse, LateAnswer
from tests.factories.assessments import begin, candidate, exam_of, questions_of, singles
from tests.factories.people import PersonFactory

SECOND = timedelta(seconds=1)


@pytest.fixture
def who(app):
    """A candidate."""
    return candidate()


@pytest.fixture
def officer(app):
    """Somebody who decides."""
    return PersonFactory(holding=["officer"]).public_id


def send(attempt, who, seq, raw, now, position=1):
    """A save ended as a request ends it; what refused it, or None."""
    try:
        save_answer(attempt.public_id, who, position, seq, raw, now)
        transaction.commit()
    except WritingRefused as refusal:
        db.session.rollback()
        transaction.run_later_asides()
        return refusal
    return None


def test_what_comes_after_the_grace_is_kept_and_said_to_be(who):
    attempt = begin(exam_of(), who)
    late = attempt.deadline_at + 61 * SECOND

    refusal = send(attempt, who, 1, "b", late)

    assert isinstance(refusal, AttemptClosed)
    assert refusal.is_kept
    assert "an officer decides whether it counts" in refusal.message
    [kept] = quarantine.list_late(attempt_id=attempt.public_id)
    assert (kept.late.response, kept.late.seq, kept.late.why, kept.position) == ("b", 1, "late", 1)
    assert kept.late.received_at == late
    assert questions_of(attempt)[0].response is None


def test_the_grace_is_the_exams(who):
    attempt = begin(exam_of(grace_seconds=5), who)

    assert send(attempt, who, 1, "a", attempt.deadline_at + 5 * SECOND) is None
    assert isinstance(send(attempt, who, 2, "b", attempt.deadline_at + 6 * SECOND), AttemptClosed)


def test_the_same_answer_sent_again_is_kept_once(who):
    attempt = begin(exam_of(), who)
    for second in (61, 62, 70):
        send(attempt, who, 1, "b", attempt.deadline_at + second * SECOND)
    send(attempt, who, 2, "c", attempt.deadline_at + 80 * SECOND)

    assert [kept.late.response for kept in quarantine.list_late()] == ["b", "c"]
    assert len(db.session.scalars(select(ItemResponse)).all()) == 4, "the log has every arrival"


def test_a_repetition_of_what_is_stored_is_nothing_to_decide(who):
    attempt = begin(exam_of(), who)
    send(attempt, who, 1, "b", clock.now())
    refusal = send(attempt, who, 1, "b", attempt.deadline_at + 90 * SECOND)

    assert not refusal.is_kept
    assert quarantine.list_late() == []


def test_what_comes_while_paused_and_after_handing_in_is_kept_with_its_reason(who, officer):
    attempt, now = begin(exam_of(), who), clock.now()
    conducting.pause(attempt, officer, "alarm", now)
    transaction.commit()
    assert isinstance(send(attempt, who, 1, "a", now), AttemptPaused)
    conducting.resume(attempt, officer, now)
    closing.submit(attempt.public_id, who, now)
    transaction.commit()
    send(attempt, who, 1, "b", now, position=2)

    assert [kept.late.why for kept in quarantine.list_late()] == ["paused", "handed_in"]


def test_a_counted_answer_becomes_the_answer_and_those_who_score_hear_of_it(who, officer, monkeypatch):
    attempt, heard = begin(exam_of(singles(4)), who), []
    late = attempt.deadline_at + 61 * SECOND
    send(attempt, who, 1, "b", late)
    closing.submit(attempt.public_id, who, late)
    transaction.commit()
    monkeypatch.setattr(bus, "publish", heard.append)
    [kept] = quarantine.list_late()

    quarantine.decide_late(kept.late, True, officer, "the network of the room failed", late)
    transaction.commit()

    question = questions_of(attempt)[0]
    assert (question.response, question.response_seq, question.answered_at) == ("b", 1, late)
    assert heard == [LateAnswerCounted(attempt.id, attempt.public_id, officer, "the network of the room failed")]
    decided = quarantine.get_late(kept.late.public_id)
    assert (decided.decision, decided.decided_by, decided.reason) == (
        "counted",
        officer,
        "the network of the room failed",
    )
    assert quarantine.list_late() == []
    assert len(quarantine.list_late(undecided=False)) == 1


def test_a_refused_answer_changes_nothing_but_stays(who, officer):
    attempt = begin(exam_of(), who)
    send(attempt, who, 1, "b", attempt.deadline_at + 61 * SECOND)
    [kept] = quarantine.list_late()

    quarantine.decide_late(kept.late, False, officer, "no incident is known", clock.now())
    transaction.commit()

    assert questions_of(attempt)[0].response is None
    assert db.session.scalars(select(LateAnswer.decision)).all() == ["refused"]


def test_one_decision_by_another_person_with_a_reason(who, officer):
    attempt = begin(exam_of(), who)
    send(attempt, who, 1, "b", attempt.deadline_at + 61 * SECOND)
    [kept] = quarantine.list_late()

    with pytest.raises(DomainError) as without:
        quarantine.decide_late(kept.late, True, officer, "  ", clock.now())
    assert without.value.field == "reason"
    with pytest.raises(DomainError, match="your own"):
        quarantine.decide_late(kept.late, True, who.public_id, "I was in time", clock.now())
    quarantine.decide_late(kept.late, True, officer, "so", clock.now())
    with pytest.raises(DomainError, match="already"):
        quarantine.decide_late(kept.late, False, officer, "so", clock.now())


def test_while_it_runs_a_counted_answer_never_takes_the_place_of_a_newer_one(who, officer):
    attempt, now = begin(exam_of(), who), clock.now()
    conducting.pause(attempt, officer, "alarm", now)
    transaction.commit()
    send(attempt, who, 3, "a", now)
    conducting.resume(attempt, officer, now)
    transaction.commit()
    send(attempt, who, 4, "c", now)
    [kept] = quarantine.list_late()

    quarantine.decide_late(kept.late, True, officer, "sent during the alarm", now)
    transaction.commit()

    assert (questions_of(attempt)[0].response, questions_of(attempt)[0].response_seq) == ("c", 4)
