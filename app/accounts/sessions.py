"""Sessions kept on the server: opened at sign-in, listed, ended, and turned into the actor of a request.

The one cookie holds a random secret; the row holds its hash. A session ends after twelve hours, and earlier when it
lies idle: two hours for members, thirty minutes for whoever holds a role. (security.md T1-T5)
"""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from flask import session as cookie
from flask_login import login_user, logout_user
from sqlalchemy import Row, Select, and_, bindparam, or_, select, update
from sqlalchemy.orm import Session

from app import clock, ids, transaction
from app.accounts.models import Person, RoleGrant, WebSession
from app.extensions import db
from app.policy import FRESH_SECONDS, Actor, Role
from app.rows import run

LONGEST = timedelta(hours=12)
IDLE_MEMBER = timedelta(hours=2)
IDLE_STAFF = timedelta(minutes=30)
SEEN_EVERY = timedelta(minutes=2)
_KNOWN_ROLES = frozenset(Role)


def hash_secret(secret: str) -> str:
    """What is kept of a secret of 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def open_session(person: Person, device: str, now: datetime) -> WebSession:
    """Sign this browser in: a new secret, a new row, an empty cookie before it."""
    secret = ids.new_secret()
    row = WebSession(
        public_id=ids.new_public_id(),
        person_id=person.id,
        secret_hash=hash_secret(secret),
        begun_at=now,
        authenticated_at=now,
        last_seen_at=now,
        device=device[:120],
    )
    db.session.add(row)
    db.session.flush()
    cookie.clear()
    login_user(load_actor(secret))
    return row


def leave(now: datetime, session_id: int) -> None:
    """Sign this browser out."""
    _end(WebSession.id == session_id, now)
    logout_user()
    cookie.clear()


def end_one(person_id: int, public_id: str, now: datetime) -> bool:
    """End one session of a person; False if it is not theirs or has ended."""
    return _end(and_(WebSession.person_id == person_id, WebSession.public_id == public_id), now) == 1


def end_all(person_id: int, now: datetime, but: int = 0) -> int:
    """End every session of a person, but the one with the row id `but`; how many ended."""
    return _end(and_(WebSession.person_id == person_id, WebSession.id != but), now)


def _end(which: object, now: datetime) -> int:
    statement = update(WebSession).where(which, WebSession.ended_at.is_(None)).values(ended_at=now)  # type: ignore[arg-type]
    return db.session.execute(statement).rowcount  # type: ignore[attr-defined]


def authenticate_again(session_id: int, now: datetime) -> None:
    """Note that the password was given again in this session."""
    db.session.execute(update(WebSession).where(WebSession.id == session_id).values(authenticated_at=now))


def list_sessions(person_id: int, now: datetime) -> list[WebSession]:
    """The sessions of a person that have not ended, the last seen first."""
    rows = db.session.scalars(
        select(WebSession)
        .where(WebSession.person_id == person_id, WebSession.ended_at.is_(None), WebSession.begun_at > now - LONGEST)
        .order_by(WebSession.last_seen_at.desc())
    )
    return list(rows)


def _find_actor() -> Select[Any]:
    """Session, person and the roles held at `now` by the hash of the cookie's secret: a row for each role, or one.

    Every request of a member runs it, so it is built once and asks for bare columns: putting it together anew took
    six times as long as running it.
    """
    held = and_(
        _roles.person_id == _people.id,
        _roles.starts_at <= bindparam("now"),
        or_(_roles.ends_at.is_(None), _roles.ends_at > bindparam("now")),
    )
    return (
        select(
            _sessions.id.label("session_id"),
            _sessions.begun_at,
            _sessions.last_seen_at,
            _sessions.authenticated_at,
            _people.id.label("person_id"),
            _people.public_id,
            _people.name,
            _people.email,
            _people.zone,
            _people.email_confirmed_at,
            _roles.role,
        )
        .join_from(WebSession.__table__, Person.__table__, _people.id == _sessions.person_id)
        .outerjoin(RoleGrant.__table__, held)
        .where(_sessions.secret_hash == bindparam("secret_hash"))
        .where(_sessions.ended_at.is_(None), _people.closed_at.is_(None))
    )


_sessions, _people, _roles = WebSession.__table__.c, Person.__table__.c, RoleGrant.__table__.c
_FIND_ACTOR = _find_actor()


def load_actor(secret: str) -> Actor | None:
    """The actor of a cookie: session, person and the roles held now, in one query. None when it has ended."""
    now = clock.now()
    rows = run(_FIND_ACTOR, {"now": now, "secret_hash": hash_secret(secret)}).all()
    if not rows:
        return None
    roles = frozenset(Role(row.role) for row in rows if row.role in _KNOWN_ROLES)
    if not _is_alive(rows[0], roles, now):
        return None
    _note_seen(rows[0], now)
    return _actor(rows[0], roles, secret, now)


def _is_alive(row: Row[Any], roles: frozenset[Role], now: datetime) -> bool:
    idle = IDLE_STAFF if roles else IDLE_MEMBER
    return now < row.begun_at + LONGEST and now < row.last_seen_at + idle


def _note_seen(row: Row[Any], now: datetime) -> None:
    if now - row.last_seen_at < SEEN_EVERY:
        return
    row_id = row.session_id

    def write(session: Session) -> None:
        session.execute(update(WebSession).where(WebSession.id == row_id).values(last_seen_at=now))

    transaction.later_aside(write)


def _actor(row: Row[Any], roles: frozenset[Role], secret: str, now: datetime) -> Actor:
    return Actor(
        person_id=row.person_id,
        public_id=row.public_id,
        name=row.name,
        email=row.email,
        roles=roles,
        zone=row.zone,
        session_id=row.session_id,
        session_secret=secret,
        is_fresh=(now - row.authenticated_at).total_seconds() <= FRESH_SECONDS,
        is_confirmed=row.email_confirmed_at is not None,
        is_anonymous=False,
        is_authenticated=True,
    )
