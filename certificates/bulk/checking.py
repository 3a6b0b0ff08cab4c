"""Answering for many certificates at once: how each stands, and whether a name matches, without telling any name."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from certificates.bulk.archive import ArchivedFile
from certificates.bulk.listing import ListedRow
from certificates.bulk.names import normal_name, same_name
from certificates.checking import issued, verification
from certificates.checking.issued import IssuedFacts
from certificates.checking.judgement import LEADS_TO_REGISTER
from certificates.keys import published as published_keys
from certificates.lifecycle.status import Status
from certificates.numbers import NumberInvalid, parse_number
from certificates.signatures.document_check import DocumentVerdict

LONGEST_SHOWN = 120
MOST_SECONDS = 30.0
"""For all files of an archive together. Ours take a few hundredths of a second each; those of strangers may take long."""


class NameAnswer(StrEnum):
    """What is said of a name: nothing where the number is unknown, none was given, or the holder shows none."""

    MATCH = "match"
    DIFFERS = "differs"
    HIDDEN = "hidden"
    NOT_COMPARED = "not-compared"


@dataclass(frozen=True)
class RowOutcome:
    """The answer for one row of a list. `number` is canonical, or what was typed where that is no number."""

    line: int
    number: str
    status: Status
    name: NameAnswer

    @property
    def is_good(self) -> bool:
        """Whether it stands, with the name that was given."""
        return self.status is Status.VALID and self.name is NameAnswer.MATCH


@dataclass(frozen=True)
class FileOutcome:
    """The answer for one file of an archive; `document` is None for a file that was not read."""

    file: str
    document: DocumentVerdict | None
    number: str | None
    status: Status

    @property
    def is_good(self) -> bool:
        """Whether the file is ours to the letter and its certificate stands."""
        return self.status is Status.VALID and self.document is DocumentVerdict.EXACT


def check_rows(rows: Sequence[ListedRow], now: datetime) -> list[RowOutcome]:
    """The answers for a list, in its order; the register is asked once for all of them."""
    numbers = [_find_number(row.number) for row in rows]
    known = issued.find_many({number for number in numbers if number}, now)
    return [_row(row, number, known) for row, number in zip(rows, numbers, strict=True)]


def _row(row: ListedRow, number: str | None, known: dict[str, IssuedFacts]) -> RowOutcome:
    facts = known.get(number or "")
    if facts is None:
        return RowOutcome(row.line, number or row.number[:LONGEST_SHOWN], Status.UNKNOWN, NameAnswer.NOT_COMPARED)
    return RowOutcome(row.line, facts.number, facts.status, _compare(row.name, facts))


def _compare(name: str, facts: IssuedFacts) -> NameAnswer:
    """What the page of the number names nobody for, no list may guess at: nor while it is suspended as well."""
    if facts.is_withdrawn or not verification.shows_facts(facts, facts.status):
        return NameAnswer.HIDDEN
    if not normal_name(name):
        return NameAnswer.NOT_COMPARED
    return NameAnswer.MATCH if same_name(name, facts.holder_name) else NameAnswer.DIFFERS


def _find_number(text: str) -> str | None:
    try:
        return parse_number(text)
    except NumberInvalid:
        return None


def check_files(
    files: Iterable[ArchivedFile], now: datetime, ticks: Callable[[], float] = time.monotonic
) -> list[FileOutcome]:
    """The answers for the files of an archive, in its order; one file is held in memory at a time.

    Files whose turn comes after MOST_SECONDS are not looked into, and answered as not read.
    """
    keys, until = published_keys.list_keys(), ticks() + MOST_SECONDS
    found = []
    for file in files:
        verdict, number = None, None
        if file.data is not None and ticks() < until:
            verdict, number, _finding = verification.check_file(file.data, keys, now)
        leads = verdict in LEADS_TO_REGISTER
        found.append((file.name[:LONGEST_SHOWN], verdict, number if leads else None))
    known = issued.find_many({number for _name, _verdict, number in found if number}, now)
    statuses = {number: facts.status for number, facts in known.items()}
    return [FileOutcome(*each, status=statuses.get(each[2] or "", Status.UNKNOWN)) for each in found]
