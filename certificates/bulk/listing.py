"""Reading a list of certificates: a CSV as spreadsheets save it, with a column of numbers and one of names."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from app.errors import DomainError

MOST_ROWS = 1_000
MOST_BYTES = 512 * 1024
LONGEST_CELL = 300
NUMBER_HEADS = frozenset(
    {"id", "number", "no", "certificate", "certificate id", "certificate number", "certificate no"}
)
NAME_HEADS = frozenset({"name", "holder", "full name", "holder name"})


@dataclass(frozen=True)
class ListedRow:
    """One row of a list: the line in the file on which it ends, the number and the name as they stand there."""

    line: int
    number: str
    name: str


def read_list(data: bytes) -> list[ListedRow]:
    """The rows of a list, without its head and without empty ones. Raises DomainError (field `file`)."""
    if len(data) > MOST_BYTES:
        raise DomainError(_("The list is larger than 512 KB. Leave only the columns id and name in it."), "file")
    try:
        rows = list(_rows(_text(data)))
    except csv.Error as problem:
        raise DomainError(_("This is no list that can be read here: save it as CSV."), "file") from problem
    if not rows:
        raise DomainError(_("There is no row in the list."), "file")
    if len(rows) > MOST_ROWS:
        message = _(
            "The list has %(rows)s rows. At most %(most)s are checked at a time: split it and send the parts one by one.",
            rows=f"{len(rows):,}", most=f"{MOST_ROWS:,}",
        )  # fmt: skip
        raise DomainError(message, "file")
    return rows


def _text(data: bytes) -> str:
    """UTF-8 or UTF-16 as spreadsheets mark it, or else the Western code page that older ones write."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _rows(text: str) -> Iterator[ListedRow]:
    first_line = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(",;\t", key=first_line.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    places: tuple[int, int] | None = None
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if places is None:
            places, is_head = _places(cells)
            if is_head:
                continue
        number, name = (cells[place].strip()[:LONGEST_CELL] if place < len(cells) else "" for place in places)
        yield ListedRow(reader.line_num, number, name)


def _places(cells: Sequence[str]) -> tuple[tuple[int, int], bool]:
    """Where number and name stand, told by the head of the list if it has one: (places, whether it has)."""
    heads = [cell.strip().casefold().replace("_", " ") for cell in cells]
    number = next((place for place, head in enumerate(heads) if head in NUMBER_HEADS), None)
    name = next((place for place, head in enumerate(heads) if head in NAME_HEADS), None)
    if number is None:
        return (0, 1), False
    return (number, name if name is not None else len(heads)), True
