"""Signing through the signer process: what the web process holds instead of keys.

It knows the path of a socket and public halves. Every signature that comes back is checked against the public half
before it is used, so a signer with the wrong key, or something else behind the socket, yields an error and never a
document.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from certificates.keys import wire
from certificates.keys.authority import AuthorityRefused
from certificates.keys.material import PublicKey, holds, public_der, read_public
from certificates.keys.records import KeyMissing, KeyPurpose, KeyRecord, KeyStoreError
from certificates.keys.signers import Signer, refuse_too_much
from certificates.keys.store import OpenKey

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

ANSWER_WITHIN = 10.0
"""Seconds for one request; a signature takes about one millisecond."""
WAIT_AT_MOST = 5.0
"""Seconds that a request is tried again while the signer says that it is busy, and that a place in its queue is waited for."""
KNOCK_AGAIN = 0.005


class SignerAway(KeyStoreError):
    """The signer process does not answer."""


class SignerRefused(KeyStoreError):
    """The signer process answered, and did not sign; or what it sent is no signature of that key."""


class SignerProcess:
    """The keys behind a socket, as a source of signers."""

    def __init__(self, path: Path, sleep: Callable[[float], None] = time.sleep) -> None:
        self.path = path
        self._sleep = sleep
        self._known: dict[str, tuple[PublicKey, tuple[x509.Certificate, ...]]] = {}

    def list_records(self, purpose: KeyPurpose | None = None) -> list[KeyRecord]:
        """The keys that the signer has, oldest first. Raises SignerAway and SignerRefused."""
        records = [self._learn(row) for row in self.ask({"op": "keys"}).get("keys", [])]
        return [record for record in records if purpose in (None, record.purpose)]

    def _learn(self, row: dict[str, Any]) -> KeyRecord:
        from cryptography import x509

        try:
            record = KeyRecord.from_json_dict(row["record"])
            if record.key_id not in self._known:
                chain = tuple(x509.load_pem_x509_certificate(pem.encode()) for pem in row["chain"])
                self._known[record.key_id] = (read_public(row["public_pem"]), chain)
        except (KeyError, TypeError, AttributeError, ValueError) as problem:
            raise SignerRefused(f"the signer described a key in a way that cannot be read: {problem}") from problem
        return record

    def signer(self, record: KeyRecord) -> Signer:
        """A signer for one of the keys. Raises KeyMissing for one that the signer does not have."""
        return RemoteSigner(self, record, self._get_known(record)[0])

    def document_key(self, record: KeyRecord) -> OpenKey:
        """A document signer with its certificates, whose private half stays where it is."""
        public, chain = self._get_known(record)
        return OpenKey(record, KeyElsewhere(RemoteSigner(self, record, public)), chain)

    def _get_known(self, record: KeyRecord) -> tuple[PublicKey, tuple[x509.Certificate, ...]]:
        if record.key_id not in self._known:
            self.list_records()
        try:
            return self._known[record.key_id]
        except KeyError:
            raise KeyMissing(f"the signer has no key {record.key_id}") from None

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send a request and return the answer, waiting a little for a signer that is busy.

        Raises SignerAway when nobody answers, SignerRefused with the signer's words when it refuses.
        """
        patience = WAIT_AT_MOST
        while True:
            answer = self._ask_once(request)
            if answer.get("error") != "busy" or patience <= 0:
                break
            pause = min(max(float(answer.get("retry_after", 0.1)), 0.01), patience)
            self._sleep(pause)
            patience -= pause
        if "error" in answer:
            raise SignerRefused(f"the signer does not sign: {answer.get('message', '')}")
        return answer

    def _ask_once(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                connection.settimeout(ANSWER_WITHIN)
                self._connect(connection)
                wire.send(connection, request)
                return wire.receive(connection, ANSWER_WITHIN)
        except (OSError, wire.WireError) as problem:
            raise SignerAway(f"the signer at {self.path} does not answer: {problem}") from problem

    def _connect(self, connection: socket.socket) -> None:
        """Connect, waiting while others queue: a full queue refuses at once (unix(7), EAGAIN), and anybody may knock."""
        until = time.monotonic() + WAIT_AT_MOST
        while True:
            try:
                connection.connect(str(self.path))
            except BlockingIOError:
                if time.monotonic() >= until:
                    raise
                time.sleep(KNOCK_AGAIN)
            else:
                return


class RemoteSigner:
    """One key of the signer process."""

    def __init__(self, process: SignerProcess, record: KeyRecord, public: PublicKey) -> None:
        self._process, self._public = process, public
        self.key_id, self.purpose, self.algorithm = record.key_id, record.purpose, record.algorithm

    def sign(self, data: bytes) -> bytes:
        """Have bytes signed, see Signer. Raises SignerAway and SignerRefused."""
        refuse_too_much(self.purpose, len(data))
        request = {"op": "sign", "purpose": self.purpose.value, "key": self.key_id, "data": wire.pack(data)}
        try:
            signature = wire.unpack(self._process.ask(request).get("signature"))
        except wire.WireError as problem:
            raise SignerRefused(f"the signer sent no signature: {problem}") from problem
        if not holds(self._public, signature, data):
            raise SignerRefused(f"what the signer sent is no signature of key {self.key_id}")
        return signature

    def public_bytes(self) -> bytes:
        """SubjectPublicKeyInfo in DER."""
        return public_der(self._public)


class KeyElsewhere:
    """Takes the place of a P-256 private key where documents are signed: it signs, and has nothing to give away."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer

    def sign(self, data: bytes, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        """Sign bytes by ECDSA with SHA-256, the one way that document signers have. Raises KeyStoreError."""
        wanted = getattr(signature_algorithm.algorithm, "name", "")
        if wanted != "sha256":
            raise AuthorityRefused(f"document signers sign with SHA-256, not with {wanted or 'a ready digest'}")
        return self._signer.sign(data)
