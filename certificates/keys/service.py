"""The signer process: the only one that can read the key folder. It answers on a Unix socket and does nothing else.

Who connects is told by the kernel (SO_PEERCRED), not by what they say: users that are not on the list are hung up on
before a byte is read. Signatures are asked for by purpose and key id; states and windows are read from the folder at
every request, so that a key that was retired or stolen signs nothing from that moment. Each signature is one line in
the log. SIGTERM lets requests in hand finish.
"""

import hashlib
import socket
import socketserver
import struct
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog
from cryptography.hazmat.primitives.serialization import Encoding

from app import clock
from certificates.keys import wire
from certificates.keys.material import public_pem
from certificates.keys.records import KeyPurpose, KeyRecord, KeyStoreError
from certificates.keys.signers import FolderKeys, refuse_too_much

PEER = struct.Struct("3i")
"""pid, uid and gid of the other side (unix(7), SO_PEERCRED)."""
HEAR_OUT = 5.0
"""Seconds that a connection may take to send its request."""
MODE = 0o666
"""Anybody may knock; the list of users decides who is heard."""
log = structlog.get_logger(__name__)


class Unasked(ValueError):
    """A request that this signer does not do."""


@dataclass
class Allowance:
    """How many signatures one user may ask for: `rate` a second, and up to `burst` at once. A token bucket."""

    rate: float
    burst: float
    ticks: Callable[[], float] = time.monotonic
    _left: dict[int, tuple[float, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait_for(self, uid: int) -> float:
        """Take one signature and return 0.0, or return the seconds after which one is due again."""
        with self._lock:
            now = self.ticks()
            left, since = self._left.get(uid, (self.burst, now))
            left = min(self.burst, left + (now - since) * self.rate)
            granted = left >= 1
            self._left[uid] = (left - 1 if granted else left, now)
            return 0.0 if granted else (1 - left) / self.rate


class SignerService:
    """What the signer answers, whoever brings the request."""

    def __init__(self, keys: FolderKeys, allowance: Allowance) -> None:
        self._keys = keys
        self._allowance = allowance
        self._public: dict[str, dict[str, Any]] = {}  # what never changes of a key

    def answer(self, request: dict[str, Any], uid: int, pid: int) -> dict[str, Any]:
        """Answer one request of a user who is on the list. Never raises for what a request holds."""
        try:
            if request.get("op") == "keys":
                return {"keys": [self._describe(record) for record in self._keys.list_records()]}
            if request.get("op") == "sign":
                wait = self._allowance.wait_for(uid)
                if wait:
                    return {"error": "busy", "message": "too many signatures at once", "retry_after": wait}
                return {"signature": wire.pack(self._sign(request, uid, pid))}
            raise Unasked("this signer lists keys and signs, nothing else")
        except (KeyStoreError, ValueError, OSError) as problem:
            words = {name: str(request.get(name, ""))[:40] for name in ("op", "purpose", "key")}
            log.warning("signature_refused", **words, reason=str(problem), uid=uid, pid=pid)
            return {"error": "refused", "message": str(problem)}

    def _describe(self, record: KeyRecord) -> dict[str, Any]:
        if record.key_id not in self._public:
            chain = [cert.public_bytes(Encoding.PEM).decode() for cert in self._keys.store.get_chain(record)]
            public = public_pem(self._keys.store.get_public(record))
            self._public[record.key_id] = {"public_pem": public, "chain": chain}
        return {"record": record.to_json_dict()} | self._public[record.key_id]

    def _sign(self, request: dict[str, Any], uid: int, pid: int) -> bytes:
        begun, data = time.monotonic(), wire.unpack(request.get("data"))
        purpose, key_id = KeyPurpose(str(request.get("purpose"))), str(request.get("key"))
        refuse_too_much(purpose, len(data))
        record = self._keys.store.get_record(key_id)
        if record.purpose is not purpose:
            raise Unasked(f"key {key_id} is not for {purpose}")
        if not record.may_sign_at(clock.now()):
            raise Unasked(f"key {key_id} is {record.state} and may not sign now")
        signature = self._keys.signer(record).sign(data)
        log.info(
            "signature", purpose=purpose.value, key=key_id, sha256=hashlib.sha256(data).hexdigest(), bytes=len(data),
            uid=uid, pid=pid, ms=round((time.monotonic() - begun) * 1000, 2),
        )  # fmt: skip
        return signature


class SignerServer(socketserver.ThreadingUnixStreamServer):
    """The socket. One connection carries one request; closing waits for those in hand."""

    daemon_threads = False
    request_queue_size = 128

    def __init__(self, path: Path, service: SignerService, users: frozenset[int]) -> None:
        self.service, self.users = service, users
        self._unnoted, self._next_note = 0, 0.0
        super().__init__(str(path), _Connection)
        path.chmod(MODE)

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Whether the user at the other end is on the list."""
        pid, uid, _gid = peer_of(request)
        if uid not in self.users:
            self._note_stranger(uid, pid)
        return uid in self.users

    def _note_stranger(self, uid: int, pid: int) -> None:
        """One line a second at most: whoever knocks all the time must not fill the log."""
        now = time.monotonic()
        self._unnoted += 1
        if now >= self._next_note:
            log.warning("stranger_refused", uid=uid, pid=pid, times=self._unnoted)
            self._unnoted, self._next_note = 0, now + 1.0

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that broke ends alone, with a line in the log."""
        log.warning("connection_broken", reason=str(sys.exc_info()[1]))


class _Connection(socketserver.BaseRequestHandler):
    server: SignerServer

    def handle(self) -> None:
        pid, uid, _gid = peer_of(self.request)
        try:
            request = wire.receive(self.request, HEAR_OUT)
        except (wire.WireError, TimeoutError) as problem:
            log.warning("request_unreadable", reason=str(problem), uid=uid, pid=pid)
            return
        self.request.settimeout(HEAR_OUT)
        wire.send(self.request, self.server.service.answer(request, uid, pid))


def peer_of(connection: socket.socket) -> tuple[int, int, int]:
    """pid, uid and gid of the process at the other end."""
    told = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, PEER.size)
    pid, uid, gid = PEER.unpack(told)
    return pid, uid, gid


def is_answering(path: Path) -> bool:
    """Whether somebody listens on a socket; what a killed signer left behind is only a file."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True
