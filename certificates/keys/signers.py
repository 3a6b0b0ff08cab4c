"""The one way to a signature: a signer for each key, and a source of keys that hands signers out.

Whoever signs knows these two shapes and nothing of files, sockets or devices. A folder of keys is one source; a signer
process of its own user is another (`certificates.keys.remote`); a hardware module or a key service would be a third,
with the same four methods.
"""

from typing import Protocol

from certificates.keys.material import public_der
from certificates.keys.records import KeyMissing, KeyPurpose, KeyRecord, KeyStoreError
from certificates.keys.store import KeyStore, OpenKey

MOST_BYTES = {
    KeyPurpose.ROOT: 0,  # a root vouches for keys, with its file at hand, and signs nothing else
    KeyPurpose.DOCUMENT_SIGNING: 16 * 1024,  # the signed attributes of a PDF signature, a few hundred bytes
    KeyPurpose.BADGE: 1024,  # two SHA-256 values of the canonical badge (eddsa-rdfc-2022): 64 bytes
    KeyPurpose.BADGE_JWT: 256 * 1024,  # the badge or the status list itself, encoded
    KeyPurpose.LOG: 4 * 1024,  # a tree head
    KeyPurpose.ANSWER: 1024 * 1024,  # an answer, or the record of a bulk check
}
"""The largest message that each kind of key signs, in bytes."""


class TooMuchToSign(KeyStoreError):
    """The message is larger than what keys of this purpose sign."""


class Signer(Protocol):
    """One key that can be asked for signatures, from several threads."""

    @property
    def key_id(self) -> str:
        """The id under which the public half is published."""

    @property
    def purpose(self) -> KeyPurpose:
        """What the key is for."""

    @property
    def algorithm(self) -> str:
        """One of `certificates.keys.material.Algorithm`."""

    def sign(self, data: bytes) -> bytes:
        """Sign bytes. Ed25519: raw 64 bytes; RS256: PKCS #1 v1.5 with SHA-256; P-256: ECDSA with SHA-256 in DER.

        Raises KeyStoreError when the key cannot be reached, may not sign, or the message is too large for it.
        """

    def public_bytes(self) -> bytes:
        """SubjectPublicKeyInfo in DER."""


class KeySource(Protocol):
    """Where keys are: what is there, and signers for them."""

    def list_records(self, purpose: KeyPurpose | None = None) -> list[KeyRecord]:
        """The keys, oldest first; only those of one purpose when it is given."""

    def signer(self, record: KeyRecord) -> Signer:
        """A signer for one of them."""

    def document_key(self, record: KeyRecord) -> OpenKey:
        """The same for a document signer, with its certificates."""


class FileSigner:
    """A key held open in the memory of this process."""

    def __init__(self, key: OpenKey) -> None:
        self._key = key
        self.key_id, self.purpose, self.algorithm = key.record.key_id, key.record.purpose, key.record.algorithm

    def sign(self, data: bytes) -> bytes:
        """Sign bytes, see Signer."""
        refuse_too_much(self.purpose, len(data))
        return self._key.sign(data)

    def public_bytes(self) -> bytes:
        """SubjectPublicKeyInfo in DER."""
        return public_der(self._key.private_key.public_key())


class FolderKeys:
    """The keys of a folder. A key is opened with its first signature and stays open; records are read every time, so
    that a key that was retired or stolen is not handed out any more."""

    def __init__(self, store: KeyStore, passphrase: str) -> None:
        self.store = store
        self._passphrase = passphrase
        self._open: dict[str, OpenKey] = {}

    def list_records(self, purpose: KeyPurpose | None = None) -> list[KeyRecord]:
        """The keys of the folder, oldest first."""
        return self.store.list_records(purpose)

    def signer(self, record: KeyRecord) -> Signer:
        """A signer for one of them. Raises as `KeyStore.open_key` does."""
        return FileSigner(self.document_key(record))

    def document_key(self, record: KeyRecord) -> OpenKey:
        """The open key itself."""
        if record.key_id not in self._open:
            self._open[record.key_id] = self.store.open_key(record.key_id, self._passphrase)
        return self._open[record.key_id]


def refuse_too_much(purpose: KeyPurpose, size: int) -> None:
    """Raise TooMuchToSign for a message that keys of this purpose do not sign."""
    if purpose is KeyPurpose.ROOT or size > MOST_BYTES[purpose]:
        raise TooMuchToSign(f"a key for {purpose} signs at most {MOST_BYTES[purpose]} bytes, not {size}")


def no_active(purpose: KeyPurpose) -> KeyMissing:
    """The error for a purpose that has no key in use, with the command that mends it."""
    return KeyMissing(f"no key for {purpose} is active now; `laurel keys init` makes what is missing")
