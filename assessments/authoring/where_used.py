"""Where an item is used, and deleting one that never was."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from app.audit.services import record
from app.errors import DomainError
from app.extensions import db
from app.policy import Actor
from assessments.authoring.queries import BankExam, list_bank_exams
from assessments.exams.models import AttemptItem, Exam, ExamForm
from assessments.exams.plans import versions_in
from assessments.items import finding
from assessments.items.models import (
    Item,
    ItemComment,
    ItemEnemy,
    ItemReview,
    ItemStatistic,
    ItemTag,
    ItemVersion,
)
from assessments.items.writing import check_draft, check_may_write


@dataclass(frozen=True, slots=True)
class Uses:
    """Where an item is used: exams whose cells it can fill, fixed forms it stands in, attempts that asked it."""

    exams: tuple[BankExam, ...]
    forms: tuple[tuple[str, str, int], ...]
    attempts: int
    by_version: Mapping[int, int]

    @property
    def is_used(self) -> bool:
        """Whether something would be lost if the item were deleted."""
        return bool(self.forms or self.attempts)


def find_uses(item: Item, topic: str, thinking: str) -> Uses:
    """Where an item is used, in whatever version; `topic` and `thinking` name the cell it can fill."""
    numbers = dict(
        db.session.execute(select(ItemVersion.id, ItemVersion.number).where(ItemVersion.item_id == item.id)).all()
    )
    asked = (
        select(AttemptItem.item_version_id, func.count())
        .where(AttemptItem.item_version_id.in_(numbers))
        .group_by(AttemptItem.item_version_id)
    )
    by_version = {numbers[version]: count for version, count in db.session.execute(asked)}
    exams = [exam for exam in list_bank_exams(item.bank_id) if _has_cell(exam, topic, thinking)]
    return Uses(tuple(exams), tuple(_forms(item, numbers)), sum(by_version.values()), by_version)


def _has_cell(exam: BankExam, topic: str, thinking: str) -> bool:
    return any((cell["topic"], cell["thinking"]) == (topic, thinking) and cell["draw"] for cell in exam.blueprint)


def _forms(item: Item, numbers: Mapping[int, int]) -> Iterable[tuple[str, str, int]]:
    """Exam, form and version of each fixed form the item stands in."""
    statement = (
        select(Exam.code, ExamForm.code, ExamForm.content)
        .join(Exam, Exam.id == ExamForm.exam_id)
        .where(Exam.bank_id == item.bank_id)
        .order_by(Exam.code, ExamForm.code)
    )
    for exam, form, content in db.session.execute(statement):
        for version in sorted(set(versions_in(content)) & numbers.keys()):
            yield exam, form, numbers[version]


def count_forms(bank_id: int) -> dict[int, int]:
    """In how many fixed forms each version of a bank stands, by version id. One statement."""
    statement = select(ExamForm.content).join(Exam, Exam.id == ExamForm.exam_id).where(Exam.bank_id == bank_id)
    counts: dict[int, int] = {}
    for content in db.session.scalars(statement):
        for version in set(versions_in(content)):
            counts[version] = counts.get(version, 0) + 1
    return counts


def delete_item(item: Item, *, actor: Actor) -> None:
    """Delete an item that no attempt and no form knows, with all that was said of it. Raises DomainError otherwise."""
    check_may_write(actor)
    finding.lock(item)
    if find_uses(item, "", "").is_used:
        message = _("This item has been asked or stands in a form. Retire it: what was asked stays as it was.")
        raise DomainError(message)
    versions = select(ItemVersion.id).where(ItemVersion.item_id == item.id)
    for model, condition in (
        (ItemReview, ItemReview.item_version_id.in_(versions)),
        (ItemStatistic, ItemStatistic.item_version_id.in_(versions)),
        (ItemComment, ItemComment.item_id == item.id),
        (ItemTag, ItemTag.item_id == item.id),
        (ItemEnemy, (ItemEnemy.item_id == item.id) | (ItemEnemy.other_id == item.id)),
        (ItemVersion, ItemVersion.item_id == item.id),
        (Item, Item.id == item.id),
    ):
        db.session.execute(delete(model).where(condition).execution_options(synchronize_session=False))
    detail = {"code": item.code}
    record("item.deleted", actor=actor.public_id, subject=("item", item.public_id), detail=detail)


def drop_draft(version: ItemVersion, *, actor: Actor) -> None:
    """Delete a draft that nobody has decided on yet. Raises DomainError for a version with a history."""
    check_may_write(actor)
    check_draft(version)
    item = db.session.get_one(Item, version.item_id)
    if any(number == version.number for number, _review in finding.list_reviews(item.id)):
        raise DomainError(_("A reviewer has returned this draft, and what was decided stays on record. Go on with it."))
    if version.number == 1:
        delete_item(item, actor=actor)
        return
    db.session.delete(version)
    detail = {"code": item.code, "number": version.number}
    record("item.draft_dropped", actor=actor.public_id, subject=("item", item.public_id), detail=detail)
