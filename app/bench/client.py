"""A small HTTP client for load: keep-alive connections on the loopback, prepared requests, a clock around each.

It understands what our server answers (Content-Length, or chunks) and nothing else; a faulty answer is an error and
never a fast success.
"""

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

HOST = "127.0.0.1"
TIMEOUT = 30.0
END_OF_HEAD = b"\r\n\r\n"


class BadAnswer(ConnectionError):
    """The server closed the connection, or answered in a way this client does not understand."""


@dataclass(frozen=True)
class Answer:
    """Status, head in lower case, and body of one answer."""

    status: int
    head: bytes
    body: bytes


class Connection:
    """One keep-alive connection to a port of this machine."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None
        self._rest = b""

    def ask(self, request: bytes) -> Answer:
        """Send one prepared request and read its answer. Raises BadAnswer or OSError; the next call connects anew."""
        try:
            self._open().sendall(request)
            return self._read()
        except (OSError, ValueError) as error:
            self.close()
            raise BadAnswer(str(error)) from error

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()
        self._socket, self._rest = None, b""

    def _open(self) -> socket.socket:
        if self._socket is None:
            self._socket = socket.create_connection((HOST, self._port), timeout=TIMEOUT)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._socket

    def _read(self) -> Answer:
        while END_OF_HEAD not in self._rest:
            self._more()
        head, _, self._rest = self._rest.partition(END_OF_HEAD)
        status, head = int(head.split(b" ", 2)[1]), head.lower()
        if status in (204, 304):
            return Answer(status, head, b"")
        length = header(head, b"content-length")
        if length is None and header(head, b"transfer-encoding") != b"chunked":
            raise BadAnswer("neither a length nor chunks")
        return Answer(status, head, self._chunks() if length is None else self._take(int(length)))

    def _more(self) -> None:
        assert self._socket is not None
        got = self._socket.recv(262_144)
        if not got:
            raise BadAnswer("the server closed the connection")
        self._rest += got

    def _take(self, count: int) -> bytes:
        while len(self._rest) < count:
            self._more()
        taken, self._rest = self._rest[:count], self._rest[count:]
        return taken

    def _chunks(self) -> bytes:
        body = b""
        while True:
            while b"\r\n" not in self._rest:
                self._more()
            size, _, self._rest = self._rest.partition(b"\r\n")
            chunk = self._take(int(size, 16) + 2)[:-2]
            if not chunk:
                return body
            body += chunk


def header(head: bytes, name: bytes) -> bytes | None:
    """The value of a header, by its name in lower case, in a head in lower case; None where it is not."""
    start = head.find(b"\r\n" + name + b":")
    if start < 0:
        return None
    start += len(name) + 3
    end = head.find(b"\r\n", start)
    return head[start : end if end >= 0 else None].strip()


def prepare(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """The bytes of a request, ready to be sent as often as needed."""
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    if body or method not in ("GET", "HEAD"):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


Script = Iterator[bytes]
"""The requests of one person, one after the other; it may end."""


@dataclass
class Load:
    """What came of a window: milliseconds of each good answer, errors, bytes of the last body, seconds it took."""

    seconds: float = 0.0
    errors: int = 0
    bytes: int = 0
    latencies: list[float] = field(default_factory=list)

    @property
    def requests(self) -> int:
        """Answers, good or not."""
        return len(self.latencies) + self.errors


def run(port: int, scripts: Sequence[Script], *, clients: int, seconds: float, expected: int) -> Load:
    """Let `clients` threads work through the scripts, each through its own, until the time is up or they end.

    A request in flight at the end is waited for and counted. `expected` is the status of a good answer.
    """
    total, lock = Load(), threading.Lock()
    begun = time.perf_counter()

    def work(own: Sequence[Script]) -> None:
        part = _work(port, list(own), begun + seconds, expected)
        with lock:
            total.latencies += part.latencies
            total.errors += part.errors
            total.bytes = max(total.bytes, part.bytes)

    shares = [scripts[n::clients] for n in range(clients) if scripts[n::clients]]
    threads = [threading.Thread(target=work, args=(share,)) for share in shares]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total.seconds = time.perf_counter() - begun
    return total


def _work(port: int, scripts: list[Script], until: float, expected: int) -> Load:
    connection, part, turn = Connection(port), Load(), 0
    while scripts and time.perf_counter() < until:
        script = scripts[turn % len(scripts)]
        request = next(script, None)
        if request is None:
            scripts.remove(script)
            continue
        turn += 1
        begun = time.perf_counter()
        try:
            answer = connection.ask(request)
        except BadAnswer:
            part.errors += 1
            continue
        if answer.status != expected:
            part.errors += 1
            continue
        part.latencies.append((time.perf_counter() - begun) * 1000)
        part.bytes = max(part.bytes, len(answer.body))
    connection.close()
    return part
