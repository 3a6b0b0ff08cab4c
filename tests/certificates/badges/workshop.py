"""A body with its keys, and badges of its hand, for the tests of this folder. All people and bodies are made up."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from certificates.badges import credential, did, jwt, proofs, status_list
from certificates.badges.check import BadgeCheck, check_badge
from certificates.badges.credential import BadgeAchievement, BadgeEvidence, BadgeFacts, Issuer, StatusPlace

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
BASE = "https://body.example:8443/academy"
DID = "did:web:body.example%3A8443:academy"
LIST = f"{BASE}/status/1"
FACTS = BadgeFacts(
    credential_id="urn:uuid:0b2a2c0e-6f0d-4c7e-9d51-2f4f5a3f7a10",
    number="7KQ2-9XMD-4T3H-VB8C-P",
    issuer=Issuer(DID, "The Body & Sons <e.V.>", BASE),
    achievement=BadgeAchievement(
        address=f"{BASE}/achievements/advanced",
        name="Advanced Professional",
        description="Plans, runs and judges the work of others.",
        criteria="Written examination, a practical judged by two assessors, and the two levels below.",
        tags=("judgement", "planning"),
        picture=f"{BASE}/badges/advanced.png",
    ),
    holder_name="Ingrid Adeyemi-Solheim 王小明",
    email="Ingrid@Mail.example",
    salt="00112233445566778899aabbccddeeff",
    awarded=NOW - timedelta(days=16),
    valid_from=NOW - timedelta(days=16),
    valid_until=NOW + timedelta(days=3 * 365),
    status=StatusPlace(LIST, 94_567),
    evidence=(
        BadgeEvidence("Written examination", "Sat under supervision; identity checked."),
        BadgeEvidence("Practical “Boardroom case” ]]> & more", "Judged by two assessors who did not teach the holder."),
    ),
)


@dataclass(frozen=True)
class Workshop:
    """Two keys of one body: Ed25519 for proofs, RSA for tokens."""

    now: datetime = NOW
    badge_key: Ed25519PrivateKey = field(
        default_factory=lambda: Ed25519PrivateKey.from_private_bytes(b"badge key of a workshop in tests")
    )
    token_key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    @property
    def entries(self) -> list[did.PublicKeyEntry]:
        return [
            did.PublicKeyEntry("badge-1", public_der(self.badge_key)),
            did.PublicKeyEntry("token-1", public_der(self.token_key)),
        ]

    @property
    def resolve(self) -> Callable[[str], bytes | None]:
        return did.resolver(DID, self.entries)

    @property
    def document(self) -> dict[str, Any]:
        return did.build_document(DID, self.entries)

    def sign_token(self, data: bytes) -> bytes:
        return self.token_key.sign(data, padding.PKCS1v15(), SHA256())

    def secure(self, unsecured: dict[str, Any]) -> dict[str, Any]:
        return proofs.secure(unsecured, self.badge_key.sign, f"{DID}#badge-1", self.now)

    def badge(self, **changes: Any) -> dict[str, Any]:
        return self.secure(credential.build(replace(FACTS, **changes)))

    def token(self, **changes: Any) -> str:
        return jwt.encode(credential.build(replace(FACTS, **changes)), self.sign_token, f"{DID}#token-1")

    def status_list(self, *revoked: int, valid_for: timedelta = timedelta(days=1)) -> dict[str, Any]:
        begins = self.now - timedelta(hours=1)
        facts = status_list.ListFacts(LIST, DID, begins, begins + valid_for)
        return self.secure(status_list.build(facts, revoked))

    def check(self, data: bytes | str | dict[str, Any], now: datetime = NOW) -> BadgeCheck:
        return check_badge(as_bytes(data), resolve=self.resolve, now=now)


def public_der(key: Ed25519PrivateKey | rsa.RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def as_bytes(data: bytes | str | dict[str, Any]) -> bytes:
    if isinstance(data, dict):
        data = json.dumps(data)
    return data.encode() if isinstance(data, str) else data
