"""Pathways, levels and their schemes, courses in published editions, enrolment and progress."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base


class Pathway(Base):
    """A field of practice with its levels, from the first to the highest."""

    __tablename__ = "pathway"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(160))
    position: Mapped[int] = mapped_column(default=0)


class Level(Base):
    """A level of a pathway. `medal` names the mark drawn for it."""

    __tablename__ = "level"

    id: Mapped[int] = mapped_column(primary_key=True)
    pathway_id: Mapped[int] = mapped_column(ForeignKey("pathway.id"), index=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(Text)
    medal: Mapped[str] = mapped_column(String(40), default="")

    pathway: Mapped[Pathway] = relationship(lazy="raise_on_sql")
    schemes: Mapped[list["Scheme"]] = relationship(lazy="raise_on_sql", back_populates="level")
    courses: Mapped[list["Course"]] = relationship(lazy="raise_on_sql", back_populates="level")


class Scheme(Base):
    """One version of the rule of a level, in force from `effective` on. Never changed: a new rule is a new version.

    `rule` is the list of requirements as in scheme.toml; `validity_years` 0 means for life; `decider` is "standing"
    or "person"; `requires_level` is the code of the level that must be held, or "". For awards that end:
    `cpd_hours` of continuing development are asked for a renewal, `cpd_structured_hours` of them structured, and it may
    be asked for from `renew_months_before` the end to `renew_months_after` it.
    """

    __tablename__ = "scheme"
    __table_args__ = (
        UniqueConstraint("level_id", "version"),
        CheckConstraint("validity_years >= 0", name="validity"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("level.id"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(160))
    effective: Mapped[date]
    validity_years: Mapped[int] = mapped_column(default=0)
    cpd_hours: Mapped[int] = mapped_column(default=0, server_default="0")
    cpd_structured_hours: Mapped[int] = mapped_column(default=0, server_default="0")
    renew_months_before: Mapped[int] = mapped_column(default=6, server_default="6")
    renew_months_after: Mapped[int] = mapped_column(default=3, server_default="3")
    decider: Mapped[str] = mapped_column(String(20))
    requires_level: Mapped[str] = mapped_column(String(40), default="")
    rule: Mapped[list[Any]] = mapped_column(JSON)
    imported_at: Mapped[datetime]

    level: Mapped[Level] = relationship(lazy="raise_on_sql", back_populates="schemes")


class Course(Base):
    """A course, whatever its edition."""

    __tablename__ = "course"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("level.id"), index=True)
    title: Mapped[str] = mapped_column(String(160))

    level: Mapped[Level] = relationship(lazy="raise_on_sql", back_populates="courses")
    editions: Mapped[list["CourseEdition"]] = relationship(lazy="raise_on_sql", back_populates="course")


class CourseEdition(Base):
    """A published version of a course; a learner stays with the one enrolled in.

    `data` holds what the public page shows: summary, audience, outcomes, authors, licence, sources, minutes, under
    `exam` and `practical` the facts of both, under `practice` how many questions each module has to practise with.
    `content_hash` covers every text a reader sees.
    """

    __tablename__ = "course_edition"
    __table_args__ = (UniqueConstraint("course_id", "edition"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    edition: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(160))
    language: Mapped[str] = mapped_column(String(20))
    content_hash: Mapped[str] = mapped_column(String(64))
    data: Mapped[dict[str, Any]]
    published_at: Mapped[datetime]
    corrected_at: Mapped[datetime | None]

    course: Mapped[Course] = relationship(lazy="raise_on_sql", back_populates="editions")
    modules: Mapped[list["CourseModule"]] = relationship(
        lazy="raise_on_sql", back_populates="edition", order_by="CourseModule.position", cascade="all, delete-orphan"
    )


class CourseModule(Base):
    """A module of an edition."""

    __tablename__ = "course_module"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("course_edition.id"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(160))
    summary: Mapped[str] = mapped_column(Text)
    outcomes: Mapped[list[Any]] = mapped_column(JSON)

    edition: Mapped[CourseEdition] = relationship(lazy="raise_on_sql", back_populates="modules")
    lessons: Mapped[list["Lesson"]] = relationship(
        lazy="raise_on_sql", back_populates="module", order_by="Lesson.position", cascade="all, delete-orphan"
    )


class Lesson(Base):
    """A lesson. `own` marks guidance of the authors' own, not drawn from the founding texts."""

    __tablename__ = "lesson"
    __table_args__ = (UniqueConstraint("module_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("course_module.id"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(160))
    minutes: Mapped[int]
    objective: Mapped[str] = mapped_column(String(400))
    text: Mapped[str] = mapped_column(Text)
    techniques: Mapped[list[Any]] = mapped_column(JSON)
    own: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(20))

    module: Mapped[CourseModule] = relationship(lazy="raise_on_sql", back_populates="lessons")


class Enrolment(Base):
    """A person on a course, in the edition that was current then."""

    __tablename__ = "enrolment"
    __table_args__ = (UniqueConstraint("person_id", "course_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("course_edition.id"), index=True)
    enrolled_at: Mapped[datetime]

    course: Mapped[Course] = relationship(lazy="raise_on_sql")
    edition: Mapped[CourseEdition] = relationship(lazy="raise_on_sql")


class LessonProgress(Base):
    """How far a learner is in one lesson. `position` is the mark of the last heading seen, as in `part-3`."""

    __tablename__ = "lesson_progress"
    __table_args__ = (UniqueConstraint("enrolment_id", "lesson_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    lesson_code: Mapped[str] = mapped_column(String(40))
    first_opened_at: Mapped[datetime]
    last_opened_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    position: Mapped[str] = mapped_column(String(20), default="")
