"""What the officers' pages of results read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.errors import Missing
from app.extensions import db
from assessments.exams.models import Attempt, AttemptItem, Exam, ItemReport
from assessments.exams.rules import AWAITING
from assessments.items.models import Item, ItemStatistic, ItemVersion, VersionState
from assessments.regrading.models import KeyReview, Regrade
from assessments.results import holds
from assessments.results.models import Result

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Unreleased:
    """An attempt that was handed in and is not released: its result, if it has one, and what it waits for."""

    attempt: Attempt
    result: Result | None
    waits_for: list[str]


def list_unreleased(exam: Exam) -> list[Unreleased]:
    """Attempts at an exam that wait for something, the longest waiting first."""
    statement = (
        select(Attempt, Result)
        .outerjoin(Result, (Result.attempt_id == Attempt.id) & Result.superseded_at.is_(None))
        .where(Attempt.exam_id == exam.id, Attempt.state.in_(AWAITING))
        .order_by(Attempt.submitted_at, Attempt.id)
        .limit(MOST_SHOWN)
    )
    return [
        Unreleased(attempt, result, [] if result is None else holds.held(result))
        for attempt, result in db.session.execute(statement)
    ]


def list_reviews(exam_id: int) -> Sequence[KeyReview]:
    """The key reviews of an exam, the newest first."""
    return db.session.scalars(select(KeyReview).where(KeyReview.exam_id == exam_id).order_by(KeyReview.id.desc())).all()


def get_review(public_id: str) -> KeyReview:
    """A key review with its exam. Raises Missing."""
    statement = select(KeyReview).where(KeyReview.public_id == public_id)
    found = db.session.scalars(statement.options(joinedload(KeyReview.exam, innerjoin=True))).first()
    if found is None:
        raise Missing
    return found


def list_regrades(exam_id: int) -> Sequence[Regrade]:
    """The regrades of an exam, the newest first."""
    return db.session.scalars(select(Regrade).where(Regrade.exam_id == exam_id).order_by(Regrade.id.desc())).all()


def get_regrade(public_id: str) -> Regrade:
    """A regrade with its exam. Raises Missing."""
    statement = select(Regrade).where(Regrade.public_id == public_id)
    found = db.session.scalars(statement.options(joinedload(Regrade.exam, innerjoin=True))).first()
    if found is None:
        raise Missing
    return found


@dataclass(frozen=True, slots=True)
class AskedVersion:
    """A version that attempts at an exam asked, and how often."""

    version: ItemVersion
    code: str
    attempts: int


def list_asked(exam: Exam, version_ids: Collection[int] = ()) -> list[AskedVersion]:
    """The versions that scored in attempts at an exam, by code; only some of them on request."""
    asked = (
        select(AttemptItem.item_version_id, func.count(AttemptItem.id).label("attempts"))
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .where(Attempt.exam_id == exam.id, AttemptItem.is_pilot.is_(False), Attempt.submitted_at.is_not(None))
        .group_by(AttemptItem.item_version_id)
        .subquery()
    )
    statement = (
        select(ItemVersion, Item.code, asked.c.attempts)
        .join(asked, asked.c.item_version_id == ItemVersion.id)
        .join(Item, Item.id == ItemVersion.item_id)
        .order_by(Item.code, ItemVersion.number)
    )
    if version_ids:
        statement = statement.where(ItemVersion.id.in_(version_ids))
    return [AskedVersion(*row) for row in db.session.execute(statement)]


def other_versions(version: ItemVersion) -> Sequence[ItemVersion]:
    """The approved versions of the same item whose key could be taken, the newest first."""
    statement = select(ItemVersion).where(
        ItemVersion.item_id == version.item_id,
        ItemVersion.id != version.id,
        ItemVersion.kind == version.kind,
        ItemVersion.state.in_([VersionState.READY, VersionState.RETIRED]),
    )
    return db.session.scalars(statement.order_by(ItemVersion.number.desc())).all()


def statistics_of(versions: Collection[int]) -> dict[int, ItemStatistic]:
    """What is known of these versions, by version; too few answers are no row."""
    statement = select(ItemStatistic).where(ItemStatistic.item_version_id.in_(versions))
    return {row.item_version_id: row for row in db.session.scalars(statement)}


def count_waiting() -> tuple[int, int, int]:
    """How many challenges, regrades and open key reviews wait for somebody."""
    return (
        db.session.scalar(select(func.count()).select_from(ItemReport).where(ItemReport.decision == "")) or 0,
        db.session.scalar(select(func.count()).select_from(Regrade).where(Regrade.state == "proposed")) or 0,
        db.session.scalar(select(func.count()).select_from(KeyReview).where(KeyReview.state == "open")) or 0,
    )
