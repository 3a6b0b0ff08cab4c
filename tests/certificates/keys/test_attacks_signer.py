"""Attacks on the signer by whoever may reach its socket: knocking without end, dripping, forged frames."""

import os
import socket
import threading
import time
from contextlib import suppress

import pytest
import structlog

from certificates.keys import service as service_room
from certificates.keys import wire
from certificates.keys.records import KeyPurpose
from certificates.keys.remote import SignerAway, SignerProcess
from certificates.keys.service import Allowance, SignerServer, SignerService
from certificates.keys.signers import FolderKeys
from certificates.keys.store import KeyStore
from tests.support.signer import PASSPHRASE, framed, make_folder, wait_until

OURSELVES, NOBODY = frozenset({os.geteuid()}), frozenset({os.geteuid() + 1})


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    folder = make_folder(tmp_path_factory.mktemp("signer") / "keys").folder
    return SignerService(FolderKeys(KeyStore(folder), PASSPHRASE), Allowance(rate=1000, burst=1000))


@pytest.fixture
def server(tmp_path, service):
    """A signer that nobody has begun to serve yet: whoever knocks stands in its queue."""
    made = SignerServer(tmp_path / "socket", service, OURSELVES)
    yield made
    made.server_close()


def serve(server):
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    return thread


def path_of(server):
    return server.server_address


def knock(path):
    """One more in the queue; False when there is no place left."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.setblocking(False)
    try:
        connection.connect(path)
    except BlockingIOError:
        connection.close()
        return None
    return connection


def fill(path):
    queue = []
    while (connection := knock(path)) is not None:
        queue.append(connection)
    return queue


def test_a_full_queue_is_waited_for_and_not_taken_for_a_dead_signer(server):
    queue = fill(path_of(server))
    assert len(queue) > 100
    threading.Timer(0.3, serve, (server,)).start()
    try:
        records = SignerProcess(path_of(server)).list_records()
        assert {record.purpose for record in records} == set(KeyPurpose)
    finally:
        for connection in queue:
            connection.close()
        server.shutdown()


def test_a_queue_that_stays_full_is_given_up_after_a_while(server, monkeypatch):
    monkeypatch.setattr("certificates.keys.remote.WAIT_AT_MOST", 0.2)
    queue = fill(path_of(server))
    with pytest.raises(SignerAway):
        SignerProcess(path_of(server)).list_records()
    for connection in queue:
        connection.close()


def test_a_stranger_who_knocks_all_the_time_does_not_fill_the_log(tmp_path, service):
    with SignerServer(tmp_path / "socket", service, NOBODY) as server, structlog.testing.capture_logs() as log:
        thread = serve(server)
        for _time in range(300):
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                connection.connect(path_of(server))
        wait_until(lambda: log)
        server.shutdown()
        thread.join()
    lines = [line for line in log if line["event"] == "stranger_refused"]
    assert 1 <= len(lines) <= 3
    assert lines[0]["uid"] == os.geteuid()


def drip(connection, until):
    """Send a byte now and then until the other side hangs up; when that was."""
    with suppress(OSError):
        while time.monotonic() < until:
            connection.sendall(b" ")
            time.sleep(0.1)
    return time.monotonic()


def test_whoever_drips_a_request_is_hung_up_on_when_its_time_is_over(server, monkeypatch):
    monkeypatch.setattr(service_room, "HEAR_OUT", 0.5)
    thread = serve(server)
    begun = time.monotonic()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as dripping:
        dripping.connect(path_of(server))
        dripping.sendall(wire.LENGTH.pack(1_000))
        assert drip(dripping, until=begun + 5) < begun + 3
    assert SignerProcess(path_of(server)).list_records(), "others are answered all the while"
    server.shutdown()
    thread.join()


@pytest.mark.parametrize(
    "frame",
    [
        b"\0\0\0\0", b"\xff\xff\xff\xff", framed(b"[]"), framed(b"null"), framed(b"[" * 100_000), framed(b'{"op":'),
        framed(b'{"op":"sign","purpose":["log"],"key":{},"data":7}'), framed(b'{"op":"sign","key":"../../etc/passwd"}'),
        framed(b'{"op":"sign","purpose":"log","key":"\\ud800","data":""}'), framed(b'{"op":"sign","purpose":"root"}'),
    ],
)  # fmt: skip
def test_no_frame_is_signed_or_stops_the_signer(server, frame):
    thread = serve(server)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.connect(path_of(server))
        connection.sendall(frame)
        try:
            answer = wire.receive(connection, 5)
        except wire.WireError:
            answer = {"error": "hung up"}
    assert set(answer) <= {"error", "message"}
    assert SignerProcess(path_of(server)).list_records()
    server.shutdown()
    thread.join()
