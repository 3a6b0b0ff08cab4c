"""Reading a table of answers: one row a person, one column an item, separated by comma, semicolon or tab.

Without a key the cells are points; an empty cell is an omitted answer. With a key (two columns: item, right option)
the cells are the options chosen. A first row that holds anything but numbers and blanks names the items; a column
called `person` names the people.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

from assessments.analysis.sheets import Answer, ItemKey, Sheet

PERSON = "person"
_DELIMITERS = ("\t", ";", ",")


class TableInvalid(ValueError):
    """A table that cannot be read; the message names the row and column."""


@dataclass(frozen=True, slots=True)
class Table:
    """The sheets of a table, and the keys of its items where options were read."""

    sheets: list[Sheet]
    keys: dict[str, ItemKey]


def read_table(text: str, right: Mapping[str, str] | None = None) -> Table:
    """Sheets of a table; `right` maps items to their right option and says that the cells are options.

    Raises TableInvalid.
    """
    rows = _rows(text)
    if not rows:
        raise TableInvalid("the table is empty")
    names, body = _names(rows)
    _check(names, body, right)
    columns = [(place, name) for place, name in enumerate(names) if name != PERSON]
    sheets = [
        Sheet(
            _person(names, row, number),
            tuple(_answer(name, row[place], number, right) for place, name in columns),
        )
        for number, row in enumerate(body, 1)
    ]
    return Table(sheets, {} if right is None else _keys(sheets, right))


def read_key(text: str) -> dict[str, str]:
    """A key: one row an item, its name and its right option; a first row `item,right` is skipped. Raises TableInvalid."""
    rows = [row for row in _rows(text) if [cell.lower() for cell in row[:2]] != ["item", "right"]]
    for number, row in enumerate(rows, 1):
        if len(row) < 2 or not row[0] or not row[1]:
            raise TableInvalid(f"row {number} of the key needs an item and its right option")
    if len({row[0] for row in rows}) < len(rows):
        raise TableInvalid("the key names an item twice")
    return {row[0]: row[1] for row in rows}


def _rows(text: str) -> list[list[str]]:
    first = text.lstrip("\ufeff").partition("\n")[0]
    delimiter = next((mark for mark in _DELIMITERS if mark in first), ",")
    rows = csv.reader(StringIO(text.lstrip("\ufeff")), delimiter=delimiter)
    return [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]


def _names(rows: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """Names of the columns and the rows below them; made-up names where the first row is one of numbers."""
    if all(cell == "" or _find_number(cell) is not None for cell in rows[0]):
        return [f"item {place:03}" for place in range(1, len(rows[0]) + 1)], rows
    return rows[0], rows[1:]


def _check(names: Sequence[str], body: Sequence[Sequence[str]], right: Mapping[str, str] | None) -> None:
    if "" in names or len(set(names)) < len(names):
        raise TableInvalid("each column needs a name of its own")
    if not body:
        raise TableInvalid("the table names items and holds no answers")
    for number, row in enumerate(body, 1):
        if len(row) != len(names):
            raise TableInvalid(f"row {number} has {len(row)} cells for {len(names)} columns")
    keyless = [] if right is None else [name for name in names if name != PERSON and name not in right]
    if keyless:
        raise TableInvalid(f"the key does not name {', '.join(keyless[:5])}")


def _person(names: Sequence[str], row: Sequence[str], number: int) -> str:
    named = row[names.index(PERSON)] if PERSON in names else ""
    return named or f"row {number:06}"


def _answer(name: str, cell: str, number: int, right: Mapping[str, str] | None) -> Answer:
    if cell == "":
        return Answer(name, 0.0, answered=False)
    if right is not None:
        return Answer(name, float(cell == right[name]), options=(cell,))
    points = _find_number(cell)
    if points is None or not 0 <= points <= 1:
        raise TableInvalid(f"row {number}, {name}: {cell!r:.40} is no number of points from 0 to 1")
    return Answer(name, points)


def _keys(sheets: Sequence[Sheet], right: Mapping[str, str]) -> dict[str, ItemKey]:
    """The options of each item: those that were chosen and the right one."""
    chosen: dict[str, set[str]] = {}
    for sheet in sheets:
        for answer in sheet.answers:
            chosen.setdefault(answer.version, {right[answer.version]}).update(answer.options)
    return {name: ItemKey(tuple(sorted(codes)), frozenset({right[name]})) for name, codes in chosen.items()}


def _find_number(cell: str) -> float | None:
    try:
        number = float(cell)
    except ValueError:
        return None
    return number if number == number and abs(number) != float("inf") else None
