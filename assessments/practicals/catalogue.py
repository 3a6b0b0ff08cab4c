"""Bringing a practical and its rubric in from a course folder. The same folder a second time changes nothing."""

import re
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select

from app.extensions import db
from assessments.grading.canonical import digest
from assessments.practicals import queries
from assessments.practicals.models import Criterion, Practical, Rubric

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"
HEADING = re.compile(r"^#\s+(.+)$", re.MULTILINE)


class CourseHead(Protocol):
    """The codes that a practical takes from its course."""

    @property
    def code(self) -> str:
        """Code of the course."""

    @property
    def level(self) -> str:
        """Code of the level."""

    @property
    def language(self) -> str:
        """BCP 47 code of the language."""


class Folder(Protocol):
    """What is used of `courses.folder.model.CourseFolder`; the shapes are those of docs/course-format.md."""

    @property
    def course(self) -> CourseHead:
        """The head of the course."""

    @property
    def practical(self) -> dict[str, Any] | None:
        """practical.toml, with the text of brief.md under `brief`."""

    @property
    def rubric(self) -> dict[str, Any] | None:
        """rubric.toml."""

    @property
    def dossier(self) -> dict[str, str]:
        """File name to text."""


def import_practical(folder: Folder, now: datetime) -> list[str]:
    """Bring the practical and the rubric of a course folder in; a line for each says what became of it.

    A rubric that differs becomes a new version: what was handed in before is marked by the version of its own day.
    """
    if folder.practical is None or folder.rubric is None:
        return []
    rubric, outcome = _import_rubric(folder.rubric, now)
    values = _values(folder)
    return [
        f"rubric {rubric.code} version {rubric.version}: {outcome}",
        f"practical {values['code']}: {_import_row(values, now)}",
    ]


def _values(folder: Folder) -> dict[str, Any]:
    given: dict[str, Any] = folder.practical or {}
    names = ("code", "title", "summary", "minutes", "calendar_days", "brief", "max_files", "max_megabytes")
    return {name: given[name] for name in names} | {
        "declaration": given["declaration"].strip(),
        "file_types": list(given["file_types"]),
        "course_code": folder.course.code,
        "level_code": folder.course.level,
        "language": folder.course.language,
        "rubric_code": (folder.rubric or {})["code"],
        "dossier": [_page(name, text) for name, text in sorted(folder.dossier.items())],
    }


def _page(file_name: str, text: str) -> dict[str, str]:
    """A page of the supplied case; its title is the first heading of the text."""
    name = file_name.rsplit("/", 1)[-1].removesuffix(".md")
    heading = HEADING.search(text)
    title = heading.group(1).strip() if heading else name
    return {"name": name, "title": title, "text": HEADING.sub("", text, count=1).strip()}


def _import_row(values: dict[str, Any], now: datetime) -> str:
    row = db.session.scalars(select(Practical).where(Practical.code == values["code"])).first()
    if row is None:
        db.session.add(Practical(**values, changed_at=now))
        db.session.flush()
        return CREATED
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not changed:
        return UNCHANGED
    row.declaration_version += "declaration" in changed
    for name, value in changed.items():
        setattr(row, name, value)
    row.changed_at = now
    return UPDATED


def _import_rubric(data: dict[str, Any], now: datetime) -> tuple[Rubric, str]:
    content = digest(data)
    newest = queries.find_rubric(data["code"])
    if newest is not None and newest.content_hash == content:
        return newest, UNCHANGED
    rubric = Rubric(
        code=data["code"],
        version=newest.version + 1 if newest else 1,
        title=data["title"],
        levels=list(data["levels"]),
        pass_level=data["pass_level"],
        content_hash=content,
        made_at=now,
    )
    rubric.criteria = [_criterion(position, row) for position, row in enumerate(data["criterion"], 1)]
    db.session.add(rubric)
    db.session.flush()
    return rubric, UPDATED if newest else CREATED


def _criterion(position: int, row: dict[str, Any]) -> Criterion:
    return Criterion(
        position=position,
        code=row["code"],
        title=row["title"],
        question=row["question"],
        descriptors=list(row["descriptors"]),
        critical=row.get("critical", False),
        technique=row.get("technique", ""),
        objective=row.get("objective", ""),
    )
