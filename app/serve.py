"""Serving: granian with its workers, each with one job runner; SIGTERM lets requests in flight finish.

granian was chosen over waitress because it drains on SIGTERM and costs less CPU a request
(docs/decisions/0003-server.md has the figures of `laurel bench`).
"""

import atexit
import os

from app.config import Settings
from app.factory import Laurel, create_app
from app.jobs.runner import Runner

THREADS_SQLITE, THREADS_POSTGRES = 8, 16


def make_worker() -> Laurel:
    """The application of one worker process, with its job runner started. Called by the server in the worker."""
    app = create_app()
    runner = Runner(app)
    app.extensions["runner"] = runner
    runner.start()
    atexit.register(runner.stop)
    return app


def serve(settings: Settings, host: str, port: int) -> None:
    """Serve until stopped."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    server = Granian(
        "app.serve:make_worker",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=settings.worker_count,
        blocking_threads=THREADS_SQLITE if settings.is_sqlite else THREADS_POSTGRES,
        factory=True,
        websockets=False,
        log_level=LogLevels.error,
        workers_kill_timeout=30,
        respawn_failed_workers=True,
        process_name=None,
    )
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    server.serve()
