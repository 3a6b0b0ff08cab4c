"""Acts of supervision: every step has an actor and a reason, time moves as told, and only legal steps happen."""

import itertools
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock, transaction
from app.accounts.models import Person
from app.audit.models import AuditEntry
from app.errors import DomainError
from app.extensions import db
from assessments.exams import closing, conducting, gates, queries, sitting
from assessments.exams.answers import save_answer
from assessments.exams.errors import AttemptPaused, MoveRefused, StartRefused
from assessments.exams.gates import StartRequest
from assessments.exams.models import Attempt
from assessments.exams.rules import AttemptState, Reason, may_follow
from assessments.exams.times import ends_at
from tests.factories.assessments import begin, candidate, exam_of, held_clock, questions_of, run_jobs, singles
from tests.factories.people import PersonFactory

__all__ = ["held_clock"]
MINUTE = timedelta(minutes=1)
CHECKED = {"by": "invigilator-1", "how": "passport", "at": "2026-12-14T09:00:00+00:00"}


@pytest.fixture
def who(app):
    """A candidate."""
    return candidate()


@pytest.fixture
def officer(app):
    """Somebody who supervises."""
    return PersonFactory(holding=["officer"]).public_id


def person_of(who):
    return db.session.get(Person, who.person_id)


def seated(exam, who, officer, now, hours=2.0, sitting_id="sitting-1"):
    """An attempt of the candidate that waits in a sitting which opens now."""
    made = conducting.schedule(
        exam, person_of(who), sitting_id, "invigilated", now, now + timedelta(hours=hours), officer, now
    )
    transaction.commit()
    return made


def fresh(attempt):
    db.session.expire_all()
    return db.session.get(Attempt, attempt.id)


def steps(attempt):
    return [line["state"] for line in fresh(attempt).history]


def assert_legal(attempt):
    """Each line of history follows the one before, or says what it changed in a state that stayed."""
    lines = fresh(attempt).history
    for before, after in itertools.pairwise(lines):
        stays = before["state"] == after["state"] and "seconds" in after
        assert stays or may_follow(AttemptState(before["state"]), AttemptState(after["state"])), lines
    assert lines[-1]["state"] == fresh(attempt).state


# ---- before the start


def test_a_candidate_is_scheduled_recognised_and_begins(who, officer, held_clock):
    exam = exam_of(singles(4), needs_sitting=True)
    attempt = seated(exam, who, officer, held_clock.now)
    assert (attempt.state, attempt.number, attempt.sitting) == ("scheduled", 1, "sitting-1")
    assert queries.list_cells(attempt.id) == [], "questions are drawn when the candidate is recognised"

    conducting.authorise(attempt, officer, held_clock.now, CHECKED)
    transaction.commit()
    assert len(queries.list_cells(attempt.id)) == 4
    held_clock.go(minutes=10)
    begun = begin(exam, who)

    assert begun.id == attempt.id
    assert (begun.state, begun.started_at, begun.identity) == ("in_progress", held_clock.now, CHECKED)
    assert begun.deadline_at == held_clock.now + 60 * MINUTE
    assert begun.supervision == "invigilated"
    assert [line["by"] for line in begun.history] == [officer, officer, who.public_id]
    assert steps(attempt) == ["scheduled", "authorised", "in_progress"]
    acts = set(db.session.scalars(select(AuditEntry.action)))
    assert {"attempt.scheduled", "attempt.authorised", "attempt.started"} <= acts


def test_scheduling_twice_is_once_and_one_seat_an_exam(who, officer, held_clock):
    exam = exam_of(needs_sitting=True)
    first = seated(exam, who, officer, held_clock.now)

    assert seated(exam, who, officer, held_clock.now).id == first.id
    with pytest.raises(DomainError, match="elsewhere already"):
        seated(exam, who, officer, held_clock.now, sitting_id="sitting-2")


def test_without_a_seat_or_before_being_recognised_nobody_begins(who, officer, held_clock):
    exam = exam_of(needs_sitting=True)
    with pytest.raises(StartRefused) as no_seat:
        sitting.start(exam, who, held_clock.now)
    transaction.undo()
    attempt = seated(exam, who, officer, held_clock.now)
    with pytest.raises(StartRefused) as not_recognised:
        sitting.start(exam, who, held_clock.now)
    transaction.undo()
    conducting.authorise(attempt, officer, held_clock.now, CHECKED)
    conducting.unauthorise(attempt, officer, "wrong passport", held_clock.now)
    transaction.commit()
    with pytest.raises(StartRefused) as taken_back:
        sitting.start(exam, who, held_clock.now)

    reasons = [caught.value.permit.reason for caught in (no_seat, not_recognised, taken_back)]
    assert reasons == [Reason.SEAT, Reason.IN_SITTING, Reason.IN_SITTING]


