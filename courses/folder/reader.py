"""Reading a whole course folder: every fault of every file is gathered, and nothing half-read is handed on."""

import re
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

from courses.folder import assessed
from courses.folder.codes import Codes
from courses.folder.files import Folder, TomlFile, Unreadable
from courses.folder.items import Items
from courses.folder.lessons import CheckMark, read_lesson
from courses.folder.model import CourseFolder, CourseHead, Fault, ItemCheck, LessonFile, ModuleFolder
from courses.folder.shapes import LANGUAGE, Field, check_table, code, line, list_of, matching, text, whole

FORMAT = 1
MOST_MODULES, MOST_LESSONS = 60, 100
EDITION = re.compile(r"[A-Za-z0-9.-]{1,20}")

COURSE: dict[str, Field] = {
    "format": whole(FORMAT, FORMAT),
    "code": code(),
    "title": line(120),
    "level": code(),
    "language": matching(LANGUAGE, "must be a language tag such as en or pt-BR"),
    "minutes": whole(1, 100_000),
    "summary": text(2_000),
    "audience": text(2_000),
    "outcomes": list_of(text(500), least=1),
    "authors": line(200),
    "edition": matching(EDITION, "must be 1 to 20 letters, digits, “.” or “-”, such as 2026-11"),
    "licence": line(100),
    "modules": list_of(line(100), least=1, most=MOST_MODULES),
    "sources": list_of(text(2_000)),
}
MODULE: dict[str, Field] = {
    "code": code(),
    "title": line(120),
    "summary": text(1_000),
    "outcomes": list_of(text(500), least=1),
    "lessons": list_of(line(100), least=1, most=MOST_LESSONS),
}


def read_folder(
    path: Path | str, check_item: ItemCheck | None = None, levels: Collection[str] | None = None
) -> tuple[CourseFolder | None, list[Fault]]:
    """The course in a folder, or None with every fault found, by file and line. Never raises for what it holds.

    `check_item` judges one item by its kind; `levels` are the codes of the levels that exist, None to leave that open.
    """
    folder = Folder(Path(path))
    try:
        course = _Reading(folder, check_item, levels).read()
    except Unreadable:
        course = None
    faults = sorted(set(folder.faults))
    return (None if faults else course), faults


