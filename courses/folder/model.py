"""What a course folder holds once it has been read without a fault (docs/course-format.md)."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

Table = Mapping[str, Any]
# Judges one item table: pairs of a path within it, as in `options[1].text`, and what is wrong there.
ItemCheck = Callable[[dict[str, Any]], list[tuple[str, str]]]


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something wrong in a file of the folder. `file` is relative to it, `line` counts from 1."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class LessonFile:
    """One lesson: the front matter and the Markdown text below it."""

    code: str
    title: str
    minutes: int
    objective: str
    techniques: tuple[str, ...]
    own: bool
    text: str
    file: str


@dataclass(frozen=True, slots=True)
class ModuleFolder:
    """One module with its lessons in order and its practice items."""

    code: str
    title: str
    summary: str
    outcomes: tuple[str, ...]
    lessons: tuple[LessonFile, ...]
    quiz_items: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class CourseHead:
    """course.toml."""

    code: str
    title: str
    level: str
    language: str
    minutes: int
    summary: str
    audience: str
    outcomes: tuple[str, ...]
    authors: str
    edition: str
    licence: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CourseFolder:
    """A whole course. `items`, `exam`, `practical`, `rubric` and `scheme` keep the names of their TOML files.

    `exam` holds its blueprint under `cell`; `practical` holds the text of brief.md under `brief`; `rubric` its
    criteria under `criterion`; `scheme` its rule under `requirement`; `dossier` maps file names to texts,
    `media` those of the pictures that items show to their bytes.
    """

    course: CourseHead
    modules: tuple[ModuleFolder, ...]
    items: tuple[dict[str, Any], ...] = ()
    exam: dict[str, Any] | None = None
    practical: dict[str, Any] | None = None
    rubric: dict[str, Any] | None = None
    dossier: dict[str, str] = field(default_factory=dict)
    scheme: dict[str, Any] | None = None
    media: dict[str, bytes] = field(default_factory=dict)

    @property
    def lessons(self) -> tuple[LessonFile, ...]:
        """Every lesson in reading order."""
        return tuple(lesson for module in self.modules for lesson in module.lessons)

    @property
    def content_hash(self) -> str:
        """SHA-256 of what readers of the course see; file names and exam items play no part."""
        shown = {
            "course": asdict(self.course),
            "modules": [_without_files(module) for module in self.modules],
            "facts": assessment_facts(self),
        }
        return hashlib.sha256(json.dumps(shown, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _without_files(module: ModuleFolder) -> dict[str, Any]:
    whole = asdict(module)
    whole.pop("quiz_items")
    for lesson in whole["lessons"]:
        lesson.pop("file")
    return whole


def assessment_facts(folder: CourseFolder) -> dict[str, Any]:
    """What the public page tells of the exam, the practical and the practice items of each module; empty for none."""
    exam, practical = folder.exam, folder.practical
    practice = {module.code: len(module.quiz_items) for module in folder.modules if module.quiz_items}
    facts: dict[str, Any] = {"exam": {}, "practical": {}, "practice": practice}
    if exam:
        facts["exam"] = {name: exam[name] for name in ("code", "title", "minutes", "pass_percent", "attempts")}
        facts["exam"]["supervision"] = exam["supervision"]
        facts["exam"]["questions"] = sum(cell["draw"] for cell in exam["cell"])
    if practical:
        names = ("code", "title", "minutes", "calendar_days", "summary")
        facts["practical"] = {name: practical[name] for name in names}
    return facts
