"""One request, one transaction, committed in this one place.

On SQLite a writing transaction begins IMMEDIATE at its first statement: a deferred one that later wants to write
fails at once when another writer got in between (reference: SQLite, "Isolation in SQLite"; measured, see
docs/decisions/0002-one-transaction.md). Reading requests begin deferred and change nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

import structlog
from flask import Flask, Response, current_app, request
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from app import pooling, turns
from app.extensions import db

READ, WRITE = "DEFERRED", "IMMEDIATE"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LOG_WAIT_MS = 200
LOCK_WAIT_MS = 8_000
# As SQLite says them when it is asked. `secure_delete` writes zeros over what is deleted: erased names must not stay in
# free pages (GDPR article 17); Debian builds SQLite with it, others do not.
SQLITE_SETTINGS: dict[str, str | int] = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "secure_delete": 1,
    "cache_size": -512,  # KiB for each connection, of which every thread has one; the system holds the file as well
    "busy_timeout": LOCK_WAIT_MS,
}
WAITING = ("audit", "after_commit")  # what waits in `session.info` for the commit, and goes with a rollback

_mode: ContextVar[str] = ContextVar("transaction_mode", default=WRITE)
_patience: ContextVar[int] = ContextVar("transaction_patience", default=LOCK_WAIT_MS)
View = TypeVar("View", bound=Callable[..., Any])
Callback = Callable[[], object]
log = structlog.get_logger(__name__)


def slow_first(view: View) -> View:
    """Mark a view that does slow work (hash, parse, render) before it writes.

    It reads on a deferred snapshot; it must call `begin_write()` after the slow work and read again what it relies on.
    """
    view.slow_first = True  # type: ignore[attr-defined]
    return view


def begin_write() -> None:
    """End the reading snapshot and let the next statement begin the writing transaction."""
    undo()
    _mode.set(WRITE)


def begin_read() -> None:
    """End what is open and let the next statement begin a reading snapshot."""
    undo()
    _mode.set(READ)


def undo() -> None:
    """Roll the running transaction back, with the notes and callbacks that waited for its commit."""
    db.session.rollback()
    for name in WAITING:  # a rollback before the first statement tells nobody
        db.session().info.pop(name, None)


def commit() -> None:
    """Commit the session: before-commit hooks (the audit chain), the commit, then what waited for it.

    Raises whatever the database raises; the session is then rolled back and usable again.
    """
    try:
        for hook in current_app.extensions["before_commit"]:
            hook(db.session())
        db.session.commit()
    except BaseException:
        undo()
        raise
    _run_waiting(db.session().info)


def after_commit(callback: Callback) -> None:
    """Call `callback` once the running transaction has been committed, never if it is rolled back."""
    db.session().info.setdefault("after_commit", []).append(callback)


def _run_waiting(info: dict[Any, Any]) -> None:
    for callback in info.pop("after_commit", []):
        try:
            callback()
        except Exception:  # the act is committed; nobody may be told that it failed
            log.exception("after_commit_failed")


@contextmanager
def aside(patience_ms: int = LOCK_WAIT_MS) -> Iterator[Session]:
    """A short transaction of its own, outside the main one: limits, last-seen, access logs, refused acts.

    The main transaction must not have written yet (a reading snapshot is ended): two writers of one request would
    wait for each other on SQLite. Raises RuntimeError otherwise. `patience_ms` is how long it waits for a lock.
    """
    main = db.session()
    if main.new or main.dirty or main.deleted or any(main.info.get(name) for name in ("wrote", *WAITING)):
        raise RuntimeError("aside() may not be used after the main transaction has written")
    db.session.rollback()
    before, patience = _mode.set(WRITE), _patience.set(patience_ms)
    try:
        with Session(db.engine, expire_on_commit=False) as session, session.begin():
            if patience_ms != LOCK_WAIT_MS and session.get_bind().dialect.name == "postgresql":
                session.execute(text(f"SET LOCAL lock_timeout = {patience_ms:d}"))
            yield session
    finally:
        _mode.reset(before)
        _patience.reset(patience)


def later_aside(write: Callable[[Session], None]) -> None:
    """Run `write` in a short transaction of its own after this request's main one has ended, whatever its end."""
    db.session().info.setdefault("later_aside", []).append(write)


@contextmanager
def standalone() -> Iterator[Session]:
    """The transaction of a command: committed when the block ends well, undone otherwise."""
    _mode.set(WRITE)
    try:
        yield db.session()
    except BaseException:
        undo()
        raise
    commit()