class _Reading:
    def __init__(self, folder: Folder, check_item: ItemCheck | None, levels: Collection[str] | None) -> None:
        self.folder, self.levels = folder, levels
        self.codes = Codes()
        self.items = Items(self.codes, check_item)
        self.checks: list[tuple[str, CheckMark]] = []

    def read(self) -> CourseFolder:
        head, names = self._head(self.folder.toml("course.toml"))
        modules = [module for module in (self._module(name) for name in names) if module]
        quizzes = {name: self._quiz(name) for name in names}
        self._check_marks()
        bank = self._bank()
        exam = self._optional("exam.toml", "exam", lambda s: assessed.read_exam(s, self.codes, bank))
        practical, rubric, dossier = self._practical()
        scheme = self._optional("scheme.toml", "scheme", lambda s: self._scheme(s, rubric))
        return CourseFolder(
            course=head,
            modules=tuple(replace(module, quiz_items=quizzes[name]) for name, module in modules),
            items=bank,
            exam=exam,
            practical=practical,
            rubric=rubric,
            dossier=dossier,
            scheme=scheme,
            media=self.items.media,
        )

    def _head(self, source: TomlFile) -> tuple[CourseHead, list[str]]:
        values = check_table(source, source.data, COURSE)
        self.codes.add("course", values["code"], source, ("code",))
        level = values["level"]
        if self.levels is not None and level and level not in self.levels:
            source.fault(("level",), f"there is no level {level}; there are: {', '.join(sorted(self.levels))}")
        values.pop("format")
        names = self._names(source, "modules", values.pop("modules"), "modules", "/")
        return CourseHead(**values), names

    def _names(self, source: TomlFile, field: str, names: tuple[str, ...], under: str, ending: str) -> list[str]:
        """The names a file lists, once each and within the folder; what lies there unlisted is a fault."""
        good: list[str] = []
        for place, name in enumerate(names):
            if name and name in good:
                source.fault((field, place), f"{name} is listed twice")
            elif name and self.folder.inside(source, (field, place), name):
                if self.folder.has(f"{under}/{name}"):
                    good.append(name)
                else:
                    source.fault((field, place), f"lists {name}, which is missing")
                    self.codes.give_up("lesson", *(["module"] if field == "modules" else []))
        for name in self.folder.listed(under, ending):
            if name not in names:
                source.fault((field,), f"{under}/{name} lies in the folder and is not listed")
        return good

    def _module(self, name: str) -> tuple[str, ModuleFolder] | None:
        under = f"modules/{name}"
        try:
            source = self.folder.toml(f"{under}/module.toml")
        except Unreadable:
            self.codes.give_up("module", "lesson")
            return None
        values = check_table(source, source.data, MODULE)
        self.codes.add("module", values["code"], source, ("code",))
        names = self._names(source, "lessons", values.pop("lessons"), under, ".md")
        lessons = [self._lesson(f"{under}/{lesson}") for lesson in names]
        return name, ModuleFolder(lessons=tuple(lesson for lesson in lessons if lesson), **values)

    def _lesson(self, name: str) -> LessonFile | None:
        try:
            read = read_lesson(self.folder, name)
        except Unreadable:
            self.codes.give_up("lesson")
            return None
        self.codes.add("lesson", read.lesson.code, read.source, ("code",))
        self.checks += [(name, mark) for mark in read.checks]
        return read.lesson

    def _quiz(self, module: str) -> tuple[dict[str, Any], ...]:
        name = f"modules/{module}/quiz.toml"
        return self._optional(name, "practice", lambda source: self.items.read(source, "practice")) or ()

    def _check_marks(self) -> None:
        for name, mark in self.checks:
            if not self.codes.knows("practice", mark.code):
                self.folder.fault(name, mark.line, f"the check block names {mark.code}, which no quiz.toml holds")

    def _bank(self) -> tuple[dict[str, Any], ...]:
        found: tuple[dict[str, Any], ...] = ()
        for name in self.folder.listed("items", ".toml"):
            found += self._optional(f"items/{name}", "item", lambda source: self.items.read(source, "item")) or ()
        return found

    def _practical(self) -> tuple[dict[str, Any] | None, dict[str, Any] | None, dict[str, str]]:
        if not self.folder.has("practical"):
            return None, None, {}
        practical, dossier = assessed.read_practical(self.folder, self.codes)
        try:
            rubric = assessed.read_rubric(self.folder.toml("practical/rubric.toml"), self.codes)
        except Unreadable:
            rubric = None
        return practical, rubric, dossier

    def _scheme(self, source: TomlFile, rubric: dict[str, Any] | None) -> dict[str, Any]:
        scheme = assessed.read_scheme(source, self.codes, self.levels)
        for place, requirement in enumerate(scheme["requirement"]):
            kind = requirement["kind"]
            target = {"lessons": "course", "exam": "exam", "practical": "practical"}.get(kind, "")
            value = requirement.get(target)
            if value and not self.codes.knows(target, value):
                source.fault(("requirement", place, target), f"{target} {value} is not in this folder")
            minimum = requirement.get("minimum_level")
            if minimum and rubric and minimum not in rubric["levels"]:
                message = f"minimum_level must be a level of the rubric: {', '.join(rubric['levels'])}"
                source.fault(("requirement", place, "minimum_level"), message)
        return scheme

    def _optional(self, name: str, kind: str, read: Any) -> Any:
        """What `read` makes of a file that may be left out; None when it is not there or cannot be read."""
        if not self.folder.has(name):
            return None
        try:
            return read(self.folder.toml(name))
        except Unreadable:
            self.codes.give_up(kind)
            return None
