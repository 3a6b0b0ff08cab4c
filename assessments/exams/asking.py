"""Which questions an attempt gets: drawn by the blueprint of its exam, and kept with the seed that drew them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert

from app.body.queries import get_body
from app.extensions import db
from assessments.exams import queries
from assessments.exams.drawing import Question, arrange, choose, read_cells
from assessments.exams.errors import BankShort
from assessments.exams.models import Attempt, AttemptItem, Exam
from assessments.exams.variants import used_variants
from assessments.grading.blueprint import CellShort
from assessments.items import queries as items


def draws_private_only(exam: Exam) -> bool:
    """In production an exam that certifies draws private items only, unless a waiver is recorded."""
    return get_body().mode == "production" and exam.certifies and exam.waiver is None


def draw(exam: Exam, person_id: int, seed: str) -> list[Question]:
    """The questions of one attempt. Raises BankShort."""
    bank = {item.ref: item.version_id for item in items.list_bank(exam.bank_id, private_only=draws_private_only(exam))}
    seen = queries.seen_codes(person_id, exam.id)
    try:
        chosen = choose(read_cells(exam.blueprint), bank, seen, seed)
    except CellShort as error:
        raise BankShort([f"{gap.topic}/{gap.thinking}" for gap in error.gaps]) from error
    contents = items.contents(chosen)
    return arrange(chosen, contents, seed, used_variants(contents))


def ask(attempt: Attempt, exam: Exam) -> None:
    """Draw and keep the questions of an attempt that has none yet. Raises BankShort."""
    keep(attempt.id, draw(exam, attempt.person_id, attempt.seed))


def keep(attempt_id: int, questions: list[Question]) -> None:
    """Write the questions of an attempt."""
    db.session.execute(insert(AttemptItem), [_row(attempt_id, question) for question in questions])


def _row(attempt_id: int, question: Question) -> Mapping[str, Any]:
    return {
        "attempt_id": attempt_id,
        "position": question.position,
        "item_version_id": question.item_version_id,
        "order": question.order,
    }
