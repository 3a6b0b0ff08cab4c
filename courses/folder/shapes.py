"""What the fields of a table must look like. A check answers None, or what is wrong in words."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from courses.folder.files import TomlFile
from courses.folder.positions import Path

Check = Callable[[Any], str | None]
CODE = re.compile(r"[A-Za-z0-9.-]{1,40}")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
DECIMAL = re.compile(r"\d{1,3}(\.\d{1,4})?")
CODE_RULE = "must be a code: 1 to 40 letters, digits, “.” or “-”"
LINE, TEXT = 300, 20_000


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its check, whether it must be there, and the value that stands in for a missing or wrong one."""

    check: Check
    instead: Any = ""
    required: bool = True


def text(most: int = TEXT, *, empty: bool = False) -> Field:
    """Text, on several lines if need be."""

    def check(value: Any) -> str | None:
        if not isinstance(value, str):
            return "must be text in quotes"
        if not empty and not value.strip():
            return "must not be empty"
        return f"is longer than {most:,} characters" if len(value) > most else None

    return Field(check)


def line(most: int = LINE, *, empty: bool = False) -> Field:
    """Text on one line."""
    whole = text(most, empty=empty).check
    return Field(lambda value: whole(value) or ("must stand on one line" if "\n" in value else None))


def code(*, empty: bool = False) -> Field:
    """A stable code."""

    def check(value: Any) -> str | None:
        good = isinstance(value, str) and (CODE.fullmatch(value) or (empty and not value))
        return None if good else CODE_RULE

    return Field(check)


def matching(pattern: re.Pattern[str], rule: str) -> Field:
    """Text of one form."""
    return Field(lambda value: None if isinstance(value, str) and pattern.fullmatch(value) else rule)


def whole(least: int, most: int) -> Field:
    """A whole number."""

    def check(value: Any) -> str | None:
        good = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
        return None if good else f"must be a whole number from {least:,} to {most:,}"

    return Field(check, instead=least)


def flag() -> Field:
    """true or false."""
    return Field(lambda value: None if isinstance(value, bool) else "must be true or false", instead=False)


def day() -> Field:
    """A calendar date."""
    return Field(lambda value: None if type(value) is date else "must be a date like 2026-11-01", instead=date.min)


def percent() -> Field:
    """A percentage as decimal text, "0" to "100"."""

    def check(value: Any) -> str | None:
        good = isinstance(value, str) and DECIMAL.fullmatch(value) and Decimal(value) <= 100
        return None if good else 'must be decimal text from "0" to "100", such as "70"'

    return Field(check, instead="0")


def one_of(*words: str) -> Field:
    """One of a few words."""
    return Field(lambda value: None if value in words else f"must be one of: {', '.join(w or '“”' for w in words)}")


def list_of(entry: Field, least: int = 0, most: int = 50) -> Field:
    """A list; each entry is checked on its own line by `check_table`."""

    def check(value: Any) -> str | None:
        if not isinstance(value, list):
            return "must be a list [ ... ]"
        if not least <= len(value) <= most:
            return f"needs {least} to {most} entries, has {len(value)}"
        return None

    check.entry = entry  # type: ignore[attr-defined]
    return Field(check, instead=())


def optional(field: Field, instead: Any = None) -> Field:
    """A field that may be left out, and the value it then has if not that of a wrong one."""
    return Field(field.check, field.instead if instead is None else instead, required=False)


def check_table(source: TomlFile, table: Any, fields: Mapping[str, Field], at: Path = ()) -> dict[str, Any]:
    """The values of `table`, wrong and missing ones replaced; every fault is noted at its line. Lists become tuples."""
    if not isinstance(table, dict):
        source.fault(at, f"{_label(at)} must be a table")
        table = {}
    for name in table:
        if name not in fields:
            source.fault((*at, name), f"{name!r:.60} is no field here")
    return {name: _value(source, table, name, field, at) for name, field in fields.items()}


def _value(source: TomlFile, table: dict[str, Any], name: str, field: Field, at: Path) -> Any:
    if name not in table:
        if field.required:
            source.fault(at, f"{name} is missing")
        return field.instead
    value, path = table[name], (*at, name)
    wrong = field.check(value)
    if wrong:
        source.fault(path, f"{name} {wrong}")
        return field.instead
    entry: Field | None = getattr(field.check, "entry", None)
    return value if entry is None else tuple(_entry(source, entry, v, (*path, i)) for i, v in enumerate(value))


def _entry(source: TomlFile, entry: Field, value: Any, path: Path) -> Any:
    wrong = entry.check(value)
    if wrong:
        source.fault(path, f"{_label(path)} {wrong}")
        return entry.instead
    return value


def _label(path: Path) -> str:
    name = ""
    for part in path:
        name += f"[{part}]" if isinstance(part, int) else f".{part}" if name else str(part)
    return name or "the file"


def tables(source: TomlFile, name: str, least: int = 1, most: int = 500) -> list[Any]:
    """The `[[name]]` tables of a file; a fault is noted if there are too few, too many or something else."""
    value = source.data.get(name, [])
    if not isinstance(value, list):
        source.fault((name,), f"{name} must be given as [[{name}]] tables")
        return []
    if not least <= len(value) <= most:
        source.fault((name,), f"needs {least} to {most} [[{name}]] tables, has {len(value)}")
    return value[:most]
