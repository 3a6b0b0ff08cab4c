"""Sittings of exams with their seats, invigilators and incidents."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from assessments.exams.models import Attempt, Exam


class Sitting(Base):
    """One supervised run of an exam. Attempts start only between `opens_at` and `closes_at`.

    `supervision` is the mode that each attempt states (assessments.exams.wording). `code_hash` is of the code that the
    invigilator reads out; it holds until `code_until`. `networks` lists CIDR ranges, empty for anywhere.
    """

    __tablename__ = "sitting"
    __table_args__ = (
        CheckConstraint("closes_at > opens_at", name="window"),
        CheckConstraint("state IN ('planned', 'open', 'closed', 'cancelled')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(200), default="")
    instructions: Mapped[str] = mapped_column(String(2_000), default="")
    supervision: Mapped[str] = mapped_column(String(40))
    needs_identity: Mapped[bool] = mapped_column(default=True)
    needs_code: Mapped[bool] = mapped_column(default=True)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    seats_most: Mapped[int | None]
    networks: Mapped[list[Any]] = mapped_column(default=list)
    code_hash: Mapped[str] = mapped_column(String(64), default="")
    code_until: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(10), default="planned")
    made_by: Mapped[str] = mapped_column(String(20))
    made_at: Mapped[datetime]
    exam: Mapped[Exam] = relationship(lazy="raise_on_sql")


class Invigilator(Base):
    """A person who watches a sitting: sees its console and nothing of answers or results."""

    __tablename__ = "invigilator"

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    made_by: Mapped[str] = mapped_column(String(20))
    made_at: Mapped[datetime]


class Seat(Base):
    """A place in a sitting for one person, with the attempt that belongs to it."""

    __tablename__ = "seat"
    __table_args__ = (UniqueConstraint("sitting_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id"), unique=True)
    label: Mapped[str] = mapped_column(String(20), default="")
    made_by: Mapped[str] = mapped_column(String(20))
    made_at: Mapped[datetime]
    attempt: Mapped[Attempt | None] = relationship(lazy="raise_on_sql")


class Incident(Base):
    """Something that happened in an exam. `holds_release`: the results it touches wait until it is decided."""

    __tablename__ = "incident"
    __table_args__ = (
        CheckConstraint(
            "decision IN ('', 'no_action', 'extra_time', 'void', 'new_attempt', 'misconduct')", name="decision"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    sitting_id: Mapped[int | None] = mapped_column(ForeignKey("sitting.id"), index=True)
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(String(2_000))
    holds_release: Mapped[bool] = mapped_column(default=False)
    by: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    decision: Mapped[str] = mapped_column(String(20), default="")
    decided_by: Mapped[str] = mapped_column(String(20), default="")
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[str] = mapped_column(String(2_000), default="")
    data: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
