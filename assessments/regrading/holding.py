"""What keeps the result of an exam from its release: each of these is asked by results.holds."""

from flask_babel import gettext as _
from sqlalchemy import select

from app.extensions import db
from assessments.exams.models import Attempt, Exam
from assessments.regrading import challenges
from assessments.regrading.models import KeyReview
from assessments.results.models import Result


def find_exam(result: Result) -> Exam | None:
    """The exam whose attempt a result is about; None for a practical."""
    if result.attempt_id is None:
        return None
    statement = select(Exam).join(Attempt, Attempt.exam_id == Exam.id).where(Attempt.id == result.attempt_id)
    return db.session.scalars(statement).first()


def keys_unsigned(result: Result) -> str | None:
    """The exam's keys are reviewed before its results are released, and nobody has signed yet."""
    exam = find_exam(result)
    if exam is None or not exam.needs_key_review or _is_signed(exam.id, result):
        return None
    return _("Its keys are not reviewed and signed yet.")


def _is_signed(exam_id: int, result: Result) -> bool:
    signed = select(KeyReview.attempts).where(KeyReview.exam_id == exam_id, KeyReview.state == "signed")
    return any(result.data.get("attempt") in attempts for attempts in db.session.scalars(signed))


def challenge_open(result: Result) -> str | None:
    """A candidate has challenged one of its questions and has no answer yet; only where keys are reviewed anyway."""
    exam = find_exam(result)
    if exam is None or not exam.needs_key_review or not challenges.is_open_about(result.attempt_id or 0):
        return None
    return _("A challenge of one of its questions is not decided yet.")


def unratified(result: Result) -> str | None:
    """The exam's results are ratified by a person first."""
    exam = find_exam(result)
    if exam is None or not exam.needs_ratifying or result.ratified_at is not None:
        return None
    return _("It is not ratified yet.")


HOLDS = (keys_unsigned, challenge_open, unratified)
