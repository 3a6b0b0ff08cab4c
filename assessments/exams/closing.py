"""Closing an attempt: handed in or timed out, then scored and finalised in the same transaction.

What follows (receipt, release) is ordered as jobs, so that no fault in what hangs on a result can lose a hand-in.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app import clock
from app.audit.services import SYSTEM, record
from app.errors import Missing
from app.extensions import db
from app.jobs import runner
from app.jobs.ledger import Claim
from assessments.exams import beginning, pausing, queries
from assessments.exams.findings import finding_of
from assessments.exams.models import Attempt
from assessments.exams.moves import move as move
from assessments.exams.points import keep_points
from assessments.exams.rules import BEFORE_START, RUNNING, AttemptState, closing
from assessments.exams.times import ends_at
from assessments.exams.writing import Candidate, check_writing, is_over
from assessments.grading.replay import record_exam
from assessments.grading.scoring import AwaitingMarks, ExamRules, score_exam
from assessments.results import services as results
from assessments.results.models import Result

EXPIRE = beginning.EXPIRE
RECEIPT = "exams.receipt"
RELEASE = "exams.release"
ENGINE = "rule: scored by the engine"


def submit(public_id: str, candidate: Candidate, now: datetime) -> Attempt:
    """Hand an attempt in, once; a second time finds it closed and changes nothing.

    Until the deadline only the device that writes may do it; afterwards it only says what has happened anyway.
    Raises Missing, OtherDevice.
    """
    attempt = _lock(public_id, Attempt.person_id == candidate.person_id)
    pausing.end_break(attempt, now, candidate.public_id)
    if attempt.state in RUNNING and now <= ends_at(attempt, now):
        check_writing(attempt, candidate, now)
    close(attempt, now, candidate.public_id)
    return attempt


def expire(claim: Claim) -> None:
    """The job: look after an attempt whose time may be over; if it has moved, look again when it is."""
    attempt, now = _lock(claim.payload["attempt"]), clock.now()
    pausing.end_due_break(attempt, now)
    if attempt.state in BEFORE_START:
        _end_unbegun(attempt, now)
    elif attempt.state in RUNNING and is_over(attempt, now):
        close(attempt, now)
    elif attempt.state == AttemptState.IN_PROGRESS:
        pausing.order_end(attempt)
    elif attempt.state == AttemptState.PAUSED and attempt.closes_at is not None:
        beginning.order_expiry(attempt, attempt.closes_at, beginning.delivery_of(attempt).grace)


def _end_unbegun(attempt: Attempt, now: datetime) -> None:
    """Whoever has not begun by the end of the window was absent."""
    if attempt.closes_at is not None and attempt.closes_at < now and move(attempt, AttemptState.ABSENT, at=now):
        record("attempt.absent", subject=("attempt", attempt.public_id))


def close(attempt: Attempt, now: datetime, actor: str = SYSTEM) -> bool:
    """End the attempt and score it; False if it had ended before. The end is never later than the deadline.

    Where the exam does not hand in for the candidate, an attempt that the clock ends is expired and not scored.
    """
    if attempt.state not in RUNNING:
        return False
    plan, deadline_at = beginning.delivery_of(attempt), ends_at(attempt, now)
    end = closing(now, deadline_at, plan.grace)
    is_lost = plan.expires and end.by == "clock"
    paused = pausing.resuming(attempt, now) if attempt.state == AttemptState.PAUSED else {}
    after = AttemptState.EXPIRED if is_lost else AttemptState.SUBMITTED
    if not move(attempt, after, by=actor, reason=end.by, at=now, submitted_at=end.at, ended_by=end.by, **paused):
        return False
    detail = {"as": end.by, "number": attempt.number}
    record("attempt.closed", actor=actor, subject=("attempt", attempt.public_id), detail=detail)
    payload: dict[str, object] = {"attempt": attempt.public_id}
    runner.order(RECEIPT, payload, key=f"{RECEIPT}:{attempt.public_id}")
    return True if is_lost else _score_or_wait(attempt, now, payload)


def _score_or_wait(attempt: Attempt, now: datetime, payload: dict[str, object]) -> bool:
    try:
        score(attempt, now)
    except AwaitingMarks:
        return move(attempt, AttemptState.AWAITING_MARKING, at=now)
    runner.order(RELEASE, payload, key=f"{RELEASE}:{attempt.public_id}")
    return True


def _lock(public_id: str, *conditions: Any) -> Attempt:
    statement = (
        select(Attempt)
        .where(Attempt.public_id == public_id, *conditions)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    attempt = db.session.scalars(statement).first()
    if attempt is None:
        raise Missing
    return attempt


def score(attempt: Attempt, now: datetime) -> Result:
    """Points, result and the state scored; the number of statements does not depend on the number of questions.

    Raises AwaitingMarks, and then nothing is written.
    """
    answered = queries.list_answered(attempt.id)
    inputs = [question.scored for question in answered]
    rules = ExamRules(Decimal(attempt.exam_snapshot["pass_percent"]))
    scored = score_exam(inputs, rules)
    keep_points([(question.row_id, item.points) for question, item in zip(answered, scored.items, strict=True)])
    finding = finding_of(attempt, scored, answered, record_exam(inputs, rules))
    result = results.finalise(finding, ENGINE, now)
    move(attempt, AttemptState.SCORED, at=now, scored_at=now)
    return result
