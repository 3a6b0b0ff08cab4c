"""Reading an exported folder: nothing of it is believed before its hash is the one in the signed list. Pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from certificates.exit_kit.layout import BADGES, DOCUMENTS, KEYS, MANIFEST, NOTE, file_of
from certificates.exit_kit.manifest import KitBroken, Manifest, open_manifest, read_json, read_manifest
from certificates.lifecycle.status import Status
from certificates.register.note import NoteInvalid, has_signed, key_from_pem

LARGEST = 256 * 1024 * 1024
ROOT, ANSWER, LOG, BADGE_KEYS = "root", "answer", "log", ("badge", "badge-jwt")
"""Purposes of keys, as `keys.json` writes them."""


@dataclass(frozen=True)
class PublicKey:
    """A published key of the body. `compromised_at`: from then on nothing that it signed is believed by itself."""

    key_id: str
    purpose: str
    fingerprint: str
    public_pem: str
    certificate_pem: str
    compromised_at: datetime | None

    @property
    def public_der(self) -> bytes:
        """SubjectPublicKeyInfo in DER."""
        key = load_pem_public_key(self.public_pem.encode())
        return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def read_keys(data: bytes) -> tuple[PublicKey, ...]:
    """The keys in `keys.json`. Raises KitBroken."""
    try:
        return tuple(_key(row) for row in read_json(KEYS, data)["keys"])
    except (KeyError, TypeError, ValueError) as problem:
        raise problem if isinstance(problem, KitBroken) else KitBroken(KEYS, "it cannot be read") from problem


def _key(row: dict[str, Any]) -> PublicKey:
    since = row["compromised_at"]
    plain = {name: str(row[name]) for name in ("key_id", "purpose", "fingerprint", "public_pem", "certificate_pem")}
    return PublicKey(**plain, compromised_at=datetime.fromisoformat(since) if since else None)


class Kit:
    """An exported folder whose list is signed by one of `pinned` (32 bytes each), or by an answer key of its own.

    `signed_by` is the fingerprint of the key that did sign it, reckoned from the key: whatever a folder writes beside a
    key of its own may be copied from elsewhere. Raises KitBroken when no such key signed it.
    """

    def __init__(self, root: Path, pinned: Sequence[bytes] = ()) -> None:
        self.root = root
        self.manifest, signer = _open(root, pinned)
        self.signed_by = fingerprint_of(signer)

    def read(self, path: str) -> bytes:
        """A file of the folder, if it is the one that was signed. Raises KitBroken."""
        listed = self.manifest.files.get(path)
        if listed is None:
            raise KitBroken(path, "it is not in the signed list")
        data = read_bytes(self.root, path)
        difference = listed.find_difference(data)
        if difference:
            raise KitBroken(path, difference)
        return data

    @cached_property
    def keys(self) -> tuple[PublicKey, ...]:
        """Every published key."""
        return read_keys(self.read(KEYS))

    def list_keys(self, *purposes: str) -> list[PublicKey]:
        """The keys of some purposes."""
        return [key for key in self.keys if key.purpose in purposes]

    @cached_property
    def log_keys(self) -> list[bytes]:
        """The keys of the register's heads, 32 bytes each. Raises KitBroken."""
        return _raw_keys(self.keys, LOG)

    @cached_property
    def roots(self) -> list[x509.Certificate]:
        """The roots of document signers."""
        return [x509.load_pem_x509_certificate(key.certificate_pem.encode()) for key in self.list_keys(ROOT)]

    @cached_property
    def documents(self) -> dict[str, dict[str, Any]]:
        """What is known of each signed document, by its SHA-256."""
        return dict(read_json(DOCUMENTS, self.read(DOCUMENTS)))

    @cached_property
    def badges(self) -> dict[str, dict[str, Any]]:
        """What is known of each badge, by the SHA-256 of its content and by that of its token."""
        rows = read_json(BADGES, self.read(BADGES))
        return {row[name]: row for row in rows for name in ("content_sha256", "token_sha256")}

    def find_entry(self, number: str) -> dict[str, Any] | None:
        """The entry of a certificate by its canonical number, or None. Raises KitBroken."""
        path = file_of(number)
        if path not in self.manifest.files:
            return None
        entry = read_json(path, self.read(path))
        if not isinstance(entry, dict) or str(entry.get("status")) not in set(Status):
            raise KitBroken(path, "it is no entry of a certificate")
        return entry


def read_bytes(root: Path, path: str) -> bytes:
    """The bytes of a file, believed in nothing.

    Raises KitBroken for one that is missing or absurdly large, is no plain file, or lies outside the folder.
    """
    try:
        place = root / path
        if not place.resolve().is_relative_to(root.resolve()):
            raise KitBroken(path, "it leads out of the folder")
        if not place.is_file():
            raise KitBroken(path, "it is missing or cannot be read")
        if place.stat().st_size > LARGEST:
            raise KitBroken(path, "it is far larger than any file of an export")
        return place.read_bytes()
    except (OSError, RuntimeError) as problem:  # links that lead in a circle are the latter
        raise KitBroken(path, "it is missing or cannot be read") from problem


def fingerprint_of(key: bytes) -> str:
    """The SHA-256 in hex by which `laurel keys list` names an Ed25519 key (32 bytes)."""
    public = Ed25519PublicKey.from_public_bytes(key)
    return hashlib.sha256(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def _open(root: Path, pinned: Sequence[bytes]) -> tuple[Manifest, bytes]:
    """The list, and the key that signed it."""
    data, note = read_bytes(root, MANIFEST), read_bytes(root, NOTE)
    try:
        keys = list(pinned) or _own_keys(root)
        manifest = open_manifest(data, note.decode("utf-8"), keys)
        return manifest, next(key for key in keys if has_signed(note.decode("utf-8"), key))
    except UnicodeDecodeError as problem:
        raise KitBroken(NOTE, "it cannot be read") from problem
    except KitBroken as problem:
        raise _blamed(root, data, problem) from problem


def _own_keys(root: Path) -> list[bytes]:
    """The answer keys of the folder, without those that it says were stolen."""
    believed = [key for key in read_keys(read_bytes(root, KEYS)) if key.compromised_at is None]
    return _raw_keys(believed, ANSWER)


def _raw_keys(keys: Sequence[PublicKey], purpose: str) -> list[bytes]:
    try:
        return [key_from_pem(key.public_pem.encode()) for key in keys if key.purpose == purpose]
    except NoteInvalid as problem:
        raise KitBroken(KEYS, str(problem)) from problem


def _blamed(root: Path, data: bytes, problem: KitBroken) -> KitBroken:
    """A note that does not fit may be the fault of the file of keys: the list tells, believed or not."""
    if problem.path != NOTE:
        return problem
    try:
        difference = read_manifest(data).files[KEYS].find_difference(read_bytes(root, KEYS))
    except (KitBroken, KeyError):
        return problem
    return KitBroken(KEYS, difference) if difference else problem
