"""The folder that keeps the keys: encrypted PEM files that only their owner may read, and a record beside each.

For every key the folder holds ``<id>.key.pem`` (PKCS #8, encrypted with the passphrase), ``<id>.cert.pem`` and
``<id>.json`` (the record). The folder has mode 0700 and all files 0600; anything looser is refused, not repaired,
because a key that others could read must be thought of as known to them. Nothing here makes a key, changes a state or
falls back to another key by itself: the caller decides.
"""

import json
import os
import stat
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from certificates.keys.authority import ALGORITHM, KeyPair, Window

FOLDER_MODE = 0o700
FILE_MODE = 0o600


class KeyPurpose(StrEnum):
    """What a key is for. A key never serves two purposes."""

    ROOT = "root"
    DOCUMENT_SIGNING = "document-signing"


class KeyState(StrEnum):
    """Where a key stands in its life."""

    PLANNED = "planned"
    ACTIVE = "active"
    RETIRED = "retired"
    COMPROMISED = "compromised"


class KeyStoreError(Exception):
    """The key folder cannot be used as asked."""


class KeyMissing(KeyStoreError):
    """No key has this id, or one of its files is gone."""


class KeyExposed(KeyStoreError):
    """A key file or the folder can be read by others; the message names it and the mode it should have."""


class PassphraseRefused(KeyStoreError):
    """The passphrase is empty or does not open the key."""


@dataclass(frozen=True)
class KeyRecord:
    """What is known about a key without opening it.

    `key_id` is the first 16 hex digits of `fingerprint`, the SHA-256 of the certificate in DER. `specimen` marks a
    demonstration key, whose documents carry the word SPECIMEN. `compromised_at` is the moment from which signatures
    with this key are no longer believed.
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


@dataclass(frozen=True)
class OpenKey:
    """A key held open in the memory of this process, with its record and the certificates from its own to the root."""

    record: KeyRecord
    private_key: ec.EllipticCurvePrivateKey
    chain: tuple[x509.Certificate, ...]

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate of the key itself."""
        return self.chain[0]


