"""The bytes of a leaf: what the register says of one event, without saying of which certificate. Pure.

A leaf names the kind of event, its moment, and hashes: of the document and the badge as they are, and two that are
salted. `subject` commits to the certificate's number, `facts` to all that our tables say of the event. Each entry has a
secret of its own, from which both salts are derived; once it is deleted, nobody can tell any more whose leaf it was, and
the leaf, which holds no more than hashes, stays as it is. To prove an entry only the salt of its subject is handed out.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime
from typing import Any

from certificates.register.merkle import hash_leaf

VERSION = 1
SUBJECT, FACTS = b"subject", b"facts"
CHAIN_START = "0" * 64


class LeafInvalid(ValueError):
    """Data that no leaf of this register can have."""


def canonical(value: Any) -> bytes:
    """One spelling of a JSON value: sorted keys, no spaces, plain ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def moment_of(at: datetime) -> str:
    """A moment as leaves spell it: UTC, to the microsecond."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def plain(value: Any) -> Any:
    """A value of a table as JSON has it: moments and days as text, everything else as it is."""
    if isinstance(value, datetime):
        return moment_of(value)
    return value.isoformat() if isinstance(value, date) else value


def salt_for(secret: str, purpose: bytes) -> bytes:
    """The salt of one of the two commitments of an entry; `secret` is the entry's own, in hex."""
    return hashlib.sha256(purpose + b"\x00" + bytes.fromhex(secret)).digest()


def commitment(salt: bytes, content: bytes) -> str:
    """SHA-256(salt || content) in hex. The salt has 32 bytes."""
    return hashlib.sha256(salt + content).hexdigest()


def subject_of(secret: str, number: str) -> str:
    """What a leaf holds in the place of a number."""
    return commitment(salt_for(secret, SUBJECT), number.encode())


def parts_of(secret: str, facts: dict[str, dict[str, Any]]) -> dict[str, str]:
    """A commitment to each row that an event is about, so that a row that was changed can be told from the others."""
    return {part: commitment(salt_for(secret, FACTS), canonical(row)) for part, row in facts.items()}


def facts_of(parts: dict[str, str]) -> str:
    """What a leaf holds in the place of what the tables say of the event; the empty text where they say nothing."""
    return hashlib.sha256(canonical(parts)).hexdigest() if parts else ""


def spell_seqs(seqs: Sequence[int]) -> str:
    """How an entry of the kind `erased` names the entries that lose their number with it."""
    return ",".join(str(seq) for seq in sorted(seqs))


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """One leaf; hashes in hex, the empty text where there is none. `at` as `moment_of` spells it."""

    v: int
    kind: str
    at: str
    subject: str
    document: str
    badge: str
    facts: str

    def to_bytes(self) -> bytes:
        """The canonical bytes, over which the leaf is hashed."""
        return canonical(asdict(self))

    def hash(self) -> bytes:
        """The hash of the leaf in the tree."""
        return hash_leaf(self.to_bytes())

    def to_json_dict(self) -> dict[str, Any]:
        """The leaf as plain data."""
        return asdict(self)

    @classmethod
    def from_json_dict(cls, data: Any) -> "Leaf":
        """Read what `to_json_dict` gave. Raises LeafInvalid for missing, unknown or mistyped fields."""
        names = {field.name for field in fields(cls)}
        if not isinstance(data, dict) or set(data) != names:
            raise LeafInvalid(f"a leaf has exactly these fields: {', '.join(sorted(names))}")
        if not isinstance(data["v"], int) or not all(isinstance(data[name], str) for name in names - {"v"}):
            raise LeafInvalid("the version of a leaf is a number, and everything else is text")
        return cls(**data)


def chain_leaf(kind: str, number: str, artefact_sha256: str, at: datetime) -> str:
    """The hash of one entry in the chain that the register was before it became a tree, in hex."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    spelt = json.dumps([kind, number, artefact_sha256, moment], separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(spelt.encode("ascii")).hexdigest()


def chain_link(previous: str, leaf: str) -> str:
    """The hash over everything up to and with an entry in that chain, in hex."""
    return hashlib.sha256(bytes.fromhex(previous) + bytes.fromhex(leaf)).hexdigest()
