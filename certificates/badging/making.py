"""The badge of a certificate: what it states, taken from the certificate, and its two signed forms."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from certificates.badges import credential as badge
from certificates.badges import did, jwt, picture, proofs
from certificates.badging.models import BadgePlace
from certificates.issuing.documents import MEDALS, supervision_words
from certificates.keys import published as published_keys
from certificates.keys.records import KeyPurpose
from certificates.lifecycle.status import ends_at, starts_at
from certificates.models import Credential
from certificates.pdf.model import METAL_OF_MEDAL, Medal

JSON_TYPE, TOKEN_TYPE = "application/vc+ld+json", "application/vc+jwt"


@dataclass(frozen=True)
class MadeBadge:
    """One badge: as JSON with its proof inside, as a token, and the keys that signed them."""

    data: bytes
    token: str
    key_id: str
    token_key_id: str


def make(credential: Credential, place: BadgePlace, email: str, now: datetime) -> MadeBadge:
    """Make and sign the badge of a certificate. Raises KeyStoreError, FactsInvalid and what signing refuses."""
    facts = facts_of(credential, place, email)
    unsigned = badge.build(facts)
    signer = published_keys.signer_for(KeyPurpose.BADGE, now)
    token_signer = published_keys.signer_for(KeyPurpose.BADGE_JWT, now)
    issuer = facts.issuer.did
    secured = proofs.secure(unsigned, signer.sign, did.method_of(issuer, signer.key_id), now)
    token = jwt.encode(unsigned, token_signer.sign, did.method_of(issuer, token_signer.key_id))
    return MadeBadge(as_bytes(secured), token, signer.key_id, token_signer.key_id)


def as_bytes(document: dict[str, Any]) -> bytes:
    """A signed document as it is handed out: readable, in UTF-8; a picture carries the very same bytes."""
    return json.dumps(document, ensure_ascii=False, indent=2).encode()


def facts_of(credential: Credential, place: BadgePlace, email: str) -> badge.BadgeFacts:
    """What the badge of a certificate states; everything but the address of the holder stands on the certificate too."""
    base, level, told = credential.base_address, credential.level_code, credential.achievement
    first = credential.issued_on
    last = credential.valid_until
    return badge.BadgeFacts(
        credential_id=f"urn:uuid:{place.badge_uuid}",
        number=credential.number,
        issuer=badge.Issuer(did.did_of(base), credential.issuer, base),
        achievement=badge.BadgeAchievement(
            address=f"{base}/achievements/{level}",
            name=told["title"],
            description=told["level_title"],
            criteria=told.get("criteria") or credential.model["evidence"],
            picture=f"{base}/achievements/{level}.png",
        ),
        holder_name=credential.holder_name,
        email=email if place.salt else "",
        salt=place.salt,
        awarded=starts_at(first, credential.zone),
        valid_from=starts_at(first, credential.zone),
        valid_until=ends_at(last, credential.zone) if last else None,
        status=badge.StatusPlace(list_address(base, place.list_number), place.position),
        evidence=_evidence(credential),
    )


def _evidence(credential: Credential) -> tuple[badge.BadgeEvidence, ...]:
    with force_locale(credential.model["language"]):
        words = [supervision_words(credential.supervision), credential.waiver]
        how = badge.BadgeEvidence(_("How it was examined"), " ".join(word for word in words if word))
        return (badge.BadgeEvidence(_("What it was awarded for"), credential.model["evidence"]), how)


def list_address(base_address: str, list_number: int) -> str:
    """Where a status list is published."""
    return f"{base_address}/status-lists/{list_number}"


def medal_of(level_code: str) -> picture.Medal:
    """The medal of a level, in its metal."""
    medal = MEDALS.get(level_code, Medal.LEAF)
    return picture.Medal(medal.value, METAL_OF_MEDAL[medal])
