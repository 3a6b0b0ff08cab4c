"""The folder that keeps the keys: encrypted PEM files that only their owner may read, and a record beside each.

For every key the folder holds ``<id>.key.pem`` (PKCS #8, encrypted with the passphrase), the public half as
``<id>.cert.pem`` for keys with a certificate and as ``<id>.pub.pem`` for the others, and ``<id>.json`` (the record).
The folder has mode 0700 and all files 0600; anything looser is refused, not repaired, because a key that others could
read must be thought of as known to them. Nothing here makes a key, changes a state or falls back to another key by
itself: the caller decides. What root writes belongs to the owner of the folder, so that a signer of its own user can
read what an administrator made.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from certificates.keys.authority import AuthorityRefused, KeyPair
from certificates.keys.material import (
    NewKey,
    PrivateKey,
    PublicKey,
    algorithm_of,
    public_der,
    public_pem,
    read_public,
    sign_with,
)
from certificates.keys.records import (
    ALGORITHMS,
    CERTIFIED,
    KeyExposed,
    KeyMissing,
    KeyPurpose,
    KeyRecord,
    KeyState,
    KeyStoreError,
    PassphraseRefused,
)

if TYPE_CHECKING:
    from cryptography import x509

__all__ = [
    "KeyExposed",
    "KeyMissing",
    "KeyPurpose",
    "KeyRecord",
    "KeyState",
    "KeyStore",
    "KeyStoreError",
    "OpenKey",
    "PassphraseRefused",
]

FOLDER_MODE = 0o700
FILE_MODE = 0o600


@dataclass(frozen=True)
class OpenKey:
    """A key ready to sign, with its record and the certificates from its own to the root (none for a plain key).

    `private_key` is the key itself, held open in the memory of this process, or something that signs in its place
    where the key lives elsewhere (`certificates.keys.remote.KeyElsewhere`).
    """

    record: KeyRecord
    private_key: Any
    chain: tuple[x509.Certificate, ...]

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate of the key itself. Raises KeyMissing for a key without one."""
        if not self.chain:
            raise KeyMissing(f"key {self.record.key_id} has no certificate")
        return self.chain[0]

    def sign(self, data: bytes) -> bytes:
        """Sign bytes as `material.sign_with` says."""
        return sign_with(self.private_key, data)


