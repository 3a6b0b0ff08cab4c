"""The record of continuing professional development: activities that holders enter themselves."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class CpdActivity(Base):
    """One activity: the day, the hours in quarters, its kind, and what was learnt.

    `file_id` is the public id of a stored file, "" for none. A withdrawn row stays, empty of its words, and counts for
    nothing.
    """

    __tablename__ = "cpd_activity"
    __table_args__ = (
        CheckConstraint("kind IN ('structured', 'self-directed', 'contribution')", name="kind"),
        CheckConstraint("hours > 0", name="hours"),
        Index("ix_cpd_activity_person_day", "person_id", "done_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    done_on: Mapped[date]
    hours: Mapped[Decimal]
    kind: Mapped[str] = mapped_column(String(15))
    title: Mapped[str] = mapped_column(String(200))
    learnt: Mapped[str] = mapped_column(Text)
    file_id: Mapped[str] = mapped_column(String(20), default="")
    file_name: Mapped[str] = mapped_column(String(200), default="")
    recorded_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
