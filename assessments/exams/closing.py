"""Closing an attempt: handed in or timed out, then scored and finalised in the same transaction.

What follows (receipt, release) is ordered as jobs, so that no fault in what hangs on a result can lose a hand-in.
"""

from collections.abc import Sequence
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
from assessments.exams.models import Attempt
from assessments.exams.moves import move as move
from assessments.exams.points import keep_points
from assessments.exams.queries import Answered
from assessments.exams.rules import BEFORE_START, RUNNING, AttemptState, closing
from assessments.exams.times import ends_at, span
from assessments.exams.writing import Candidate, check_writing, is_over
from assessments.grading.numbers import plain_text
from assessments.grading.replay import record_exam
from assessments.grading.scoring import AwaitingMarks, ExamRules, ExamScore, score_exam
from assessments.grading.topics import TopicBand
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
        _score(attempt, now)
    except AwaitingMarks:
        return move(attempt, AttemptState.AWAITING_MARKING, at=now)
    if attempt.exam_snapshot["is_auto_released"]:
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


def _score(attempt: Attempt, now: datetime) -> Result:
    """Points, result and the state scored; the number of statements does not depend on the number of questions.

    Raises AwaitingMarks, and then nothing is written.
    """
    answered = queries.list_answered(attempt.id)
    inputs = [question.scored for question in answered]
    rules = ExamRules(Decimal(attempt.exam_snapshot["pass_percent"]))
    score = score_exam(inputs, rules)
    keep_points([(question.row_id, item.points) for question, item in zip(answered, score.items, strict=True)])
    exam = attempt.exam_snapshot
    finding = results.Finding(
        person_id=attempt.person_id,
        kind="exam",
        code=exam["code"],
        title=exam["title"],
        number=attempt.number,
        outcome="pass" if score.passed else "fail",
        percent=score.percent,
        data=_data(attempt, score, answered),
        record=record_exam(inputs, rules),
        rule_version=f"v{exam['version']}",
        attempt_id=attempt.id,
    )
    result = results.finalise(finding, ENGINE, now)
    move(attempt, AttemptState.SCORED, at=now, scored_at=now)
    return result


def _data(attempt: Attempt, score: ExamScore, answered: Sequence[Answered]) -> dict[str, Any]:
    """What the result page and the certificate need to know of the attempt, without any question."""
    exam = attempt.exam_snapshot
    started_at, deadline_at = span(attempt)
    end = attempt.submitted_at or deadline_at
    return {
        "attempt": attempt.public_id,
        "percent": plain_text(score.percent),
        "points": plain_text(score.total),
        "maximum": score.maximum,
        "cut_percent": exam["pass_percent"],
        "topics": [_band(band, exam["topics"]) for band in score.topics],
        "level_code": exam["level_code"],
        "course_code": exam["course_code"],
        "supervision": attempt.supervision,
        "waiver": exam["waiver"],
        "drew_public_items": any(question.is_public for question in answered),
        "late_answers": sum(
            question.answered_at is not None and question.answered_at > deadline_at for question in answered
        ),
        "timed_out": attempt.ended_by == "clock",
        "minutes": exam["minutes"],
        "started_at": started_at.isoformat(),
        "ended_at": end.isoformat(),
        "seconds_used": int((end - started_at).total_seconds()),
    }


def _band(band: TopicBand, titles: dict[str, str]) -> dict[str, Any]:
    title = titles.get(band.topic, band.topic)
    return {"code": band.topic, "title": title, "segments": band.segments, "word": band.word}
