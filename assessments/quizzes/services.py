"""Bringing the practice quizzes of a course in. Their items live in a bank that never gives to an exam."""

from datetime import datetime

from sqlalchemy import delete, insert, select

from app.audit.services import SYSTEM
from app.extensions import db
from assessments.items.models import Item, ItemBank
from assessments.items.pictures import keep_pictures
from assessments.items.services import ItemReport, import_items, keep_bank
from assessments.quizzes import queries
from assessments.quizzes.models import PracticeQuiz, QuizItem
from courses.folder.model import CourseFolder, ModuleFolder


def bank_code(course_code: str) -> str:
    """The code of the practice bank of a course."""
    return f"{course_code}-PRACTICE"


def import_quizzes(folder: CourseFolder, now: datetime, actor: str = SYSTEM) -> ItemReport:
    """Bring the practice items of every module in and arrange them as its quiz; the same folder twice changes nothing.

    Raises ItemsInvalid, and then nothing is changed.
    """
    course = folder.course
    bank = keep_bank(bank_code(course.code), course.title, is_practice=True)
    definitions = [item for module in folder.modules for item in module.quiz_items]
    report = import_items(definitions, bank, now, language=course.language, actor=actor)
    keep_pictures(definitions, folder.media)
    ids = dict(db.session.execute(select(Item.code, Item.id).where(Item.bank_id == bank.id)).all())
    for module in folder.modules:
        _arrange(course.code, module, bank, [ids[item["code"]] for item in module.quiz_items])
    return report


def import_quiz_parts(folder: CourseFolder, now: datetime) -> list[str]:
    """As import_quizzes, answering with a line for the report of `laurel courses import`."""
    return [f"practice items: {import_quizzes(folder, now).words}"]


def _arrange(course_code: str, module: ModuleFolder, bank: ItemBank, item_ids: list[int]) -> None:
    quiz = queries.find_quiz(course_code, module.code)
    if quiz is None:
        quiz = PracticeQuiz(course_code=course_code, module_code=module.code, title=module.title, bank_id=bank.id)
        db.session.add(quiz)
        db.session.flush()
    quiz.title = module.title
    statement = select(QuizItem.item_id).where(QuizItem.quiz_id == quiz.id).order_by(QuizItem.position)
    if list(db.session.scalars(statement)) == item_ids:
        return
    db.session.execute(delete(QuizItem).where(QuizItem.quiz_id == quiz.id))
    rows = [{"quiz_id": quiz.id, "item_id": row, "position": place} for place, row in enumerate(item_ids, start=1)]
    if rows:
        db.session.execute(insert(QuizItem), rows)
