"""did:web: the name of an issuer that is a web address, and the document there that lists its public keys.

W3C Controlled Identifiers v1.0 for the document; the method's own specification for the way from address to name and back.
A key once published stays listed for ever, or old badges could not be checked any more. A compromised key stays listed
too, with the time of revocation, but may no longer assert anything.
"""

from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from certificates.badges.multikey import encode_key
from certificates.badges.proofs import written_time

DOCUMENT_CONTEXTS = (
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/multikey/v1",
    "https://w3id.org/security/jwk/v1",
)


class AddressUnfit(ValueError):
    """An address that did:web cannot name."""


@dataclass(frozen=True)
class PublicKeyEntry:
    """One published key: its id in this house, its public half (SubjectPublicKeyInfo), and since when it is not believed."""

    key_id: str
    public_der: bytes
    compromised_at: datetime | None = None


def did_of(base_address: str) -> str:
    """Return the did:web name of a base address such as `https://body.example:8443/academy`.

    Colons of a port are written `%3A`, steps of the path become parts. Raises AddressUnfit. The method knows https only;
    a base address of http names the same DID, which others cannot resolve: fit for trials alone.
    """
    parts = urlsplit(base_address)
    try:
        port = parts.port
    except ValueError as problem:
        raise AddressUnfit(f"no port: {base_address!r}") from problem
    host = parts.hostname or ""
    if (
        parts.scheme not in ("http", "https")
        or not host
        or ":" in host
        or parts.query
        or parts.fragment
        or parts.username
    ):
        raise AddressUnfit(f"no base address: {base_address!r}")
    steps = [quote(unquote(step), safe="") for step in parts.path.split("/") if step]
    return ":".join(["did:web", host.encode("idna").decode() + (f"%3A{port}" if port else ""), *steps])


def document_path(did: str) -> str:
    """Return the path on the host at which the document of a did:web name is looked for."""
    steps = did.split(":")[3:]
    return "/".join(["", *(steps or [".well-known"]), "did.json"])


def document_address(did: str) -> str:
    """Return the https address of the document of a did:web name."""
    return f"https://{unquote(did.split(':')[2])}{document_path(did)}"


def method_of(did: str, key_id: str) -> str:
    """Return the DID URL that names one key in proofs and tokens."""
    return f"{did}#{key_id}"


def build_document(did: str, keys: Iterable[PublicKeyEntry]) -> dict[str, Any]:
    """Return the DID document: every key as a verification method, those that may be believed as `assertionMethod`."""
    listed = list(keys)
    return {
        "@context": list(DOCUMENT_CONTEXTS),
        "id": did,
        "verificationMethod": [_method(did, key) for key in listed],
        "assertionMethod": [method_of(did, key.key_id) for key in listed if key.compromised_at is None],
    }


def resolver(did: str, keys: Iterable[PublicKeyEntry]) -> Callable[[str], bytes | None]:
    """Return the function that `check.check_badge` asks for keys: DID URL to public key, None for all that are not ours."""
    known = {method_of(did, key.key_id): key.public_der for key in keys}
    return known.get


def _method(did: str, key: PublicKeyEntry) -> dict[str, Any]:
    method = {"id": method_of(did, key.key_id), "controller": did} | _public_part(key.public_der)
    if key.compromised_at is not None:
        method["revoked"] = written_time(key.compromised_at)
    return method


def _public_part(public_der: bytes) -> dict[str, Any]:
    """Ed25519 as Multikey, RSA as JSON Web Key. Raises ValueError for other kinds: they sign no credentials."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    key = load_der_public_key(public_der)
    if isinstance(key, Ed25519PublicKey):
        return {"type": "Multikey", "publicKeyMultibase": encode_key(public_der)}
    if isinstance(key, RSAPublicKey):
        numbers = key.public_numbers()
        jwk = {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e), "alg": "RS256", "use": "sig"}
        return {"type": "JsonWebKey", "publicKeyJwk": jwk}
    raise ValueError("badges are signed by Ed25519 and RSA keys only")


def _number(value: int) -> str:
    return urlsafe_b64encode(value.to_bytes((value.bit_length() + 7) // 8, "big")).rstrip(b"=").decode()
