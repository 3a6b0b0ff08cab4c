"""Who may decide an appeal: a person who had no part in what it is about. PURE."""

from collections.abc import Mapping
from enum import StrEnum


class Part(StrEnum):
    """What somebody may have had to do with a result."""

    CANDIDATE = "candidate"
    WRITER = "writer"
    APPROVER = "approver"
    MARKER = "marker"
    KEYS = "keys"
    RATIFIER = "ratifier"
    RELEASER = "releaser"
    INVIGILATOR = "invigilator"


Record = Mapping[Part, frozenset[str]]


def parts_of(person: str, record: Record) -> tuple[Part, ...]:
    """The parts a person (public id) had; empty for somebody who may decide."""
    return tuple(part for part in Part if person and person in record.get(part, frozenset()))


def may_decide(person: str, record: Record) -> bool:
    """Whether a person had no part in what the appeal is about."""
    return bool(person) and not parts_of(person, record)
