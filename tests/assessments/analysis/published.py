"""The published score tables and what independent programs and papers say about them."""

import json
from pathlib import Path
from typing import Any

from assessments.analysis.reading import read_table
from assessments.analysis.sheets import Sheet

TABLES = ("lsat.dat", "lsat7-expanded.txt", "exam1-items-scored.txt", "ctt.dat")


def sheets_of_table(folder: Path, name: str) -> list[Sheet]:
    """The sheets of one of the published tables."""
    return read_table((folder / "psychometrics" / name).read_text(encoding="utf-8")).sheets


def expected(folder: Path, name: str) -> dict[str, Any]:
    """What is known about a table."""
    known: dict[str, Any] = json.loads((folder / "psychometrics" / "EXPECTED.json").read_text(encoding="utf-8"))[name]
    return known
