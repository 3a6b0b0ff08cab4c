"""The server is killed while answers come in, again and again: what was acknowledged is kept, nothing is doubled.

The real server in a process group of its own, a real file or a real PostgreSQL, four browsers saving at once. An answer
whose acknowledgement was lost is sent again under its number, as the page's module does. (security.md E4)
"""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from app import clock, database, transaction, workers
from app.accounts.models import WebSession
from app.config import Settings
from app.extensions import db
from app.factory import create_app
from assessments.exams import sitting
from assessments.exams.models import AttemptItem, ItemResponse
from assessments.exams.writing import Candidate
from tests.conftest import ROOT, SECRET
from tests.factories.assessments import exam_of, singles
from tests.factories.people import PersonFactory
from tests.journeys.conftest import free_port
from tests.support import birth, postgres
from tests.support.visitor import Visitor

SOAK_ROUNDS = int(os.environ.get("LAUREL_KILL_ROUNDS", "90"))  # on each database; 1,500 take more than an hour
CHECK_EVERY = 250
QUESTIONS = 8
WRITERS = 4


@dataclass
class Life:
    """One body, one candidate in the middle of an exam, and what the server acknowledged so far."""

    settings: Settings
    attempt: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    acknowledged: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    pending: dict[int, tuple[int, str]] = field(default_factory=dict)

    def be_born(self) -> None:
        """A founded body with a member who has begun an exam, signed in with a browser."""
        app = create_app(self.settings)
        with app.app_context():
            database.upgrade()
            birth.found_body()
            person = PersonFactory()
            browser = Visitor(app).sign_in(person)
            session_id = db.session.scalars(select(WebSession.id)).one()
            exam = exam_of(singles(QUESTIONS), minutes=600)
            attempt = sitting.start(exam, Candidate(person.id, person.public_id, person.name, session_id), clock.now())
            self.attempt = attempt.public_id
            transaction.commit()
            token = browser.token()
            cookie = browser.client.get_cookie("laurel").value
            self.headers = {"Cookie": f"laurel={cookie}", "X-CSRFToken": token, "Content-Type": "application/json"}
            db.session.remove()
            db.engine.dispose()

    def serve(self, port: int) -> subprocess.Popen[bytes]:
        """The server in a process group of its own, once it answers."""
        own = {"LAUREL_", "DATABASE_URL"}
        environment = {k: v for k, v in os.environ.items() if not any(k.startswith(name) for name in own)}
        environment |= {
            "LAUREL_MODE": "test",
            "LAUREL_SECRET_KEY": SECRET,
            "LAUREL_INSTANCE": self.settings.instance,
            "LAUREL_BASE_URL": f"http://127.0.0.1:{port}",
            "DATABASE_URL": self.settings.database_url,
            "LAUREL_JOB_THREADS": "1",
        }
        command = workers.command("app.serve:make_worker", "127.0.0.1", port, workers=1, threads=8)
        server = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
        for _try in range(400):
            if _answers(port):
                return server
            assert server.poll() is None, "the server did not start"
            time.sleep(0.05)
        raise AssertionError("the server did not answer")

    def write(self, port: int, positions: list[int], rng: Random, stop: threading.Event) -> None:
        """One browser: saves answers until the connection breaks; what had no acknowledgement is sent again first."""
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
            while not stop.is_set() and self.save_one(connection, rng.choice(positions), rng):
                pass

    def save_one(self, connection: http.client.HTTPConnection, position: int, rng: Random) -> bool:
        """One save, noted when it is acknowledged; False when the connection broke."""
        last = max((seq for seq, _raw in self.acknowledged.get(position, [])), default=0)
        seq, raw = self.pending.setdefault(position, (last + 1, rng.choice("abc")))
        body = json.dumps({"seq": seq, "answer": raw})
        try:
            connection.request("PUT", f"/attempts/{self.attempt}/answers/{position}", body, self.headers)
            with connection.getresponse() as reply:
                told = json.loads(reply.read())
        except (OSError, http.client.HTTPException, ValueError):
            return False
        assert (reply.status, told.get("state")) == (200, "saved"), told
        self.acknowledged.setdefault(position, []).append((seq, raw))
        del self.pending[position]
        return True

    def one_round(self, rng: Random) -> None:
        """Serve, let everybody write, kill without warning."""
        port, stop = free_port(), threading.Event()
        server = self.serve(port)
        share = QUESTIONS // WRITERS
        threads = [
            threading.Thread(
                target=self.write,
                args=(port, list(range(n * share + 1, (n + 1) * share + 1)), Random(rng.random()), stop),
            )
            for n in range(WRITERS)
        ]
        for thread in threads:
            thread.start()
        self.wait_for(self.count() + rng.randint(1, 40))
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
        stop.set()
        for thread in threads:
            thread.join()

    def count(self) -> int:
        """How many answers were acknowledged so far."""
        return sum(len(told) for told in list(self.acknowledged.values()))

    def wait_for(self, acknowledged: int) -> None:
        """Let the browsers write until so many answers are acknowledged."""
        until = time.monotonic() + 10
        while self.count() < acknowledged and time.monotonic() < until:
            time.sleep(0.002)

    def check(self) -> None:
        """Every acknowledged answer is there exactly once, and the stored one is the newest of them or a later one."""
        app = create_app(self.settings)
        with app.app_context():
            for question in db.session.scalars(select(AttemptItem).order_by(AttemptItem.position)):
                statement = select(ItemResponse).where(
                    ItemResponse.attempt_item_id == question.id, ItemResponse.accepted
                )
                log = [(row.seq, row.response) for row in db.session.scalars(statement.order_by(ItemResponse.id))]
                told = self.acknowledged.get(question.position, [])
                assert len({seq for seq, _raw in log}) == len(log), f"doubled: {log}"
                assert set(told) <= set(log), f"lost: {set(told) - set(log)}"
                assert (question.response_seq, question.response) == (log[-1] if log else (0, None))
            db.session.remove()
            db.engine.dispose()


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/healthz")
        with connection.getresponse() as reply:
            return reply.status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def live(folder: Path, url: str, rounds: int, seed: int) -> None:
    """Be born, and be killed as many times as told."""
    life = Life(
        Settings(mode="test", secret_key=SECRET, database_url=url, instance=str(folder), base_url="http://127.0.0.1")
    )
    life.be_born()
    rng = Random(seed)
    for number in range(1, rounds + 1):
        life.one_round(rng)
        if number % CHECK_EVERY == 0:
            life.check()
    life.check()
    assert life.count() > rounds * 5, "hardly anything was saved: no test of anything"


@pytest.mark.skipif(sys.platform == "win32", reason="process groups and SIGKILL")
@pytest.mark.parametrize(
    ("kind", "rounds"),
    [
        ("sqlite", 14),
        ("postgresql", 6),
        pytest.param("sqlite", SOAK_ROUNDS, marks=pytest.mark.soak),
        pytest.param("postgresql", SOAK_ROUNDS, marks=pytest.mark.soak),
    ],
)
def test_nothing_acknowledged_is_lost_and_nothing_is_doubled(tmp_path, kind, rounds):
    live(tmp_path, postgres.new_database() if kind == "postgresql" else "", rounds, seed=rounds)
