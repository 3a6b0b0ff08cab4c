"""What the signer answers, to whom, and how much; and what the asking side believes of the answers."""

import json
import os
import random
import re
import socket
import threading
from contextlib import suppress
from datetime import timedelta

import pytest
import structlog

from app import clock
from certificates.keys import wire
from certificates.keys.material import public_der
from certificates.keys.records import KeyMissing, KeyPurpose, KeyState, KeyStoreError
from certificates.keys.remote import SignerAway, SignerProcess, SignerRefused
from certificates.keys.service import Allowance, SignerServer, SignerService
from certificates.keys.signers import MOST_BYTES, FolderKeys, TooMuchToSign
from certificates.keys.store import KeyStore
from tests.support.signer import PASSPHRASE, framed, make_folder

OURSELVES = frozenset({os.geteuid()})
SIGNING = [purpose for purpose in KeyPurpose if purpose is not KeyPurpose.ROOT]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return make_folder(tmp_path_factory.mktemp("signer") / "keys").folder


@pytest.fixture
def keys(folder):
    return FolderKeys(KeyStore(folder), PASSPHRASE)


@pytest.fixture
def service(keys):
    return SignerService(keys, Allowance(rate=1000, burst=1000))


@pytest.fixture
def serve(tmp_path):
    """Let a service listen on a socket in a thread; returns the path."""
    running = []

    def begin(service, users=OURSELVES):
        path = tmp_path / f"socket-{len(running)}"
        server = SignerServer(path, service, users)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        running.append((server, thread))
        return path

    yield begin
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()


def record_of(keys, purpose):
    [record] = keys.list_records(purpose)
    return record


def request(keys, kind=KeyPurpose.BADGE, **changes):
    record = record_of(keys, kind)
    return {"op": "sign", "purpose": kind.value, "key": record.key_id, "data": wire.pack(b"message")} | changes


@pytest.mark.parametrize("purpose", SIGNING)
def test_every_purpose_signs_the_same_way_near_and_far(keys, service, serve, purpose):
    far_away = SignerProcess(serve(service))
    near = keys.signer(record_of(keys, purpose))
    [record] = far_away.list_records(purpose)
    far = far_away.signer(record)
    assert (far.key_id, far.purpose, far.algorithm) == (near.key_id, near.purpose, near.algorithm)
    assert far.public_bytes() == near.public_bytes() == public_der(keys.store.get_public(record))
    for signer in (near, far):
        assert len(signer.sign(b"message")) >= 64


def test_a_document_key_from_afar_has_its_certificates_and_gives_nothing_away(keys, service, serve):
    far_away = SignerProcess(serve(service))
    key = far_away.document_key(record_of(keys, KeyPurpose.DOCUMENT_SIGNING))
    assert key.chain == keys.document_key(key.record).chain
    assert {name for name in dir(key.private_key) if not name.startswith("_")} == {"sign"}


def test_the_list_of_keys_holds_no_private_half(service):
    told = json.dumps(service.answer({"op": "keys"}, 1, 1))
    assert "PRIVATE" not in told
    assert told.count("BEGIN PUBLIC KEY") == len(KeyPurpose)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"op": "open"}, "nothing else"),
        ({"op": None}, "nothing else"),
        ({"purpose": "log"}, "is not for log"),
        ({"purpose": "anything"}, "anything"),
        ({"key": "0" * 16}, "no file"),
        ({"key": "../../etc/passwd"}, "no key has the id"),
        ({"key": None}, "no file|no key"),
        ({"data": None}, "base64"),
        ({"data": "not base64!"}, "base64"),
        ({"data": wire.pack(b"x" * (MOST_BYTES[KeyPurpose.BADGE] + 1))}, "at most 1024 bytes"),
    ],
)
def test_what_is_not_a_plain_order_is_refused_with_the_reason(keys, service, changes, reason):
    answer = service.answer(request(keys, **changes), 1, 1)
    assert answer["error"] == "refused"
    assert re.search(reason, answer["message"])


def test_the_root_signs_nothing_for_anybody(keys, service):
    for data in (b"", b"x"):
        answer = service.answer(request(keys, KeyPurpose.ROOT, data=wire.pack(data)), 1, 1)
        assert answer["error"] == "refused"


@pytest.mark.parametrize("state", [KeyState.RETIRED, KeyState.COMPROMISED, KeyState.PLANNED])
def test_a_key_that_is_not_in_use_signs_nothing_from_that_moment(tmp_path, state):
    store = make_folder(tmp_path / "keys")
    keys = FolderKeys(store, PASSPHRASE)
    service, order = SignerService(keys, Allowance(100, 100)), request(keys)
    assert "signature" in service.answer(order, 1, 1)
    store.change_state(order["key"], state, clock.now() if state is KeyState.COMPROMISED else None)
    assert f"is {state}" in service.answer(order, 1, 1)["message"]


def test_outside_its_window_a_key_signs_nothing(keys, service, monkeypatch):
    order = request(keys)
    monkeypatch.setattr(clock, "now", lambda: record_of(keys, KeyPurpose.BADGE).not_after + timedelta(seconds=1))
    assert "may not sign now" in service.answer(order, 1, 1)["message"]


