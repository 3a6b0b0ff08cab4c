"""What each feature says of the things it holds of a person; `app.wiring` lists one `Personal` for each.

Times and numbers may be given as they are; the export writes them as text. (GDPR articles 15, 17, 20)
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app

from app.accounts.models import Person

Named = tuple[str, bytes]


def _no_files(_person: Person) -> Iterator[Named]:
    return iter(())


def _nothing(_person: Person) -> list[str]:
    return []


@dataclass(frozen=True, kw_only=True)
class Personal:
    """One feature's answers about a person.

    `export`: what is theirs and released, as JSON-able values; `files`: names and bytes, one at a time; `erase`: make
    it nobody's, at once and for good; `obstacles`: sentences why the account cannot be closed yet; `subjects`: the
    public ids under which the trail speaks of them.
    """

    name: str
    export: Callable[[Person], Any]
    erase: Callable[[Person, datetime], None]
    files: Callable[[Person], Iterator[Named]] = _no_files
    obstacles: Callable[[Person], list[str]] = _nothing
    subjects: Callable[[Person], list[str]] = _nothing


def providers() -> list[Personal]:
    """What the features have listed, the topmost floor first."""
    found: list[Personal] = current_app.extensions["personal"]
    return found


def pick(row: Any, *names: str) -> dict[str, Any]:
    """Some columns of a row by their names."""
    return {name: getattr(row, name) for name in names}
