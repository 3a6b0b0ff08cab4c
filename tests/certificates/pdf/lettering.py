"""What the tests of the world's scripts share: a font folder for a while, and text as outside programs extract it."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from certificates.pdf import catalogue
from tests.conftest import tool

DIRECTION_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\x0c"))
"""What pdftotext adds around words of another direction, and its form feed."""


@contextmanager
def in_folder(folder: Path) -> Iterator[None]:
    """Look for fonts in a folder for a while."""
    before = catalogue.folder()
    catalogue.use_folder(folder)
    try:
        yield
    finally:
        catalogue.use_folder(before)


def poppler_text(pdf: bytes) -> str:
    """The lines of a file as Poppler reads them, without marks of direction, joined by blanks."""
    told = subprocess.run([tool("pdftotext"), "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return " ".join(told.translate(DIRECTION_MARKS).split())
