"""Challenges: what candidates wrote of a question during their attempt, and the answer they get."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Select, select, update

from app.accounts.models import Person
from app.audit.services import record
from app.body.queries import get_body
from app.errors import DomainError, Missing, Refused, Stale
from app.extensions import db
from app.mail.services import send
from assessments.exams.models import Attempt, AttemptItem, Exam, ItemReport
from assessments.exams.rules import AWAITING
from assessments.items.models import Item, ItemVersion
from assessments.regrading import ordering

UPHELD, DISMISSED = "upheld", "dismissed"


@dataclass(frozen=True, slots=True)
class Challenge:
    """One challenge beside the question it is about; who wrote it stays a candidate number."""

    report: ItemReport
    version: ItemVersion
    code: str
    exam: Exam
    attempt: Attempt


def _all() -> Select[ItemReport, ItemVersion, str, Exam, Attempt]:
    return (
        select(ItemReport, ItemVersion, Item.code, Exam, Attempt)
        .join(AttemptItem, AttemptItem.id == ItemReport.attempt_item_id)
        .join(ItemVersion, ItemVersion.id == AttemptItem.item_version_id)
        .join(Item, Item.id == ItemVersion.item_id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .join(Exam, Exam.id == Attempt.exam_id)
    )


def list_challenges(*, undecided: bool, exam_code: str = "", most: int = 200) -> list[Challenge]:
    """Challenges, the oldest first while they wait, the newest first afterwards; of one exam or all."""
    condition = ItemReport.decision == "" if undecided else ItemReport.decision != ""
    order = ItemReport.made_at if undecided else ItemReport.decided_at.desc()
    statement = _all().where(condition).order_by(order, ItemReport.id).limit(most)
    if exam_code:
        statement = statement.where(Exam.code == exam_code)
    return [Challenge(*row) for row in db.session.execute(statement)]


def get_challenge(public_id: str) -> Challenge:
    """One challenge. Raises Missing."""
    row = db.session.execute(_all().where(ItemReport.public_id == public_id)).first()
    if row is None:
        raise Missing
    return Challenge(*row)


def challenged_versions(versions: Collection[int]) -> set[int]:
    """Those of these versions that somebody has challenged, decided or not."""
    statement = select(AttemptItem.item_version_id).join(ItemReport, ItemReport.attempt_item_id == AttemptItem.id)
    return set(db.session.scalars(statement.where(AttemptItem.item_version_id.in_(versions))))


def texts_about(versions: Collection[int]) -> dict[int, list[ItemReport]]:
    """What was written of each of these versions, the oldest first."""
    statement = (
        select(AttemptItem.item_version_id, ItemReport)
        .join(ItemReport, ItemReport.attempt_item_id == AttemptItem.id)
        .where(AttemptItem.item_version_id.in_(versions))
        .order_by(ItemReport.made_at, ItemReport.id)
    )
    found: dict[int, list[ItemReport]] = {}
    for version, report in db.session.execute(statement):
        found.setdefault(version, []).append(report)
    return found


def is_open_about(attempt_id: int) -> bool:
    """Whether a challenge of a version that this attempt asked waits for its decision, whoever wrote it."""
    asked = select(AttemptItem.item_version_id).where(AttemptItem.attempt_id == attempt_id)
    statement = (
        select(ItemReport.id)
        .join(AttemptItem, AttemptItem.id == ItemReport.attempt_item_id)
        .where(ItemReport.decision == "", AttemptItem.item_version_id.in_(asked))
        .limit(1)
    )
    return db.session.scalar(statement) is not None


def decide(challenge: Challenge, upheld: bool, answer: str, actor: str, now: datetime) -> None:
    """Decide once, with an answer that the candidate gets by mail; results that waited for it go on.

    An upheld challenge changes no key by itself: that is a regrade. Raises DomainError (field "answer"), Refused for
    one's own, Stale where it was decided already.
    """
    if not answer.strip():
        raise DomainError(_("Write the candidate an answer."), "answer")
    person = db.session.scalars(select(Person).where(Person.id == challenge.attempt.person_id)).one()
    if person.public_id == actor:
        raise Refused(_("You wrote this yourself. Somebody else has to decide it."))
    decision = UPHELD if upheld else DISMISSED
    _decide_once(challenge.report, decision, answer.strip(), actor, now)
    subject = ("attempt", challenge.attempt.public_id)
    detail = {"decision": decision, "question": challenge.code, "version": challenge.version.number}
    record("challenge.decided", actor=actor, subject=subject, detail=detail, personal={"answer": answer})
    _tell(challenge, person, decision, answer.strip())
    ordering.order_again(_waiting_for(challenge.version.id), challenge.report.public_id)


def _decide_once(report: ItemReport, decision: str, answer: str, actor: str, now: datetime) -> None:
    decided = (
        update(ItemReport)
        .where(ItemReport.id == report.id, ItemReport.decision == "")
        .values(decision=decision, answer=answer, decided_by=actor, decided_at=now)
        .execution_options(synchronize_session=False)
    )
    if db.session.execute(decided).rowcount != 1:  # type: ignore[attr-defined]
        raise Stale(_("This has been decided already."))
    db.session.refresh(report)


def _tell(challenge: Challenge, person: Person, decision: str, answer: str) -> None:
    values = {
        "name": person.name,
        "exam": challenge.exam.title,
        "answer": answer,
        "link": f"{get_body().base_address}/results",
    }
    send(f"regrading.{decision}", person.email, values, person=person.public_id, language=person.language)


def _waiting_for(version_id: int) -> Sequence[str]:
    statement = (
        select(Attempt.public_id)
        .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
        .where(AttemptItem.item_version_id == version_id, Attempt.state.in_(AWAITING))
        .order_by(Attempt.id)
    )
    return db.session.scalars(statement).all()
