"""Bitstring Status List v1.0 (W3C): one bit for each badge, all in one small file, so that asking tells nobody for whom.

Bits are counted from the left of the first byte. A list is compressed with GZIP and written as multibase base64url
(prefix `u`). It has 131,072 bits at least; a place in it is chosen at random and never used twice.
"""

import binascii
import gzip
import secrets
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from certificates.badges.credential import STATUS_PURPOSE
from certificates.badges.known_contexts import CREDENTIALS_V2
from certificates.badges.proofs import written_time

FEWEST_BITS = 131_072
MOST_BITS = 8 * 16 * 1024 * 1024
"""What a list that somebody hands in may unfold to."""
MOST_TAKEN = 0.9
"""The part of a list that may be taken before the next list is begun; chance finds free places quickly until then."""


class StatusListInvalid(ValueError):
    """A list that cannot be read, or a place that is not in it."""


class StatusListFull(ValueError):
    """A list has no more room; the next one is to be begun."""


@dataclass(frozen=True)
class ListFacts:
    """One list: its address, the issuer's did:web, and the short time for which this edition may be relied on."""

    address: str
    issuer: str
    valid_from: datetime
    valid_until: datetime
    length: int = FEWEST_BITS


def choose_index(taken: Collection[int], length: int = FEWEST_BITS) -> int:
    """Return a free place of a list by chance. `taken` answers `in` quickly (a set). Raises StatusListFull."""
    if len(taken) >= length * MOST_TAKEN:
        raise StatusListFull("this list is as full as it should be; begin the next one")
    while True:
        index = secrets.randbelow(length)
        if index not in taken:
            return index


def encode(indexes: Iterable[int], length: int = FEWEST_BITS) -> str:
    """Return a list in which the given places are set, as `encodedList`. The same places give the same text.

    Raises StatusListInvalid for a place outside the list and for a length that is too short or not whole bytes.
    """
    if length < FEWEST_BITS or length % 8:
        raise StatusListInvalid(f"a list has {FEWEST_BITS} bits at least, in whole bytes")
    bits = bytearray(length // 8)
    for index in indexes:
        if not 0 <= index < length:
            raise StatusListInvalid(f"place {index} is outside the list")
        bits[index // 8] |= 0x80 >> index % 8
    return "u" + urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).rstrip(b"=").decode()


def decode(encoded: str) -> bytes:
    """Return the bits of an `encodedList`. Raises StatusListInvalid for what is none, is too short or unfolds too far."""
    if not encoded.startswith("u"):
        raise StatusListInvalid("a list is written in base64url with the prefix u")
    try:
        packed = urlsafe_b64decode(encoded[1:] + "=" * (-(len(encoded) - 1) % 4))
        unpacking = zlib.decompressobj(wbits=31)
        bits = unpacking.decompress(packed, MOST_BITS // 8 + 1)
    except (zlib.error, binascii.Error, ValueError) as problem:
        raise StatusListInvalid("a list is packed with GZIP") from problem
    if not unpacking.eof or not FEWEST_BITS <= len(bits) * 8 <= MOST_BITS:
        raise StatusListInvalid("a list is whole and neither too short nor too long")
    return bits


def is_set(bits: bytes, index: int) -> bool:
    """Read one bit, counted from zero at the left. Raises StatusListInvalid for a place outside the list."""
    if not 0 <= index < len(bits) * 8:
        raise StatusListInvalid(f"place {index} is outside the list")
    return bool(bits[index // 8] & 0x80 >> index % 8)


def build(facts: ListFacts, indexes: Iterable[int]) -> dict[str, Any]:
    """Return the BitstringStatusListCredential of a list, to be secured by `proofs.secure`. Raises StatusListInvalid."""
    if facts.valid_until <= facts.valid_from:
        raise StatusListInvalid("an edition of a list ends after it begins")
    return {
        "@context": [CREDENTIALS_V2],
        "id": facts.address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": facts.issuer,
        "validFrom": written_time(facts.valid_from),
        "validUntil": written_time(facts.valid_until),
        "credentialSubject": {
            "id": f"{facts.address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": STATUS_PURPOSE,
            "encodedList": encode(indexes, facts.length),
        },
    }


def read_bit(list_credential: dict[str, Any], address: str, index: int) -> bool:
    """Read one bit from a list credential whose signature has been checked.

    Raises StatusListInvalid when it is the list of another address or purpose, or is no list.
    """
    subject = list_credential.get("credentialSubject")
    if not isinstance(subject, dict) or subject.get("type") != "BitstringStatusList":
        raise StatusListInvalid("not a status list")
    if list_credential.get("id") != address or subject.get("statusPurpose") != STATUS_PURPOSE:
        raise StatusListInvalid("the list of another address or purpose")
    return is_set(decode(str(subject.get("encodedList"))), index)
