"""Servers as programs of their own: Laurel as operators start it, and the bare application on the same server."""

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from app import workers
from app.bench import baseline
from app.bench.client import HOST, BadAnswer, Connection, prepare
from app.config import Settings
from app.serve import threads_for

STARTS_WITHIN = 60.0
ENDS_WITHIN = 40.0
GRANIAN, WAITRESS = "granian", "waitress"
OWN = ("LAUREL_", "DATABASE_URL", "PYTHON", "FLASK_")


class ServerFailed(RuntimeError):
    """A server did not answer in time; its last words are in the message."""


@dataclass
class Server:
    """A running server: its process, which every worker descends from, and its port."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def pid(self) -> int:
        """The root of the server's process tree."""
        return self.process.pid

    def wait_until_up(self, path: str) -> None:
        """Return once `path` answers with 200. Raises ServerFailed."""
        request, until = prepare("GET", path, {"Host": f"{HOST}:{self.port}"}), time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until and self.process.poll() is None:
            connection = Connection(self.port)
            try:
                if connection.ask(request).status == 200:
                    return
            except BadAnswer:
                pass
            finally:
                connection.close()
            time.sleep(0.1)
        words = self.log.read_text(encoding="utf-8", errors="replace")[-2_000:]
        self.end()
        raise ServerFailed(f"no answer from {path} on port {self.port}\n{words}")

    def end(self) -> int:
        """Ask it to stop, wait until it has, and return its exit code; ended by force where it does not."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


def free_port() -> int:
    """A port of the loopback that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def _start(command: list[str], environment: dict[str, str], port: int, log: Path) -> Server:
    """Start a program that knows nothing of this process's settings."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(OWN)}
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603  our own words
            command, env=clean | environment, cwd=workers.ROOT, stdout=output, stderr=output, stdin=subprocess.DEVNULL
        )
    return Server(process, port, log)


def start_laurel(settings: Settings, port: int, *, host: str = GRANIAN, job_threads: str = "") -> Server:
    """The real server on prepared data: `laurel serve`, or the same workers under another host program."""
    environment = settings.as_environment() | ({"LAUREL_JOB_THREADS": job_threads} if job_threads else {})
    command = [sys.executable, "-m", "app", "serve", "--port", str(port)]
    if host == WAITRESS:
        command = waitress_command("app.serve:make_worker", port, threads_for(settings))
    server = _start(command, environment, port, settings.instance_path / "server.log")
    server.wait_until_up("/healthz")
    return server


def start_baseline(url: str, settings: Settings, *, host: str = GRANIAN) -> Server:
    """The bare application on the same server with the same workers and threads."""
    port, threads, target = free_port(), threads_for(settings), "app.bench.baseline:make_app"
    command = workers.command(target, HOST, port, workers=settings.worker_count, threads=threads)
    if host == WAITRESS:
        command = waitress_command(target, port, threads)
    server = _start(command, {baseline.URL: url}, port, settings.instance_path / "baseline.log")
    server.wait_until_up(f"/page?code={baseline.codes(0, 1)[0]}")
    return server


def waitress_command(target: str, port: int, threads: int) -> list[str]:
    """waitress around a factory ("module:function"): one process, for comparison only."""
    module, _, factory = target.partition(":")
    words = (
        f"import waitress; from {module} import {factory}; "
        f"waitress.serve({factory}(), listen='{HOST}:{port}', threads={threads}, _quiet=True)"
    )
    return [sys.executable, "-c", words]
