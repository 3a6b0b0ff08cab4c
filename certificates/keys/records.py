"""What is known about a key without opening it: purpose, state, window; and how that is written down.

A key never serves two purposes: what a badge signs can then never pass as a document, and the loss of one key touches
one kind of thing only.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from certificates.keys.authority import Window
from certificates.keys.material import Algorithm


class KeyPurpose(StrEnum):
    """What a key is for. A key never serves two purposes."""

    ROOT = "root"
    DOCUMENT_SIGNING = "document-signing"
    BADGE = "badge"
    BADGE_JWT = "badge-jwt"
    LOG = "log"
    ANSWER = "answer"


ALGORITHMS = {
    KeyPurpose.ROOT: Algorithm.P256,
    KeyPurpose.DOCUMENT_SIGNING: Algorithm.P256,
    KeyPurpose.BADGE: Algorithm.ED25519,
    KeyPurpose.BADGE_JWT: Algorithm.RS256,
    KeyPurpose.LOG: Algorithm.ED25519,
    KeyPurpose.ANSWER: Algorithm.ED25519,
}
CERTIFIED = (KeyPurpose.ROOT, KeyPurpose.DOCUMENT_SIGNING)


class KeyState(StrEnum):
    """Where a key stands in its life."""

    PLANNED = "planned"
    ACTIVE = "active"
    RETIRED = "retired"
    COMPROMISED = "compromised"


class KeyStoreError(Exception):
    """The keys cannot be used as asked."""


class KeyMissing(KeyStoreError):
    """No key has this id or purpose, or one of its files is gone."""


class KeyExposed(KeyStoreError):
    """A key file or the folder can be read by others; the message names it and the mode it should have."""


class PassphraseRefused(KeyStoreError):
    """The passphrase is empty or does not open the key."""


@dataclass(frozen=True)
class KeyRecord:
    """One key as it is listed.

    `key_id` is the first 16 hex digits of `fingerprint`: the SHA-256 of the certificate in DER for a root and for a
    document signer, and that of the SubjectPublicKeyInfo in DER for every other key. `subject` is the name in the
    certificate, or the owner's. `issuer_id` is the root of a document signer and otherwise the key itself. `specimen`
    marks a demonstration key, whose documents carry the word SPECIMEN. `compromised_at` is the moment from which
    signatures with this key are no longer believed.
    """

    key_id: str
    purpose: KeyPurpose
    algorithm: str
    not_before: datetime
    not_after: datetime
    state: KeyState
    fingerprint: str
    subject: str
    issuer_id: str
    specimen: bool = False
    compromised_at: datetime | None = None

    @property
    def window(self) -> Window:
        """The time in which the key may sign."""
        return Window(self.not_before, self.not_after)

    def may_sign_at(self, moment: datetime) -> bool:
        """Say whether the key is active and the moment lies in its window."""
        return self.state is KeyState.ACTIVE and self.window.holds(moment)

    def to_json(self) -> bytes:
        """The record as its file holds it."""
        return json.dumps(asdict(self), default=datetime.isoformat, indent=2, sort_keys=True).encode() + b"\n"

    def to_json_dict(self) -> dict[str, Any]:
        """The record as plain values, for a message."""
        return json.loads(self.to_json())

    @classmethod
    def from_json_dict(cls, fields: dict[str, Any]) -> "KeyRecord":
        """The record back from plain values. Raises KeyStoreError for anything that is none."""
        try:
            since = fields["compromised_at"]
            typed = {
                "purpose": KeyPurpose(fields["purpose"]),
                "state": KeyState(fields["state"]),
                "not_before": datetime.fromisoformat(fields["not_before"]),
                "not_after": datetime.fromisoformat(fields["not_after"]),
                "compromised_at": datetime.fromisoformat(since) if since else None,
            }
            return cls(**fields | typed)
        except (KeyError, TypeError, ValueError) as problem:
            raise KeyStoreError(f"this is no record of a key: {problem}") from problem


def newest_active(records: list[KeyRecord], moment: datetime) -> KeyRecord | None:
    """The key that signs at a moment: of those that may, the one whose window began last."""
    active = [record for record in records if record.may_sign_at(moment)]
    return max(active, key=lambda record: (record.not_before, record.key_id), default=None)
