"""Reading the results of practicals that wait for a person to release them. Names stay out of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.extensions import db
from assessments.practicals import rules
from assessments.practicals.models import Marking, MarkingState, Practical, Submission
from assessments.results.models import Result

MOST_SHOWN = 200


@dataclass(frozen=True)
class Waiting:
    """A result that waits for its release. Somebody else releases it where it is the reader's own, or marked by them."""

    public_id: str
    title: str
    candidate_number: str
    number: int
    outcome: str
    marked_at: datetime
    due_at: datetime
    is_own: bool
    is_marker: bool


def list_waiting(reader_id: int) -> list[Waiting]:
    """Up to MOST_SHOWN finalised results of practicals without a release, the longest waiting first."""
    statement = (
        select(Result, Submission.candidate_number, Submission.submitted_at, Practical.title)
        .join(Submission, Submission.id == Result.submission_id)
        .join(Practical, Practical.id == Submission.practical_id)
        .where(Result.kind == "practical", Result.released_at.is_(None), Result.superseded_at.is_(None))
        .order_by(Submission.submitted_at, Submission.id)
        .limit(MOST_SHOWN)
    )
    rows = db.session.execute(statement).all()
    marked = list_marked_by(reader_id, [row.Result.submission_id or 0 for row in rows])
    return [
        Waiting(
            result.public_id,
            title,
            candidate_number,
            result.number,
            result.outcome,
            result.finalised_at,
            rules.due_at(submitted_at or result.finalised_at),
            result.person_id == reader_id,
            result.submission_id in marked,
        )
        for result, candidate_number, submitted_at, title in rows
    ]


def list_marked_by(assessor_id: int, submission_ids: Collection[int]) -> set[int]:
    """Those of these submissions whose marks this person has handed in."""
    statement = select(Marking.submission_id).where(
        Marking.assessor_id == assessor_id,
        Marking.state == MarkingState.DONE,
        Marking.submission_id.in_(submission_ids),
    )
    return set(db.session.scalars(statement))


def lock_results(public_ids: Collection[str]) -> Sequence[Result]:
    """These results of practicals, locked until the transaction ends; unknown ones are left out."""
    statement = (
        select(Result)
        .where(Result.kind == "practical", Result.public_id.in_(public_ids), Result.superseded_at.is_(None))
        .order_by(Result.id)
    )
    return db.session.scalars(statement.with_for_update().execution_options(populate_existing=True)).all()


def results_of(submission_ids: Collection[int]) -> dict[int, Result]:
    """The released results of these submissions, by submission."""
    statement = select(Result).where(
        Result.submission_id.in_(submission_ids), Result.released_at.is_not(None), Result.superseded_at.is_(None)
    )
    return {result.submission_id or 0: result for result in db.session.scalars(statement)}
