"""Limits counted in the database, so that every process and machine shares them."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import String, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from app import clock, transaction
from app.errors import TooMany
from app.extensions import Base, db


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
        found = [(limit, _add_one(session, limit, key, now)) for limit, key in counted]
    for limit, times in found:
        if times > limit.most:
            raise _too_many(limit, now)


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


def _add_one(session: Session, limit: Limit, key: str, now: datetime) -> int:
    hashed = _key(limit, key, now)
    ends_at = now + timedelta(seconds=limit.seconds)
    dialect = session.get_bind().dialect.name
    own_insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = (
        own_insert(LimitCount)
        .values(key=hashed, ends_at=ends_at, count=1)
        .on_conflict_do_update(index_elements=["key"], set_={"count": LimitCount.count + 1})
        .returning(LimitCount.count)
    )
    return session.scalars(statement).one()


def _hash(key: str) -> str:
    secret = current_app.config["SECRET_KEY"].encode()
    return hmac.new(secret, b"limit\x00" + key.encode(), hashlib.sha256).hexdigest()


def forget_old(session: Session, now: datetime) -> None:
    """Delete the counts whose window has ended."""
    session.execute(delete(LimitCount).where(LimitCount.ends_at < now))
