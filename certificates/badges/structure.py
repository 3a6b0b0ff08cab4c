"""What a credential must be made of, whoever issued it: the rules of the data model and of Open Badges, one by one.

W3C Verifiable Credentials Data Model v2.0, section 4, and Open Badges 3.0, section "Data models". Each rule looks at one
part and names what is wrong with it; none of them looks at signatures. Version 1.1 of the data model is read too, with
its own names of the dates.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from certificates.badges.faults import Fault, FaultKind
from certificates.badges.known_contexts import CREDENTIALS_V1, CREDENTIALS_V2, KNOWN
from certificates.badges.linked_data import LinkedDataError, expand, is_address

Json = dict[str, Any]

BADGE_TYPES = frozenset({"OpenBadgeCredential", "AchievementCredential"})
TYPED_PARTS = ("credentialStatus", "credentialSchema", "evidence", "refreshService", "termsOfUse", "proof")
"""Parts of a credential of which each must say its type."""
ADDRESSED_PARTS = ("credentialStatus", "credentialSchema", "refreshService", "termsOfUse", "evidence")
ACHIEVEMENT_PARTS = ("id", "type", "name", "description", "criteria")
_STATUS_PARTS = ("statusPurpose", "statusListIndex", "statusListCredential")


def find_faults(credential: Json) -> list[Fault]:
    """Return every fault of a credential's structure, proof and signature aside."""
    rules = (_contexts, _types, _identifier, _issuer, _dates, _subjects, _typed_parts, _addressed_parts, _status)
    faults = [fault for rule in rules for fault in rule(credential)]
    if BADGE_TYPES & set(_kinds(credential)):
        faults += _badge(credential)
    return faults + list(_terms(credential, faults))


