"""Asking the reading process: one process for one task, a few at a time, each with its time.

Nothing of the environment goes along, so no secret of the server can be found there.
"""

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
START = "import sys; sys.path.insert(0, sys.argv[1]); from certificates.strangers.room import main; main()"
MOST_AT_ONCE = 2
SECONDS = 10.0
"""For the wait and for the work, each."""

_free = threading.BoundedSemaphore(MOST_AT_ONCE)


class NotRead(Exception):
    """The file was not read. `code`: `busy`, `unreadable`, or why the reading process refused it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_codes(photograph: bytes) -> list[str]:
    """The texts of the QR codes on a photograph, perhaps none. Raises NotRead: `size`, `picture`, `unreadable`, `busy`."""
    return _ask("codes", photograph)["texts"]


def read_papers(*papers: bytes) -> list[dict[str, Any]]:
    """What each of these PDFs says, see `certificates.strangers.paper.read_papers`. Raises NotRead."""
    return _ask("papers", *papers)["papers"]


def _ask(task: str, *files: bytes) -> dict[str, Any]:
    if not _free.acquire(timeout=SECONDS):
        raise NotRead("busy")
    try:
        answer = _run(task, files)
    finally:
        _free.release()
    if "refused" in answer:
        raise NotRead(answer["refused"])
    return answer


def _run(task: str, files: tuple[bytes, ...]) -> dict[str, Any]:
    order = json.dumps({"task": task, "sizes": [len(data) for data in files]}).encode()
    command = [sys.executable, "-I", "-c", START, str(PROJECT)]
    try:
        done = subprocess.run(  # noqa: S603  our own words
            command,
            input=b"".join((order, b"\n", *files)),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"LANG": "C.UTF-8"},
            timeout=SECONDS,
            check=True,
        )
        return json.loads(done.stdout)
    except (subprocess.SubprocessError, OSError, ValueError) as problem:
        raise NotRead("unreadable") from problem
