"""Serving: granian with its workers, each with one job runner; SIGTERM lets requests in flight finish.

granian was chosen over waitress because it drains on SIGTERM and costs less CPU a request
(docs/decisions/0003-server.md has the figures of `laurel bench`).
"""

import atexit
from typing import NoReturn

from babel import Locale
from babel.core import get_global
from sqlalchemy.orm import configure_mappers

from app import workers
from app.config import Settings
from app.factory import Laurel, create_app
from app.jobs.runner import Runner

THREADS_SQLITE, THREADS_POSTGRES = 4, 4
FRAMES = ("layouts/", "components/")

_prepared: list[Laurel] = []


def make_worker() -> Laurel:
    """The application of one worker process, with its job runner started unless jobs run elsewhere."""
    if not _prepared:
        prepare()
        workers.settle()
    app = _prepared.pop() if _prepared else create_app()
    threads = int(app.extensions["settings"].job_threads)
    if threads:
        runner = app.extensions["runner"] = Runner(app, threads)
        runner.start()
        atexit.register(runner.stop)
    return app


def prepare() -> None:
    """Make what every worker needs, before they are forked off, and the application itself.

    No database is opened for it, so that none is shared: SQLite's, which is looked at when the application is made, has
    but one worker. What several requests would make at the same time, at the first of them, is made once.
    """
    configure_mappers()
    Locale.parse("en").languages  # noqa: B018  read from disk at the first use
    get_global("likely_subtags")
    app = create_app()
    for name in app.jinja_env.list_templates(filter_func=lambda name: name.startswith(FRAMES)):
        app.jinja_env.get_template(name)
    _prepared.append(app)


def threads_for(settings: Settings) -> int:
    """How many requests one worker answers at once; few on SQLite, where writers would queue for the one lock."""
    return THREADS_SQLITE if settings.is_sqlite else THREADS_POSTGRES


def serve(settings: Settings, host: str, port: int) -> NoReturn:
    """Serve until stopped. This process becomes the server and does not come back."""
    workers.become("app.serve:make_worker", host, port, workers=settings.worker_count, threads=threads_for(settings))
