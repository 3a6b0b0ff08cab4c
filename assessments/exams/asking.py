"""Which questions an attempt gets: drawn by the blueprint of its exam, or those of one of its locked forms.

The seed is stored with the attempt: the same bank, seen items and seed draw the same questions again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from sqlalchemy import Select, and_, bindparam, delete, func, insert, select

from app import rows
from app.extensions import db
from assessments.exams import queries
from assessments.exams.drawing import Place, Question, arrange
from assessments.exams.errors import BankShort
from assessments.exams.models import Attempt, AttemptItem, Exam, ExamForm
from assessments.exams.plans import plan_of, stock_of
from assessments.exams.rules import Drawing
from assessments.exams.variants import used_variants
from assessments.grading.forms import FormShort, assemble
from assessments.items import queries as items


@dataclass(frozen=True, slots=True)
class Drawn:
    """The questions of an attempt, and the id of the form they belong to, None where they were drawn for it alone."""

    questions: list[Question]
    form_id: int | None = None


def draw(exam: Exam, person_id: int, seed: str) -> Drawn:
    """The questions of one attempt of a person. Raises BankShort."""
    if exam.drawing == Drawing.FORMS:
        return _from_forms(exam, person_id, seed)
    return Drawn(_arranged(draw_places(exam, queries.seen_codes(person_id, exam.id, exam.avoid_last), seed), seed))


def draw_places(exam: Exam, seen: set[str], seed: str) -> list[Place]:
    """Places of one attempt by the blueprint of the exam. Raises BankShort."""
    stock = stock_of(exam, _count_attempts(exam) if exam.exposure_cap is not None else 0)
    rng = Random(f"{seed}/items")  # noqa: S311  seeded on purpose, the seed is stored
    try:
        form = assemble(plan_of(exam), stock.bank, seen, rng)
    except FormShort as error:
        raise BankShort(exam.code, [f"{gap.topic}/{gap.thinking}" for gap in error.gaps]) from error
    return [
        Place(stock.versions[item.code], number, item.is_pilot)
        for number, section in enumerate(form.sections)
        for item in section.items
    ]


def _count_attempts(exam: Exam) -> int:
    return db.session.scalar(select(func.count()).where(Attempt.exam_id == exam.id)) or 0


def _arranged(places: list[Place], seed: str) -> list[Question]:
    contents = items.contents([place.version_id for place in places])
    return arrange(places, contents, seed, used_variants(contents))


def _from_forms(exam: Exam, person_id: int, seed: str) -> Drawn:
    """A locked form that the person has not sat; of those the one given least often. Raises BankShort."""
    found = rows.run(_locked_forms(), {"exam_id": exam.id, "person_id": person_id}).all()
    if not found:
        raise BankShort(exam.code, ["form"])
    rng = Random(f"{seed}/form")  # noqa: S311  seeded on purpose, the seed is stored
    best = min((row.sat, row.given) for row in found)
    chosen = rng.choice([row for row in found if (row.sat, row.given) == best])
    return Drawn(_arranged(places_in(chosen.content), seed), chosen.id)


@cache
def _locked_forms() -> Select[Any]:
    forms, tries = ExamForm.__table__.c, Attempt.__table__.c
    own = func.count(tries.id).filter(tries.person_id == bindparam("person_id"))
    return (
        select(forms.id, forms.content, func.count(tries.id).label("given"), own.label("sat"))
        .select_from(ExamForm.__table__)
        .outerjoin(Attempt.__table__, and_(tries.form_id == forms.id))
        .where(forms.exam_id == bindparam("exam_id"), forms.state == "locked")
        .group_by(forms.id)
        .order_by(forms.id)
    )


def places_in(content: list[Mapping[str, Any]]) -> list[Place]:
    """The places of a stored form."""
    return [
        Place(item["version"], number, item["pilot"])
        for number, section in enumerate(content)
        for item in section["items"]
    ]


def preview(exam: Exam, content: list[Mapping[str, Any]] | None, seed: str) -> list[Question]:
    """The questions that somebody would get, of a form or drawn with this seed; nothing is written. Raises BankShort."""
    return _arranged(draw_places(exam, set(), seed) if content is None else places_in(content), seed)


def ask(attempt: Attempt, exam: Exam) -> None:
    """Draw and keep the questions of an attempt that has none yet. Raises BankShort."""
    drawn = draw(exam, attempt.person_id, attempt.seed)
    attempt.form_id = drawn.form_id
    keep(attempt.id, drawn.questions)


def ask_again(attempt: Attempt, exam: Exam) -> None:
    """Draw anew for an attempt that has not begun: the rules of its exam have changed since. Raises BankShort."""
    db.session.execute(delete(AttemptItem).where(AttemptItem.attempt_id == attempt.id))
    ask(attempt, exam)


def keep(attempt_id: int, questions: list[Question]) -> None:
    """Write the questions of an attempt."""
    db.session.execute(insert(AttemptItem), [_row(attempt_id, question) for question in questions])


def _row(attempt_id: int, question: Question) -> Mapping[str, Any]:
    return {
        "attempt_id": attempt_id,
        "position": question.position,
        "item_version_id": question.item_version_id,
        "order": question.order,
        "section": question.section,
        "is_pilot": question.is_pilot,
    }
