"""Levels, enrolments and outlines at a glance, as plain values: what the pages that are asked for most are made of."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, select

from app import rows
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
from courses.queries import LessonState, lesson_columns


@dataclass(frozen=True)
class SchemeView:
    """One version of the rule of a level, as `Scheme` keeps it."""

    code: str
    version: int
    title: str
    effective: date
    validity_years: int
    decider: str
    requires_level: str
    rule: list[Any]
    cpd_hours: int
    cpd_structured_hours: int
    renew_months_before: int
    renew_months_after: int


@dataclass(frozen=True)
class CourseRef:
    """A course by its code; `id` and `level_id` are for joining only."""

    id: int
    code: str
    level_id: int


@dataclass(frozen=True)
class LevelView:
    """A level with every version of its rule and its courses."""

    id: int
    pathway_id: int
    code: str
    position: int
    title: str
    summary: str
    medal: str
    schemes: tuple[SchemeView, ...] = ()
    courses: tuple[CourseRef, ...] = ()


@dataclass(frozen=True)
class EditionRef:
    """What a learner's own pages say of the edition read; `data` as in `CourseEdition`."""

    id: int
    edition: str
    title: str
    data: dict[str, Any]


@dataclass(frozen=True)
class EnrolmentView:
    """Who is enrolled where since when."""

    id: int
    enrolled_at: datetime
    course: CourseRef
    edition: EditionRef


def list_levels() -> list[LevelView]:
    """Every level with its schemes and courses, in the order of pathways and positions (one query)."""
    found: dict[int, tuple[tuple[Any, ...], dict[int, SchemeView], dict[str, CourseRef]]] = {}
    for row in rows.run(_levels()):
        level, scheme, course = row[:_LEVEL_END], row[_LEVEL_END:_SCHEME_END], row[_SCHEME_END:]
        _, schemes, courses = found.setdefault(level[0], (level, {}, {}))
        if scheme[0] is not None:
            schemes.setdefault(scheme[1], SchemeView(*scheme))
        if course[0] is not None:
            courses.setdefault(course[1], CourseRef(*course))
    return [
        replace(LevelView(*level), schemes=tuple(schemes.values()), courses=tuple(courses.values()))
        for level, schemes, courses in found.values()
    ]


def _columns(table: Any, view: type) -> list[Any]:
    """The columns that a view holds, in its order."""
    return [table.c[field.name] for field in fields(view) if field.name in table.c]


_level, _scheme, _course, _pathway = (m.__table__ for m in (Level, Scheme, Course, Pathway))
_LEVEL_END = len(_columns(_level, LevelView))
_SCHEME_END = _LEVEL_END + len(_columns(_scheme, SchemeView))


@cache
def _levels() -> Select[Any]:
    shown = (*_columns(_level, LevelView), *_columns(_scheme, SchemeView), *_columns(_course, CourseRef))
    return (
        select(*shown)
        .select_from(_level)
        .join(_pathway, _pathway.c.id == _level.c.pathway_id)
        .outerjoin(_scheme, _scheme.c.level_id == _level.c.id)
        .outerjoin(_course, _course.c.level_id == _level.c.id)
        .order_by(_pathway.c.position, _level.c.position, _scheme.c.version, _course.c.code)
    )


def list_enrolments(person_id: int) -> list[EnrolmentView]:
    """A person's enrolments with course and edition, the first begun first."""
    found = rows.run(_enrolments(), {"person_id": person_id})
    return [
        EnrolmentView(row[0], row[1], CourseRef(*row[2:_COURSE_END]), EditionRef(*row[_COURSE_END:])) for row in found
    ]


_enrolment, _edition = Enrolment.__table__, CourseEdition.__table__
_COURSE_END = 2 + len(_columns(_course, CourseRef))


@cache
def _enrolments() -> Select[Any]:
    own = _enrolment.c
    return (
        select(own.id, own.enrolled_at, *_columns(_course, CourseRef), *_columns(_edition, EditionRef))
        .select_from(_enrolment)
        .join(_course, _course.c.id == own.course_id)
        .join(_edition, _edition.c.id == own.edition_id)
        .where(own.person_id == bindparam("person_id"))
        .order_by(own.enrolled_at, own.id)
    )


def outlines(enrolments: Sequence[EnrolmentView]) -> dict[str, list[LessonState]]:
    """`lesson_states` of several enrolments, by course code (one query)."""
    found: dict[str, list[LessonState]] = {enrolment.course.code: [] for enrolment in enrolments}
    codes = {enrolment.course.id: enrolment.course.code for enrolment in enrolments}
    own = {"enrolment_ids": [enrolment.id for enrolment in enrolments]}
    for course_id, *row in rows.run(_outlines(), own) if enrolments else ():
        found[codes[course_id]].append(LessonState(*row))
    return found


_module, _lesson, _progress = (m.__table__ for m in (CourseModule, Lesson, LessonProgress))


@cache
def _outlines() -> Select[Any]:
    own = _enrolment.c
    read = and_(_progress.c.lesson_code == _lesson.c.code, _progress.c.enrolment_id == own.id)
    return (
        select(own.course_id, *lesson_columns())
        .select_from(_enrolment)
        .join(_module, _module.c.edition_id == own.edition_id)
        .join(_lesson, _lesson.c.module_id == _module.c.id)
        .outerjoin(_progress, read)
        .where(own.id.in_(bindparam("enrolment_ids", expanding=True)))
        .order_by(_module.c.position, _lesson.c.position)
    )
