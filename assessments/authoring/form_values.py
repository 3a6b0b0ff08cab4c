"""Between a definition and what its form holds. Pure: whatever was typed comes back as it was typed.

Names of controls: `f.stem`, `f.options.0.text`. A row whose texts are all empty is taken away; a new one gets the next
free letter for its code, since codes are what answers are stored under.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from string import ascii_lowercase
from typing import Any

from assessments.authoring.kind_fields import (
    ALWAYS,
    CHOICE,
    LINES,
    ROWS,
    TICK,
    TRUTH,
    WHOLE,
    Column,
    FieldSpec,
)

PREFIX = "f."
MOST_ROWS = 30
_WHOLE = re.compile(r"-?[0-9]{1,9}")


def read_fields(specs: Sequence[FieldSpec], kind: str, form: Mapping[str, str]) -> dict[str, Any]:
    """The own fields of a kind as a form holds them, in the order of its description."""
    found: dict[str, Any] = {}
    for spec in specs:
        value = _read(spec, form)
        if (
            value not in ("", [], None)
            or not (spec.optional or spec.shape == TRUTH)
            or spec.name in ALWAYS.get(kind, ())
        ):
            found[spec.name] = value
    return found


def _read(spec: FieldSpec, form: Mapping[str, str]) -> Any:
    if spec.shape == ROWS:
        return _read_rows(spec, form)
    given = tidy(form.get(f"{PREFIX}{spec.name}", ""))
    if spec.shape == LINES:
        return [line.strip() for line in given.splitlines() if line.strip()]
    if spec.shape == TRUTH:
        return {"true": True, "false": False}.get(given)
    if spec.shape == WHOLE:
        return _whole(given)
    return given.strip() if spec.shape == CHOICE else given


def _read_rows(spec: FieldSpec, form: Mapping[str, str]) -> list[dict[str, Any]]:
    typed = [_read_row(spec, form, f"{PREFIX}{spec.name}.{place}.") for place in range(MOST_ROWS)]
    rows = [row for row in typed if any(row.get(column.name) for column in spec.columns if column.shape != TICK)]
    taken = {row["code"] for row in rows}
    free = (code for code in _codes() if code not in taken)
    return [row | {"code": row["code"] or next(free)} for row in rows]


def _read_row(spec: FieldSpec, form: Mapping[str, str], prefix: str) -> dict[str, Any]:
    row: dict[str, Any] = {"code": tidy(form.get(f"{prefix}code", "")).strip()}
    for column in spec.columns:
        value = _read_cell(column, form.get(f"{prefix}{column.name}", ""))
        if value not in ("", False) or not (column.optional or column.shape == TICK):
            row[column.name] = value
    return row


def _read_cell(column: Column, given: str) -> Any:
    if column.shape == TICK:
        return given == "y"
    return _whole(tidy(given)) if column.shape == WHOLE else tidy(given).strip()


def _whole(given: str) -> Any:
    """A whole number, or what was typed in place of one."""
    return int(given) if _WHOLE.fullmatch(given.strip()) else given.strip()


def _codes() -> Iterator[str]:
    yield from ascii_lowercase
    yield from (f"{one}{other}" for one in ascii_lowercase for other in ascii_lowercase)


def tidy(text: str) -> str:
    """A text with plain line ends and no sign that no database takes."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def shown_rows(spec: FieldSpec, definition: Mapping[str, Any], more: int = 0) -> list[dict[str, Any]]:
    """The rows of a field as the form shows them: what there is, and empty ones to be filled in."""
    rows = list(definition.get(spec.name) or [])
    blank = max(spec.rows - len(rows), 0) + more
    return [*rows, *({} for _place in range(min(blank, MOST_ROWS - len(rows))))]


def shown_text(spec: FieldSpec, definition: Mapping[str, Any]) -> str:
    """What the control of a field that is no list of rows holds."""
    value = definition.get(spec.name, "")
    if isinstance(value, bool):
        return "true" if value else "false"
    return "\n".join(value) if isinstance(value, list) else str(value)


def move_up(rows: Sequence[Any], place: int) -> list[Any]:
    """The rows with one of them a place higher; as they were for a place that is none."""
    moved = list(rows)
    if 0 < place < len(moved):
        moved[place - 1], moved[place] = moved[place], moved[place - 1]
    return moved
