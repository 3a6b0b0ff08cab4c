"""Writing a course folder into the tables. The same folder twice changes nothing."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.audit.services import record
from app.extensions import db
from courses.folder.model import CourseFolder, Fault, LessonFile, ModuleFolder, assessment_facts
from courses.models import Course, CourseEdition, CourseModule, Enrolment, Lesson, Level, Scheme

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"


class ImportRefused(ValueError):
    """The folder is sound, but it contradicts what is published; `faults` say where and why."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class ImportReport:
    """What an import did to the edition and to the scheme: created, updated or unchanged ("" where there is none)."""

    course: str
    edition: str
    outcome: str
    scheme: str
    modules: int
    lessons: int


def import_course(folder: CourseFolder, now: datetime, actor: str = "system") -> ImportReport:
    """Write course, edition and scheme. Raises ImportRefused when a published rule or edition would be bent.

    A published edition may be corrected in its words. Once people are enrolled in it, its lessons may no longer be
    added or taken away: that is a new edition, which those who begin later will get.
    """
    level = db.session.scalars(select(Level).where(Level.code == folder.course.level)).one_or_none()
    if level is None:
        raise ImportRefused([Fault("course.toml", 1, f"there is no level {folder.course.level}")])
    scheme = _import_scheme(folder, now)
    course, is_new = _course(folder, level)
    outcome = _import_edition(folder, course, now)
    if is_new or outcome != UNCHANGED or scheme in (CREATED, UPDATED):
        detail = {"edition": folder.course.edition, "outcome": outcome, "scheme": scheme, "hash": folder.content_hash}
        record("course.imported", actor=actor, subject=("course", course.code), detail=detail)
    return ImportReport(course.code, folder.course.edition, outcome, scheme, len(folder.modules), len(folder.lessons))


def _course(folder: CourseFolder, level: Level) -> tuple[Course, bool]:
    head = folder.course
    course = db.session.scalars(select(Course).where(Course.code == head.code)).one_or_none()
    if course is None:
        course = Course(code=head.code, level_id=level.id, title=head.title)
        db.session.add(course)
        db.session.flush()
        return course, True
    if course.level_id != level.id:
        raise ImportRefused([Fault("course.toml", 1, f"the course {head.code} belongs to another level already")])
    course.title = head.title
    return course, False


def _import_edition(folder: CourseFolder, course: Course, now: datetime) -> str:
    row = db.session.scalars(
        select(CourseEdition)
        .options(selectinload(CourseEdition.modules).selectinload(CourseModule.lessons))
        .where(CourseEdition.course_id == course.id, CourseEdition.edition == folder.course.edition)
    ).one_or_none()
    if row is None:
        row = CourseEdition(course_id=course.id, edition=folder.course.edition, published_at=now, modules=[])
        outcome = CREATED
    elif row.content_hash == folder.content_hash:
        return UNCHANGED
    else:
        _refuse_other_lessons(folder, row)
        row.corrected_at, outcome = now, UPDATED
    _write_edition(row, folder)
    return outcome


def _refuse_other_lessons(folder: CourseFolder, row: CourseEdition) -> None:
    before = {lesson.code for module in row.modules for lesson in module.lessons}
    after = {lesson.code for lesson in folder.lessons}
    if before == after:
        return
    enrolled = db.session.scalar(select(func.count()).where(Enrolment.edition_id == row.id)) or 0
    if enrolled:
        codes = ", ".join(sorted(before ^ after))
        message = f"people are enrolled in edition {row.edition}; with other lessons ({codes}) give it a new edition"
        raise ImportRefused([Fault("course.toml", 1, message)])


def _write_edition(row: CourseEdition, folder: CourseFolder) -> None:
    head = folder.course
    row.title, row.language, row.content_hash = head.title, head.language, folder.content_hash
    shown = ("summary", "audience", "outcomes", "authors", "licence", "sources", "minutes")
    row.data = {name: value for name, value in asdict(head).items() if name in shown} | assessment_facts(folder)
    known = {module.code: module for module in row.modules}
    row.modules = [
        _write_module(
            known.get(module.code) or CourseModule(code=module.code, lessons=[]), place, module, head.language
        )
        for place, module in enumerate(folder.modules, 1)
    ]
    db.session.add(row)
    db.session.flush()


def _write_module(row: CourseModule, place: int, module: ModuleFolder, language: str) -> CourseModule:
    row.position, row.title, row.summary, row.outcomes = place, module.title, module.summary, list(module.outcomes)
    known = {lesson.code: lesson for lesson in row.lessons}
    row.lessons = [
        _write_lesson(known.get(lesson.code) or Lesson(code=lesson.code), at, lesson, language)
        for at, lesson in enumerate(module.lessons, 1)
    ]
    return row


def _write_lesson(row: Lesson, place: int, lesson: LessonFile, language: str) -> Lesson:
    row.position, row.language = place, language
    for name in ("title", "minutes", "objective", "text", "own"):
        setattr(row, name, getattr(lesson, name))
    row.techniques = list(lesson.techniques)
    return row


def _import_scheme(folder: CourseFolder, now: datetime) -> str:
    if folder.scheme is None:
        return ""
    values = _scheme_values(folder.scheme)
    level = db.session.scalars(select(Level).where(Level.code == folder.scheme["level"])).one_or_none()
    if level is None:
        raise ImportRefused([Fault("scheme.toml", 1, f"there is no level {folder.scheme['level']}")])
    row = db.session.scalars(
        select(Scheme).where(Scheme.level_id == level.id, Scheme.version == values["version"])
    ).one_or_none()
    if row is None:
        db.session.add(Scheme(level_id=level.id, imported_at=now, **values))
        db.session.flush()
        return CREATED
    differing = [name for name, value in values.items() if getattr(row, name) != value]
    if differing:
        other = ", ".join(differing)
        message = f"version {row.version} is published with another {other}; a changed rule needs a new version"
        raise ImportRefused([Fault("scheme.toml", 1, message)])
    return UNCHANGED


def _scheme_values(scheme: dict[str, Any]) -> dict[str, Any]:
    names = (
        "code", "version", "title", "effective", "validity_years", "decider", "requires_level",
        "cpd_hours", "cpd_structured_hours", "renew_months_before", "renew_months_after",
    )  # fmt: skip
    return {name: scheme[name] for name in names} | {"rule": [dict(r) for r in scheme["requirement"]]}
