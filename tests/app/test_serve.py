"""The real server as a program of its own: it drains when it is asked to stop, and stays small."""

import os
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.bench import process, servers
from app.bench.client import Connection, prepare
from app.bench.servers import Server
from app.config import Settings
from app.serve import threads_for
from app.workers import ROOT

AT_ONCE = 48
MIB = 1024 * 1024


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """`laurel up` on an empty folder, as a newcomer runs it; its first start makes the demonstration."""
    port = servers.free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LAUREL_", "DATABASE_URL"))}
    log = tmp_path / "server.log"
    with log.open("wb") as output:
        started = subprocess.Popen(
            [sys.executable, "-m", "app", "up", "--port", str(port)],
            env=kept | {"LAUREL_INSTANCE": str(tmp_path / "instance")},
            cwd=ROOT,
            stdout=output,
            stderr=output,
        )
    running = Server(started, port, log)
    running.wait_until_up("/healthz")
    yield running
    running.end()


def send_at_once(port: int, path: str) -> list[socket.socket]:
    """Many visitors, each with a request sent and no answer read."""
    request = prepare("GET", path, {"Host": f"127.0.0.1:{port}", "Connection": "close"})
    waiting = [socket.create_connection(("127.0.0.1", port), timeout=30) for _ in range(AT_ONCE)]
    for visitor in waiting:
        visitor.sendall(request)
    return waiting


def answered(waiting: list[socket.socket], seconds: float) -> int:
    """How many of these have an answer within the time."""
    with selectors.DefaultSelector() as watch:
        for visitor in waiting:
            watch.register(visitor, selectors.EVENT_READ)
        return len(watch.select(seconds))


def whole_answer(visitor: socket.socket) -> bytes:
    """Everything until the server hangs up."""
    with visitor:
        return b"".join(iter(lambda: visitor.recv(65_536), b""))


def test_requests_in_flight_are_answered_after_sigterm(server: Server):
    connection = Connection(server.port)
    assert connection.ask(prepare("GET", "/training", {"Host": f"127.0.0.1:{server.port}"})).status == 200
    connection.close()
    waiting = send_at_once(server.port, "/training")
    assert answered(waiting, 10) > 0
    server.process.terminate()
    left = AT_ONCE - answered(waiting, 0)
    answers = [whole_answer(visitor) for visitor in waiting]
    assert left > 0, "every answer had come before the signal: this says nothing about draining"
    assert [answer[:15] for answer in answers] == [b"HTTP/1.1 200 OK"] * AT_ONCE
    assert all(answer.endswith(b"</html>") or answer.rstrip().endswith(b"</html>") for answer in answers)
    assert server.process.wait(30) == 0
    with pytest.raises(OSError, match=r"refused|reset"):
        socket.create_connection(("127.0.0.1", server.port), timeout=2)


def test_a_second_start_changes_nothing_and_takes_the_same_process(server: Server, tmp_path: Path):
    first = (tmp_path / "instance" / "settings.env").read_text(encoding="utf-8")
    assert server.end() == 0
    began = time.monotonic()
    settings = Settings(mode="demo", secret_key="x" * 40, instance=str(tmp_path / "instance"))
    again = servers._start(
        [sys.executable, "-m", "app", "serve", "--port", str(server.port)],
        {"LAUREL_INSTANCE": str(settings.instance_path)},
        server.port,
        tmp_path / "again.log",
    )
    again.wait_until_up("/readyz")
    assert time.monotonic() - began < 30
    assert (tmp_path / "instance" / "settings.env").read_text(encoding="utf-8") == first
    assert len(process.tree(again.pid)) == 2, "the process that holds the port, and one worker on SQLite"
    assert again.end() == 0


@pytest.mark.skipif(not process.is_readable(), reason="this system has no /proc")
def test_one_worker_stays_under_120_mib(server: Server):
    connection = Connection(server.port)
    for path in ("/", "/training", "/verify", "/sign-in", "/join", "/about") * 20:
        assert connection.ask(prepare("GET", path, {"Host": f"127.0.0.1:{server.port}"})).status == 200
    connection.close()
    assert process.memory_bytes(server.pid) < 120 * MIB


def test_a_worker_on_sqlite_answers_few_at_once():
    on_sqlite, elsewhere = Settings(), Settings(database_url="postgresql://db/laurel")
    assert (threads_for(on_sqlite), on_sqlite.worker_count) == (4, 1)
    assert (threads_for(elsewhere), elsewhere.worker_count) == (4, 2)
