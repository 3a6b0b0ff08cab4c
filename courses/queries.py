"""Reading levels, schemes, courses and progress.

Statements that pages ask for are built once (`@cache`): putting one together takes longer than running it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Protocol, TypeVar

from sqlalchemy import Select, and_, bindparam, func, select
from sqlalchemy.orm import contains_eager, joinedload

from app import rows
from app.errors import Missing
from app.extensions import db
from courses.models import (
    Course,
    CourseEdition,
    CourseModule,
    Enrolment,
    Lesson,
    LessonProgress,
    Level,
    Pathway,
    Scheme,
)


class Versioned(Protocol):
    """A version of something, in force from a day on."""

    @property
    def version(self) -> int:
        """Counted from 1."""

    @property
    def effective(self) -> date:
        """The first day in force."""


Rule = TypeVar("Rule", bound=Versioned)


@dataclass(frozen=True)
class LessonState:
    """One lesson in the outline of a course, with how far a learner is; `position` as in LessonProgress."""

    module_code: str
    module_title: str
    code: str
    title: str
    minutes: int
    objective: str
    opened_at: datetime | None = None
    done_at: datetime | None = None
    position: str = ""

    @property
    def is_done(self) -> bool:
        """Whether the learner marked it as read."""
        return self.done_at is not None


@dataclass(frozen=True)
class ModuleState:
    """The lessons of one module and how many are done."""

    code: str
    title: str
    lessons: tuple[LessonState, ...]

    @property
    def done(self) -> int:
        """Lessons read."""
        return sum(lesson.is_done for lesson in self.lessons)

    @property
    def total(self) -> int:
        """Lessons there are."""
        return len(self.lessons)

    @property
    def minutes(self) -> int:
        """Minutes of all its lessons."""
        return sum(lesson.minutes for lesson in self.lessons)

    @property
    def is_done(self) -> bool:
        """Whether every lesson is read."""
        return self.done == self.total

    @property
    def done_at(self) -> datetime | None:
        """When the last lesson was read; None while one is open."""
        moments = [lesson.done_at for lesson in self.lessons if lesson.done_at is not None]
        return max(moments) if moments and len(moments) == self.total else None


def get_level(code: str) -> Level:
    """A level by its code. Raises Missing."""
    level = db.session.scalars(select(Level).where(Level.code == code)).one_or_none()
    if level is None:
        raise Missing
    return level


def level_codes() -> list[str]:
    """The codes of all levels, for the reader of course folders."""
    return list(db.session.scalars(select(Level.code)))


def in_force(schemes: Sequence[Rule], on: date) -> Rule | None:
    """The newest version of these that is in force on a day."""
    return max((s for s in schemes if s.effective <= on), key=lambda s: s.version, default=None)


def find_scheme(level_code: str, on: date) -> Scheme | None:
    """The rule of a level in force on a day; None before the first."""
    return in_force(db.session.scalars(_schemes(), {"level_code": level_code}).all(), on)


@cache
def _schemes() -> Select[Scheme]:
    return select(Scheme).join(Scheme.level).where(Level.code == bindparam("level_code"))


def current_scheme(level_code: str, on: date) -> Scheme:
    """The rule of a level in force on a day. Raises Missing before the first."""
    scheme = find_scheme(level_code, on)
    if scheme is None:
        raise Missing
    return scheme


def list_current_editions() -> Sequence[CourseEdition]:
    """The current edition of every course, with course and level, in the order of levels."""
    statement = (
        select(CourseEdition)
        .join(CourseEdition.course)
        .join(Course.level)
        .join(Level.pathway)
        .where(CourseEdition.id.in_(_newest()))
        .options(contains_eager(CourseEdition.course).contains_eager(Course.level))
        .order_by(Pathway.position, Level.position, Course.code)
    )
    return db.session.scalars(statement).all()


def _newest():  # type: ignore[no-untyped-def]  # a subquery: for each course the edition published last
    other = select(func.max(CourseEdition.id)).group_by(CourseEdition.course_id)
    return other.scalar_subquery()


def get_course(code: str) -> Course:
    """A course with its level. Raises Missing."""
    course = db.session.scalars(select(Course).options(joinedload(Course.level)).where(Course.code == code)).first()
    if course is None:
        raise Missing
    return course


def get_edition(course_code: str, enrolment: Enrolment | None = None) -> CourseEdition:
    """The edition somebody reads: the one enrolled in, else the current one; with course and level. Raises Missing.

    An enrolment as `find_enrolment` gives it brings its edition along.
    """
    if enrolment is not None:
        if enrolment.course.code != course_code:
            raise Missing
        return enrolment.edition
    edition = db.session.scalars(_current_edition(), {"course_code": course_code}).one_or_none()
    if edition is None:
        raise Missing
    return edition


@cache
def _current_edition() -> Select[CourseEdition]:
    return (
        select(CourseEdition)
        .join(CourseEdition.course)
        .where(Course.code == bindparam("course_code"), CourseEdition.id.in_(_newest()))
        .options(contains_eager(CourseEdition.course).joinedload(Course.level))
    )


def list_modules(edition_id: int) -> Sequence[CourseModule]:
    """The modules of an edition, without their lessons, which `outline` tells of."""
    return db.session.scalars(_modules(), {"edition_id": edition_id}).all()


@cache
def _modules() -> Select[CourseModule]:
    return (
        select(CourseModule).where(CourseModule.edition_id == bindparam("edition_id")).order_by(CourseModule.position)
    )


def find_enrolment(person_id: int, course_code: str) -> Enrolment | None:
    """A person's enrolment in a course, with course, level and edition."""
    return db.session.scalars(_enrolment(), {"person_id": person_id, "course_code": course_code}).one_or_none()


