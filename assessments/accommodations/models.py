"""Accommodations: asked for by a person or an officer, approved by another officer."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class Accommodation(Base):
    """What one person gets in every exam. `time_percent`: that much more of any exam's time.

    `breaks` of `break_minutes` each may be taken with the clock standing still. `needs` says in words what people
    arrange outside the program (a reader, a room). At most one is approved and not ended for each person.
    """

    __tablename__ = "accommodation"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'approved', 'refused', 'ended')", name="state"),
        CheckConstraint("time_percent >= 0 AND breaks >= 0 AND break_minutes >= 0", name="amounts"),
        Index(
            "uq_accommodation_in_force",
            "person_id",
            unique=True,
            sqlite_where=text("state = 'approved'"),
            postgresql_where=text("state = 'approved'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default="asked")
    time_percent: Mapped[int] = mapped_column(default=0)
    breaks: Mapped[int] = mapped_column(default=0)
    break_minutes: Mapped[int] = mapped_column(default=0)
    larger_text: Mapped[bool] = mapped_column(default=False)
    needs: Mapped[str] = mapped_column(String(1_000), default="")
    asked_by: Mapped[str] = mapped_column(String(20))
    asked_at: Mapped[datetime]
    evidence: Mapped[str] = mapped_column(String(1_000), default="")
    evidence_file: Mapped[str] = mapped_column(String(20), default="")
    decided_by: Mapped[str] = mapped_column(String(20), default="")
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[str] = mapped_column(String(500), default="")
    until: Mapped[datetime | None]
