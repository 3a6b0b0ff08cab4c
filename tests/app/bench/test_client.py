"""The client of the bench, against a server that answers well, in chunks, wrongly, or not at all."""

import itertools
import socketserver
import threading
from collections.abc import Iterator

import pytest

from app.bench import client
from app.bench.client import BadAnswer, Connection, prepare

ANSWERS = {
    "/plain": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "/chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
    "/empty": b"HTTP/1.1 204 No Content\r\n\r\n",
    "/moved": b"HTTP/1.1 302 Found\r\nLocation: /plain\r\nContent-Length: 0\r\n\r\n",
    "/endless": b"HTTP/1.1 200 OK\r\n\r\nno length",
}


class Handler(socketserver.StreamRequestHandler):
    """Answers what it is told, counts connections, and hangs up at `/gone`."""

    def handle(self) -> None:
        self.server.connections += 1  # type: ignore[attr-defined]
        while line := self.rfile.readline():
            method, path, _version = line.decode().split(" ")
            length = 0
            while header := self.rfile.readline().strip():
                if header.lower().startswith(b"content-length:"):
                    length = int(header.split(b":")[1])
            self.server.seen.append((method, path, self.rfile.read(length)))  # type: ignore[attr-defined]
            if path not in ANSWERS:
                return
            self.wfile.write(ANSWERS[path])


@pytest.fixture
def server() -> Iterator[socketserver.ThreadingTCPServer]:
    """A server on the loopback that remembers what it was asked."""
    socketserver.ThreadingTCPServer.daemon_threads = True
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as running:
        running.connections, running.seen = 0, []  # type: ignore[attr-defined]
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield running
        running.shutdown()


def port_of(server) -> int:
    return server.server_address[1]


def ask(server, *paths: str) -> list[client.Answer]:
    connection = Connection(port_of(server))
    answers = [connection.ask(prepare("GET", path, {"Host": "x"})) for path in paths]
    connection.close()
    return answers


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [("/plain", 200, b"hello"), ("/chunks", 200, b"hello"), ("/empty", 204, b""), ("/moved", 302, b"")],
)
def test_an_answer_is_read_whole_and_the_next_one_after_it(server, path, status, body):
    first, second = ask(server, path, "/plain")
    assert (first.status, first.body) == (status, body)
    assert second.body == b"hello"
    assert server.connections == 1


def test_a_body_is_sent_with_its_length(server):
    connection = Connection(port_of(server))
    connection.ask(prepare("PUT", "/plain", {"Host": "x"}, b'{"seq": 1}'))
    connection.close()
    assert server.seen == [("PUT", "/plain", b'{"seq": 1}')]


@pytest.mark.parametrize("path", ["/gone", "/endless"])
def test_an_answer_that_cannot_be_read_is_an_error_and_the_next_request_connects_anew(server, path):
    connection = Connection(port_of(server))
    with pytest.raises(BadAnswer):
        connection.ask(prepare("GET", path, {"Host": "x"}))
    assert connection.ask(prepare("GET", "/plain", {"Host": "x"})).body == b"hello"
    connection.close()
    assert server.connections == 2


def test_each_script_is_worked_through_by_one_client_in_its_order(server):
    scripts = [iter([prepare("GET", "/plain", {"Host": name}, name.encode()) for _ in range(3)]) for name in "abc"]
    load = client.run(port_of(server), scripts, clients=2, seconds=20, expected=200)
    assert (len(load.latencies), load.errors, load.bytes) == (9, 0, 5)
    assert sorted(body for _method, _path, body in server.seen) == [b"a"] * 3 + [b"b"] * 3 + [b"c"] * 3
    assert server.connections == 2


def test_wrong_statuses_and_lost_connections_are_errors_and_no_times(server):
    paths = ["/plain", "/moved", "/gone", "/plain"]
    load = client.run(
        port_of(server), [iter([prepare("GET", p, {"Host": "x"}) for p in paths])], clients=1, seconds=20, expected=200
    )
    assert (len(load.latencies), load.errors, load.requests) == (2, 2, 4)


def test_a_window_ends_when_its_time_is_up(server):
    endless = itertools.cycle([prepare("GET", "/plain", {"Host": "x"})])
    load = client.run(port_of(server), [endless], clients=1, seconds=0.2, expected=200)
    assert 0.2 <= load.seconds < 5
    assert load.requests > 10
