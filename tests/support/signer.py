"""A real signer process on a key folder of its own, started and stopped by a test."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryFile

from app import clock
from certificates.keys.making import make_missing
from certificates.keys.store import KeyStore
from certificates.keys.wire import LENGTH

ROOT = Path(__file__).resolve().parents[2]
PASSPHRASE = "four words of a passphrase"


def make_folder(folder: Path) -> KeyStore:
    """A key folder with a key for every purpose."""
    store = KeyStore(folder)
    make_missing(store, PASSPHRASE, "The Test Body", clock.now() - timedelta(hours=1), specimen=False)
    return store


def start(folder: Path, socket_path: Path, *options: str, passphrase: str = PASSPHRASE) -> subprocess.Popen[str]:
    """Start `laurel signer serve`; returns when it says where it listens, or has ended."""
    known = {"LAUREL_KEY_PASSPHRASE": passphrase, "LAUREL_INSTANCE": str(folder.parent)}
    log = TemporaryFile("w+")  # noqa: SIM115  closed by `stop`; a pipe that nobody reads would stop the signer
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "signer", "serve", "--socket", str(socket_path), "--keys", str(folder), *options],
        env=os.environ | known, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True,
    )  # fmt: skip
    process.log = log
    process.said = process.stdout.readline()
    return process


def stop(process: subprocess.Popen[str], with_signal: int = signal.SIGTERM) -> str:
    """Stop it and return what it wrote to its log."""
    if process.poll() is None:
        process.send_signal(with_signal)
    if not process.log.closed:
        process.communicate(timeout=20)
        process.log.seek(0)
        process.told = process.log.read()
        process.log.close()
    return process.told


@contextmanager
def running(folder: Path, socket_path: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """A signer for the time of a block."""
    process = start(folder, socket_path, *options)
    try:
        yield process
    finally:
        stop(process)


def framed(body: bytes) -> bytes:
    """Bytes as the wire carries a message."""
    return LENGTH.pack(len(body)) + body


def wait_until(answer, seconds: float = 10.0) -> None:
    """Wait for something to become true, and fail when it does not."""
    until = time.monotonic() + seconds
    while not answer():
        assert time.monotonic() < until
        time.sleep(0.02)
