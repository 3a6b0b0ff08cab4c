"""Reading the exam's rules, the practical with its rubric and case, and the scheme of the level."""

from collections.abc import Collection
from typing import Any

from courses.folder.codes import Codes
from courses.folder.files import Folder, TomlFile, Unreadable
from courses.folder.items import THINKING
from courses.folder.lessons import TECHNIQUES
from courses.folder.shapes import (
    Field,
    check_table,
    code,
    day,
    flag,
    line,
    list_of,
    one_of,
    optional,
    percent,
    tables,
    text,
    whole,
)

EXAM: dict[str, Field] = {
    "code": code(),
    "title": line(120),
    "minutes": whole(1, 600),
    "pass_percent": percent(),
    "attempts": whole(0, 100),
    "waits_days": list_of(whole(0, 3_650), most=100),
    "supervision": one_of("unsupervised", "supervised"),
    "rules": text(),
}
CELL: dict[str, Field] = {"topic": code(), "thinking": one_of(*THINKING), "draw": whole(1, 200)}
PRACTICAL: dict[str, Field] = {
    "code": code(),
    "title": line(120),
    "minutes": whole(1, 100_000),
    "calendar_days": whole(0, 3_650),
    "summary": text(2_000),
    "max_files": whole(1, 50),
    "max_megabytes": whole(1, 500),
    "file_types": list_of(line(10), least=1),
    "declaration": text(),
}
RUBRIC: dict[str, Field] = {
    "code": code(),
    "title": line(200),
    "levels": list_of(line(40), least=2, most=10),
    "pass_level": line(40),
}
CRITERION: dict[str, Field] = {
    "code": code(),
    "title": line(120),
    "question": text(1_000),
    "technique": optional(one_of("", *TECHNIQUES)),
    "objective": optional(code(empty=True)),
    "critical": optional(flag()),
    "descriptors": list_of(text(2_000), most=10),
}
SCHEME: dict[str, Field] = {
    "level": code(),
    "code": code(),
    "version": whole(1, 10_000),
    "title": line(160),
    "effective": day(),
    "validity_years": whole(0, 100),
    "decider": one_of("standing", "person"),
    "requires_level": code(empty=True),
    "cpd_hours": optional(whole(0, 2_000)),
    "cpd_structured_hours": optional(whole(0, 2_000)),
    "renew_months_before": optional(whole(1, 24), instead=6),
    "renew_months_after": optional(whole(0, 24), instead=3),
}
REQUIREMENTS: dict[str, dict[str, Field]] = {
    "lessons": {"course": code()},
    "exam": {"exam": code(), "minimum_percent": percent()},
    "practical": {"practical": code(), "minimum_level": line(40)},
}
Item = dict[str, Any]