class KeyStore:
    """A folder of keys. Reading is free of effects; `add` and `change_state` write files and sync them to disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(
        self, pair: KeyPair, purpose: KeyPurpose, passphrase: str, state: KeyState, *, specimen: bool = False
    ) -> KeyRecord:
        """Keep a key pair, encrypted with the passphrase, and return its record.

        Raises PassphraseRefused for an empty passphrase, KeyExposed for a folder that others may read, and
        KeyStoreError when the key is there already.
        """
        if not passphrase:
            raise PassphraseRefused("a key is never kept without a passphrase")
        self._prepare_folder()
        record = self._record_of(pair, purpose, state, specimen)
        self._write(record.key_id + ".key.pem", _encrypted(pair.private_key, passphrase))
        self._write(record.key_id + ".cert.pem", pair.certificate.public_bytes(Encoding.PEM))
        self._write(record.key_id + ".json", _record_as_json(record))
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
        """Return the certificate of a key; raises KeyMissing."""
        return x509.load_pem_x509_certificate(self._read(self._file(key_id, "cert.pem")))

    def list_roots(self, *, specimen: bool) -> list[x509.Certificate]:
        """Return the root certificates: the real ones, or with `specimen` those of the demonstration."""
        roots = self.list_records(KeyPurpose.ROOT)
        return [self.get_certificate(root.key_id) for root in roots if root.specimen == specimen]

    def open_key(self, key_id: str, passphrase: str) -> OpenKey:
        """Open a key for use in this process.

        Raises KeyMissing, KeyExposed when the folder or a file may be read by others, and PassphraseRefused.
        """
        record = self.get_record(key_id)
        self._refuse_exposed_folder()
        pem = self._read(self._file(key_id, "key.pem"))
        try:
            private_key = load_pem_private_key(pem, passphrase.encode())
        except (TypeError, ValueError) as problem:
            raise PassphraseRefused(f"the passphrase does not open key {key_id}") from problem
        if not isinstance(private_key, ec.EllipticCurvePrivateKey):
            raise KeyStoreError(f"key {key_id} is not of the kind {ALGORITHM}")
        return OpenKey(record, private_key, self._chain(record))

    def change_state(self, key_id: str, state: KeyState, compromised_at: datetime | None = None) -> KeyRecord:
        """Write a new state into the record of a key and return it.

        `compromised_at` belongs to the state compromised and to no other; raises KeyStoreError when they disagree.
        """
        if (state is KeyState.COMPROMISED) != (compromised_at is not None):
            raise KeyStoreError("a compromised key, and no other, carries the time from which it is not believed")
        record = replace(self.get_record(key_id), state=state, compromised_at=compromised_at)
        self._write(key_id + ".json", _record_as_json(record), replacing=True)
        return record

    def _record_of(self, pair: KeyPair, purpose: KeyPurpose, state: KeyState, specimen: bool) -> KeyRecord:
        """Describe a new key; a signer finds its root among the keys that are here."""
        fingerprint = pair.certificate.fingerprint(hashes.SHA256()).hex()
        key_id = fingerprint[:16]
        return KeyRecord(
            key_id=key_id,
            purpose=purpose,
            algorithm=ALGORITHM,
            not_before=pair.window.not_before,
            not_after=pair.window.not_after,
            state=state,
            fingerprint=fingerprint,
            subject=pair.certificate.subject.rfc4514_string(),
            issuer_id=key_id if purpose is KeyPurpose.ROOT else self._issuer_of(pair.certificate),
            specimen=specimen,
        )

    def _issuer_of(self, certificate: x509.Certificate) -> str:
        for root in self.list_records(KeyPurpose.ROOT):
            try:
                certificate.verify_directly_issued_by(self.get_certificate(root.key_id))
            except (ValueError, TypeError, InvalidSignature):
                continue
            return root.key_id
        raise KeyStoreError("the root of this document signer is not in the folder")

    def _chain(self, record: KeyRecord) -> tuple[x509.Certificate, ...]:
        own = self.get_certificate(record.key_id)
        return (own,) if record.issuer_id == record.key_id else (own, self.get_certificate(record.issuer_id))

    def _file(self, key_id: str, ending: str) -> Path:
        if not key_id.isalnum():
            raise KeyMissing(f"no key has the id {key_id!r}")
        return self.folder / f"{key_id}.{ending}"

    def _read_record(self, path: Path) -> KeyRecord:
        return _record_from_json(self._read(path))

    def _read(self, path: Path) -> bytes:
        """Read one file of the store after its mode has been checked."""
        try:
            _refuse_exposed(path, FILE_MODE)
            return path.read_bytes()
        except FileNotFoundError:
            raise KeyMissing(f"the key folder has no file {path.name}") from None

    def _prepare_folder(self) -> None:
        self.folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        self._refuse_exposed_folder()

    def _refuse_exposed_folder(self) -> None:
        _refuse_exposed(self.folder, FOLDER_MODE)

    def _write(self, name: str, content: bytes, *, replacing: bool = False) -> None:
        """Write a file that appears whole or not at all, with mode 0600 from its first byte."""
        target = self.folder / name
        if target.exists() and not replacing:
            raise KeyStoreError(f"the key folder has a file {name} already")
        draft = self.folder / (name + ".new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)


def _refuse_exposed(path: Path, wanted: int) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & ~wanted:
        raise KeyExposed(f"{path} has mode {mode:04o}; its owner alone may use it: chmod {wanted:04o} {path}")


def _encrypted(private_key: ec.EllipticCurvePrivateKey, passphrase: str) -> bytes:
    return private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.encode()))


def _record_as_json(record: KeyRecord) -> bytes:
    return json.dumps(asdict(record), default=datetime.isoformat, indent=2, sort_keys=True).encode() + b"\n"


def _record_from_json(content: bytes) -> KeyRecord:
    fields = json.loads(content)
    compromised_at = fields["compromised_at"]
    return KeyRecord(
        **fields
        | {
            "purpose": KeyPurpose(fields["purpose"]),
            "state": KeyState(fields["state"]),
            "not_before": datetime.fromisoformat(fields["not_before"]),
            "not_after": datetime.fromisoformat(fields["not_after"]),
            "compromised_at": datetime.fromisoformat(compromised_at) if compromised_at else None,
        }
    )
