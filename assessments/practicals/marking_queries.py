"""Reading what assessors work with. Nothing here loads the learner: a script has a candidate number and no name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased, defer, selectinload

from app import clock
from app.accounts.models import Affiliation
from app.accounts.queries import still_ties
from app.accounts.services import employer_key
from app.errors import Missing
from app.extensions import db
from assessments.practicals import rules
from assessments.practicals.models import (
    Mark,
    Marking,
    MarkingState,
    Practical,
    Rubric,
    Submission,
    SubmissionFile,
    SubmissionState,
)
from assessments.practicals.rules import Ties

MOST_SHOWN = 200


@dataclass(frozen=True)
class Script:
    """A submission as the queue shows it: everything but whose it is. `has_draft`: this assessor began it before."""

    public_id: str
    candidate_number: str
    title: str
    number: int
    files: int
    submitted_at: datetime
    due_at: datetime
    has_draft: bool


def list_ties(person_ids: Iterable[int]) -> dict[int, Ties]:
    """What each of these people has declared and not left for a year, in comparable spelling."""
    statement = select(Affiliation.person_id, Affiliation.employer_key, Affiliation.ties).where(
        Affiliation.person_id.in_(set(person_ids)), still_ties(Affiliation, clock.now())
    )
    found: dict[int, Ties] = {}
    for person_id, key, others in db.session.execute(statement):
        known = found.get(person_id, Ties())
        words = f"{known.others} {employer_key(others)}".strip()
        found[person_id] = Ties(known.employers | ({key} if key else set()), words)
    return found


def may_mark(learner_id: int, assessor_id: int) -> bool:
    """Whether this assessor may mark this learner's work, as both have declared themselves by now."""
    ties = list_ties([learner_id, assessor_id])
    return rules.may_mark(learner_id, ties.get(learner_id, Ties()), assessor_id, ties.get(assessor_id, Ties()))


def list_waiting(assessor_id: int, now: datetime, most: int = MOST_SHOWN) -> list[Script]:
    """The scripts this assessor may take, the longest waiting first: never one's own or one's own house's."""
    rows = db.session.execute(_waiting(assessor_id, now).limit(most)).all()
    ties = list_ties([assessor_id, *(row.person_id for row in rows)])
    own = ties.get(assessor_id, Ties())
    return [
        Script(
            row.public_id,
            row.candidate_number,
            row.title,
            row.number,
            row.files,
            row.submitted_at,
            rules.due_at(row.submitted_at),
            row.drafts > 0,
        )
        for row in rows
        if rules.may_mark(row.person_id, ties.get(row.person_id, Ties()), assessor_id, own)
    ]


def _waiting(assessor_id: int, now: datetime) -> Select[tuple[object, ...]]:
    files = select(func.count(SubmissionFile.id)).where(SubmissionFile.submission_id == Submission.id)
    drafts = select(func.count(Marking.id)).where(
        Marking.submission_id == Submission.id, Marking.assessor_id == assessor_id
    )
    return (
        select(
            Submission.public_id,
            Submission.person_id,
            Submission.candidate_number,
            Submission.number,
            Submission.submitted_at,
            Practical.title,
            files.scalar_subquery().label("files"),
            drafts.scalar_subquery().label("drafts"),
        )
        .join(Practical, Practical.id == Submission.practical_id)
        .where(_is_free(assessor_id, now), Submission.person_id != assessor_id, ~_share_employer(assessor_id, now))
        .order_by(Submission.submitted_at, Submission.id)
    )


def _is_free(assessor_id: int, now: datetime) -> ColumnElement[bool]:
    """Waiting, or held by another assessor whose time is over."""
    ended = select(Marking.id).where(
        Marking.submission_id == Submission.id,
        Marking.state == MarkingState.OPEN,
        Marking.lease_until < now,
        Marking.assessor_id != assessor_id,
    )
    lapsed = and_(Submission.state == SubmissionState.MARKING, ended.exists())
    return or_(Submission.state == SubmissionState.SUBMITTED, lapsed)


def _share_employer(assessor_id: int, now: datetime) -> ColumnElement[bool]:
    theirs, ours = aliased(Affiliation), aliased(Affiliation)
    return (
        select(theirs.id)
        .join(ours, ours.employer_key == theirs.employer_key)
        .where(
            theirs.person_id == Submission.person_id,
            still_ties(theirs, now),
            theirs.employer_key != "",
            ours.person_id == assessor_id,
            still_ties(ours, now),
        )
        .exists()
    )


def list_held(assessor_id: int) -> Sequence[Marking]:
    """What an assessor has begun and not handed in, with marks and rubric, the longest waiting first."""
    statement = (
        select(Marking)
        .join(Submission, Submission.id == Marking.submission_id)
        .where(Marking.assessor_id == assessor_id, Marking.state == MarkingState.OPEN)
        .options(
            selectinload(Marking.marks).selectinload(Mark.criterion),
            selectinload(Marking.rubric).selectinload(Rubric.criteria),
            selectinload(Marking.submission).options(
                defer(Submission.text, raiseload=True), selectinload(Submission.practical)
            ),
        )
        .order_by(Submission.submitted_at, Submission.id)
    )
    return [m for m in db.session.scalars(statement) if may_mark(m.submission.person_id, assessor_id)]


def count_done(assessor_id: int, since: datetime) -> int:
    """How many scripts an assessor has handed in since a moment."""
    statement = select(func.count(Marking.id)).where(
        Marking.assessor_id == assessor_id, Marking.state == MarkingState.DONE, Marking.finished_at >= since
    )
    return db.session.scalar(statement) or 0


def get_marking(public_id: str, assessor_id: int, *, lock: bool = False) -> Marking:
    """An assessor's own marking with script, rubric and marks; locked until the transaction ends if asked for.

    Raises Missing for another's, and where the two have turned out not to be independent.
    """
    statement = select(Marking).where(Marking.public_id == public_id, Marking.assessor_id == assessor_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    marking = db.session.scalars(
        statement.options(
            selectinload(Marking.marks).selectinload(Mark.criterion),
            selectinload(Marking.rubric).selectinload(Rubric.criteria),
            selectinload(Marking.submission).options(
                selectinload(Submission.practical),
                selectinload(Submission.files).selectinload(SubmissionFile.stored),
            ),
        )
    ).first()
    if marking is None or not may_mark(marking.submission.person_id, assessor_id):
        raise Missing
    return marking


def lock_script(public_id: str, assessor_id: int) -> Submission:
    """A script that waits or is being marked, with its markings, locked. Raises Missing where one may not mark it."""
    statement = select(Submission).where(
        Submission.public_id == public_id,
        Submission.state.in_((SubmissionState.SUBMITTED, SubmissionState.MARKING)),
    )
    options = statement.with_for_update().options(selectinload(Submission.markings))
    script = db.session.scalars(options.execution_options(populate_existing=True)).first()
    if script is None or not may_mark(script.person_id, assessor_id):
        raise Missing
    return script
