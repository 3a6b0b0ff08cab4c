"""Practice quizzes: which practice items belong to which module. Nothing of what learners answer is kept."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from assessments.items.models import Item, ItemBank


class PracticeQuiz(Base):
    """The practice quiz of a module."""

    __tablename__ = "practice_quiz"
    __table_args__ = (UniqueConstraint("course_code", "module_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_code: Mapped[str] = mapped_column(String(60))
    module_code: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    bank_id: Mapped[int] = mapped_column(ForeignKey("item_bank.id"))
    bank: Mapped[ItemBank] = relationship(lazy="raise_on_sql")
    questions: Mapped[list["QuizItem"]] = relationship(lazy="raise_on_sql", order_by="QuizItem.position")


class QuizItem(Base):
    """A practice item in its place in a quiz."""

    __tablename__ = "quiz_item"
    __table_args__ = (UniqueConstraint("quiz_id", "item_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("practice_quiz.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    position: Mapped[int]
    item: Mapped[Item] = relationship(lazy="raise_on_sql")
