"""Exams, the attempts of candidates at them, and every answer that arrived."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from assessments.exams.rules import AttemptState
from assessments.items.models import ItemBank, ItemVersion

# A response may be a text, a truth value, a list or an object; unanswered is the database's own NULL.
Response = JSON(none_as_null=True)


class Exam(Base):
    """The rules of an exam: time, pass mark, attempts and waits, blueprint and bank.

    `blueprint` is a list of {topic, thinking, draw}, `waits` the days to wait after the release of the first, second
    ... attempt. `certifies`: a certificate rests on it, so that in production it draws private items only unless a
    `waiver` ({reason, by, at, pages}) is recorded. `is_auto_released`: a scored attempt is released at once.
    """

    __tablename__ = "exam"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    title: Mapped[str] = mapped_column(String(200))
    level_code: Mapped[str] = mapped_column(String(40))
    course_code: Mapped[str] = mapped_column(String(60), index=True)
    minutes: Mapped[int]
    pass_percent: Mapped[Decimal]
    attempts: Mapped[int]
    waits: Mapped[list[Any]]
    supervision: Mapped[str] = mapped_column(String(40))
    rules: Mapped[str] = mapped_column(Text)
    blueprint: Mapped[list[Any]]
    topics: Mapped[dict[str, Any]] = mapped_column(default=dict)
    bank_id: Mapped[int] = mapped_column(ForeignKey("item_bank.id"))
    certifies: Mapped[bool] = mapped_column(default=True)
    is_auto_released: Mapped[bool] = mapped_column(default=True)
    waiver: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    bank: Mapped[ItemBank] = relationship(lazy="raise_on_sql")


class Attempt(Base):
    """One sitting of one person, from start to release. All times are the server's.

    `exam_snapshot` holds the rules as they were at the start; `writer_token_hash` tells the one device that writes.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("person_id", "exam_id", "number"),
        CheckConstraint(f"state IN ({', '.join(repr(str(state)) for state in AttemptState)})", name="state"),
        CheckConstraint("deadline_at > started_at", name="times"),
        Index(
            "uq_attempt_one_live",
            "person_id",
            "exam_id",
            unique=True,
            sqlite_where=text("state NOT IN ('released', 'voided')"),
            postgresql_where=text("state NOT IN ('released', 'voided')"),
        ),
        Index("ix_attempt_due", "state", "deadline_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), index=True)
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default=AttemptState.STARTED)
    seed: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[datetime]
    deadline_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    scored_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    writer_token_hash: Mapped[str] = mapped_column(String(64))
    candidate: Mapped[str] = mapped_column(String(20))
    supervision: Mapped[str] = mapped_column(String(40))
    declared_name: Mapped[str] = mapped_column(String(160))
    exam_snapshot: Mapped[dict[str, Any]]
    exam: Mapped[Exam] = relationship(lazy="raise_on_sql")
    items: Mapped[list["AttemptItem"]] = relationship(
        lazy="raise_on_sql", back_populates="attempt", order_by="AttemptItem.position"
    )


class AttemptItem(Base):
    """One question of an attempt: the version asked, the order its parts were shown in, and the answer that counts."""

    __tablename__ = "attempt_item"
    __table_args__ = (UniqueConstraint("attempt_id", "position"), UniqueConstraint("attempt_id", "item_version_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    position: Mapped[int]
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), index=True)
    order: Mapped[dict[str, Any]]
    response: Mapped[Any | None] = mapped_column(Response)
    response_seq: Mapped[int] = mapped_column(default=0)
    answered_at: Mapped[datetime | None]
    flagged: Mapped[bool] = mapped_column(default=False)
    points: Mapped[Decimal | None]
    attempt: Mapped[Attempt] = relationship(lazy="raise_on_sql", back_populates="items")
    item_version: Mapped[ItemVersion] = relationship(lazy="raise_on_sql")


class ItemResponse(Base):
    """Every answer as it arrived; rows are only added. `late`: after the deadline. `accepted`: it became the answer."""

    __tablename__ = "item_response"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_item_id: Mapped[int] = mapped_column(ForeignKey("attempt_item.id"), index=True)
    seq: Mapped[int]
    response: Mapped[Any | None] = mapped_column(Response)
    received_at: Mapped[datetime]
    late: Mapped[bool] = mapped_column(default=False)
    accepted: Mapped[bool] = mapped_column(default=True)


class ItemReport(Base):
    """What a candidate says is wrong with a question, written during the attempt."""

    __tablename__ = "item_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_item_id: Mapped[int] = mapped_column(ForeignKey("attempt_item.id"), index=True)
    text: Mapped[str] = mapped_column(String(2_000))
    made_at: Mapped[datetime]


class AttemptAllowance(Base):
    """An officer's decision that a person may sit an exam once more than its rules say."""

    __tablename__ = "attempt_allowance"

    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str] = mapped_column(String(500))
    granted_by: Mapped[str] = mapped_column(String(20))
    granted_at: Mapped[datetime]


class ExtraTime(Base):
    """More time for one person in every exam, granted before the start. Those who see results never see it."""

    __tablename__ = "extra_time"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    percent: Mapped[int]
    granted_by: Mapped[str] = mapped_column(String(20))
    granted_at: Mapped[datetime]
