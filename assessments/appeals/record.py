"""What the house knows of the people behind a result: who wrote, approved, marked, watched, signed, released."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import or_, select

from app.accounts.models import Person
from app.extensions import db
from assessments.appeals.independence import Part, Record
from assessments.exams.models import Attempt, AttemptItem, ItemMark, LateAnswer
from assessments.items.models import ItemReview, ItemVersion
from assessments.practicals.models import Marking
from assessments.regrading.models import KeyReview, Regrade
from assessments.results.models import Result
from assessments.sittings.models import Incident, Invigilator, Sitting

_People = dict[Part, set[str]]


def people_behind(result: Result) -> Record:
    """The public ids of everybody who had a part in a result and its earlier versions."""
    found: _People = defaultdict(set)
    for one in _story(result):
        found[Part.RATIFIER].add(one.ratified_by)
        found[Part.RELEASER] |= {one.released_by, one.finalised_by}
    found[Part.CANDIDATE].add(_candidate(result))
    if result.attempt_id is not None:
        _behind_attempt(db.session.scalars(select(Attempt).where(Attempt.id == result.attempt_id)).one(), found)
    else:
        marked = select(Person.public_id).join(Marking, Marking.assessor_id == Person.id)
        found[Part.MARKER] |= set(db.session.scalars(marked.where(Marking.submission_id == result.submission_id)))
    return {part: frozenset(people - {""}) for part, people in found.items()}


def _candidate(result: Result) -> str:
    return db.session.scalars(select(Person.public_id).where(Person.id == result.person_id)).one()


def _story(result: Result) -> Sequence[Result]:
    source = (
        Result.attempt_id == result.attempt_id if result.attempt_id else Result.submission_id == result.submission_id
    )
    return db.session.scalars(select(Result).where(source)).all()


def _behind_attempt(attempt: Attempt, found: _People) -> None:
    questions = select(AttemptItem.id).where(AttemptItem.attempt_id == attempt.id)
    versions = list(db.session.scalars(select(AttemptItem.item_version_id).where(AttemptItem.attempt_id == attempt.id)))
    for made_by, writers in db.session.execute(
        select(ItemVersion.made_by, ItemVersion.writers).where(ItemVersion.id.in_(versions))
    ):
        found[Part.WRITER] |= {made_by, *writers}
    found[Part.APPROVER] |= _set(select(ItemReview.by).where(ItemReview.item_version_id.in_(versions)))
    found[Part.MARKER] |= _set(select(ItemMark.marker).where(ItemMark.attempt_item_id.in_(questions)))
    found[Part.INVIGILATOR] |= _set(select(LateAnswer.decided_by).where(LateAnswer.attempt_item_id.in_(questions)))
    found[Part.INVIGILATOR] |= _watchers(attempt) | {step["by"] for step in attempt.history}
    found[Part.KEYS] |= _key_signers(attempt, set(versions))


def _watchers(attempt: Attempt) -> set[str]:
    sitting = select(Sitting.id).where(Sitting.public_id == attempt.sitting)
    watching = select(Person.public_id).join(Invigilator, Invigilator.person_id == Person.id)
    about = or_(Incident.attempt_id == attempt.id, Incident.sitting_id.in_(sitting))
    incidents = db.session.execute(select(Incident.by, Incident.decided_by).where(about)).all()
    return _set(watching.where(Invigilator.sitting_id.in_(sitting))) | {by for row in incidents for by in row}


def _key_signers(attempt: Attempt, versions: set[int]) -> set[str]:
    reviews = select(KeyReview.attempts, KeyReview.opened_by, KeyReview.signed_by)
    signers = [
        by
        for attempts, *people in db.session.execute(reviews.where(KeyReview.exam_id == attempt.exam_id))
        if attempt.public_id in attempts
        for by in people
    ]
    regrades = select(Regrade.decisions, Regrade.proposed_by, Regrade.decided_by)
    for rows, *people in db.session.execute(regrades.where(Regrade.exam_id == attempt.exam_id)):
        if any(row["version_id"] in versions for row in rows):
            signers += people
    return set(signers)


def _set(statement: Any) -> set[str]:
    found: Iterable[str] = db.session.scalars(statement)
    return set(found)
