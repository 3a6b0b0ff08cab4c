"""The lease of a job is prolonged while it runs, however long that takes.

A worker that dies or stands still stops prolonging, and the job goes to another when its lease ends. A job that holds
the writing transaction on SQLite cannot be prolonged meanwhile, and need not be: nobody else can claim one either.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from app import clock, transaction
from app.extensions import db
from app.jobs import ledger
from app.jobs.ledger import Claim, LeaseLost

LONGEST_RUN = timedelta(hours=1)  # what has not ended by then hangs, and is left to another worker
log = structlog.get_logger(__name__)


@contextmanager
def kept_alive(app: Flask, held: Claim) -> Iterator[None]:
    """Prolong the lease of `held` from a thread of its own until the block ends, for LONGEST_RUN at most."""
    ended = threading.Event()
    thread = threading.Thread(target=_beat, args=(app, held, ended), name=f"lease-{held.job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _beat(app: Flask, held: Claim, ended: threading.Event) -> None:
    until = clock.now() + LONGEST_RUN
    while not ended.wait(ledger.LEASE.total_seconds() / 3) and clock.now() < until:
        try:
            _renew(app, held)
        except LeaseLost:
            return  # the attempt number keeps the effect out
        except SQLAlchemyError as error:
            log.warning("job_lease_not_renewed", kind=held.kind, job=held.job_id, error=type(error).__name__)


def _renew(app: Flask, held: Claim) -> None:
    with app.app_context():
        transaction.begin_write()
        ledger.renew(db.session(), held, clock.now())
        transaction.commit()
