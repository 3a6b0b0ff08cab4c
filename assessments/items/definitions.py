"""Item definitions as authors write them, and what is wrong with them (docs/course-format.md)."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.errors import DomainError
from assessments.grading.canonical import digest
from assessments.grading.kinds.registry import KindUnknown, kind

Definition = Mapping[str, Any]
ItemFault = tuple[str, str, str]


class ItemsInvalid(DomainError):
    """Definitions that cannot be taken. `faults` are triples of item code, path within the item, and message."""

    def __init__(self, faults: Sequence[ItemFault]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(f"{code} {path}: {message}" for code, path, message in faults))


def check_item(definition: Definition) -> list[tuple[str, str]]:
    """Pairs of a path within the definition and what is wrong there; empty for a sound one. Never raises."""
    try:
        found = kind(definition.get("kind")).check(definition)
    except KindUnknown as error:
        return [("kind", str(error))]
    return [(fault.path, fault.message.english) for fault in found]


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
