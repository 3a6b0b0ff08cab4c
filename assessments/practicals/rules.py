"""The rules of practicals that need no database: times, independence, what is missing, the receipt. Pure."""

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from assessments.grading.canonical import digest

# How long a learner waits at most, as stated on the page, and how long a script is held for one assessor.
MARKING_TIME = timedelta(days=14)
SOON = timedelta(days=3)
LEASE = timedelta(hours=8)
YEAR = timedelta(days=365)

# Without letters that look like figures or like each other.
LETTERS = "ACDEFGHJKLMNPQRTUVWXY"
SHORTEST_NAME = 3


@dataclass(frozen=True)
class Ties:
    """Whom a person works for and is tied to, in comparable spelling (`accounts.services.employer_key`)."""

    employers: frozenset[str] = frozenset()
    others: str = ""


def are_independent(one: Ties, other: Ties) -> bool:
    """Whether neither of two people works for an employer of the other, or for one the other is tied to."""
    if one.employers & other.employers:
        return False
    return not (_is_named(one.employers, other.others) or _is_named(other.employers, one.others))


def may_mark(learner_id: int, learner: Ties, assessor_id: int, assessor: Ties) -> bool:
    """Whether an assessor may mark this learner's work: never one's own, nor that of one's own house."""
    return learner_id != assessor_id and are_independent(learner, assessor)


def _is_named(employers: frozenset[str], words: str) -> bool:
    padded = f" {words} "
    return any(f" {employer} " in padded for employer in employers if employer)


def due_at(submitted_at: datetime) -> datetime:
    """By when the work handed in at this moment is to be marked."""
    return submitted_at + MARKING_TIME


def make_candidate_number(chance: Random) -> str:
    """A code such as K7-2291 under which a marker knows a submission."""
    return f"{chance.choice(LETTERS)}{chance.randrange(2, 10)}-{chance.randrange(1_000, 10_000)}"


@dataclass(frozen=True)
class Said:
    """What an assessor says on one criterion: no level is not the lowest level."""

    level: str | None = None
    comment: str = ""


@dataclass(frozen=True)
class Gap:
    """What a criterion still lacks before the marks can be handed in."""

    code: str
    no_level: bool
    no_comment: bool


def find_gaps(codes: Sequence[str], said: Mapping[str, Said]) -> list[Gap]:
    """The criteria that lack a level or a comment, in the order of the rubric."""
    gaps = []
    for code in codes:
        mark = said.get(code, Said())
        gap = Gap(code, mark.level is None, not mark.comment.strip())
        if gap.no_level or gap.no_comment:
            gaps.append(gap)
    return gaps


def agree(markings: Sequence[Mapping[str, Said]]) -> dict[str, Said]:
    """What counts, of all finished markings of one submission. One marking is asked for: it counts as it stands.

    Raises ValueError for none or several: how several are combined is a rule nobody has made yet.
    """
    if len(markings) != 1:
        raise ValueError(f"one marking is needed, not {len(markings)}")
    return dict(markings[0])


def sha256_of(text: str) -> str:
    """SHA-256 of a text in UTF-8, in hexadecimal, as `sha256sum` would give it for a file of this text."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Handed:
    """What a receipt stands for; the files are their SHA-256 in order."""

    practical: str
    number: int
    text: str
    files: Sequence[str]
    declaration: str
    submitted_at: datetime


def make_receipt(handed: Handed) -> str:
    """SHA-256 over everything that was handed in, for the learner to keep."""
    return digest(
        {
            "practical": handed.practical,
            "number": handed.number,
            "text": sha256_of(handed.text),
            "files": list(handed.files),
            "declaration": sha256_of(handed.declaration),
            "submitted_at": handed.submitted_at.isoformat(),
        }
    )


def names_in(text: str, names: Sequence[str]) -> list[str]:
    """The words of `names` that stand in `text` as words of their own, in any case of letters, each once."""
    words = set(_fold(text).split())
    parts = [part for name in names for part in name.split()]
    found = [part for part in parts if len(part) >= SHORTEST_NAME and _fold(part).strip() in words]
    return list(dict.fromkeys(found))


def _fold(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c if c.isalnum() else " " for c in folded)
