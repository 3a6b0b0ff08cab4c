"""Ordering, claiming and finishing jobs.

A job is claimed with a lease by one conditional UPDATE and finished in the transaction of its effect, guarded by the
attempt number of the claim: a worker that outlived its lease cannot apply its effect a second time. Effects outside
the database (mail) stay at least once and carry a key of their own.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Insert, and_, insert, or_, select, update
from sqlalchemy.orm import Session

from app import ids
from app.jobs.models import Job, JobState
from app.rows import insert_of

LEASE = timedelta(seconds=60)
LONGEST_WAIT = timedelta(hours=2)
MOST_ATTEMPTS = 8


class LeaseLost(Exception):
    """Another worker has taken the job since; this one's effect must be undone."""


@dataclass(frozen=True)
class Claim:
    """A job held by this worker: what to do, and the attempt number that guards the effect."""

    job_id: int
    kind: str
    payload: dict[str, Any]
    attempt: int
    most_attempts: int


def enqueue(
    session: Session,
    kind: str,
    payload: dict[str, Any],
    *,
    now: datetime,
    key: str | None = None,
    run_at: datetime | None = None,
    most_attempts: int = MOST_ATTEMPTS,
) -> None:
    """Order a job in the caller's transaction. A second order under the same `key` is silently the first one."""
    values = {
        "public_id": ids.new_public_id(),
        "kind": kind,
        "payload": payload,
        "key": key,
        "state": JobState.WAITING,
        "run_at": run_at or now,
        "created_at": now,
        "attempts": 0,
        "most_attempts": most_attempts,
        "progress": "",
        "last_error": "",
    }
    session.execute(_insertion(session.get_bind().dialect.name, key is not None), values)


@cache
def _insertion(dialect: str, once: bool) -> Insert:
    """The statement that adds a row; `once` passes over a key that is there already."""
    if not once:
        return insert(Job.__table__)  # type: ignore[arg-type]  # it is a Table
    own_insert = insert_of(dialect)
    table: Any = Job.__table__
    return own_insert(table).on_conflict_do_nothing(index_elements=["key"])


def claim(session: Session, now: datetime) -> Claim | None:
    """Take the job that has been due longest, or one whose lease has ended; None if there is none."""
    due = and_(Job.state == JobState.WAITING, Job.run_at <= now)
    orphaned = and_(Job.state == JobState.RUNNING, Job.lease_until < now)
    chosen = (
        select(Job.id)
        .where(or_(due, orphaned))
        .order_by(Job.run_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    return _take(session, Job.id == chosen, now)


def claim_chosen(session: Session, job_id: int, now: datetime) -> Claim | None:
    """Take one job, due or not; None if another worker holds it, or if it is done or given up."""
    orphaned = and_(Job.state == JobState.RUNNING, Job.lease_until < now)
    return _take(session, and_(Job.id == job_id, or_(Job.state == JobState.WAITING, orphaned)), now)


def _take(session: Session, which: Any, now: datetime) -> Claim | None:
    taken = session.execute(
        update(Job)
        .where(which)
        .values(state=JobState.RUNNING, lease_until=now + LEASE, attempts=Job.attempts + 1)
        .returning(Job.id, Job.kind, Job.payload, Job.attempts, Job.most_attempts)
        .execution_options(synchronize_session=False)
    ).first()
    return Claim(*taken) if taken else None


def _held(held: Claim) -> Any:
    return and_(Job.id == held.job_id, Job.attempts == held.attempt, Job.state == JobState.RUNNING)


def _change(session: Session, held: Claim, **values: Any) -> None:
    statement = update(Job).where(_held(held)).values(**values).execution_options(synchronize_session=False)
    if session.execute(statement).rowcount != 1:  # type: ignore[attr-defined]
        raise LeaseLost(held.kind)


def finish(session: Session, held: Claim, now: datetime) -> None:
    """Mark the job done in the running transaction. Raises LeaseLost if the claim no longer holds."""
    _change(session, held, state=JobState.DONE, finished_at=now, lease_until=None, last_error="")


def renew(session: Session, held: Claim, now: datetime, progress: str | None = None) -> None:
    """Prolong the lease of a long job and, if told, say how far it is. Raises LeaseLost if the claim no longer holds."""
    said = {} if progress is None else {"progress": progress}
    _change(session, held, lease_until=now + LEASE, **said)


def forget_payload(session: Session, held: Claim) -> None:
    """Empty what the job was told, once its effect is made: addresses and names stay in the ledger no longer than that.

    Raises LeaseLost if the claim no longer holds.
    """
    _change(session, held, payload={})


def fail(session: Session, held: Claim, error: str, now: datetime) -> None:
    """Put the job back with a growing wait, or give it up after its last attempt."""
    if held.attempt >= held.most_attempts:
        _change(session, held, state=JobState.FAILED, finished_at=now, lease_until=None, last_error=error)
        return
    wait = min(timedelta(seconds=5) * 2 ** min(held.attempt, 12), LONGEST_WAIT)
    _change(session, held, state=JobState.WAITING, run_at=now + wait, lease_until=None, last_error=error)


def retry(session: Session, public_id: str, now: datetime) -> bool:
    """An officer's second chance for a job that was given up; False if it is not in that state."""
    statement = (
        update(Job)
        .where(Job.public_id == public_id, Job.state == JobState.FAILED)
        .values(state=JobState.WAITING, run_at=now, finished_at=None, most_attempts=Job.attempts + 3)
        .execution_options(synchronize_session=False)
    )
    return session.execute(statement).rowcount == 1  # type: ignore[attr-defined]


def name_old_jobs(session: Session) -> None:
    """Give a public id to jobs from before jobs had one."""
    nameless = session.scalars(select(Job.id).where(Job.public_id.is_(None))).all()
    for job_id in nameless:
        named = update(Job).where(Job.id == job_id).values(public_id=ids.new_public_id())
        session.execute(named.execution_options(synchronize_session=False))