def test_each_user_has_an_allowance_of_their_own(keys):
    moment = [100.0]
    service = SignerService(keys, Allowance(rate=2, burst=3, ticks=lambda: moment[0]))
    told = [service.answer(request(keys), 7, 1) for _ in range(4)]
    assert ["signature" in answer for answer in told] == [True, True, True, False]
    assert told[-1] == {"error": "busy", "message": "too many signatures at once", "retry_after": 0.5}
    assert "signature" in service.answer(request(keys), 8, 1)
    moment[0] += 0.5
    assert "signature" in service.answer(request(keys), 7, 1)
    assert "error" in service.answer(request(keys), 7, 1)


def test_every_signature_and_every_refusal_is_one_line_that_holds_no_message(keys, service):
    with structlog.testing.capture_logs() as lines:
        service.answer(request(keys, data=wire.pack(b"a secret message")), 33, 44)
        service.answer(request(keys, purpose="log"), 33, 44)
    signed, refused = lines
    assert (signed["event"], signed["uid"], signed["pid"], signed["bytes"]) == ("signature", 33, 44, 16)
    assert (refused["event"], refused["purpose"]) == ("signature_refused", "log")
    assert "secret" not in str(lines)


def test_who_is_not_on_the_list_is_hung_up_on(service, serve):
    path = serve(service, frozenset({os.geteuid() + 1}))
    with structlog.testing.capture_logs() as lines, pytest.raises(SignerAway, match="does not answer"):
        SignerProcess(path).list_records()
    assert lines[0]["event"] == "stranger_refused"


def test_whatever_is_thrown_at_it_the_signer_goes_on(keys, service, serve):
    path, chance = serve(service), random.Random(3)
    rubbish = [framed(body) for body in (b"", b"[]", b"null", b"{", b"\xff\xfe", b"[" * 100_000)]
    rubbish += [b"\xff\xff\xff\xff", b"", b"\x00\x00", chance.randbytes(500)]
    for bytes_ in rubbish:
        with socket.socket(socket.AF_UNIX) as stranger:
            stranger.connect(str(path))
            stranger.sendall(bytes_)
            stranger.shutdown(socket.SHUT_WR)
            with suppress(ConnectionResetError):
                assert stranger.recv(10) == b""
    assert len(SignerProcess(path).list_records()) == len(KeyPurpose)


class TestTheAskingSide:
    @pytest.fixture
    def lying(self, keys, serve, service):
        """A signer whose answers to signing are replaced."""

        def begin(answer):
            class Liar:
                def answer(self, request, uid, pid):
                    return service.answer(request, uid, pid) if request["op"] == "keys" else answer(request)

            return SignerProcess(serve(Liar()), sleep=lambda seconds: None)

        return begin

    @pytest.mark.parametrize(
        "answer",
        [
            lambda request: {"signature": wire.pack(b"x" * 64)},
            lambda request: {"signature": None},
            lambda request: {},
            lambda request: {"signature": "?"},
        ],
    )
    def test_an_answer_that_is_no_signature_of_the_key_is_not_used(self, keys, lying, answer):
        far = lying(answer).signer(record_of(keys, KeyPurpose.ANSWER))
        with pytest.raises(SignerRefused):
            far.sign(b"message")

    def test_a_signature_by_another_key_is_not_used(self, keys, lying):
        wrong = keys.signer(record_of(keys, KeyPurpose.LOG))
        far = lying(lambda request: {"signature": wire.pack(wrong.sign(wire.unpack(request["data"])))})
        with pytest.raises(SignerRefused, match="no signature of key"):
            far.signer(record_of(keys, KeyPurpose.ANSWER)).sign(b"message")

    def test_a_busy_signer_is_asked_again_for_a_while(self, keys, lying):
        answers = iter([{"error": "busy", "retry_after": 0.2}, {"error": "busy", "retry_after": 0.2}])
        real = keys.signer(record_of(keys, KeyPurpose.LOG))

        def busy_twice(request):
            return next(answers, None) or {"signature": wire.pack(real.sign(wire.unpack(request["data"])))}

        far = lying(busy_twice).signer(record_of(keys, KeyPurpose.LOG))
        assert far.sign(b"head") == real.sign(b"head")
        always = lying(lambda request: {"error": "busy", "message": "too many", "retry_after": 0.5})
        with pytest.raises(SignerRefused, match="too many"):
            always.signer(record_of(keys, KeyPurpose.LOG)).sign(b"head")

    def test_too_much_is_not_even_sent(self, keys, service, serve):
        far = SignerProcess(serve(service)).signer(record_of(keys, KeyPurpose.LOG))
        with pytest.raises(TooMuchToSign):
            far.sign(b"x" * (MOST_BYTES[KeyPurpose.LOG] + 1))

    def test_nobody_at_the_other_end_is_an_error_of_the_keys(self, tmp_path):
        for path in (tmp_path / "nothing", tmp_path):
            with pytest.raises(KeyStoreError, match="does not answer"):
                SignerProcess(path).list_records()

    def test_a_key_that_the_signer_does_not_have_is_missing(self, keys, service, serve, tmp_path):
        stranger = record_of(FolderKeys(make_folder(tmp_path / "other"), PASSPHRASE), KeyPurpose.LOG)
        with pytest.raises(KeyMissing):
            SignerProcess(serve(service)).signer(stranger)