def end_request(response: Response) -> None:
    """Commit after an unsafe method that succeeded; end the transaction in every other case."""
    if request.method not in SAFE_METHODS and response.status_code < 400:
        commit()
    else:
        undo()


def run_later_asides() -> None:
    """Run what `later_aside` gathered, once the main transaction has ended, by an answer or by an error."""
    waiting = db.session().info.pop("later_aside", [])
    if waiting:
        undo()  # what an error page has read
    for write in waiting:
        try:
            with aside() as session:
                write(session)
        except SQLAlchemyError:  # the answer stands: a busy database may not turn a committed act into an error
            log.exception("aside_failed")


def _after_request(response: Response) -> Response:
    run_later_asides()
    return response


def _begin_request() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    reads = request.method in SAFE_METHODS or getattr(view, "slow_first", False)
    _mode.set(READ if reads else WRITE)


def _on_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    cursor = connection.cursor()
    for name, value in SQLITE_SETTINGS.items():
        cursor.execute(f"PRAGMA {name}={value}")
    cursor.close()
    connection.create_function("fold", 1, lambda text: text and text.lower(), deterministic=True)


def _prepare_engine(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        pooling.ask_after_idling(engine)
        pooling.keep_statements(engine)
        return
    queue = turns.Turns()

    def begin(connection: Connection) -> None:
        mode, patience = _mode.get(), _patience.get()
        if mode == WRITE:
            turns.take_turn(connection, queue, patience / 1_000)
        if patience != LOCK_WAIT_MS:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={patience:d}")
        try:
            connection.exec_driver_sql(f"BEGIN {mode}")
        finally:
            if patience != LOCK_WAIT_MS:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={LOCK_WAIT_MS}")

    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", begin)
    turns.give_back_with_connections(engine)


def note_write(session: Session, _context: Any = None) -> None:
    """Remember that the running transaction has written, so that nothing else begins a second one beside it."""
    session.info["wrote"] = True


def _note_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        note_write(state.session)


def _forget_write(session: Session, *_: Any) -> None:
    if not session.in_nested_transaction():
        session.info.pop("wrote", None)


def _begin_savepoint(session: Session, begun: SessionTransaction) -> None:
    if begun.nested:
        counts = {name: len(session.info.get(name, [])) for name in WAITING}
        session.info.setdefault("savepoints", []).append(counts)


def _end_savepoint(session: Session, ended: SessionTransaction) -> None:
    if ended.nested:
        session.info["savepoints"].pop()


def _forget_waiting(session: Session, *_: Any) -> None:
    kept = session.info["savepoints"][-1] if session.in_nested_transaction() else {}
    for name in WAITING:
        del session.info.get(name, [])[kept.get(name, 0) :]


_sessions = db.session.session_factory.class_
event.listen(_sessions, "after_flush", note_write)
event.listen(_sessions, "do_orm_execute", _note_statement)
event.listen(_sessions, "after_transaction_create", _begin_savepoint)
event.listen(_sessions, "after_transaction_end", _end_savepoint)
event.listen(_sessions, "after_commit", _forget_write)
event.listen(_sessions, "after_rollback", _forget_write)
event.listen(_sessions, "after_rollback", _forget_waiting)


def init_app(app: Flask) -> None:
    """Give the engine its rules and every request its transaction mode."""
    app.extensions["before_commit"] = []
    app.before_request(_begin_request)
    app.after_request(_after_request)
    with app.app_context():
        _prepare_engine(db.engine)
        check_engine(db.engine)


def check_engine(engine: Engine) -> None:
    """Refuse to start on an SQLite engine that would lose updates, or keep what was deleted.

    Raises RuntimeError naming the setting.
    """
    if engine.dialect.name != "sqlite":
        return
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        for name, value in SQLITE_SETTINGS.items():
            found = cursor.execute(f"PRAGMA {name}").fetchone()[0]
            if found != value:
                raise RuntimeError(f"SQLite refused {name}={value} (it says {found}); is the disk a network share?")
    finally:
        raw.close()


def empty_log() -> bool:
    """Move what SQLite keeps in its log into the database file, and empty the log; False if somebody is reading.

    Until then the log tells what has been deleted. Waits a moment only, for writers wait with it (sqlite.org/pragma.html,
    wal_checkpoint). Other databases have servers that see to theirs: True.
    """
    if db.engine.dialect.name != "sqlite":
        return True
    connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={LOG_WAIT_MS}")
        is_busy, *_pages = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.execute(f"PRAGMA busy_timeout={LOCK_WAIT_MS}")
    finally:
        connection.close()
    return not is_busy


def is_reading() -> bool:
    """Whether the running transaction began, or will begin, as a reading snapshot."""
    return _mode.get() == READ