def test_recognised_again_the_same_questions_are_asked(who, officer, held_clock):
    attempt = seated(exam_of(singles(9), draw=4, needs_sitting=True), who, officer, held_clock.now)
    conducting.authorise(attempt, officer, held_clock.now, CHECKED)
    drawn = [question.item_version_id for question in questions_of(attempt)]
    conducting.unauthorise(attempt, officer, "left the room", held_clock.now)
    conducting.authorise(attempt, officer, held_clock.now, CHECKED)
    transaction.commit()

    assert [question.item_version_id for question in questions_of(attempt)] == drawn


def test_a_gate_hears_the_code_and_the_address_and_may_refuse(who, officer, held_clock, monkeypatch):
    heard: list[StartRequest] = []

    def gate(exam, attempt, request):
        heard.append(request)
        if request.code != "4711":
            raise DomainError("This is not the code of the sitting.", "code")

    monkeypatch.setattr(gates, "GATES", [gate])
    exam = exam_of(needs_sitting=True)
    conducting.authorise(seated(exam, who, officer, held_clock.now), officer, held_clock.now, CHECKED)
    transaction.commit()

    with pytest.raises(DomainError) as refused:
        sitting.start(exam, who, held_clock.now, code="0815", address="192.0.2.7")
    transaction.undo()
    assert refused.value.field == "code"
    assert sitting.start(exam, who, held_clock.now, code="4711", address="192.0.2.7").state == "in_progress"
    assert {request.address for request in heard} == {"192.0.2.7"}


def test_who_never_comes_is_absent_when_the_window_ends(who, officer, held_clock):
    attempt = seated(exam_of(needs_sitting=True), who, officer, held_clock.now, hours=1)
    held_clock.go(minutes=62)

    run_jobs()

    assert fresh(attempt).state == "absent"
    assert_legal(attempt)


def test_the_invigilator_may_say_so_earlier(who, officer, held_clock):
    attempt = seated(exam_of(needs_sitting=True), who, officer, held_clock.now)
    conducting.mark_absent(attempt, officer, held_clock.now)
    transaction.commit()

    assert (fresh(attempt).state, fresh(attempt).history[-1]["by"]) == ("absent", officer)


# ---- the clock


def test_the_clock_stands_still_while_paused_and_runs_again(who, officer, held_clock):
    attempt = begin(exam_of(), who)
    end = attempt.deadline_at
    held_clock.go(minutes=10)
    conducting.pause(attempt, officer, "fire alarm", held_clock.now)
    transaction.commit()
    held_clock.go(minutes=15)
    with pytest.raises(AttemptPaused):
        save_answer(attempt.public_id, who, 1, 1, "b", held_clock.now)
    transaction.undo()
    assert ends_at(fresh(attempt), held_clock.now) == end + 15 * MINUTE
    conducting.resume(attempt, officer, held_clock.now)
    transaction.commit()

    assert fresh(attempt).deadline_at == end + 15 * MINUTE
    assert (fresh(attempt).paused_seconds, fresh(attempt).paused_at) == (900, None)
    save_answer(attempt.public_id, who, 1, 1, "b", end + 14 * MINUTE)
    assert [line["reason"] for line in fresh(attempt).history[1:]] == ["fire alarm", ""]
    assert_legal(attempt)


def test_the_job_leaves_a_paused_attempt_alone_and_ends_it_at_the_moved_deadline(who, officer, held_clock):
    attempt = begin(exam_of(), who)
    held_clock.go(minutes=10)
    conducting.pause(attempt, officer, "power cut", held_clock.now)
    held_clock.go(minutes=90)
    run_jobs()
    assert fresh(attempt).state == "paused", "its time is not over while its clock stands still"
    conducting.resume(attempt, officer, held_clock.now)
    transaction.commit()
    held_clock.go(minutes=49)
    run_jobs()
    assert fresh(attempt).state == "in_progress"
    held_clock.go(minutes=3)
    run_jobs()

    assert fresh(attempt).state == "released"
    assert fresh(attempt).submitted_at == attempt.started_at + 150 * MINUTE
    assert_legal(attempt)


def test_a_pause_never_moves_the_deadline_beyond_the_close_and_an_extension_does(who, officer, held_clock):
    exam = exam_of(closes_at=held_clock.now + 70 * MINUTE)
    attempt = begin(exam, who)
    assert attempt.deadline_at == held_clock.now + 60 * MINUTE
    conducting.pause(attempt, officer, "noise", held_clock.now)
    held_clock.go(minutes=30)
    conducting.resume(attempt, officer, held_clock.now)
    transaction.commit()
    assert fresh(attempt).deadline_at == exam.closes_at

    conducting.extend(attempt, 600, officer, "noise in the room", held_clock.now)
    transaction.commit()

    found = fresh(attempt)
    assert found.deadline_at == exam.closes_at + 10 * MINUTE == found.closes_at
    assert found.history[-1] == {
        "state": "in_progress",
        "at": held_clock.now.isoformat(),
        "by": officer,
        "reason": "noise in the room",
        "seconds": 600,
    }
    assert_legal(attempt)


