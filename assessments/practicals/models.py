"""Practicals, what is handed in for them, and what assessors make of it.

A rubric is versioned: another wording is another row, and every marking names the row it was made with. Any number of
markings may be made of one submission; what counts is kept apart from them, in `AgreedMark`.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from app.storage.models import StoredFile


class Rubric(Base):
    """One version of a rubric, levels from lowest to highest; `frozen_at` is when the first mark was made with it."""

    __tablename__ = "rubric"
    __table_args__ = (UniqueConstraint("code", "version"), CheckConstraint("version >= 1", name="version"))

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    levels: Mapped[list[Any]]
    pass_level: Mapped[str] = mapped_column(String(40))
    content_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    frozen_at: Mapped[datetime | None]

    criteria: Mapped[list["Criterion"]] = relationship(lazy="raise_on_sql", order_by="Criterion.position")


class Criterion(Base):
    """One question of a rubric, a descriptor for each level; `objective` is the code of the lesson that teaches it."""

    __tablename__ = "criterion"
    __table_args__ = (UniqueConstraint("rubric_id", "code"), UniqueConstraint("rubric_id", "position"))

    id: Mapped[int] = mapped_column(primary_key=True)
    rubric_id: Mapped[int] = mapped_column(ForeignKey("rubric.id"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    question: Mapped[str] = mapped_column(Text)
    descriptors: Mapped[list[Any]]
    critical: Mapped[bool] = mapped_column(default=False)
    technique: Mapped[str] = mapped_column(String(10), default="")
    objective: Mapped[str] = mapped_column(String(40), default="")


class Practical(Base):
    """A piece of work that is asked for. `dossier` is the supplied case: a list of {name, title, text}, Markdown."""

    __tablename__ = "practical"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text, default="")
    course_code: Mapped[str] = mapped_column(String(40), index=True)
    level_code: Mapped[str] = mapped_column(String(40), index=True)
    rubric_code: Mapped[str] = mapped_column(String(40))
    minutes: Mapped[int]
    calendar_days: Mapped[int]
    language: Mapped[str] = mapped_column(String(20), default="en")
    brief: Mapped[str] = mapped_column(Text)
    declaration: Mapped[str] = mapped_column(Text)
    declaration_version: Mapped[int] = mapped_column(default=1)
    dossier: Mapped[list[Any]]
    max_files: Mapped[int]
    max_megabytes: Mapped[int]
    file_types: Mapped[list[Any]]
    changed_at: Mapped[datetime]


class SubmissionState(StrEnum):
    """How far a piece of work is; only `released` tells the learner how it was judged."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    MARKING = "marking"
    MARKED = "marked"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"


class Submission(Base):
    """One numbered attempt at a practical. Markers know it by `candidate_number` and by nothing else.

    There is no relationship to the person on purpose: whoever has a submission in hand has no name in hand.
    `version` counts the saves of the draft. `rubric_version_id` is the rubric as it stood when the work was handed in.
    """

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("person_id", "practical_id", "number"),
        UniqueConstraint("practical_id", "candidate_number"),
        CheckConstraint("state IN ('draft','submitted','marking','marked','released','withdrawn')", name="state"),
        CheckConstraint("number >= 1", name="number"),
        Index(
            "uq_submission_open",
            "person_id",
            "practical_id",
            unique=True,
            sqlite_where=text("state IN ('draft','submitted','marking','marked')"),
            postgresql_where=text("state IN ('draft','submitted','marking','marked')"),
        ),
        Index("ix_submission_state_submitted_at", "state", "submitted_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    practical_id: Mapped[int] = mapped_column(ForeignKey("practical.id"), index=True)
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default=SubmissionState.DRAFT)
    candidate_number: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    declaration: Mapped[str] = mapped_column(Text, default="")
    declaration_version: Mapped[int | None]
    declared_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    receipt_hash: Mapped[str] = mapped_column(String(64), default="")
    rubric_version_id: Mapped[int | None] = mapped_column(ForeignKey("rubric.id"), index=True)
    marked_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]

    practical: Mapped[Practical] = relationship(lazy="raise_on_sql")
    rubric: Mapped[Rubric | None] = relationship(lazy="raise_on_sql")
    files: Mapped[list["SubmissionFile"]] = relationship(lazy="raise_on_sql", order_by="SubmissionFile.position")
    markings: Mapped[list["Marking"]] = relationship(lazy="raise_on_sql", back_populates="submission")
    agreed_marks: Mapped[list["AgreedMark"]] = relationship(lazy="raise_on_sql")


class SubmissionFile(Base):
    """A file of a submission. A later attempt may hold on to the files of the one before it."""

    __tablename__ = "submission_file"
    __table_args__ = (
        UniqueConstraint("submission_id", "position"),
        UniqueConstraint("submission_id", "stored_file_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    stored_file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)
    position: Mapped[int]

    stored: Mapped[StoredFile] = relationship(lazy="raise_on_sql")


class MarkingState(StrEnum):
    """What became of an assessor's work: under way, ended by the clock, given back by hand, handed in."""

    OPEN = "open"
    LAPSED = "lapsed"
    RETURNED = "returned"
    DONE = "done"


class Marking(Base):
    """One assessor's work on one submission; `slot`: which of the markings asked for it is (one is asked for now)."""

    __tablename__ = "marking"
    __table_args__ = (
        UniqueConstraint("submission_id", "assessor_id"),
        CheckConstraint("state IN ('open','lapsed','returned','done')", name="state"),
        Index(
            "uq_marking_slot",
            "submission_id",
            "slot",
            unique=True,
            sqlite_where=text("state IN ('open','done')"),
            postgresql_where=text("state IN ('open','done')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    assessor_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    rubric_id: Mapped[int] = mapped_column(ForeignKey("rubric.id"), index=True)
    slot: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(10), default=MarkingState.OPEN)
    began_at: Mapped[datetime]
    lease_until: Mapped[datetime]
    saved_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    comment: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=0)

    submission: Mapped[Submission] = relationship(lazy="raise_on_sql", back_populates="markings")
    rubric: Mapped[Rubric] = relationship(lazy="raise_on_sql")
    marks: Mapped[list["Mark"]] = relationship(lazy="raise_on_sql", back_populates="marking")


class Mark(Base):
    """What an assessor says on one criterion so far; no level is not the lowest level. `version` counts its saves."""

    __tablename__ = "mark"
    __table_args__ = (UniqueConstraint("marking_id", "criterion_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    marking_id: Mapped[int] = mapped_column(ForeignKey("marking.id"), index=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"), index=True)
    level: Mapped[str | None] = mapped_column(String(40))
    comment: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]

    marking: Mapped[Marking] = relationship(lazy="raise_on_sql", back_populates="marks")
    criterion: Mapped[Criterion] = relationship(lazy="raise_on_sql")


class AgreedMark(Base):
    """What counts for one criterion of a submission, and what the learner reads about it after the release."""

    __tablename__ = "agreed_mark"
    __table_args__ = (UniqueConstraint("submission_id", "criterion_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"), index=True)
    level: Mapped[str] = mapped_column(String(40))
    comment: Mapped[str] = mapped_column(Text)

    criterion: Mapped[Criterion] = relationship(lazy="raise_on_sql")
