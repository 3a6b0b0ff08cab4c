"""Badges as one line of text: VC-JWT (Open Badges 3.0, section 8.2; W3C Securing Verifiable Credentials using JOSE).

Ours are RS256, which every reader of Open Badges must know. The payload is the credential with the registered claims
beside it. What is believed is the key that `kid` names among the keys handed in; a key inside the token is never used.
"""

import json
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime
from typing import Any

TYPE, ALGORITHM = "vc+jwt", "RS256"
READ_ALGORITHMS = ("RS256", "Ed25519", "EdDSA")
CLAIMS = ("iss", "jti", "nbf", "exp", "iat", "sub", "aud")


class TokenInvalid(ValueError):
    """A token that is none, or whose signature does not fit."""


def encode(credential: dict[str, Any], sign: Callable[[bytes], bytes], kid: str) -> str:
    """Return a credential, a badge or a status list, as VC-JWT.

    `sign` answers with an RSA signature (PKCS#1 v1.5, SHA-256); `kid` is the DID URL of its key.
    Raises TokenInvalid for a credential that carries a `proof`: a token is its own proof.
    """
    if "proof" in credential:
        raise TokenInvalid("a token is made from a credential without proof")
    header = {"alg": ALGORITHM, "typ": TYPE, "kid": kid}
    signed = f"{_part(header)}.{_part(credential | _claims(credential))}"
    return f"{signed}.{_written(sign(signed.encode()))}"


def _claims(credential: dict[str, Any]) -> dict[str, Any]:
    issuer = credential["issuer"]
    named = issuer["id"] if isinstance(issuer, dict) else issuer
    claims = {"iss": named, "jti": credential["id"], "nbf": _seconds(credential["validFrom"])}
    if "validUntil" in credential:
        claims["exp"] = _seconds(credential["validUntil"])
    return claims


def _seconds(written: str) -> int:
    return int(datetime.fromisoformat(written).timestamp())


def _part(value: dict[str, Any]) -> str:
    return _written(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def _written(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(part: str) -> bytes:
    """Base64url as a token has it. Raises ValueError."""
    return b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)


def read(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return header and payload of a token as they stand there, unverified. Raises TokenInvalid."""
    parts = token.split(".")
    if len(parts) != 3:
        raise TokenInvalid("not a token in three parts")
    try:
        header, payload = (json.loads(_bytes(part)) for part in parts[:2])
    except (ValueError, RecursionError) as problem:
        raise TokenInvalid("a part of the token is not JSON") from problem
    if not isinstance(header, dict) or not isinstance(payload, dict):
        raise TokenInvalid("a token holds two JSON objects")
    return header, payload


def verify(token: str, public_der: bytes) -> None:
    """Check the signature of a token with a public key (SubjectPublicKeyInfo). Raises TokenInvalid with the reason.

    RS256 fits RSA keys only, Ed25519 and its older name EdDSA fit Ed25519 keys only.
    """
    import warnings

    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
    from joserfc.errors import JoseError
    from joserfc.jwk import OKPKey, RSAKey
    from joserfc.jws import deserialize_compact

    algorithm = read(token)[0].get("alg")
    if algorithm not in READ_ALGORITHMS:
        raise TokenInvalid(f"tokens signed by {str(algorithm)[:40]!r} are not read here")
    pem = load_der_public_key(public_der).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the name EdDSA is deprecated (RFC 9864) and still the common one
            key = (RSAKey if algorithm == ALGORITHM else OKPKey).import_key(pem)
            deserialize_compact(token, key, algorithms=list(READ_ALGORITHMS))
    except (JoseError, ValueError, TypeError) as problem:
        raise TokenInvalid("the signature does not fit the token") from problem
