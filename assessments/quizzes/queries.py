"""Reading practice quizzes."""

from collections.abc import Sequence

from sqlalchemy import and_, select

from app.errors import Missing
from app.extensions import db
from assessments.items.models import Item, ItemVersion
from assessments.quizzes.models import PracticeQuiz, QuizItem


def get_quiz(course_code: str, module_code: str) -> PracticeQuiz:
    """The quiz of a module. Raises Missing."""
    quiz = find_quiz(course_code, module_code)
    if quiz is None:
        raise Missing
    return quiz


def find_quiz(course_code: str, module_code: str) -> PracticeQuiz | None:
    """The quiz of a module, or None."""
    statement = select(PracticeQuiz).where(
        PracticeQuiz.course_code == course_code, PracticeQuiz.module_code == module_code
    )
    return db.session.scalars(statement).first()


def list_quizzes(course_code: str) -> Sequence[PracticeQuiz]:
    """The quizzes of a course."""
    return db.session.scalars(select(PracticeQuiz).where(PracticeQuiz.course_code == course_code)).all()


def list_questions(quiz_id: int) -> list[ItemVersion]:
    """The items of a quiz in order, each in its newest version."""
    statement = (
        select(ItemVersion)
        .join(Item, and_(Item.id == ItemVersion.item_id, Item.number == ItemVersion.number))
        .join(QuizItem, QuizItem.item_id == Item.id)
        .where(QuizItem.quiz_id == quiz_id, Item.retired_at.is_(None))
        .order_by(QuizItem.position)
    )
    return list(db.session.scalars(statement))
