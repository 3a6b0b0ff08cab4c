"""The process that holds the port and watches the workers.

A database opened before the workers are forked off must never be used by them (SQLite, "How To Corrupt An SQLite Database
File", section 2.6). Before one worker this process loads the server and nothing of ours, since that would be memory that
does no work (60 MiB were measured), and the worker makes the application. Before several it loads the code and makes the
application without opening a database, and they share it (25 MiB less for two).
"""

import ctypes
import gc
import importlib
import os
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
BEGIN = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from app.workers import main; main()"
SECONDS_TO_FINISH = 30
# What structlog loads where it is found, for coloured tracebacks in a terminal; a server writes JSON lines (5 MiB).
FOR_TERMINALS = ("rich",)


def become(target: str, host: str, port: int, *, workers: int, threads: int) -> NoReturn:
    """Replace this process, keeping its id, by the server of the factory `target` ("module:function")."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.environ.setdefault("MALLOC_ARENA_MAX", "1")  # glibc gives every thread a heap of its own otherwise: 12 MiB
    os.execv(sys.executable, command(target, host, port, workers=workers, threads=threads))  # noqa: S606  our own words


def command(target: str, host: str, port: int, *, workers: int, threads: int) -> list[str]:
    """The command line of that server."""
    return [sys.executable, "-c", BEGIN, target, host, str(port), str(workers), str(threads)]


def main() -> None:
    """Serve until stopped; SIGTERM and SIGINT let requests in flight finish for up to half a minute."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    target, host, port, workers, threads = sys.argv[1:]
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    for name in FOR_TERMINALS:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # as if it were not installed
    if int(workers) > 1:
        _share_code(target)
    Granian(
        target,
        address=host,
        port=int(port),
        interface=Interfaces.WSGI,
        workers=int(workers),
        blocking_threads=int(threads),
        factory=True,
        websockets=False,
        log_level=LogLevels.error,
        workers_kill_timeout=SECONDS_TO_FINISH,
        respawn_failed_workers=True,
        process_name=None,
    ).serve()


def _share_code(target: str) -> None:
    """Load the code of the workers once, with what its `prepare` makes; keep the collector from writing into it."""
    module = importlib.import_module(target.partition(":")[0])
    getattr(module, "prepare", lambda: None)()
    settle()


def settle() -> None:
    """Call when everything is loaded: what loading left behind goes back to the system, and what stays is not visited again.

    The collector looks at none of it any more, neither writing into pages that are shared nor taking time.
    """
    gc.collect()
    gc.freeze()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc only (malloc_trim(3)): 2 to 4 MiB
    if trim is not None:
        trim(0)
