"""Key reviews and regrades: each is proposed by one person and signed by another."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from assessments.exams.models import Exam


class KeyReview(Base):
    """Somebody looked at how a group of attempts answered, before its results were released, and signed for the keys.

    `attempts` lists the public ids it covers, `findings` the statistics as they were, with the flags of each question
    and what was decided on it.
    """

    __tablename__ = "key_review"
    __table_args__ = (CheckConstraint("state IN ('open', 'signed')", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), index=True)
    sitting: Mapped[str] = mapped_column(String(20), default="")
    state: Mapped[str] = mapped_column(String(10), default="open")
    attempts: Mapped[list[Any]]
    findings: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(String(2_000), default="")
    opened_by: Mapped[str] = mapped_column(String(20))
    opened_at: Mapped[datetime]
    signed_by: Mapped[str] = mapped_column(String(20), default="")
    signed_at: Mapped[datetime | None]
    exam: Mapped[Exam] = relationship(lazy="raise_on_sql")


class Regrade(Base):
    """A changed key and what it does to results: proposed with a dry run, applied when another person approves.

    `decisions` holds what grading.regrade takes: for each item version its mode, and the new definition where there is
    one. `effect` is the dry run that the approver saw: counts, and who crosses the pass mark in which direction.
    """

    __tablename__ = "regrade"
    __table_args__ = (CheckConstraint("state IN ('proposed', 'applied', 'dropped')", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), index=True)
    key_review_id: Mapped[int | None] = mapped_column(ForeignKey("key_review.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default="proposed")
    decisions: Mapped[list[Any]]
    reason: Mapped[str] = mapped_column(String(2_000))
    effect: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    proposed_by: Mapped[str] = mapped_column(String(20))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[str] = mapped_column(String(20), default="")
    decided_at: Mapped[datetime | None]
    exam: Mapped[Exam] = relationship(lazy="raise_on_sql")
