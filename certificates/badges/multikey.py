"""Public Ed25519 keys as text: Multikey (W3C Controlled Identifiers, section 2.2.2) in base58 with the prefix `z`.

An Ed25519 key begins with the two bytes ED 01, so its text always begins with `z6Mk`. Base58 is Bitcoin's alphabet;
signatures of Data Integrity use the same writing.
"""

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519_PREFIX = b"\xed\x01"
LONGEST = 200
"""Characters that a base58 text may have here; decoding costs the square of the length."""


class MultikeyInvalid(ValueError):
    """A text that is not the key, or not the signature, that it should be."""


def encode_base58(data: bytes) -> str:
    """Return bytes in base58, with the multibase prefix `z`."""
    number, digits = int.from_bytes(data, "big"), []
    while number:
        number, digit = divmod(number, 58)
        digits.append(ALPHABET[digit])
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + ALPHABET[0] * zeros + "".join(reversed(digits))


def decode_base58(text: str) -> bytes:
    """Return the bytes of a base58 text with its prefix `z`. Raises MultikeyInvalid."""
    if not text.startswith("z") or not 1 < len(text) <= LONGEST:
        raise MultikeyInvalid("not a base58 text with the prefix z")
    number = 0
    for character in text[1:]:
        place = ALPHABET.find(character)
        if place < 0:
            raise MultikeyInvalid(f"base58 has no character {character!r}")
        number = number * 58 + place
    zeros = len(text) - 1 - len(text[1:].lstrip(ALPHABET[0]))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def encode_key(public_der: bytes) -> str:
    """Return the Multikey text of an Ed25519 key given as SubjectPublicKeyInfo. Raises MultikeyInvalid for others."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = _load(public_der)
    if not isinstance(key, Ed25519PublicKey):
        raise MultikeyInvalid("only Ed25519 keys are written as Multikey here")
    return encode_base58(ED25519_PREFIX + key.public_bytes(Encoding.Raw, PublicFormat.Raw))


def decode_key(text: str) -> bytes:
    """Return the SubjectPublicKeyInfo of a Multikey text. Raises MultikeyInvalid for anything but Ed25519."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    data = decode_base58(text)
    if data[:2] != ED25519_PREFIX or len(data) != 34:
        raise MultikeyInvalid("not the text of an Ed25519 key")
    key = Ed25519PublicKey.from_public_bytes(data[2:])
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _load(public_der: bytes) -> object:
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        return load_der_public_key(public_der)
    except ValueError as problem:
        raise MultikeyInvalid("not a public key") from problem
