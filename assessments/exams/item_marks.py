"""The marks that people gave for answers of an attempt, as the grading engine takes them."""

from collections.abc import Collection

from sqlalchemy import select

from app.extensions import db
from assessments.exams.models import ItemMark
from assessments.grading.kinds.hand_marks import Mark


def agreed_marks(question_ids: Collection[int]) -> dict[int, Mark]:
    """The newest agreed mark of each of these questions (AttemptItem.id); those without one are left out."""
    if not question_ids:
        return {}
    statement = (
        select(ItemMark.attempt_item_id, ItemMark.total, ItemMark.of)
        .where(ItemMark.attempt_item_id.in_(question_ids), ItemMark.agreed)
        .order_by(ItemMark.id)
    )
    return {question: Mark(total, of) for question, total, of in db.session.execute(statement)}
