"""What follows the scoring of an attempt: keys changed meanwhile, the states before release, and the release by rule.

The job `exams.release` runs after each scoring, and again whenever something that held the result has ended.
"""

from datetime import datetime

from sqlalchemy import select

from app import clock
from app.extensions import db
from app.jobs.ledger import Claim
from assessments.exams import moves
from assessments.exams.models import Attempt, Exam
from assessments.exams.rules import AWAITING, AttemptState
from assessments.regrading import rescoring
from assessments.results import holds, queries, services

AUTO = "rule: released when scored"


def settle(claim: Claim) -> None:
    """The job: bring a scored attempt as far as its exam's rules let it go by themselves; a voided one stays."""
    found = db.session.scalars(select(Attempt).where(Attempt.public_id == claim.payload["attempt"])).one()
    attempt, now = moves.lock(found.id), clock.now()
    if attempt.state in AWAITING and queries.find_by_attempt(attempt.id) is not None:
        rescoring.catch_up(attempt, now)
        exam = db.session.scalars(select(Exam).where(Exam.id == attempt.exam_id)).one()
        make_provisional(attempt, exam, now)
        _release(attempt, now)


def make_provisional(attempt: Attempt, exam: Exam, now: datetime) -> bool:
    """A result that people have to look at first is provisional; False where the exam asks for nobody."""
    asks = exam.needs_key_review or exam.needs_ratifying
    return asks and attempt.state == AttemptState.SCORED and moves.move(attempt, AttemptState.PROVISIONAL, at=now)


def _release(attempt: Attempt, now: datetime) -> None:
    result = queries.find_by_attempt(attempt.id)
    if result is not None and attempt.exam_snapshot["is_auto_released"] and not holds.held(result):
        services.release(result, AUTO, now)
