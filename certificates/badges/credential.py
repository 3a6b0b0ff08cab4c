"""The credential of one badge: Open Badges 3.0 on the W3C data model for verifiable credentials 2.0, as plain data.

The form is the strict one: `proof` will be a list, `credentialStatus` one object (the JSON schema of Open Badges 3.0
refuses a list), every `type` of the standard's own classes a list. Nothing is signed here.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from certificates.badges.known_contexts import CREDENTIALS_V2, OPEN_BADGES
from certificates.badges.linked_data import is_address
from certificates.badges.proofs import written_time

CONTEXTS = (CREDENTIALS_V2, OPEN_BADGES)
"""The contexts of our credentials, in their order. A status list names the first one only."""
STATUS_TYPE, STATUS_PURPOSE = "BitstringStatusListEntry", "revocation"

_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class FactsInvalid(ValueError):
    """Facts that no badge can state, for example an end before the beginning."""


@dataclass(frozen=True)
class Issuer:
    """Who issues: its did:web identifier, its name and the address of its pages."""

    did: str
    name: str
    url: str


@dataclass(frozen=True)
class BadgeAchievement:
    """What was earned. `address` identifies it for ever; `criteria` and `description` are sentences of the body.

    `kind` is a word of the standard's list of achievement types. `picture` is the address of the badge's picture.
    """

    address: str
    name: str
    description: str
    criteria: str
    tags: tuple[str, ...] = ()
    kind: str = "Certification"
    picture: str = ""


@dataclass(frozen=True)
class BadgeEvidence:
    """One piece of what the award rests on, in words: what it was, and under which supervision it was done."""

    name: str
    narrative: str


@dataclass(frozen=True)
class StatusPlace:
    """Where the status of a badge is read: the address of the list and the place in it, counted from zero."""

    list_address: str
    index: int


@dataclass(frozen=True)
class BadgeFacts:
    """Everything that one badge states.

    `credential_id` is `urn:uuid:…`; `number` the certificate's; `salt` a random text of this credential alone (see
    `new_salt`), so that the hash of an e-mail address cannot be looked up in a table or compared between badges.
    Times have a zone. An empty `email` leaves the hashed address out. Raises FactsInvalid.
    """

    credential_id: str
    number: str
    issuer: Issuer
    achievement: BadgeAchievement
    holder_name: str
    email: str
    salt: str
    awarded: datetime
    valid_from: datetime
    valid_until: datetime | None
    status: StatusPlace
    evidence: tuple[BadgeEvidence, ...] = ()

    def __post_init__(self) -> None:
        if not _UUID.fullmatch(self.credential_id):
            raise FactsInvalid(f"not a urn:uuid: {self.credential_id!r}")
        addresses = (self.issuer.did, self.issuer.url, self.achievement.address, self.status.list_address)
        for address in (*addresses, self.achievement.picture or self.issuer.url):
            if not is_address(address):
                raise FactsInvalid(f"not an absolute address: {address!r}")
        if not self.holder_name.strip() or len(self.salt) < 16:
            raise FactsInvalid("a badge needs a holder's name and a salt of 16 characters at least")
        if self.status.index < 0:
            raise FactsInvalid("a place in a status list is counted from zero")
        times = (self.awarded, self.valid_from, self.valid_until or self.valid_from)
        if any(moment.tzinfo is None for moment in times):
            raise FactsInvalid("the times of a badge need a zone")
        if self.valid_until is not None and self.valid_until <= self.valid_from:
            raise FactsInvalid("a badge ends after it begins")


def new_salt() -> str:
    """Return 128 random bits as text, for one credential."""
    return secrets.token_hex(16)


def identity_hash(email: str, salt: str) -> str:
    """Return the hashed identifier of an e-mail address (Open Badges 3.0, IdentityHash): address, then salt.

    The address is taken in lower case and without spaces around it, as wallets compare it.
    """
    return "sha256$" + sha256((email.strip().lower() + salt).encode()).hexdigest()


def status_entry(place: StatusPlace) -> dict[str, Any]:
    """Return the `credentialStatus` that points at one bit (W3C Bitstring Status List v1.0, section 2.1)."""
    return {
        "id": f"{place.list_address}#{place.index}",
        "type": STATUS_TYPE,
        "statusPurpose": STATUS_PURPOSE,
        "statusListIndex": str(place.index),
        "statusListCredential": place.list_address,
    }


def build(facts: BadgeFacts) -> dict[str, Any]:
    """Return the credential of a badge without its proof, keys in the order in which people read it."""
    credential: dict[str, Any] = {
        "@context": list(CONTEXTS),
        "id": facts.credential_id,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": facts.issuer.did, "type": ["Profile"], "name": facts.issuer.name, "url": facts.issuer.url},
        "name": facts.achievement.name,
        "awardedDate": written_time(facts.awarded),
        "validFrom": written_time(facts.valid_from),
    }
    if facts.valid_until is not None:
        credential["validUntil"] = written_time(facts.valid_until)
    credential["credentialSubject"] = _subject(facts)
    if facts.evidence:
        credential["evidence"] = [_evidence(facts, place) for place in range(len(facts.evidence))]
    return credential | {"credentialStatus": status_entry(facts.status)}


def _evidence(facts: BadgeFacts, place: int) -> dict[str, Any]:
    """One piece, with an identifier of its own: what has none makes the canonical form slow."""
    piece = facts.evidence[place]
    return {
        "id": f"{facts.credential_id}#evidence-{place + 1}",
        "type": ["Evidence"],
        "name": piece.name,
        "narrative": piece.narrative,
    }


def _subject(facts: BadgeFacts) -> dict[str, Any]:
    """Whom it is about. There is no identifier of the holder beyond the name and a hash that only the holder can give."""
    identifiers = [_identity("name", facts.holder_name)]
    if facts.email:
        hashed = {"hashed": True, "identityHash": identity_hash(facts.email, facts.salt), "salt": facts.salt}
        identifiers.append(_identity("emailAddress", "") | hashed)
    return {
        "type": ["AchievementSubject"],
        "identifier": identifiers,
        "licenseNumber": facts.number,
        "achievement": _achievement(facts.achievement),
    }


def _identity(kind: str, value: str) -> dict[str, Any]:
    return {"type": "IdentityObject", "identityType": kind, "hashed": False, "identityHash": value}


def _achievement(earned: BadgeAchievement) -> dict[str, Any]:
    described: dict[str, Any] = {
        "id": earned.address,
        "type": ["Achievement"],
        "achievementType": earned.kind,
        "name": earned.name,
        "description": earned.description,
        "criteria": {"narrative": earned.criteria},
    }
    if earned.tags:
        described["tag"] = list(earned.tags)
    if earned.picture:
        described["image"] = {"id": earned.picture, "type": "Image"}
    return described
