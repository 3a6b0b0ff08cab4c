"""What a changed file says, beside what the register says: the facts that differ, and what was put onto the page.

The changed file and the one that we keep are read by the reading process (`certificates.strangers`), and their lines are
laid side by side. So it does not matter in which language, design or order a certificate is printed. The words of a
stranger's file are shown as text only, and nothing is decided by them.
"""

import unicodedata
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from flask import current_app

from certificates import queries
from certificates.badges.check import BadgeCheck
from certificates.badges.reading import BadgeFormat, read_badge
from certificates.strangers import asking
from certificates.strangers.asking import NotRead

MOST_ADDED = 12


class Fact(StrEnum):
    """What a certificate states, under the names of the model that it is drawn from."""

    HOLDER = "holder_name"
    AWARD = "award_title"
    LEVEL = "level_title"
    AWARDED = "awarded"
    VALID_THROUGH = "valid_through"
    NUMBER = "number"


@dataclass(frozen=True)
class FactSaid:
    """One fact: as the file prints it (None where it is gone or cannot be made out), and as we printed it."""

    fact: Fact
    in_file: str | None
    in_register: str

    @property
    def differs(self) -> bool:
        """Whether the file says something else."""
        return self.in_file is None or _plain(self.in_file) != _plain(self.in_register)


@dataclass(frozen=True)
class FileWords:
    """What a changed file says. `added` is text that our page does not have; `badge` facts of the badge inside that differ."""

    facts: tuple[FactSaid, ...] = ()
    added: tuple[str, ...] = ()
    title: str = ""
    badge: tuple[str, ...] = ()

    @property
    def is_read(self) -> bool:
        """Whether the words of the page could be read."""
        return bool(self.facts)


def read_words(data: bytes, number: str) -> FileWords:
    """What a changed file says beside the certificate with this number. Never raises; where it cannot be read, nothing."""
    printed = queries.find_printed(number)
    if printed is None:
        return FileWords()
    model, file_id = printed
    try:
        original = current_app.extensions["store"].get(file_id)
        theirs, ours = asking.read_papers(data, original)
    except (NotRead, OSError, ValueError):
        return FileWords()
    title = theirs["title"] or ""
    return FileWords(
        facts=compare(model, theirs["lines"], ours["lines"]) if theirs["lines"] and ours["lines"] else (),
        added=_added(theirs, ours),
        title=title if _plain(title) != _plain(ours["title"] or "") else "",
        badge=_badge_words(theirs["badges"], model),
    )


def compare(model: Mapping[str, Any], theirs: Sequence[str], ours: Sequence[str]) -> tuple[FactSaid, ...]:
    """Each fact of a model as a changed page has it. `theirs` and `ours` are the lines of the two pages."""
    counterparts = _counterparts(theirs, ours)
    said = []
    for fact in Fact:
        printed = str(model.get(fact.value) or "")
        place = next((place for place, line in enumerate(ours) if _plain(line) == _plain(printed)), None)
        if printed and place is not None:
            said.append(FactSaid(fact, counterparts.get(place), printed))
    return tuple(said)


def _counterparts(theirs: Sequence[str], ours: Sequence[str]) -> dict[int, str]:
    """For each line of ours the line of theirs that stands in its place."""
    found: dict[int, str] = {}
    matcher = SequenceMatcher(None, [_plain(line) for line in ours], [_plain(line) for line in theirs], autojunk=False)
    for what, first, end, other, other_end in matcher.get_opcodes():
        if what == "equal" or (what == "replace" and end - first == other_end - other):
            found |= {first + step: theirs[other + step] for step in range(end - first)}
        elif what == "replace":
            found |= dict.fromkeys(range(first, end), " ".join(theirs[other:other_end])[:300])
    return found


def _added(theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> tuple[str, ...]:
    """Lines and notes that our page does not have, once each."""
    known = {_plain(line) for line in ours["lines"] or ()}
    lines = [*(theirs["lines"] or ()), *(theirs["notes"] or ())]
    return tuple(dict.fromkeys(line for line in lines if _plain(line) not in known))[:MOST_ADDED]


def _badge_words(badges: Sequence[str] | None, model: Mapping[str, Any]) -> tuple[str, ...]:
    """What badges inside the file say of holder, award and number, where that differs from the certificate."""
    known = {_plain(str(model.get(fact.value) or "")) for fact in (Fact.HOLDER, Fact.AWARD, Fact.NUMBER)}
    said = []
    for written in badges or ():
        found = read_badge(b64decode(written))
        told = BadgeCheck(BadgeFormat.JSON, (), credential=found.credential)
        said += [word[:300] for word in (told.holder_name, told.achievement_name, told.number) if word]
    return tuple(dict.fromkeys(word for word in said if _plain(word) not in known))[:MOST_ADDED]


def _plain(text: str) -> str:
    """A line for comparing: a page breaks and spaces words as it likes, and writes small capitals."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c) != "Cf")
