"""What officers read of exams: who waits for a decision."""

from sqlalchemy import func, select

from app.accounts.models import Person
from app.extensions import db
from assessments.exams.models import Attempt, AttemptAllowance, Exam
from assessments.exams.rules import AttemptState
from assessments.results.models import Result


def list_out_of_attempts() -> list[tuple[Exam, Person]]:
    """Who has used every attempt at an exam without a pass, so that an officer has to decide."""
    used = (
        select(Attempt.exam_id, Attempt.person_id, func.count().label("used"))
        .where(Attempt.state == AttemptState.RELEASED)
        .group_by(Attempt.exam_id, Attempt.person_id)
        .subquery()
    )
    allowed = (
        select(func.count())
        .where(AttemptAllowance.exam_id == used.c.exam_id, AttemptAllowance.person_id == used.c.person_id)
        .correlate(used)
        .scalar_subquery()
    )
    passed = select(Result.person_id).where(
        Result.person_id == used.c.person_id,
        Result.code == Exam.code,
        Result.outcome == "pass",
        Result.superseded_at.is_(None),
    )
    live = select(Attempt.id).where(
        Attempt.exam_id == used.c.exam_id,
        Attempt.person_id == used.c.person_id,
        Attempt.state.not_in([AttemptState.RELEASED, AttemptState.VOIDED]),
    )
    statement = (
        select(Exam, Person)
        .join(used, used.c.exam_id == Exam.id)
        .join(Person, Person.id == used.c.person_id)
        .where(used.c.used >= Exam.attempts + allowed, ~passed.exists(), ~live.exists())
        .order_by(Exam.code, Person.name)
    )
    return [(exam, person) for exam, person in db.session.execute(statement)]
