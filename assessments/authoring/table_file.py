"""The table of a bank as a file for spreadsheets. No cell can be run as a formula."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from assessments.authoring.listing import Row

HEADS = (
    "item", "version", "kind", "topic", "thinking", "states", "attempts", "first attempts", "facility",
    "discrimination", "interval low", "interval high", "flags", "tags", "stem",
)  # fmt: skip
# What spreadsheets take for the beginning of a formula, also behind a tab or a carriage return (OWASP, CSV Injection).
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe(text: str) -> str:
    """A text that no spreadsheet runs: an apostrophe before what would begin a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(_STARTS) else text


def as_csv(rows: Iterable[Row]) -> str:
    """The rows as comma-separated values with a head, in the order given; lines end with CRLF (RFC 4180)."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(HEADS)
    writer.writerows(map(_cells, rows))
    return written.getvalue()


def _cells(row: Row) -> Iterator[Any]:
    yield from (safe(row.code), row.number, row.kind, safe(row.topic), row.thinking)
    yield from (" ".join(sorted(row.states)), row.times_asked, row.answers)
    yield from (_number(row.facility), _number(row.discrimination))
    yield from (f"{end:.4f}" for end in row.interval) if row.interval and row.facility is not None else ("", "")
    yield from (" ".join(row.flags), safe(", ".join(row.tags)), safe(row.stem))


def _number(value: Any) -> str:
    return "" if value is None else str(value)
