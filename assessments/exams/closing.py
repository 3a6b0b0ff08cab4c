"""Closing an attempt: handed in or timed out, then scored and finalised in the same transaction.

What follows (receipt, release) is ordered as jobs, so that no fault in what hangs on a result can lose a hand-in.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, select, update

from app import clock
from app.audit.services import SYSTEM, record
from app.errors import Missing
from app.extensions import db
from app.jobs import runner
from app.jobs.ledger import Claim
from assessments.exams import queries
from assessments.exams.models import Attempt, AttemptItem
from assessments.exams.moves import move as move
from assessments.exams.queries import Answered
from assessments.exams.rules import Arrival, AttemptState, arrival, closing
from assessments.exams.writing import Candidate, check_writing
from assessments.grading.numbers import plain_text
from assessments.grading.replay import record_exam
from assessments.grading.scoring import AwaitingMarks, ExamRules, ExamScore, score_exam
from assessments.grading.topics import TopicBand
from assessments.results import services as results
from assessments.results.models import Result

EXPIRE = "exams.expire"
RECEIPT = "exams.receipt"
RELEASE = "exams.release"
ENGINE = "rule: scored by the engine"


def submit(public_id: str, candidate: Candidate, now: datetime) -> Attempt:
    """Hand an attempt in, once; a second time finds it closed and changes nothing.

    Until the deadline only the device that writes may do it; afterwards it only says what has happened anyway.
    Raises Missing, OtherDevice.
    """
    attempt = _lock(public_id, Attempt.person_id == candidate.person_id)
    if attempt.state == AttemptState.IN_PROGRESS and now <= attempt.deadline_at:
        check_writing(attempt, candidate, now)
    close(attempt, now, candidate.public_id)
    return attempt


def expire(claim: Claim) -> None:
    """The job: close an attempt whose time and grace are over, as of its deadline, with what was saved."""
    attempt, now = _lock(claim.payload["attempt"]), clock.now()
    if arrival(now, attempt.deadline_at) is Arrival.CLOSED:
        close(attempt, now)


def close(attempt: Attempt, now: datetime, actor: str = SYSTEM) -> bool:
    """End the attempt and score it; False if it had ended before. The end is never later than the deadline."""
    end = closing(now, attempt.deadline_at)
    if not move(attempt, AttemptState.SUBMITTED, submitted_at=end.at, ended_by=end.by):
        return False
    detail = {"as": end.by, "number": attempt.number}
    record("attempt.closed", actor=actor, subject=("attempt", attempt.public_id), detail=detail)
    payload: dict[str, object] = {"attempt": attempt.public_id}
    runner.order(RECEIPT, payload, key=f"{RECEIPT}:{attempt.public_id}")
    try:
        _score(attempt, now)
    except AwaitingMarks:
        return move(attempt, AttemptState.AWAITING_MARKING)
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


_rows: Any = AttemptItem.__table__
_POINTS = update(_rows).where(_rows.c.id == bindparam("row_id")).values(points=bindparam("earned"))


def _score(attempt: Attempt, now: datetime) -> Result:
    """Points, result and the state scored; the number of statements does not depend on the number of questions.

    Raises AwaitingMarks, and then nothing is written.
    """
    answered = queries.list_answered(attempt.id)
    inputs = [question.scored for question in answered]
    rules = ExamRules(Decimal(attempt.exam_snapshot["pass_percent"]))
    score = score_exam(inputs, rules)
    points = [
        {"row_id": question.row_id, "earned": item.points} for question, item in zip(answered, score.items, strict=True)
    ]
    db.session.execute(_POINTS, points)
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
    move(attempt, AttemptState.SCORED, scored_at=now)
    return result


def _data(attempt: Attempt, score: ExamScore, answered: Sequence[Answered]) -> dict[str, Any]:
    """What the result page and the certificate need to know of the attempt, without any question."""
    exam = attempt.exam_snapshot
    end = attempt.submitted_at or attempt.deadline_at
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
            question.answered_at is not None and question.answered_at > attempt.deadline_at for question in answered
        ),
        "timed_out": attempt.ended_by == "clock",
        "minutes": exam["minutes"],
        "started_at": attempt.started_at.isoformat(),
        "ended_at": end.isoformat(),
        "seconds_used": int((end - attempt.started_at).total_seconds()),
    }


def _band(band: TopicBand, titles: dict[str, str]) -> dict[str, Any]:
    title = titles.get(band.topic, band.topic)
    return {"code": band.topic, "title": title, "segments": band.segments, "word": band.word}
