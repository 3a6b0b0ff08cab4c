"""The hashing of the chain: pure functions over plain values."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

START = "0" * 64


def canonical(value: Any) -> bytes:
    """One spelling of a JSON value, the same before it is stored and after: sorted keys, no spaces, UTF-8."""
    stored = json.loads(json.dumps(value))
    return json.dumps(stored, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def commitment(salt: str, personal: dict[str, Any]) -> str:
    """SHA-256 over salt and personal text: says nothing of the text once the salt is gone. Empty without any text."""
    if not personal:
        return ""
    return hashlib.sha256(salt.encode() + b"\x00" + canonical(personal)).hexdigest()


def digest(
    seq: int,
    at: datetime,
    action: str,
    actor: str,
    subject: tuple[str, str],
    detail: dict[str, Any],
    sealed: str,
    previous: str,
) -> str:
    """The digest of one entry: every column and the digest before it."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(canonical([seq, moment, action, actor, *subject, detail, sealed, previous])).hexdigest()