def _listless(values: dict[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _head(source: TomlFile, fields: dict[str, Field], lists: str) -> dict[str, Any]:
    return _listless(check_table(source, {k: v for k, v in source.data.items() if k != lists}, fields))


def read_exam(source: TomlFile, codes: Codes, bank: Collection[Item]) -> dict[str, Any]:
    """exam.toml with its blueprint; each cell must find enough items in `bank`. Faults are noted."""
    exam = _head(source, EXAM, "cell")
    codes.add("exam", exam["code"], source, ("code",))
    cells: list[Item] = []
    exam["cell"] = cells
    for place, table in enumerate(tables(source, "cell")):
        at = ("cell", place)
        cell = check_table(source, table, CELL, at)
        _check_cell(source, at, cell, cells, codes, bank)
        cells.append(cell)
    return exam


def _check_cell(
    source: TomlFile, at: tuple[str | int, ...], cell: Item, before: list[Item], codes: Codes, bank: Collection[Item]
) -> None:
    topic, thinking = cell["topic"], cell["thinking"]
    if not topic or thinking not in THINKING:
        return
    if not codes.knows("module", topic):
        source.fault((*at, "topic"), f"topic {topic} is no module of this course")
        return
    if any((other["topic"], other["thinking"]) == (topic, thinking) for other in before):
        source.fault(at, f"the cell {topic}, {thinking} is given twice")
    there = sum(item.get("topic") == topic and item.get("thinking") == thinking for item in bank)
    if there < cell["draw"] and codes.is_sure("item"):
        source.fault((*at, "draw"), f"draws {cell['draw']} from {topic}, {thinking}, where the bank has {there} items")


def read_practical(folder: Folder, codes: Codes) -> tuple[dict[str, Any] | None, dict[str, str]]:
    """practical.toml with brief.md, and the supplied case by file name. Faults are noted."""
    practical = None
    try:
        source = folder.toml("practical/practical.toml")
        practical = _head(source, PRACTICAL, "")
        codes.add("practical", practical["code"], source, ("code",))
        practical["brief"] = folder.text("practical/brief.md")
        if not practical["brief"].strip():
            folder.fault("practical/brief.md", 1, "is empty")
    except Unreadable:
        codes.give_up("practical")
    return practical, _dossier(folder)


def _dossier(folder: Folder) -> dict[str, str]:
    texts = {}
    for name in folder.listed("practical/dossier", ".md"):
        try:
            texts[name] = folder.text(f"practical/dossier/{name}")
        except Unreadable:
            continue
    return texts


def read_rubric(source: TomlFile, codes: Codes) -> dict[str, Any]:
    """rubric.toml with its criteria, each with a descriptor a level. Faults are noted."""
    rubric = _head(source, RUBRIC, "criterion")
    codes.add("rubric", rubric["code"], source, ("code",))
    levels = rubric["levels"]
    if levels and rubric["pass_level"] and rubric["pass_level"] not in levels:
        source.fault(("pass_level",), f"pass_level must be one of the levels: {', '.join(levels)}")
    if len(set(levels)) < len(levels):
        source.fault(("levels",), "has the same level twice")
    own = Codes()
    rubric["criterion"] = [
        _criterion(source, ("criterion", place), table, own, codes, len(levels))
        for place, table in enumerate(tables(source, "criterion", most=50))
    ]
    return rubric


def _criterion(source: TomlFile, at: tuple[str | int, ...], table: Any, own: Codes, codes: Codes, levels: int) -> Item:
    criterion = _listless(check_table(source, table, CRITERION, at))
    own.add("criterion", criterion["code"], source, (*at, "code"))
    objective = criterion["objective"]
    if objective and not codes.knows("lesson", objective):
        source.fault((*at, "objective"), f"objective {objective} is no lesson of this course")
    count = len(criterion["descriptors"])
    if levels and count and count != levels:
        source.fault((*at, "descriptors"), f"needs one descriptor for each of the {levels} levels, has {count}")
    return criterion


def read_scheme(source: TomlFile, codes: Codes, levels: Collection[str] | None) -> dict[str, Any]:
    """scheme.toml: the rule of a level. `levels` are the codes that exist, None when not known. Faults are noted."""
    scheme = _head(source, SCHEME, "requirement")
    codes.add("scheme", scheme["code"], source, ("code",))
    for field in ("level", "requires_level"):
        if levels is not None and scheme[field] and scheme[field] not in levels:
            source.fault((field,), f"there is no level {scheme[field]}; there are: {', '.join(sorted(levels))}")
    if scheme["requires_level"] and scheme["requires_level"] == scheme["level"]:
        source.fault(("requires_level",), "a level cannot require itself")
    _check_renewal(source, scheme)
    own = Codes()
    scheme["requirement"] = [
        _requirement(source, ("requirement", place), table, own)
        for place, table in enumerate(tables(source, "requirement", most=50))
    ]
    return scheme


def _check_renewal(source: TomlFile, scheme: dict[str, Any]) -> None:
    """What is asked for a renewal must make sense: nothing for an award for life, and no more structured than at all."""
    if scheme["cpd_hours"] and not scheme["validity_years"]:
        source.fault(("cpd_hours",), "an award for life (validity_years = 0) is never renewed")
    if scheme["cpd_structured_hours"] > scheme["cpd_hours"]:
        source.fault(("cpd_structured_hours",), "cannot be more than cpd_hours")


def _requirement(source: TomlFile, at: tuple[str | int, ...], table: Any, own: Codes) -> Item:
    kind = table.get("kind") if isinstance(table, dict) else None
    fields = REQUIREMENTS.get(kind) if isinstance(kind, str) else None
    shape = {"code": code(), "kind": one_of(*REQUIREMENTS), **(fields or {})}
    known = table if fields is not None or not isinstance(table, dict) else {k: table[k] for k in shape if k in table}
    requirement = check_table(source, known, shape, at)
    own.add("requirement", requirement["code"], source, (*at, "code"))
    return requirement