def as_list(value: Any) -> list[Any]:
    """Return a value as a list, as JSON-LD reads it: nothing, one, or several."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _kinds(part: Json) -> list[str]:
    return [kind for kind in as_list(part.get("type")) if isinstance(kind, str)]


def _contexts(credential: Json) -> Iterator[Fault]:
    """The base context comes first; the others are addresses or objects."""
    contexts = credential.get("@context")
    if not isinstance(contexts, list) or not contexts:
        yield Fault(FaultKind.CONTEXT, "@context", "a list of contexts is missing")
        return
    if contexts[0] == CREDENTIALS_V1:
        yield Fault(FaultKind.STANDARD, "@context.0", "version 1.1 of the data model")
    elif contexts[0] != CREDENTIALS_V2:
        yield Fault(FaultKind.CONTEXT, "@context.0", "the context of the data model does not come first")
    for place, context in enumerate(contexts):
        if isinstance(context, str) and is_address(context):
            if context not in KNOWN:
                yield Fault(FaultKind.CONTEXT_UNKNOWN, f"@context.{place}", context[:200])
        elif not isinstance(context, dict):
            yield Fault(FaultKind.CONTEXT, f"@context.{place}", "neither an address nor an object")


def _types(credential: Json) -> Iterator[Fault]:
    if not _well_typed(credential):
        yield Fault(FaultKind.TYPE, "type", "no type, or one that is no text")
    elif "VerifiableCredential" not in _kinds(credential):
        yield Fault(FaultKind.TYPE, "type", "not a VerifiableCredential")
    if not BADGE_TYPES & set(_kinds(credential)):
        yield Fault(FaultKind.NOT_A_BADGE, "type", ", ".join(_kinds(credential))[:200])


def _well_typed(part: Json) -> bool:
    kinds = as_list(part.get("type"))
    return bool(kinds) and all(isinstance(kind, str) and kind for kind in kinds)


def _identifier(credential: Json) -> Iterator[Fault]:
    if "id" in credential and not is_address(credential["id"]):
        yield Fault(FaultKind.IDENTIFIER, "id", "not one absolute address")


def _issuer(credential: Json) -> Iterator[Fault]:
    issuer = credential.get("issuer")
    if not is_address(issuer.get("id") if isinstance(issuer, dict) else issuer):
        yield Fault(FaultKind.ISSUER, "issuer", "no issuer with an absolute address")
    if isinstance(issuer, dict):
        yield from _profile(issuer, "issuer")


def _profile(profile: Json, path: str) -> Iterator[Fault]:
    """Open Badges: an issuer is a Profile, and so are those above it. Others may give an address alone."""
    if "type" in profile and "Profile" not in _kinds(profile):
        yield Fault(FaultKind.TYPE, f"{path}.type", "not a Profile")
    for place, entry in enumerate(as_list(profile.get("otherIdentifier"))):
        if not isinstance(entry, dict) or "IdentifierEntry" not in _kinds(entry):
            yield Fault(FaultKind.TYPE, f"{path}.otherIdentifier.{place}.type", "not an IdentifierEntry")
    parent = profile.get("parentOrg")
    if isinstance(parent, dict):
        yield from _profile(parent, f"{path}.parentOrg")


def read_time(value: Any) -> datetime | None:
    """Return a time with its zone as credentials write it (XML Schema dateTimeStamp), or None for anything else."""
    if not isinstance(value, str) or len(value) < 20 or "T" not in value[10:11]:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def window(credential: Json) -> tuple[datetime | None, datetime | None]:
    """Return the times between which a credential is valid, under the names of either data model."""
    begins = credential.get("validFrom", credential.get("issuanceDate"))
    ends = credential.get("validUntil", credential.get("expirationDate"))
    return read_time(begins), read_time(ends)


def _dates(credential: Json) -> Iterator[Fault]:
    for name in ("validFrom", "validUntil", "awardedDate", "issuanceDate", "expirationDate"):
        if name in credential and read_time(credential[name]) is None:
            yield Fault(FaultKind.DATE, name, "not a time with a zone")
    begins, ends = window(credential)
    if begins and ends and ends < begins:
        yield Fault(FaultKind.DATE, "validUntil", "ends before it begins")


def _subjects(credential: Json) -> Iterator[Fault]:
    subjects = as_list(credential.get("credentialSubject"))
    if not subjects:
        yield Fault(FaultKind.SUBJECT, "credentialSubject", "nobody is spoken of")
    for subject in subjects:
        if not isinstance(subject, dict) or not subject:
            yield Fault(FaultKind.SUBJECT, "credentialSubject", "a subject about whom nothing is said")
        elif "id" in subject and not is_address(subject["id"]):
            yield Fault(FaultKind.IDENTIFIER, "credentialSubject.id", "not one absolute address")


def _typed_parts(credential: Json) -> Iterator[Fault]:
    for name in TYPED_PARTS:
        for part in as_list(credential.get(name)):
            if not isinstance(part, dict) or not _well_typed(part):
                kind = FaultKind.PROOF_SHAPE if name == "proof" else FaultKind.TYPE
                yield Fault(kind, name, "a part that does not say its type")


def _addressed_parts(credential: Json) -> Iterator[Fault]:
    for name in ADDRESSED_PARTS:
        for part in as_list(credential.get(name)):
            if isinstance(part, dict) and "id" in part and not is_address(part["id"]):
                yield Fault(FaultKind.IDENTIFIER, f"{name}.id", "not one absolute address")
            elif isinstance(part, dict) and name == "credentialSchema" and "id" not in part:
                yield Fault(FaultKind.IDENTIFIER, f"{name}.id", "a schema without address")


def _status(credential: Json) -> Iterator[Fault]:
    """Entries of Bitstring Status List, section 2.1: a purpose, a list, and a place in it written as text."""
    for entry in as_list(credential.get("credentialStatus")):
        if not isinstance(entry, dict) or "BitstringStatusListEntry" not in _kinds(entry):
            continue
        purpose, index, address = (entry.get(name) for name in _STATUS_PARTS)
        if not isinstance(purpose, str) or not is_address(address):
            yield Fault(FaultKind.STATUS, "credentialStatus", "no purpose, or no address of a list")
        if not isinstance(index, str) or not (index.isascii() and index.isdigit() and len(index) < 10):
            yield Fault(FaultKind.STATUS, "credentialStatus.statusListIndex", "not a place in a list")


def _badge(credential: Json) -> Iterator[Fault]:
    """What Open Badges asks beyond the data model."""
    for subject in as_list(credential.get("credentialSubject")):
        if isinstance(subject, dict):
            yield from _achievement_subject(subject)
    for part in as_list(credential.get("evidence")):
        if isinstance(part, dict) and "Evidence" not in _kinds(part):
            yield Fault(FaultKind.TYPE, "evidence.type", "not Evidence")


def _achievement_subject(subject: Json) -> Iterator[Fault]:
    if "AchievementSubject" not in _kinds(subject):
        yield Fault(FaultKind.TYPE, "credentialSubject.type", "not an AchievementSubject")
    achievement = subject.get("achievement")
    if not isinstance(achievement, dict):
        yield Fault(FaultKind.SUBJECT, "credentialSubject.achievement", "nothing has been achieved")
        return
    for name in ACHIEVEMENT_PARTS:
        if not achievement.get(name):
            yield Fault(FaultKind.FIELD, f"credentialSubject.achievement.{name}", "missing")


def _terms(credential: Json, faults: list[Fault]) -> Iterator[Fault]:
    """Keys and types that no context defines. Not asked where a context is missing, malformed or unknown."""
    if any(fault.kind in (FaultKind.CONTEXT, FaultKind.CONTEXT_UNKNOWN) for fault in faults):
        return
    try:
        found = expand(credential)
    except LinkedDataError as problem:
        yield Fault(FaultKind.CONTEXT, "@context", str(problem))
        return
    for path in found.keys:
        yield Fault(FaultKind.TERM, path, "no context defines this key")
    for path in found.types:
        yield Fault(FaultKind.TYPE, path, "no context defines this type")
