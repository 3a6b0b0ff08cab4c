"""A real site on a port of its own and a real browser, for whole stories."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.browser import Guest, Site

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration, served by the real server from an empty folder."""
    instance = tmp_path_factory.mktemp("journey")
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("LAUREL_") and k != "DATABASE_URL"}
    environment |= {"LAUREL_INSTANCE": str(instance), "PYTHONPATH": str(ROOT)}
    log = (instance / "server.log").open("w")
    command = [sys.executable, "-m", "app", "up", "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz", server, instance)
        yield Site(f"http://127.0.0.1:{port}", instance)
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
        log.close()


def _wait_for(address: str, server: subprocess.Popen[bytes], instance: Path) -> None:
    for _ in range(300):
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(address, timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"the site did not start:\n{(instance / 'server.log').read_text()[-4000:]}")


@pytest.fixture(scope="module")
def browser():
    """Chromium of the system, without a window."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium on this machine, and CI must run the journeys")
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def guest(site: Site, browser) -> Iterator[Guest]:
    """Somebody who has never been here, on a laptop."""
    person = Guest(site, browser)
    yield person
    person.close()
