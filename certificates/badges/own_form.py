"""What a badge of ours is beside signed: written in the one way in which our badges are written.

A signature covers the meaning of a document and not its text. Values that mean nothing, or the same in other words, can
be put into it afterwards; a reader of the text could be led astray by them.
"""

from typing import Any

from certificates.badges.credential import CONTEXTS, STATUS_PURPOSE, STATUS_TYPE, StatusPlace
from certificates.badges.faults import Fault, FaultKind
from certificates.badges.linked_data import LinkedDataError, expand, is_address

LISTED = frozenset({"@context", "type", "identifier", "tag", "evidence", "proof"})
"""The keys under which a badge of ours has lists."""


def find_own_faults(credential: dict[str, Any], method: str) -> list[Fault]:
    """What a badge of ours is besides signed: our contexts, plain terms, a key of its own issuer, one status entry."""
    faults = []
    if credential.get("@context") != list(CONTEXTS):
        faults.append(Fault(FaultKind.CONTEXT, "@context", "not the contexts of our badges"))
    else:
        faults += [Fault(FaultKind.TERM, path, "spelled out instead of a term") for path in _spelled(credential)]
    faults += _respelled(credential)
    issuer = credential.get("issuer")
    named = issuer.get("id") if isinstance(issuer, dict) else issuer
    if named != method.partition("#")[0]:
        faults.append(Fault(FaultKind.ISSUER, "issuer.id", "the key belongs to another issuer"))
    if find_status(credential) is None:
        faults.append(Fault(FaultKind.STATUS, "credentialStatus", "not one entry for revocation"))
    return faults


def _respelled(credential: dict[str, Any]) -> list[Fault]:
    """Values that JSON-LD reads as nothing or as the same in another writing, so that the signature does not notice them.

    Our badges hold nothing empty, no list within a list, and lists under the keys of LISTED only.
    """
    waiting: list[tuple[str, str, Any]] = [("", "", credential)]
    faults = []
    while waiting:
        path, key, value = waiting.pop()
        if value is None or value in ([], {}) or (isinstance(value, list) and key not in LISTED):
            faults.append(Fault(FaultKind.FIELD, path, "not written as our badges write it"))
        elif isinstance(value, dict):
            waiting += [(f"{path}.{name}".lstrip("."), name, part) for name, part in value.items()]
        elif isinstance(value, list):
            waiting += [(f"{path}.{place}", "", part) for place, part in enumerate(value)]
    return faults


def _spelled(credential: dict[str, Any]) -> tuple[str, ...]:
    try:
        return expand(credential).spelled
    except LinkedDataError:
        return ()


def find_status(credential: dict[str, Any]) -> StatusPlace | None:
    """The one entry for revocation, if there is exactly one and it is well-formed."""
    entry = credential.get("credentialStatus")
    if not isinstance(entry, dict) or (entry.get("type"), entry.get("statusPurpose")) != (STATUS_TYPE, STATUS_PURPOSE):
        return None
    index, address = entry.get("statusListIndex"), entry.get("statusListCredential")
    if not isinstance(index, str) or not (index.isascii() and index.isdigit() and len(index) < 10):
        return None
    return StatusPlace(str(address), int(index)) if is_address(address) else None
