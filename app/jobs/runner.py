"""The threads that run jobs inside the server process; the ledger decides between processes."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import structlog
from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app import clock, logs, transaction
from app.extensions import db
from app.jobs import ledger
from app.jobs.heartbeat import kept_alive
from app.jobs.ledger import Claim, LeaseLost

Handler = Callable[[Claim], None]
POLL_SECONDS = 1.0
log = structlog.get_logger(__name__)


class Handlers:
    """Which function does which kind of job, and which kinds come round by themselves."""

    def __init__(self) -> None:
        self.by_kind: dict[str, Handler] = {}
        self.periodic: dict[str, int] = {}

    def add(self, kind: str, handler: Handler, every_seconds: int = 0) -> None:
        """Let `handler` do jobs of this kind; `every_seconds` orders one in each such span of time."""
        self.by_kind[kind] = handler
        if every_seconds:
            self.periodic[kind] = every_seconds


def order(
    kind: str,
    payload: dict[str, object],
    *,
    key: str | None = None,
    run_at: datetime | None = None,
    most_attempts: int = ledger.MOST_ATTEMPTS,
) -> None:
    """Order a job in the running transaction; the runner of this process is woken by its commit."""
    session, now = db.session(), clock.now()
    ledger.enqueue(session, kind, payload, now=now, key=key, run_at=run_at, most_attempts=most_attempts)
    runner = current_app.extensions.get("runner")
    if runner is not None:
        transaction.after_commit(runner.wake)


def order_periodic(handlers: Handlers) -> None:
    """Order what comes round by itself. The key names the span of time, so two schedulers cannot double it."""
    now = clock.now()
    transaction.begin_write()
    for kind, seconds in handlers.periodic.items():
        span = int(now.timestamp()) // seconds
        ledger.enqueue(db.session(), kind, {}, now=now, key=f"{kind}@{span}")
    transaction.commit()


def run_next(app: Flask) -> bool:
    """Claim and run one job in a context of its own; False when none is due."""
    return _run_claimed(app, ledger.claim)


def run_chosen(app: Flask, job_id: int) -> bool:
    """Claim and run one certain job, due or not; False when another worker holds it, or it is done or given up."""
    return _run_claimed(app, lambda session, now: ledger.claim_chosen(session, job_id, now))


def _run_claimed(app: Flask, take: Callable[[Session, datetime], Claim | None]) -> bool:
    with app.app_context():
        transaction.begin_write()
        held = take(db.session(), clock.now())
        transaction.commit()
        if held is None:
            return False
        if held.attempt > held.most_attempts:
            _give_back(held, "every worker that took this job died or ran out of time")
        else:
            with kept_alive(app, held):
                _run(app, held)
        return True


def run_all(app: Flask, most: int = 1_000) -> int:
    """Run jobs until none is due; how many ran. For commands and tests."""
    done = 0
    while done < most and run_next(app):
        done += 1
    return done


def _run(app: Flask, held: Claim) -> None:
    handler = app.extensions["jobs"].by_kind.get(held.kind)
    try:
        if handler is None:
            raise LookupError(f"no handler for jobs of kind {held.kind!r}")
        _start(handler)
        handler(held)
        _enter_write()
        ledger.finish(db.session(), held, clock.now())
        transaction.commit()
    except LeaseLost:
        transaction.undo()
        log.warning("job_lease_lost", kind=held.kind, job=held.job_id)
    except Exception as error:  # the ledger keeps every failure; an operator sees it on the jobs page
        log.exception("job_failed", kind=held.kind, job=held.job_id, attempt=held.attempt)
        _give_back(held, f"{type(error).__name__}: {error}")


def _start(handler: Handler) -> None:
    if getattr(handler, "slow_first", False):
        transaction.begin_read()
    else:
        transaction.begin_write()


def _enter_write() -> None:
    if transaction.is_reading():
        if db.session().info.get("wrote"):
            raise RuntimeError("a slow-first job wrote before begin_write()")
        transaction.begin_write()


def _give_back(held: Claim, error: str) -> None:
    transaction.begin_write()
    try:
        ledger.fail(db.session(), held, logs.without_values(error)[:2_000], clock.now())
        transaction.commit()
    except LeaseLost:
        transaction.undo()


class Runner:
    """A few threads that run due jobs until told to stop."""

    def __init__(self, app: Flask, threads: int = 2) -> None:
        self._app = app
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._threads = [threading.Thread(target=self._loop, args=(n,), name=f"jobs-{n}") for n in range(threads)]

    def start(self) -> None:
        """Begin to run jobs."""
        for thread in self._threads:
            thread.daemon = True
            thread.start()

    def wake(self) -> None:
        """Look for due jobs now rather than at the next tick."""
        self._wake.set()

    def stop(self, timeout: float = 20.0) -> None:
        """Finish the jobs in hand and end the threads, within `timeout` seconds for all of them.

        A job that takes longer is left where it is: its lease ends, and another worker takes it up.
        """
        until = time.monotonic() + timeout
        self._stop.set()
        self._wake.set()
        for thread in self._threads:
            thread.join(max(until - time.monotonic(), 0.0))

    def _loop(self, number: int) -> None:
        is_named = number != 0
        while not self._stop.is_set():
            if not self._turn(number):
                is_named = is_named or self._name_old_jobs()
                self._wake.wait(POLL_SECONDS)
                self._wake.clear()

    def _name_old_jobs(self) -> bool:
        """Once, in the first quiet moment; False if the database is away."""
        with self._app.app_context(), suppress(SQLAlchemyError):
            transaction.begin_write()
            ledger.name_old_jobs(db.session())
            transaction.commit()
            return True
        return False

    def _turn(self, number: int) -> bool:
        try:
            if number == 0:
                with self._app.app_context():
                    order_periodic(self._app.extensions["jobs"])
            return run_next(self._app)
        except Exception:  # a database that is away must not end the thread
            log.exception("job_turn_failed")
            return False


def init_app(app: Flask) -> None:
    """Give the application its table of handlers; `app.wiring` fills it."""
    app.extensions["jobs"] = Handlers()
