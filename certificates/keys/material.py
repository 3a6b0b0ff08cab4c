"""The three kinds of keys and what each does with bytes: signing, checking, and showing its public half.

P-256 signs documents, because every common PDF reader can check it. Ed25519 signs badges, the log and answers: small,
fast and without chance in the signature (RFC 8032). RSA-2048 signs badges as a JWT, where RS256 is what every reader of
Open Badges must know (Open Badges 3.0, "Proofs"). Nothing here reads or writes a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from certificates.keys.authority import AuthorityRefused, KeyPair, Window

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

PrivateKey: TypeAlias = "ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey"
PublicKey: TypeAlias = "ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | rsa.RSAPublicKey"
RSA_BITS = 2048


class Algorithm(StrEnum):
    """How a key signs; one for each kind of key."""

    P256 = "ecdsa-p256-sha256"
    ED25519 = "ed25519"
    RS256 = "rsa-2048-sha256"


@dataclass(frozen=True)
class PlainKey:
    """A private key without a certificate: whoever relies on it finds its public half with the body that owns it."""

    private_key: ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey
    owner: str
    window: Window


NewKey = KeyPair | PlainKey


def make_plain_key(algorithm: Algorithm, owner: str, window: Window) -> PlainKey:
    """Make a key for badges, the log or answers. Raises AuthorityRefused for P-256, which comes with a certificate."""
    from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

    if algorithm is Algorithm.ED25519:
        return PlainKey(ed25519.Ed25519PrivateKey.generate(), owner, window)
    if algorithm is Algorithm.RS256:
        return PlainKey(rsa.generate_private_key(65537, RSA_BITS), owner, window)
    raise AuthorityRefused(f"a key of the kind {algorithm} needs a certificate")


def algorithm_of(key: object) -> Algorithm:
    """The algorithm of a private or public key. Raises AuthorityRefused for a kind or a size that is not ours."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    if isinstance(key, ed25519.Ed25519PrivateKey | ed25519.Ed25519PublicKey):
        return Algorithm.ED25519
    if isinstance(key, rsa.RSAPrivateKey | rsa.RSAPublicKey) and key.key_size == RSA_BITS:
        return Algorithm.RS256
    if isinstance(key, ec.EllipticCurvePrivateKey | ec.EllipticCurvePublicKey) and key.curve.name == "secp256r1":
        return Algorithm.P256
    raise AuthorityRefused("keys are Ed25519, RSA with 2,048 bits, or ECDSA on P-256")


def sign_with(key: PrivateKey, data: bytes) -> bytes:
    """Sign the bytes themselves, not a digest of them.

    Ed25519: 64 bytes (RFC 8032). RSA: PKCS #1 v1.5 with SHA-256, which is RS256 (RFC 7518, 3.3). P-256: ECDSA with
    SHA-256 in DER.
    """
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(data)
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    return key.sign(data, ec.ECDSA(hashes.SHA256()))


def holds(key: PublicKey, signature: bytes, data: bytes) -> bool:
    """Whether a signature as `sign_with` makes it is that of this key over these bytes."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

    try:
        if isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, data)
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        else:
            key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def public_der(key: PublicKey) -> bytes:
    """SubjectPublicKeyInfo in DER (RFC 5280, 4.1.2.7)."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def public_pem(key: PublicKey) -> str:
    """The same as PEM text."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def read_public(encoded: bytes | str) -> PublicKey:
    """A public key from PEM or DER. Raises AuthorityRefused for a kind that is not ours, ValueError for no key at all."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
    from cryptography.hazmat.primitives.serialization import load_der_public_key, load_pem_public_key

    data = encoded.encode() if isinstance(encoded, str) else encoded
    key = load_pem_public_key(data) if data.lstrip().startswith(b"-----") else load_der_public_key(data)
    if not isinstance(key, ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | rsa.RSAPublicKey):
        raise AuthorityRefused("keys are Ed25519, RSA with 2,048 bits, or ECDSA on P-256")
    return key
