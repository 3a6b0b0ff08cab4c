"""Reading reports, notes, and the names behind numbers."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import defer, joinedload

from app.accounts.models import Person
from app.errors import Missing
from app.extensions import db
from assessments.exams.models import Attempt, Exam
from assessments.integrity.models import IntegrityNote, IntegrityReport


def get_report(code: str, public_id: str) -> IntegrityReport:
    """A report of the exam of this code, with the exam. Raises Missing."""
    statement = (
        select(IntegrityReport)
        .join(Exam, Exam.id == IntegrityReport.exam_id)
        .where(IntegrityReport.public_id == public_id, Exam.code == code)
        .options(joinedload(IntegrityReport.exam))
    )
    report = db.session.scalars(statement).first()
    if report is None:
        raise Missing
    return report


def list_reports(exam_id: int, most: int = 50) -> Sequence[IntegrityReport]:
    """The reports of an exam, the newest first, without their contents."""
    statement = (
        select(IntegrityReport)
        .where(IntegrityReport.exam_id == exam_id)
        .order_by(IntegrityReport.asked_at.desc(), IntegrityReport.id.desc())
        .options(defer(IntegrityReport.data, raiseload=True))
        .limit(most)
    )
    return db.session.scalars(statement).all()


def list_notes(report_id: int) -> Sequence[IntegrityNote]:
    """What was noted on the flags of a report, the oldest first."""
    statement = select(IntegrityNote).where(IntegrityNote.report_id == report_id)
    return db.session.scalars(statement.order_by(IntegrityNote.at, IntegrityNote.id)).all()


def names_of_attempts(attempts: Collection[str]) -> dict[str, str]:
    """The names of the people of these attempts, by the attempt's public id; of erased people there is none."""
    statement = (
        select(Attempt.public_id, Person.name)
        .join(Person, Person.id == Attempt.person_id)
        .where(Attempt.public_id.in_(attempts), Person.erased_at.is_(None))
    )
    return dict(db.session.execute(statement).all())


def people_of_attempts(attempts: Collection[str]) -> set[str]:
    """The public ids of the people of these attempts."""
    statement = select(Person.public_id).join(Attempt, Attempt.person_id == Person.id)
    return set(db.session.scalars(statement.where(Attempt.public_id.in_(attempts))))


def names_of(people: Collection[str]) -> dict[str, str]:
    """The names of people by their public ids, for who asked and who noted."""
    if not people:
        return {}
    statement = select(Person.public_id, Person.name).where(Person.public_id.in_(people))
    return dict(db.session.execute(statement).all())
