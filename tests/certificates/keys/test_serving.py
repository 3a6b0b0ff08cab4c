"""The signer as a process: it starts only when it can sign, ends without losing a request, and may be killed."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner
from flask import current_app
from sqlalchemy import func, select, update

from app import clock
from app.extensions import db
from app.jobs.models import Job
from certificates.checking import verification
from certificates.keys import published as published_keys
from certificates.keys import wire
from certificates.keys.records import KeyPurpose
from certificates.keys.remote import SignerAway, SignerProcess
from certificates.keys.serving import signer
from certificates.models import Artefact, Credential
from certificates.register.models import RegisterEntry
from tests.factories.certificates import find_credential, make_candidate, make_level, pass_exam, run_jobs
from tests.support.signer import PASSPHRASE, ROOT, framed, make_folder, running, start, stop, wait_until

pytestmark = pytest.mark.xdist_group("signer")


# What a program of another user sends, without anything of ours; prints the length of the answer.
ASKING = """
import socket, sys
body = b'{"op":"keys"}'
connection = socket.socket(socket.AF_UNIX)
connection.connect(sys.argv[1])
connection.sendall(len(body).to_bytes(4, "big") + body)
print(int.from_bytes(connection.recv(4), "big"))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A key folder that is nowhere near the instance of the application."""
    return make_folder(tmp_path_factory.mktemp("signer") / "keys").folder


@pytest.fixture
def path(tmp_path):
    return tmp_path / "socket"


class TestTheProcess:
    def test_it_says_where_it_listens_and_for_what(self, folder, path):
        with running(folder, path) as process:
            assert process.said == f"Signing for document-signing, badge, badge-jwt, log, answer on {path}\n"
            assert len(SignerProcess(path).list_records()) == len(KeyPurpose)
            told = stop(process)
        assert "Careful: the key of the root is here" in told
        assert not path.exists()

    def test_stopping_lets_a_request_in_hand_finish_and_takes_no_new_one(self, folder, path):
        process = start(folder, path)
        with socket.socket(socket.AF_UNIX) as begun:
            begun.connect(str(path))
            begun.sendall(b"\x00")
            [record] = SignerProcess(path).list_records(KeyPurpose.LOG)  # heard after the one that has begun
            order = {"op": "sign", "purpose": "log", "key": record.key_id, "data": wire.pack(b"head")}
            process.send_signal(signal.SIGTERM)
            wait_until(lambda: not path.exists())
            with pytest.raises(SignerAway):
                SignerProcess(path).list_records()
            begun.sendall(framed(json.dumps(order).encode())[1:])
            assert len(wire.unpack(wire.receive(begun, 10)["signature"])) == 64
        process.wait(20)  # a second signal would meet it while it ends
        assert '"event": "signature"' in stop(process)
        assert process.returncode == 0

    def test_after_a_kill_the_next_one_takes_the_place(self, folder, path):
        stop(start(folder, path), signal.SIGKILL)
        assert path.is_socket()
        with running(folder, path):
            assert SignerProcess(path).list_records()

    def test_a_living_one_is_not_pushed_aside(self, folder, path):
        with running(folder, path):
            second = start(folder, path)
            assert "Another signer listens" in stop(second)
            assert second.returncode == 2
            assert SignerProcess(path).list_records()

    def test_a_wrong_passphrase_shows_at_the_start(self, folder, path):
        process = start(folder, path, passphrase="another passphrase")
        assert "does not open key" in stop(process)
        assert (process.returncode, path.exists()) == (2, False)

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            (("--allow-user", "nobody-of-that-name"), "There is no user"),
            (("--rate", "0"), "--rate must be above 0"),
            (("--keys", "/nowhere/at/all"), "There is no key in use"),
        ],
    )
    def test_what_it_cannot_work_with_it_names(self, path, options, words):
        result = CliRunner().invoke(signer, ["serve", "--socket", str(path), *options])
        assert (result.exit_code, words in result.stderr) == (2, True)

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
    def test_the_kernel_tells_who_asks(self, folder):
        with TemporaryDirectory() as open_to_all:
            Path(open_to_all).chmod(0o755)
            path = Path(open_to_all) / "socket"
            with running(folder, path, "--allow-user", "4321"):
                with pytest.raises(SignerAway):
                    SignerProcess(path).list_records()
                asking = [
                    "setpriv",
                    "--reuid=4321",
                    "--clear-groups",
                    "/usr/bin/env",
                    "-i",
                    "python3",
                    "-S",
                    "-c",
                    ASKING,
                    path,
                ]
                told = subprocess.run(asking, capture_output=True, text=True, check=False, cwd="/")
                assert int(told.stdout or 0) > 1_000, told.stderr


@pytest.fixture
def web(app, folder, path, monkeypatch):
    """The application as a web server beside a signer: a socket, no passphrase, and no key folder of its own."""
    settings = current_app.extensions["settings"]
    theirs = replace(settings, keys_folder=str(folder), key_passphrase=PASSPHRASE)
    monkeypatch.setitem(current_app.extensions, "settings", theirs)
    published_keys.publish_all()  # as `laurel keys init` does on the machine of the signer
    db.session.commit()
    ours = replace(settings, signer=f"unix:{path}", keys_folder="/nowhere/at/all", key_passphrase="")
    monkeypatch.setitem(current_app.extensions, "settings", ours)
    return ours


@pytest.fixture
def ordered(web):
    """An award whose certificate is ordered."""
    make_level()
    person = make_candidate()
    pass_exam(person)
    return find_credential(person)


def due_again():
    due = update(Job).values(run_at=clock.now() - timedelta(minutes=5), lease_until=clock.now() - timedelta(minutes=5))
    db.session.execute(due)
    db.session.commit()


def assert_one_certificate(number):
    assert db.session.scalars(select(Credential.state)).one() == "issued"
    artefact = db.session.scalars(select(Artefact)).one()
    of_it = select(func.count()).select_from(RegisterEntry).where(RegisterEntry.number == number)
    assert db.session.scalar(of_it) == 1
    data = current_app.extensions["store"].get(artefact.file_id)
    answer = verification.verify_file(data, clock.now())
    assert (answer.document, answer.number, answer.exit_code) == ("exact", number, 0)


class TestTheWebServerBesideIt:
    def test_a_certificate_is_signed_through_the_socket(self, ordered, folder, path):
        with running(folder, path) as process:
            run_jobs()
            assert_one_certificate(ordered.number)
            told = stop(process)
        assert told.count('"purpose": "document-signing"') == 1

    def test_every_other_purpose_as_well(self, web, folder, path):
        with running(folder, path):
            for purpose in (KeyPurpose.BADGE, KeyPurpose.BADGE_JWT, KeyPurpose.LOG, KeyPurpose.ANSWER):
                signer = published_keys.signer_for(purpose, clock.now())
                [row] = published_keys.list_keys(purpose)
                assert signer.key_id == row.key_id
                assert signer.sign(b"message")

    def test_without_the_signer_the_job_waits_and_checking_goes_on(self, ordered, folder, path):
        run_jobs()
        assert db.session.scalars(select(Credential.state)).one() == "ordered"
        assert "does not answer" in db.session.scalars(select(Job.last_error).where(Job.last_error != "")).one()
        assert verification.verify_file(b"%PDF-1.7", clock.now()).document == "not-ours"
        with running(folder, path):
            due_again()
            run_jobs()
        assert_one_certificate(ordered.number)

    def test_a_signer_killed_in_the_middle_of_a_signature_leaves_exactly_one_certificate(
        self, ordered, folder, path, monkeypatch
    ):
        process, number = start(folder, path), ordered.number
        frozen = threading.Event()
        real = SignerProcess.ask

        def freeze_first(self, request):
            if request["op"] == "sign" and not frozen.is_set():
                process.send_signal(signal.SIGSTOP)  # it has the order and will never answer
                frozen.set()
                threading.Timer(0.3, process.kill).start()
            return real(self, request)

        monkeypatch.setattr(SignerProcess, "ask", freeze_first)
        run_jobs()
        assert frozen.is_set()
        assert process.wait(10) == -signal.SIGKILL
        stop(process)
        assert db.session.scalars(select(Credential.state)).one() == "ordered"
        with running(folder, path):
            due_again()
            run_jobs()
        assert_one_certificate(number)


WATCHED = """
import os, sys
opened = []
sys.addaudithook(lambda event, told: opened.append(str(told[0])) if event in ("open", "os.listdir", "os.scandir") else None)
from app.factory import create_app
from app.jobs import runner
from certificates.keys import published as published_keys
from app import clock
app = create_app()
done = runner.run_all(app)
with app.app_context():
    published_keys.list_missing(clock.now())
folder, instance = sys.argv[1:]
touched = [name for name in opened if name.startswith((folder, os.path.join(instance, "keys"))) or name.endswith(".key.pem")]
print(done, len(opened) > 100, touched)
"""


def test_a_web_server_beside_a_signer_opens_no_key_file(ordered, web, folder, path):
    """A process of its own, told nothing but the socket, makes a certificate; every file that it opens is watched."""
    number = ordered.number
    db.session.commit()
    known = {name: value for name, value in web.as_environment().items() if name not in ("LAUREL_KEYS",)}
    with running(folder, path):
        done = subprocess.run(
            [sys.executable, "-c", WATCHED, str(folder), web.instance],
            env={**os.environ, **known, "LAUREL_KEYS": ""}, cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
    ran, enough, touched = done.stdout.split(maxsplit=2)
    assert (int(ran) >= 1, enough, touched.strip()) == (True, "True", "[]"), done.stderr
    assert_one_certificate(number)