def test_the_job_that_comes_at_the_old_deadline_looks_again_at_the_new_one(who, officer, held_clock):
    attempt = begin(exam_of(), who)
    conducting.extend(attempt, 1_800, officer, "late start", held_clock.now)
    transaction.commit()
    held_clock.go(minutes=62)
    run_jobs()
    assert fresh(attempt).state == "in_progress"
    held_clock.go(minutes=30)
    run_jobs()

    assert fresh(attempt).submitted_at == attempt.started_at + 90 * MINUTE


def test_time_given_before_the_start_moves_the_close_of_a_late_comer_too(who, officer, held_clock):
    exam = exam_of(needs_sitting=True)
    attempt = seated(exam, who, officer, held_clock.now, hours=1)
    conducting.extend(attempt, 900, officer, "a reader was late", held_clock.now)
    conducting.authorise(attempt, officer, held_clock.now, CHECKED)
    transaction.commit()
    held_clock.go(minutes=20)
    begun = begin(exam, who)

    assert begun.deadline_at == attempt.closes_at == held_clock.now + 55 * MINUTE


@pytest.mark.parametrize("seconds", [0, -60, 86_401])
def test_time_is_never_taken_away_nor_given_without_end(who, officer, seconds):
    with pytest.raises(DomainError) as refused:
        conducting.extend(begin(exam_of(), who), seconds, officer, "so", clock.now())

    assert refused.value.field == "seconds"


# ---- refusals


def test_nobody_supervises_an_attempt_of_their_own(officer):
    own = person_of_public(officer)
    mine = begin(exam_of(), candidate_of(own))

    for act in (
        lambda: conducting.pause(mine, officer, "so", clock.now()),
        lambda: conducting.extend(mine, 60, officer, "so", clock.now()),
        lambda: conducting.void(mine, officer, "so", clock.now()),
    ):
        with pytest.raises(DomainError, match="your own attempt"):
            act()


def person_of_public(public_id):
    return db.session.scalars(select(Person).where(Person.public_id == public_id)).one()


def candidate_of(person):
    from assessments.exams.writing import Candidate

    return Candidate(person.id, person.public_id, person.name, 1)


ACTS = {
    AttemptState.AUTHORISED: lambda attempt, by: conducting.authorise(attempt, by, clock.now(), CHECKED),
    AttemptState.SCHEDULED: lambda attempt, by: conducting.unauthorise(attempt, by, "so", clock.now()),
    AttemptState.ABSENT: lambda attempt, by: conducting.mark_absent(attempt, by, clock.now()),
    AttemptState.PAUSED: lambda attempt, by: conducting.pause(attempt, by, "so", clock.now()),
    AttemptState.VOIDED: lambda attempt, by: conducting.void(attempt, by, "so", clock.now()),
}


@pytest.mark.parametrize("wanted", list(ACTS))
@pytest.mark.parametrize("before", list(AttemptState))
def test_an_act_out_of_turn_is_refused_and_leaves_no_trace(who, officer, before, wanted):
    attempt = begin(exam_of(), who)
    attempt.state = before
    transaction.commit()
    was = len(fresh(attempt).history)
    if may_follow(before, wanted):
        ACTS[wanted](attempt, officer)
        transaction.commit()
        assert (fresh(attempt).state, len(attempt.history)) == (wanted, was + 1)
        return
    with pytest.raises(MoveRefused):
        ACTS[wanted](attempt, officer)
    transaction.undo()
    assert (fresh(attempt).state, len(attempt.history)) == (before, was)


def test_a_voided_attempt_counts_for_nothing_and_its_result_is_never_released(who, officer):
    exam = exam_of()
    attempt = begin(exam, who)
    closing.submit(attempt.public_id, who, clock.now())
    conducting.void(attempt, officer, "somebody else sat it", clock.now())
    transaction.commit()
    run_jobs()

    assert fresh(attempt).state == "voided"
    assert queries.permit_for(who.person_id, exam, clock.now()).reason is Reason.FREE
    assert queries.permit_for(who.person_id, exam, clock.now()).attempts_left == 3
    with pytest.raises(DomainError) as refused:
        conducting.void(attempt, officer, " ", clock.now())
    assert refused.value.field == "reason"
