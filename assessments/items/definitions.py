"""Item definitions as authors write them, and what is wrong with them (docs/course-format.md)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from app.errors import DomainError
from assessments.grading.canonical import digest
from assessments.grading.kinds.registry import KindUnknown, kind
from assessments.grading.messages import N_, Fault, fault
from courses.folder.items import THINKING
from courses.folder.lessons import TECHNIQUES

Definition = Mapping[str, Any]
ItemFault = tuple[str, str, str]

# What every item has beside what its kind asks for: where it stands in the syllabus.
PLACED = ("code", "topic", "objective", "thinking", "technique")
_CODE = re.compile(r"[A-Za-z0-9.-]{1,40}")


class ItemsInvalid(DomainError):
    """Definitions that cannot be taken. `faults` are triples of item code, path within the item, and message."""

    def __init__(self, faults: Sequence[ItemFault]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(f"{code} {path}: {message}" for code, path, message in faults))


def check_item(definition: Definition) -> list[tuple[str, str]]:
    """Pairs of a path within the definition and what is wrong there; empty for a sound one. Never raises."""
    return [(found.path, found.message.english) for found in _faults_of_kind(definition)]


def check_written(definition: Definition) -> list[Fault]:
    """Every fault of a definition as it is written in the bank: of its place in the syllabus, then of its kind."""
    faults = [
        fault(field, N_("must be 1 to 40 letters, digits, points or hyphens"))
        for field in ("code", "topic", "objective")
        if not (isinstance(definition.get(field), str) and _CODE.fullmatch(definition[field]))
    ]
    for field, allowed in (("thinking", THINKING), ("technique", ("", *TECHNIQUES))):
        if definition.get(field, "") not in allowed:
            faults.append(fault(field, N_("must be one of: %(allowed)s"), allowed=", ".join(filter(None, allowed))))
    return faults + _faults_of_kind(definition)


def _faults_of_kind(definition: Definition) -> list[Fault]:
    try:
        return kind(definition.get("kind")).check(definition)
    except KindUnknown as error:
        return [fault("kind", "%(problem)s", problem=str(error))]


def check_items(definitions: Sequence[Definition]) -> None:
    """Raises ItemsInvalid with every fault of every definition, codes given twice included."""
    faults: list[ItemFault] = []
    seen: set[str] = set()
    for definition in definitions:
        code = str(definition.get("code", "?"))
        faults += [(code, path, message) for path, message in check_item(definition)]
        if code in seen:
            faults.append((code, "code", "is given twice"))
        seen.add(code)
    if faults:
        raise ItemsInvalid(faults)


def content_hash(definition: Definition) -> str:
    """SHA-256 of the whole definition, key included: equal for equal items only."""
    return digest(definition)