@cache
def _enrolment() -> Select[Enrolment]:
    return (
        select(Enrolment)
        .join(Enrolment.course)
        .options(contains_eager(Enrolment.course).joinedload(Course.level), joinedload(Enrolment.edition))
        .where(Enrolment.person_id == bindparam("person_id"), Course.code == bindparam("course_code"))
    )


def lesson_states(enrolment: Enrolment) -> list[LessonState]:
    """Every lesson of the edition enrolled in, in reading order, with the learner's progress (one query)."""
    return outline(enrolment.edition_id, enrolment.id)


_module, _lesson, _progress = (m.__table__ for m in (CourseModule, Lesson, LessonProgress))


def lesson_columns() -> tuple[Any, ...]:
    """The columns of a LessonState, in its order."""
    return (
        _module.c.code,
        _module.c.title,
        _lesson.c.code,
        _lesson.c.title,
        _lesson.c.minutes,
        _lesson.c.objective,
        _progress.c.last_opened_at,
        _progress.c.done_at,
        func.coalesce(_progress.c.position, ""),
    )


def outline(edition_id: int, enrolment_id: int = 0) -> list[LessonState]:
    """Every lesson of an edition in reading order, with the progress of one enrolment, if any (one query)."""
    given = {"edition_id": edition_id, "enrolment_id": enrolment_id}
    return [LessonState(*row) for row in rows.run(_outline(), given)]


@cache
def _outline() -> Select[Any]:
    read = and_(_progress.c.lesson_code == _lesson.c.code, _progress.c.enrolment_id == bindparam("enrolment_id"))
    return (
        select(*lesson_columns())
        .select_from(_lesson)
        .join(_module, _lesson.c.module_id == _module.c.id)
        .outerjoin(_progress, read)
        .where(_module.c.edition_id == bindparam("edition_id"))
        .order_by(_module.c.position, _lesson.c.position)
    )


def module_states(states: Sequence[LessonState]) -> list[ModuleState]:
    """Lessons in reading order, put together by module."""
    grouped: dict[str, list[LessonState]] = {}
    for state in states:
        grouped.setdefault(state.module_code, []).append(state)
    return [ModuleState(code, found[0].module_title, tuple(found)) for code, found in grouped.items()]


def lessons_done(person_id: int, course_code: str) -> tuple[int, int]:
    """Lessons read, of how many in the edition enrolled in; (0, 0) for someone not enrolled."""
    enrolment = find_enrolment(person_id, course_code)
    if enrolment is None:
        return 0, 0
    states = lesson_states(enrolment)
    return sum(state.is_done for state in states), len(states)


def list_lessons(course_code: str, person_id: int = 0) -> list[LessonState]:
    """The lessons of a course as this person reads it, in order; empty where the course is not published."""
    enrolment = find_enrolment(person_id, course_code) if person_id else None
    if enrolment is not None:
        return lesson_states(enrolment)
    try:
        return outline(get_edition(course_code).id)
    except Missing:
        return []


def unfinished_modules(person_id: int, course_code: str) -> list[str]:
    """Codes of the modules in which a lesson is unread, in order; every module for someone not enrolled.

    What the exam of a course waits for. Raises Missing for a course without an edition.
    """
    enrolment = find_enrolment(person_id, course_code)
    states = lesson_states(enrolment) if enrolment else outline(get_edition(course_code).id)
    return [module.code for module in module_states(states) if not module.is_done]


def get_lesson(edition_id: int, module_code: str, lesson_code: str) -> Lesson:
    """One lesson of an edition with its text. Raises Missing."""
    lesson = db.session.scalars(
        select(Lesson)
        .join(Lesson.module)
        .where(CourseModule.edition_id == edition_id, CourseModule.code == module_code, Lesson.code == lesson_code)
    ).one_or_none()
    if lesson is None:
        raise Missing
    return lesson


def resume_at(states: Sequence[LessonState]) -> LessonState | None:
    """Where a learner goes on: the unread lesson opened last, else the first unread one; None when all are read."""
    unread = [state for state in states if not state.is_done]
    opened = [(state.opened_at, state) for state in unread if state.opened_at is not None]
    if opened:
        return max(opened, key=lambda pair: pair[0])[1]
    return unread[0] if unread else None
