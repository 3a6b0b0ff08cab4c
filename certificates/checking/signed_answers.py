"""Answers with a signature of ours: whoever keeps one can show later what the register said, and when.

The signature is a detached JSON Web Signature (RFC 7515, appendix F; Ed25519 as in RFC 8037) over the answer without its
`proof`, written as RFC 8785 writes JSON: keys in order, no spaces, UTF-8. Our answers hold texts, whole numbers, true,
false and null only, for which sorted keys without spaces are that form.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import structlog

from certificates.keys import published as published_keys
from certificates.keys.models import SigningKeyRow
from certificates.keys.records import KeyPurpose, KeyStoreError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ALGORITHM = "EdDSA"
PROOF = "proof"
log = structlog.get_logger(__name__)


class RecordStanding(StrEnum):
    """What a signed answer is worth."""

    HOLDS = "holds"
    ALTERED = "altered"
    NOT_OURS = "not-ours"
    KEY_STOLEN = "key-stolen"


def canonical(document: dict[str, Any]) -> bytes:
    """The bytes that are signed: the document without its proof, in the form of RFC 8785."""
    unsigned = {name: value for name, value in document.items() if name != PROOF}
    return json.dumps(unsigned, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def sign(document: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The document with its `proof`: `kid` and `jws`. Null where no key can sign now: the answer itself still stands."""
    try:
        signer = published_keys.signer_for(KeyPurpose.ANSWER, now)
        head = _written(json.dumps({"alg": ALGORITHM, "kid": signer.key_id}, separators=(",", ":")).encode())
        signature = signer.sign(f"{head}.{_written(canonical(document))}".encode())
    except KeyStoreError as problem:
        log.warning("answer_not_signed", reason=str(problem))
        return document | {PROOF: None}
    return document | {PROOF: {"kid": signer.key_id, "jws": f"{head}..{_written(signature)}"}}


def check(document: dict[str, Any]) -> RecordStanding:
    """Whether a document carries a signature of ours that fits. Never raises for any JSON object."""
    from cryptography.exceptions import InvalidSignature

    try:
        head, empty, signature = document[PROOF]["jws"].split(".")
        header = json.loads(_read(head))
        named = (header["alg"], header["kid"], empty)
        message = f"{head}.{_written(canonical(document))}".encode()
        given = _read(signature)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return RecordStanding.NOT_OURS
    row = next((row for row in published_keys.list_keys(KeyPurpose.ANSWER) if row.key_id == named[1]), None)
    if row is None or named != (ALGORITHM, row.key_id, ""):
        return RecordStanding.NOT_OURS
    try:
        _key_of(row).verify(given, message)
    except InvalidSignature:
        return RecordStanding.ALTERED
    return RecordStanding.HOLDS if row.compromised_at is None else RecordStanding.KEY_STOLEN


def list_public() -> dict[str, Any]:
    """The keys that signed answers, as a JSON Web Key Set (RFC 7517, RFC 8037); `revoked` tells since when one was stolen."""
    return {"keys": [_jwk(row) for row in published_keys.list_keys(KeyPurpose.ANSWER)]}


def _jwk(row: SigningKeyRow) -> dict[str, Any]:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    raw = _key_of(row).public_bytes(Encoding.Raw, PublicFormat.Raw)
    key = {"kty": "OKP", "crv": "Ed25519", "alg": ALGORITHM, "use": "sig", "kid": row.key_id, "x": _written(raw)}
    return key if row.compromised_at is None else key | {"revoked": row.compromised_at.isoformat(timespec="seconds")}


def _key_of(row: SigningKeyRow) -> Ed25519PublicKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    key = row.public_key
    if not isinstance(key, Ed25519PublicKey):
        raise TypeError(f"key {row.key_id} signs answers and is not Ed25519")
    return key


def _written(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _read(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
