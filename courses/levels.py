"""Loading pathways and levels from a file: data, so that another body can have others."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.audit.services import record
from app.extensions import db
from courses.folder.files import Folder, Unreadable
from courses.folder.model import Fault
from courses.folder.shapes import Field, check_table, code, line, tables, text, whole
from courses.models import Level, Pathway

LEVELS_FILE = Path(__file__).parent / "curriculum" / "levels.toml"
FORMAT = 1
FILE: dict[str, Field] = {"format": whole(FORMAT, FORMAT)}
PATHWAY: dict[str, Field] = {"code": code(), "title": line(120)}
LEVEL: dict[str, Field] = {
    "pathway": code(),
    "code": code(),
    "title": line(80),
    "summary": text(600),
    "medal": code(empty=True),
}


@dataclass(frozen=True)
class LevelsFile:
    """What a levels file holds."""

    pathways: list[dict[str, Any]]
    levels: list[dict[str, Any]]


def read_levels(path: Path) -> tuple[LevelsFile | None, list[Fault]]:
    """The file, or None with every fault found."""
    folder = Folder(path.parent)
    try:
        source = folder.toml(path.name)
    except Unreadable:
        return None, folder.faults
    check_table(source, {k: v for k, v in source.data.items() if k not in ("pathway", "level")}, FILE)
    pathways = [check_table(source, t, PATHWAY, ("pathway", i)) for i, t in enumerate(tables(source, "pathway"))]
    levels = [check_table(source, t, LEVEL, ("level", i)) for i, t in enumerate(tables(source, "level"))]
    _check_codes(source, "pathway", pathways)
    _check_codes(source, "level", levels)
    known = {pathway["code"] for pathway in pathways}
    for place, level in enumerate(levels):
        if level["pathway"] and level["pathway"] not in known:
            source.fault(("level", place, "pathway"), f"there is no pathway {level['pathway']}")
    return (None if folder.faults else LevelsFile(pathways, levels)), sorted(folder.faults)


def _check_codes(source: Any, name: str, rows: list[dict[str, Any]]) -> None:
    seen: set[str] = set()
    for place, row in enumerate(rows):
        if row["code"] and row["code"] in seen:
            source.fault((name, place, "code"), f"the code {row['code']} is used twice")
        seen.add(row["code"])


def import_levels(content: LevelsFile, actor: str = "system") -> list[str]:
    """Write pathways and levels; a level that is not in the file stays. The codes that were made or changed."""
    pathways = {row.code: row for row in db.session.scalars(select(Pathway))}
    changed = _import_pathways(content, pathways)
    db.session.flush()
    changed += _import_levels(content, pathways)
    db.session.flush()
    if changed:
        record("levels.imported", actor=actor, detail={"codes": changed})
    return changed


def _import_pathways(content: LevelsFile, pathways: dict[str, Pathway]) -> list[str]:
    changed = []
    for place, values in enumerate(content.pathways, 1):
        row = pathways.setdefault(values["code"], Pathway(code=values["code"]))
        changed += _set(row, {"title": values["title"], "position": place})
    return changed


def _import_levels(content: LevelsFile, pathways: dict[str, Pathway]) -> list[str]:
    levels = {row.code: row for row in db.session.scalars(select(Level))}
    changed = []
    for place, values in enumerate(content.levels, 1):
        row = levels.setdefault(values["code"], Level(code=values["code"]))
        wanted = {name: values[name] for name in ("title", "summary", "medal")}
        changed += _set(row, wanted | {"position": place, "pathway_id": pathways[values["pathway"]].id})
    return changed


def _set(row: Any, wanted: dict[str, Any]) -> list[str]:
    """Change what differs; the row's code if anything did."""
    differing = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    for name, value in differing.items():
        setattr(row, name, value)
    db.session.add(row)
    return [row.code] if differing else []
