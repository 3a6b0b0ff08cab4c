"""Results of attempts and submissions, each with what it was made from."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class Result(Base):
    """What one attempt or one submission came to. Nobody but the body sees it before `released_at`.

    `data` is what pages and rules read (bands of topics, levels of criteria, waiver); `inputs` is what the engine was
    given, whole, so that the outcome can be computed again (`inputs_hash`, `engine_version`; grading.replay).
    Working a result out again makes a new row that names the old one (`supersedes_id`) and why; the old one is kept
    with `superseded_at`, and what was released of it stays visible to its owner.
    """

    __tablename__ = "result"
    __table_args__ = (
        CheckConstraint("kind IN ('exam', 'practical')", name="kind"),
        CheckConstraint("outcome IN ('pass', 'refer', 'fail')", name="outcome"),
        CheckConstraint(
            "(kind = 'exam' AND attempt_id IS NOT NULL AND submission_id IS NULL)"
            " OR (kind = 'practical' AND submission_id IS NOT NULL AND attempt_id IS NULL)",
            name="source",
        ),
        Index("ix_result_person_code", "person_id", "code"),
        *(
            Index(
                f"uq_result_{source}_in_force",
                source,
                unique=True,
                sqlite_where=text("superseded_at IS NULL"),
                postgresql_where=text("superseded_at IS NULL"),
            )
            for source in ("attempt_id", "submission_id")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id"))
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"))
    number: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(10))
    percent: Mapped[Decimal | None]
    data: Mapped[dict[str, Any]]
    inputs: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    inputs_hash: Mapped[str] = mapped_column(String(64))
    rule_version: Mapped[str] = mapped_column(String(40))
    engine_version: Mapped[str] = mapped_column(String(20))
    finalised_at: Mapped[datetime]
    finalised_by: Mapped[str] = mapped_column(String(40))
    ratified_at: Mapped[datetime | None]
    ratified_by: Mapped[str] = mapped_column(String(40), default="", server_default="")
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("result.id"), unique=True)
    superseded_at: Mapped[datetime | None]
    superseded_why: Mapped[str] = mapped_column(String(500), default="", server_default="")
    released_at: Mapped[datetime | None]
    released_by: Mapped[str] = mapped_column(String(40), default="")
