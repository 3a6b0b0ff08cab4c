"""What practicals hold of a person: the work handed in with its files, and the marks once they are released.

Of an assessor's own work a copy says when it was done: what was marked, and how, belongs to the candidates.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Person
from app.extensions import db
from app.privacy.personal import Named, Personal, pick
from app.storage import services as storage
from app.storage.models import StoredFile
from assessments.practicals.models import AgreedMark, Mark, Marking, Submission, SubmissionFile, SubmissionState
from assessments.results.personal import forget_comments

WITH_ASSESSOR = (SubmissionState.SUBMITTED, SubmissionState.MARKING, SubmissionState.MARKED)


def _list(person: Person) -> Sequence[Submission]:
    statement = select(Submission).where(Submission.person_id == person.id).order_by(Submission.opened_at)
    return db.session.scalars(
        statement.options(
            joinedload(Submission.practical),
            selectinload(Submission.files).joinedload(SubmissionFile.stored),
            selectinload(Submission.agreed_marks).joinedload(AgreedMark.criterion),
        )
    ).all()


def _export(person: Person) -> dict[str, Any]:
    marked = select(Marking).where(Marking.assessor_id == person.id).order_by(Marking.began_at)
    return {
        "handed_in": [_submission(row) for row in _list(person)],
        "marked": [pick(row, "state", "began_at", "finished_at") for row in db.session.scalars(marked)],
    }


def _submission(row: Submission) -> dict[str, Any]:
    names = (
        "number",
        "candidate_number",
        "text",
        "opened_at",
        "saved_at",
        "declaration",
        "declared_at",
        "submitted_at",
    )
    is_released = row.state == SubmissionState.RELEASED
    return pick(row, *names, "receipt_hash", "released_at") | {
        "practical": row.practical.code,
        "files": [_file_name(row, file) for file in row.files],
        "marks": [_mark(mark) for mark in row.agreed_marks] if is_released else [],
    }


def _mark(mark: AgreedMark) -> dict[str, Any]:
    return {"criterion": mark.criterion.title, "level": mark.level, "comment": mark.comment}


def _file_name(row: Submission, file: SubmissionFile) -> str:
    return f"{row.practical.code}-{row.number}/{file.position}-{file.stored.shown_name}"


def _files(person: Person) -> Iterator[Named]:
    for row in _list(person):
        for file in row.files:
            yield _file_name(row, file), storage.read(file.stored)


def _obstacles(person: Person) -> list[str]:
    waiting = select(Submission.id).where(Submission.person_id == person.id, Submission.state.in_(WITH_ASSESSOR))
    if db.session.scalar(waiting.limit(1)) is None:
        return []
    return [_("Work of yours is with an assessor. Take it back, or wait for its result.")]


def _subjects(person: Person) -> list[str]:
    return list(db.session.scalars(select(Submission.public_id).where(Submission.person_id == person.id)))


def _erase(person: Person, now: datetime) -> None:
    _empty(list(db.session.scalars(select(Submission.id).where(Submission.person_id == person.id))))


def forget_old(before: datetime) -> None:
    """Empty work that was released, or taken back, before a moment: texts, files, comments."""
    withdrawn = and_(Submission.state == SubmissionState.WITHDRAWN, Submission.submitted_at < before)
    held = select(SubmissionFile.id).where(SubmissionFile.submission_id == Submission.id).exists()
    old = select(Submission.id).where(or_(Submission.released_at < before, withdrawn))
    _empty(list(db.session.scalars(old.where(or_(Submission.text != "", held)))))


def _empty(submissions: Sequence[int]) -> None:
    """Texts, files and comments go; a file that a later attempt holds on to stays with that."""
    if not submissions:
        return
    db.session.execute(update(Submission).where(Submission.id.in_(submissions)).values(text=""))
    of_these = SubmissionFile.submission_id.in_(submissions)
    files = list(db.session.scalars(select(SubmissionFile.stored_file_id).where(of_these)))
    db.session.execute(delete(SubmissionFile).where(of_these))
    still_held = select(SubmissionFile.stored_file_id)
    storage.forget(and_(StoredFile.id.in_(files), StoredFile.id.not_in(still_held)))
    markings = select(Marking.id).where(Marking.submission_id.in_(submissions))
    db.session.execute(update(Marking).where(Marking.submission_id.in_(submissions)).values(comment=""))
    db.session.execute(update(Mark).where(Mark.marking_id.in_(markings)).values(comment=""))
    db.session.execute(update(AgreedMark).where(AgreedMark.submission_id.in_(submissions)).values(comment=""))
    forget_comments(submissions)


PERSONAL = Personal(
    name="practicals", export=_export, erase=_erase, files=_files, obstacles=_obstacles, subjects=_subjects
)
