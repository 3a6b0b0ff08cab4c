"""Reading practicals, rubrics and what a learner handed in."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from app.errors import Missing
from app.extensions import db
from app.storage.models import StoredFile
from assessments.grading.rubric import PASS
from assessments.practicals.models import (
    AgreedMark,
    Practical,
    Rubric,
    Submission,
    SubmissionFile,
    SubmissionState,
)
from assessments.results.counting import counted_since
from assessments.results.queries import best_results

OPEN = (SubmissionState.DRAFT, SubmissionState.SUBMITTED, SubmissionState.MARKING, SubmissionState.MARKED)


def get_practical(code: str) -> Practical:
    """A practical with its texts. Raises Missing."""
    practical = db.session.scalars(select(Practical).where(Practical.code == code)).first()
    if practical is None:
        raise Missing
    return practical


def find_rubric(code: str) -> Rubric | None:
    """The newest version of a rubric with its criteria, or None."""
    newest = select(Rubric).where(Rubric.code == code).order_by(Rubric.version.desc()).limit(1)
    return db.session.scalars(newest.options(selectinload(Rubric.criteria))).first()


def get_rubric(code: str) -> Rubric:
    """The newest version of a rubric with its criteria. Raises Missing."""
    rubric = find_rubric(code)
    if rubric is None:
        raise Missing
    return rubric


def _own(person_id: int, practical_id: int) -> Select[Submission]:
    return select(Submission).where(Submission.person_id == person_id, Submission.practical_id == practical_id)


def list_attempts(person_id: int, practical_id: int) -> Sequence[Submission]:
    """A learner's attempts at a practical, newest first, with files, rubric and what was agreed."""
    statement = _own(person_id, practical_id).order_by(Submission.number.desc())
    return db.session.scalars(
        statement.options(
            selectinload(Submission.files).selectinload(SubmissionFile.stored),
            selectinload(Submission.rubric).selectinload(Rubric.criteria),
            selectinload(Submission.agreed_marks).selectinload(AgreedMark.criterion),
        )
    ).all()


def find_open(person_id: int, practical_id: int, *, lock: bool = False) -> Submission | None:
    """The attempt that has not come to its end yet, with its files; None when there is none. `lock`: until the end."""
    statement = _own(person_id, practical_id).where(Submission.state.in_(OPEN)).options(_with_files())
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(statement).first()


def find_last(person_id: int, practical_id: int) -> Submission | None:
    """The latest attempt with its files, or None."""
    statement = _own(person_id, practical_id).order_by(Submission.number.desc()).limit(1)
    return db.session.scalars(statement.options(_with_files())).first()


def lock_draft(person_id: int, practical_id: int) -> Submission:
    """A learner's draft with its files, locked until the transaction ends. Raises Missing when there is none."""
    draft = find_open(person_id, practical_id, lock=True)
    if draft is None or draft.state != SubmissionState.DRAFT:
        raise Missing
    return draft


def lock_own(person_id: int, public_id: str) -> Submission:
    """One of a learner's attempts, locked until the transaction ends. Raises Missing."""
    statement = select(Submission).where(Submission.person_id == person_id, Submission.public_id == public_id)
    options = statement.with_for_update().options(selectinload(Submission.practical))
    submission = db.session.scalars(options.execution_options(populate_existing=True)).first()
    if submission is None:
        raise Missing
    return submission


def get_own_file(person_id: int, practical_code: str, file_id: str) -> StoredFile:
    """A file of one of the learner's own attempts at a practical. Raises Missing."""
    statement = (
        select(StoredFile)
        .join(SubmissionFile, SubmissionFile.stored_file_id == StoredFile.id)
        .join(Submission, Submission.id == SubmissionFile.submission_id)
        .join(Practical, Practical.id == Submission.practical_id)
        .where(
            Submission.person_id == person_id,
            Practical.code == practical_code,
            StoredFile.public_id == file_id,
            StoredFile.deleted_at.is_(None),
        )
    )
    stored = db.session.scalars(statement).first()
    if stored is None:
        raise Missing
    return stored


def has_passed(person_id: int, code: str, now: datetime) -> bool:
    """Whether a released result that counts says that the person passed this practical."""
    best = best_results(person_id, [code]).get(code)
    if best is None or best.outcome != PASS:
        return False
    since = counted_since(person_id, code, now)
    best = best if since is None else best_results(person_id, [code], since).get(code)
    return best is not None and best.outcome == PASS


def is_held_elsewhere(stored_file_id: int, submission_id: int) -> bool:
    """Whether another attempt holds on to a stored file."""
    statement = select(SubmissionFile.id).where(
        SubmissionFile.stored_file_id == stored_file_id, SubmissionFile.submission_id != submission_id
    )
    return db.session.scalars(statement.limit(1)).first() is not None


def is_number_taken(practical_id: int, candidate_number: str) -> bool:
    """Whether a candidate number stands for another submission of this practical already."""
    statement = select(Submission.id).where(
        Submission.practical_id == practical_id, Submission.candidate_number == candidate_number
    )
    return db.session.scalars(statement).first() is not None


def _with_files():  # type: ignore[no-untyped-def]  # a loader option
    return selectinload(Submission.files).selectinload(SubmissionFile.stored)