class KeyStore:
    """A folder of keys. Reading is free of effects; `add` and `change_state` write files and sync them to disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(
        self, key: NewKey, purpose: KeyPurpose, passphrase: str, state: KeyState, *, specimen: bool = False
    ) -> KeyRecord:
        """Keep a key, encrypted with the passphrase, and return its record.

        Raises PassphraseRefused for an empty passphrase, KeyExposed for a folder that others may read, and
        KeyStoreError when the key is there already, for this purpose or another, or is of a kind that the purpose
        does not have.
        """
        from cryptography.hazmat.primitives.serialization import Encoding

        if not passphrase:
            raise PassphraseRefused("a key is never kept without a passphrase")
        self._prepare_folder()
        record = self._record_of(key, purpose, state, specimen)
        self._refuse_second_purpose(key, record)
        self._write(record.key_id + ".key.pem", _encrypted(key.private_key, passphrase))
        if isinstance(key, KeyPair):
            self._write(record.key_id + ".cert.pem", key.certificate.public_bytes(Encoding.PEM))
        else:
            self._write(record.key_id + ".pub.pem", public_pem(key.private_key.public_key()).encode())
        self._write(record.key_id + ".json", record.to_json())  # last: a key without a record does not count
        return record

    def list_records(self, purpose: KeyPurpose | None = None) -> list[KeyRecord]:
        """Return the records, oldest first; only those of one purpose when it is given."""
        if not self.folder.is_dir():
            return []
        records = [self._read_record(path) for path in self.folder.glob("*.json")]
        wanted = [record for record in records if purpose in (None, record.purpose)]
        return sorted(wanted, key=lambda record: (record.not_before, record.key_id))

    def get_record(self, key_id: str) -> KeyRecord:
        """Return the record of a key; raises KeyMissing."""
        return self._read_record(self._file(key_id, "json"))

    def get_certificate(self, key_id: str) -> x509.Certificate:
        """Return the certificate of a key; raises KeyMissing, also for a key that has none."""
        from cryptography import x509

        return x509.load_pem_x509_certificate(self._read(self._file(key_id, "cert.pem")))

    def get_public(self, record: KeyRecord) -> PublicKey:
        """Return the public half of a key; raises KeyMissing."""
        if record.purpose in CERTIFIED:
            key: Any = self.get_certificate(record.key_id).public_key()
            return key
        return read_public(self._read(self._file(record.key_id, "pub.pem")))

    def get_chain(self, record: KeyRecord) -> tuple[x509.Certificate, ...]:
        """Return the certificates of a key from its own to the root; empty for a key without one."""
        if record.purpose not in CERTIFIED:
            return ()
        own = self.get_certificate(record.key_id)
        return (own,) if record.issuer_id == record.key_id else (own, self.get_certificate(record.issuer_id))

    def list_roots(self, *, specimen: bool) -> list[x509.Certificate]:
        """Return the root certificates: the real ones, or with `specimen` those of the demonstration."""
        roots = self.list_records(KeyPurpose.ROOT)
        return [self.get_certificate(root.key_id) for root in roots if root.specimen == specimen]

    def open_key(self, key_id: str, passphrase: str) -> OpenKey:
        """Open a key for use in this process.

        Raises KeyMissing, KeyExposed when the folder or a file may be read by others, and PassphraseRefused.
        """
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        record = self.get_record(key_id)
        self._refuse_exposed_folder()
        pem = self._read(self._file(key_id, "key.pem"))
        try:
            private_key = load_pem_private_key(pem, passphrase.encode())
        except (TypeError, ValueError) as problem:
            raise PassphraseRefused(f"the passphrase does not open key {key_id}") from problem
        if _kind(private_key) != record.algorithm:
            raise KeyStoreError(f"key {key_id} is not of the kind {record.algorithm}")
        return OpenKey(record, private_key, self.get_chain(record))

    def change_state(self, key_id: str, state: KeyState, compromised_at: datetime | None = None) -> KeyRecord:
        """Write a new state into the record of a key and return it.

        `compromised_at` belongs to the state compromised and to no other; raises KeyStoreError when they disagree.
        """
        if (state is KeyState.COMPROMISED) != (compromised_at is not None):
            raise KeyStoreError("a compromised key, and no other, carries the time from which it is not believed")
        record = replace(self.get_record(key_id), state=state, compromised_at=compromised_at)
        self._write(key_id + ".json", record.to_json(), replacing=True)
        return record

    def _record_of(self, key: NewKey, purpose: KeyPurpose, state: KeyState, specimen: bool) -> KeyRecord:
        """Describe a new key; a signer finds its root among the keys that are here."""
        algorithm = _kind(key.private_key)
        if algorithm != ALGORITHMS[purpose] or isinstance(key, KeyPair) != (purpose in CERTIFIED):
            raise KeyStoreError(f"a key for {purpose} is of the kind {ALGORITHMS[purpose]}, not {algorithm}")
        fingerprint = _fingerprint(key)
        key_id = fingerprint[:16]
        return KeyRecord(
            key_id=key_id,
            purpose=purpose,
            algorithm=algorithm,
            not_before=key.window.not_before,
            not_after=key.window.not_after,
            state=state,
            fingerprint=fingerprint,
            subject=key.certificate.subject.rfc4514_string() if isinstance(key, KeyPair) else key.owner,
            issuer_id=key_id if purpose is not KeyPurpose.DOCUMENT_SIGNING else self._issuer_of(key),
            specimen=specimen,
        )

    def _issuer_of(self, key: NewKey) -> str:
        from cryptography.exceptions import InvalidSignature

        assert isinstance(key, KeyPair)
        for root in self.list_records(KeyPurpose.ROOT):
            try:
                key.certificate.verify_directly_issued_by(self.get_certificate(root.key_id))
            except (ValueError, TypeError, InvalidSignature):
                continue
            return root.key_id
        raise KeyStoreError("the root of this document signer is not in the folder")

    def _refuse_second_purpose(self, key: NewKey, record: KeyRecord) -> None:
        own = public_der(key.private_key.public_key())
        for other in self.list_records():
            if other.key_id != record.key_id and public_der(self.get_public(other)) == own:
                raise KeyStoreError(f"this key is here already, as {other.key_id} for {other.purpose}")

    def _file(self, key_id: str, ending: str) -> Path:
        if not key_id.isalnum():
            raise KeyMissing(f"no key has the id {key_id!r}")
        return self.folder / f"{key_id}.{ending}"

    def _read_record(self, path: Path) -> KeyRecord:
        return _parsed(self._read(path))

    def _read(self, path: Path) -> bytes:
        """Read one file of the store after its mode has been checked."""
        try:
            _refuse_exposed(path, FILE_MODE)
            return path.read_bytes()
        except FileNotFoundError:
            raise KeyMissing(f"the key folder has no file {path.name}") from None
        except PermissionError:
            raise KeyStoreError(f"{path} belongs to another user; this one may not read it") from None

    def _prepare_folder(self) -> None:
        self.folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        self._refuse_exposed_folder()

    def _refuse_exposed_folder(self) -> None:
        _refuse_exposed(self.folder, FOLDER_MODE)

    def _write(self, name: str, content: bytes, *, replacing: bool = False) -> None:
        """Write a file that appears whole or not at all, with mode 0600 from its first byte.

        Root may write here for the owner of the folder, so no link that lies in the place of the draft is followed: it
        goes, as does what a killed process left there.
        """
        target = self.folder / name
        if target.exists() and not replacing:
            raise KeyStoreError(f"the key folder has a file {name} already")
        draft = self.folder / (name + ".new")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, FILE_MODE), "wb") as file:
            self._give_to_owner(file.fileno())
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)

    def _give_to_owner(self, handle: int) -> None:
        if os.geteuid() == 0:
            owner = self.folder.stat()
            os.fchown(handle, owner.st_uid, owner.st_gid)


def _refuse_exposed(path: Path, wanted: int) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & ~wanted:
        raise KeyExposed(f"{path} has mode {mode:04o}; its owner alone may use it: chmod {wanted:04o} {path}")


def _kind(key: object) -> str:
    try:
        return algorithm_of(key).value
    except AuthorityRefused as problem:
        raise KeyStoreError(str(problem)) from problem


def _fingerprint(key: NewKey) -> str:
    from cryptography.hazmat.primitives import hashes

    if isinstance(key, KeyPair):
        return key.certificate.fingerprint(hashes.SHA256()).hex()
    return hashlib.sha256(public_der(key.private_key.public_key())).hexdigest()


def _encrypted(private_key: PrivateKey, passphrase: str) -> bytes:
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

    return private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.encode()))


@lru_cache(maxsize=256)
def _parsed(content: bytes) -> KeyRecord:
    """A record from its file; files seldom change, and their bytes are what is looked up."""
    try:
        return KeyRecord.from_json_dict(json.loads(content))
    except ValueError as problem:
        raise KeyStoreError(f"a record in the key folder cannot be read: {problem}") from problem
