"""Starting an attempt, and what a candidate does in it beside answering: flag, report, move to another device."""

from datetime import datetime

from sqlalchemy import update

from app import ids
from app.audit.services import record
from app.extensions import db
from assessments.exams import asking, beginning, closing, moves, queries
from assessments.exams.errors import AttemptClosed, StartRefused
from assessments.exams.gates import StartRequest, check_gates
from assessments.exams.models import Attempt, AttemptItem, Exam, ItemReport
from assessments.exams.plans import draws_private_only as draws_private_only
from assessments.exams.rules import RUNNING, AttemptState, Permit, Reason, within_window
from assessments.exams.writing import Candidate, check_writing, is_over, writer_hash


def start(exam: Exam, candidate: Candidate, now: datetime, code: str = "", address: str = "") -> Attempt:
    """The running attempt of the candidate, begun now if there is none; a second start finds the first one.

    One whose time has run out is closed and returned. One that waits in a sitting begins once it is authorised and the
    gates let it pass; `code` is the sitting code that was typed, `address` the network address it came from.
    Raises StartRefused, BankShort, or the DomainError of a gate.
    """
    live = queries.find_live(candidate.person_id, exam.id)
    return start_from(exam, live, StartRequest(candidate, now, code, address))


def start_from(exam: Exam, live: Attempt | None, request: StartRequest) -> Attempt:
    """As start, with the candidate's open attempt at hand (queries.get_start)."""
    now = request.now
    if live is not None and live.state in RUNNING:
        if is_over(live, now):
            closing.close(live, now)
        return live
    permit = _seated(exam, live, now) if live else queries.permit_for(request.candidate.person_id, exam, now)
    if not permit.may:
        raise StartRefused(permit)
    if live is not None:
        return _begin_seated(exam, live, request)
    return _begin(exam, request.candidate, now)


def _seated(exam: Exam, attempt: Attempt, now: datetime) -> Permit:
    """Whether an attempt that waits in a sitting may begin; attempts and waits were looked at when it was scheduled."""
    may = attempt.state == AttemptState.AUTHORISED
    permit = Permit(may, Reason.MAY_BEGIN if may else Reason.IN_SITTING)
    return within_window(permit, exam.opens_at, exam.closes_at, exam.needs_sitting, now)


def _begin_seated(exam: Exam, attempt: Attempt, request: StartRequest) -> Attempt:
    """Begin an authorised attempt whose questions have been drawn."""
    candidate, now = request.candidate, request.now
    check_gates(exam, attempt, request)
    if attempt.exam_snapshot["version"] != exam.version:
        asking.ask_again(attempt, exam)
    given = beginning.given_to(candidate.person_id, now)
    values = beginning.clock_values(exam.minutes, given, now, attempt.closes_at, attempt.extended_seconds)
    is_begun = moves.move(
        attempt,
        AttemptState.IN_PROGRESS,
        by=candidate.public_id,
        at=now,
        exam_snapshot=beginning.snapshot(exam, given),
        writer_token_hash=writer_hash(attempt.public_id, candidate.session_id),
        declared_name=candidate.name,
        **values,
    )
    if not is_begun:  # another request of this candidate came first, or the authorisation has gone
        return moves.lock(attempt.id)
    _follow_start(attempt, exam, candidate)
    return attempt


def _begin(exam: Exam, candidate: Candidate, now: datetime) -> Attempt:
    seed = beginning.new_seed()
    drawn = asking.draw(exam, candidate.person_id, seed)
    attempt = _insert_attempt(exam, candidate, seed, drawn.form_id, now)
    if attempt is None:  # another request of this candidate came first, and has been committed by now
        return queries.get_latest(candidate.person_id, exam.id)
    asking.keep(attempt.id, drawn.questions)
    _follow_start(attempt, exam, candidate)
    return attempt


def _follow_start(attempt: Attempt, exam: Exam, candidate: Candidate) -> None:
    assert attempt.deadline_at is not None
    beginning.order_expiry(attempt, attempt.deadline_at, beginning.delivery_of(attempt).grace)
    detail = {"exam": exam.code, "version": exam.version, "number": attempt.number, "seed": attempt.seed}
    record("attempt.started", actor=candidate.public_id, subject=("attempt", attempt.public_id), detail=detail)


def _insert_attempt(exam: Exam, candidate: Candidate, seed: str, form_id: int | None, now: datetime) -> Attempt | None:
    given = beginning.given_to(candidate.person_id, now)
    values = beginning.identity_of(exam, candidate.person_id, candidate.name, exam.supervision)
    values |= beginning.clock_values(exam.minutes, given, now, exam.closes_at)
    values |= {
        "number": queries.last_number(candidate.person_id, exam.id) + 1,
        "state": AttemptState.IN_PROGRESS,
        "history": [moves.entry(AttemptState.IN_PROGRESS, now, candidate.public_id)],
        "seed": seed,
        "form_id": form_id,
        "writer_token_hash": writer_hash(values["public_id"], candidate.session_id),
        "exam_snapshot": beginning.snapshot(exam, given),
    }
    return beginning.insert_attempt(values)


def take_over(public_id: str, candidate: Candidate, now: datetime) -> Attempt:
    """Let this device write from now on, and no other. The password was asked for just before. Raises AttemptClosed."""
    attempt = queries.get_attempt(public_id, candidate.person_id)
    if attempt.state not in RUNNING or is_over(attempt, now):
        raise AttemptClosed(public_id)
    attempt.writer_token_hash = writer_hash(public_id, candidate.session_id)
    record("attempt.taken_over", actor=candidate.public_id, subject=("attempt", public_id))
    return attempt


def set_flag(public_id: str, candidate: Candidate, position: int, is_flagged: bool, now: datetime) -> None:
    """Mark a question for later, or take the mark away. Raises Missing, AttemptClosed, OtherDevice."""
    place = queries.get_for_writing(public_id, candidate.person_id, position)
    check_writing(place, candidate, now)
    db.session.execute(update(AttemptItem).where(AttemptItem.id == place.row_id).values(flagged=is_flagged))


def report_question(public_id: str, candidate: Candidate, position: int, text: str, now: datetime) -> None:
    """Keep what a candidate says is wrong with a question. Raises Missing, AttemptClosed."""
    place = queries.get_for_writing(public_id, candidate.person_id, position)
    if place.state not in RUNNING or is_over(place, now):
        raise AttemptClosed(public_id)
    report = ItemReport(public_id=ids.new_public_id(), attempt_item_id=place.row_id, text=text, made_at=now)
    db.session.add(report)
