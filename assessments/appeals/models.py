"""Appeals against released results."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from assessments.results.models import Result


class Appeal(Base):
    """One appeal against one result. `due_at` is when the answer is promised.

    `remedy` of an upheld appeal: `regrade` (the result is worked out again), `remark`, `void` (the attempt does not
    count), `new_attempt`, or `none` (it was right and changes nothing). At most one is open for each result.
    """

    __tablename__ = "appeal"
    __table_args__ = (
        CheckConstraint("state IN ('made', 'in_review', 'upheld', 'dismissed', 'withdrawn')", name="state"),
        CheckConstraint("remedy IN ('', 'none', 'regrade', 'remark', 'void', 'new_attempt')", name="remedy"),
        Index(
            "uq_appeal_open",
            "result_id",
            unique=True,
            sqlite_where=text("state IN ('made', 'in_review')"),
            postgresql_where=text("state IN ('made', 'in_review')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    result_id: Mapped[int] = mapped_column(ForeignKey("result.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    grounds: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(String(6_000))
    state: Mapped[str] = mapped_column(String(10), default="made")
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    reviewer: Mapped[str] = mapped_column(String(20), default="")
    assigned_by: Mapped[str] = mapped_column(String(20), default="")
    assigned_at: Mapped[datetime | None]
    remedy: Mapped[str] = mapped_column(String(12), default="")
    decision: Mapped[str] = mapped_column(String(6_000), default="")
    decided_at: Mapped[datetime | None]
    result: Mapped[Result] = relationship(lazy="raise_on_sql")
