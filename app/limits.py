"""Limits counted in the database, so that every process and machine shares them."""

import hashlib
import hmac
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import String, delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column

from app import clock, transaction
from app.errors import TooMany
from app.extensions import Base, db
from app.rows import insert_of

PATIENCE_MS = 250
"""How long an answer that only reads waits for a count to be written."""
TRY_AGAIN_AFTER = 5.0
"""Seconds for which a database that would not write a count is not asked again."""
MOST_REMEMBERED = 10_000
log = structlog.get_logger(__name__)


class LimitCount(Base):
    """How often something happened within one window of time. The key is hashed: it may be an address."""

    __tablename__ = "limit_count"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    ends_at: Mapped[datetime] = mapped_column(index=True)
    count: Mapped[int] = mapped_column(default=1)


@dataclass(frozen=True)
class Limit:
    """At most `most` times within each window of `seconds`."""

    name: str
    most: int
    seconds: int


def count(*counted: tuple[Limit, str]) -> None:
    """Count one act against each limit and its key, in a transaction aside. Raises TooMany when one is passed."""
    now = clock.now()
    with transaction.aside() as session:
        found = [(limit, _add(session, limit, key, now)) for limit, key in counted]
    for limit, times in found:
        if times > limit.most:
            raise _too_many(limit, now)


def count_reading(limit: Limit, key: str, times: int = 1) -> None:
    """Count an act that changes nothing, so that its answer comes also while the database takes no writes.

    `times` is how much the act weighs. While counts cannot be written, each process counts in its own memory: the limit
    is then as many times higher as there are processes. Raises TooMany as `count` does.
    """
    now, memory = clock.now(), _memory()
    total = None
    if time.monotonic() >= memory.refused_until:
        try:
            with transaction.aside(PATIENCE_MS) as session:
                total = _add(session, limit, key, now, times)
        except SQLAlchemyError:
            memory.refused_until = time.monotonic() + TRY_AGAIN_AFTER
            log.warning("limit_not_written", limit=limit.name)
    if total is None:
        total = memory.add(_key(limit, key, now), times)
    if total > limit.most:
        raise _too_many(limit, now)


@dataclass
class _Memory:
    """Counts of this process while the database writes none. It forgets everything when it grows too large."""

    refused_until: float = 0.0
    counts: dict[str, int] = field(default_factory=dict)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def add(self, key: str, times: int) -> int:
        """Count and return how many there are."""
        with self.guard:
            if len(self.counts) >= MOST_REMEMBERED:
                self.counts.clear()
            self.counts[key] = self.counts.get(key, 0) + times
            return self.counts[key]


def _memory() -> _Memory:
    return current_app.extensions.setdefault("limit_memory", _Memory())


def check(limit: Limit, key: str) -> None:
    """Look without counting. Raises TooMany when the limit is reached already."""
    now = clock.now()
    times = db.session.scalar(select(LimitCount.count).where(LimitCount.key == _key(limit, key, now)))
    if (times or 0) >= limit.most:
        raise _too_many(limit, now)


def _too_many(limit: Limit, now: datetime) -> TooMany:
    wait = limit.seconds - int(now.timestamp()) % limit.seconds
    return TooMany(_("Too many tries in a short time. Please wait a little and try again."), wait)


def _key(limit: Limit, key: str, now: datetime) -> str:
    span = int(now.timestamp()) // limit.seconds
    return _hash(f"{limit.name}\x00{key}\x00{span}")


def _add(session: Session, limit: Limit, key: str, now: datetime, times: int = 1) -> int:
    hashed = _key(limit, key, now)
    ends_at = now + timedelta(seconds=limit.seconds)
    dialect = session.get_bind().dialect.name
    own_insert = insert_of(dialect)
    statement = (
        own_insert(LimitCount)
        .values(key=hashed, ends_at=ends_at, count=times)
        .on_conflict_do_update(index_elements=["key"], set_={"count": LimitCount.count + times})
        .returning(LimitCount.count)
    )
    return session.scalars(statement).one()


def _hash(key: str) -> str:
    secret = current_app.config["SECRET_KEY"].encode()
    return hmac.new(secret, b"limit\x00" + key.encode(), hashlib.sha256).hexdigest()


def forget_old(session: Session, now: datetime) -> None:
    """Delete the counts whose window has ended."""
    session.execute(delete(LimitCount).where(LimitCount.ends_at < now))
