"""Kept integrity reports of exams, and what officers noted when they had looked."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from assessments.exams.models import Exam


class IntegrityReport(Base):
    """One look at the attempts of an exam. Ordered with `asked_at`, there with `made_at`; never changed after that.

    It looked at the first attempts begun in the last `days`, or at all attempts of the sitting whose public id
    `sitting` is. `failed` says in a code why there is nothing to say. `data` names candidates by attempt and candidate
    number only (assessments.integrity.computing tells its shape).
    """

    __tablename__ = "integrity_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), index=True)
    sitting: Mapped[str] = mapped_column(String(20), default="", server_default="")
    days: Mapped[int | None]
    asked_by: Mapped[str] = mapped_column(String(20))
    asked_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    failed: Mapped[str] = mapped_column(String(200), default="", server_default="")
    data: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    exam: Mapped[Exam] = relationship(lazy="raise_on_sql")


class IntegrityNote(Base):
    """What an officer did about one flag of a report: looked and let it be, asked the candidate, or opened an incident.

    Rows are only added. `flag` is its key in the report, `incident` the public id of what was opened.
    """

    __tablename__ = "integrity_note"
    __table_args__ = (CheckConstraint("said IN ('nothing', 'asked', 'incident')", name="said"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("integrity_report.id"), index=True)
    flag: Mapped[str] = mapped_column(String(60))
    said: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(String(2_000), default="", server_default="")
    incident: Mapped[str] = mapped_column(String(20), default="", server_default="")
    by: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
