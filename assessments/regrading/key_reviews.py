"""Key reviews: before results are released somebody looks at how each question was answered, and signs for the keys.

A question whose key is to change needs a proposed regrade of the review that another person has decided on; that is the
second signature. Results of an exam that asks for it wait until then. (lms.md 1 E)
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import undefer

from app import ids
from app.accounts.models import Person
from app.audit.services import record
from app.errors import DomainError, Missing, Refused, Stale
from app.extensions import db
from assessments.analysis.answering import find_key, sheet_of
from assessments.analysis.items import ItemStatistics, analyse_items
from assessments.analysis.thresholds import THRESHOLDS
from assessments.exams.models import Attempt, Exam
from assessments.exams.rules import AttemptState
from assessments.grading.snapshots import read_items
from assessments.items import queries as items
from assessments.items.models import Item, ItemVersion
from assessments.regrading import challenges, ordering, reading, settling
from assessments.regrading.models import KeyReview, Regrade
from assessments.results.models import Result

KEEP, CHANGE = "keep", "change"
MOST_NOTE = 500
Question = dict[str, Any]


def list_reviewable(exam: Exam, sitting: str = "") -> list[tuple[Attempt, Result]]:
    """Scored attempts without a release that no review covers yet, of one sitting or all so far."""
    covered = {one for attempts in _attempts_of(exam.id) for one in attempts}
    statement = (
        select(Attempt, Result)
        .join(Result, Result.attempt_id == Attempt.id)
        .where(Attempt.exam_id == exam.id, Result.superseded_at.is_(None), Result.released_at.is_(None))
        .where(Attempt.state.in_([AttemptState.SCORED, AttemptState.PROVISIONAL]))
        .options(undefer(Result.inputs))
        .order_by(Attempt.id)
    )
    if sitting:
        statement = statement.where(Attempt.sitting == sitting)
    found = db.session.execute(statement).all()
    return [(attempt, result) for attempt, result in found if attempt.public_id not in covered and result.inputs]


def _attempts_of(exam_id: int) -> Sequence[list[str]]:
    return db.session.scalars(select(KeyReview.attempts).where(KeyReview.exam_id == exam_id)).all()


def open_review(exam: Exam, sitting: str, actor: str, now: datetime) -> KeyReview:
    """Open a review over what is scored and not released. Raises DomainError where there is nothing to look at."""
    db.session.scalars(select(Exam.id).where(Exam.id == exam.id).with_for_update()).one()  # one review at a time
    found = list_reviewable(exam, sitting)
    if not found:
        raise DomainError(_("There is no scored attempt without a release to look at."))
    review = KeyReview(
        public_id=ids.new_public_id(),
        exam_id=exam.id,
        sitting=sitting,
        attempts=[attempt.public_id for attempt, _result in found],
        findings={"questions": _questions(found), "attempts": len(found)},
        opened_by=actor,
        opened_at=now,
    )
    db.session.add(review)
    db.session.flush()
    for attempt, _result in found:
        settling.make_provisional(attempt, exam, now)
    detail = {"exam": exam.code, "attempts": len(found)}
    record("key_review.opened", actor=actor, subject=("key_review", review.public_id), detail=detail)
    return review


def _questions(found: Sequence[tuple[Attempt, Result]]) -> list[Question]:
    asked = reading.asked_by([attempt.id for attempt, _result in found])
    first: dict[int, tuple[Attempt, Result]] = {}
    for attempt, result in found:
        first.setdefault(attempt.person_id, (attempt, result))
    sheets = []
    for attempt, result in first.values():
        versions = {one.code: str(version) for version, one in asked[attempt.id].items()}
        sheets.append(sheet_of(attempt.public_id, read_items(result.inputs["items"]), versions))
    ids_of = {version for one in asked.values() for version in one}
    contents = items.contents(ids_of)
    keys = {str(version): key for version in ids_of if (key := find_key(contents[version])) is not None}
    named = _names(ids_of)
    return [_question(one, named[int(one.version)]) for one in analyse_items(sheets, keys)]


def _names(versions: set[int]) -> Mapping[int, tuple[str, int, str]]:
    statement = select(ItemVersion.id, Item.code, ItemVersion.number, ItemVersion.topic).join(
        Item, Item.id == ItemVersion.item_id
    )
    rows = db.session.execute(statement.where(ItemVersion.id.in_(versions)))
    return {version: (code, number, topic) for version, code, number, topic in rows}


def _question(one: ItemStatistics, name: tuple[str, int, str]) -> Question:
    """The figures of one version as they are kept; fewer answers than the threshold give counts and no judgement."""
    code, number, topic = name
    is_told = one.shown >= THRESHOLDS.fewest
    return {
        "version_id": int(one.version),
        "code": code,
        "version": number,
        "topic": topic,
        "shown": one.shown,
        "omitted": one.omitted,
        "facility": round(one.facility, 4),
        "item_rest": _rounded(one.item_rest) if is_told else None,
        "interval": None if one.interval is None or not is_told else [_rounded(edge) for edge in one.interval],
        "is_told": is_told,
        "flags": [asdict(flag) for flag in one.flags],
        "options": [{"code": o.code, "right": o.right, "share": round(o.share, 4)} for o in one.options],
        "decision": "",
        "note": "",
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def lock(public_id: str) -> KeyReview:
    """A review, kept from changing until this transaction ends. Raises Missing."""
    statement = select(KeyReview).where(KeyReview.public_id == public_id).with_for_update()
    found = db.session.scalars(statement.execution_options(populate_existing=True)).first()
    if found is None:
        raise Missing
    return found


def decide(review: KeyReview, version_id: int, decision: str, note: str, actor: str) -> None:
    """Note what is to happen with one question: its key stays or is to change. Raises DomainError, Missing, Stale."""
    review = _open(review)
    if decision not in (KEEP, CHANGE):
        raise DomainError(_("Say whether the key stays or is to change."), "decision")
    questions = [dict(question) for question in review.findings["questions"]]
    meant = [question for question in questions if question["version_id"] == version_id]
    if not meant:
        raise Missing
    meant[0] |= {"decision": decision, "note": note.strip()[:MOST_NOTE], "by": actor}
    review.findings = review.findings | {"questions": questions}
    db.session.flush()


def undecided(review: KeyReview) -> list[str]:
    """Codes of questions that ask for a decision and have none: flagged ones, challenged ones, changes without a regrade."""
    challenged = challenges.challenged_versions([question["version_id"] for question in review.findings["questions"]])
    changed = _decided_changes(review)
    return [
        question["code"]
        for question in review.findings["questions"]
        if (not question["decision"] and (question["flags"] or question["version_id"] in challenged))
        or (question["decision"] == CHANGE and question["version_id"] not in changed)
    ]


def _decided_changes(review: KeyReview) -> set[int]:
    """Versions whose regrade, proposed in this review, another person has applied or dropped."""
    statement = select(Regrade.decisions).where(
        Regrade.key_review_id == review.id, Regrade.state.in_(["applied", "dropped"])
    )
    return {row["version_id"] for rows in db.session.scalars(statement) for row in rows}


def sign(review: KeyReview, note: str, actor: str, now: datetime) -> None:
    """Sign for the keys; the results it covers go on. Raises DomainError naming what is open, Refused, Stale."""
    review = _open(review)
    if open_codes := undecided(review):
        raise DomainError(_("These questions are not settled yet: %(codes)s.", codes=", ".join(open_codes)))
    own = select(Attempt.id).join(Person, Person.id == Attempt.person_id)
    own = own.where(Attempt.public_id.in_(review.attempts), Person.public_id == actor)
    if db.session.scalars(own).first() is not None:
        raise Refused(_("An attempt of your own is among them. Somebody else has to do this."))
    review.state, review.note, review.signed_by, review.signed_at = "signed", note.strip(), actor, now
    db.session.flush()
    detail = {"attempts": len(review.attempts), "changes": sorted(_decided_changes(review))}
    record("key_review.signed", actor=actor, subject=("key_review", review.public_id), detail=detail)
    ordering.order_again(review.attempts, review.public_id)


def _open(review: KeyReview) -> KeyReview:
    review = lock(review.public_id)
    if review.state != "open":
        raise Stale(_("This has been decided already."))
    return review
