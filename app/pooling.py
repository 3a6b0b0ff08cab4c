"""Connections to a database server: asked whether they still stand after lying idle, and let to keep what they prepared.

Asking before each use, as SQLAlchemy's pre-ping does, cost a request a fifth of what a bare page takes (`laurel bench`).
A connection that was in use a moment ago stands, or falls under the request that would have asked it just as well; one
that lay for a while may have been cut by a firewall, or by a restart in the night.

A statement that comes again and again is planned once and kept by the server. psycopg drops all of them at every
rollback, and a reading request ends with one: the pages that are asked for most were parsed and planned anew each time,
at five times what running them takes. Here they are dropped only after a fault.
"""

import time
from functools import cache
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError

IDLE_SECONDS = 10.0
GIVEN_BACK = "given_back"


def ask_after_idling(engine: Engine, seconds: float = IDLE_SECONDS) -> None:
    """From now on, ask a connection that has lain in the pool for `seconds`; if it fell, all old ones are replaced."""

    def note(_connection: Any, record: Any) -> None:
        record.info[GIVEN_BACK] = time.monotonic()

    def ask(connection: Any, record: Any, _proxy: Any) -> None:
        since = record.info.get(GIVEN_BACK)
        if since is None or time.monotonic() - since < seconds:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError("a connection fell while it was idle") from error

    event.listen(engine, "checkin", note)
    event.listen(engine, "checkout", ask)


def keep_statements(engine: Engine) -> None:
    """From now on, new connections of a psycopg engine keep their prepared statements over a rollback."""

    def connect(_dialect: Any, _record: Any, words: list[Any], settings: dict[str, Any]) -> Any:
        return _keeping().connect(*words, **settings)

    event.listen(engine, "do_connect", connect)


@cache
def _keeping() -> type[Any]:
    """psycopg's connection, loaded only where there is a server; its rollback drops nothing unless there was a fault.

    Dropping guards against objects that were made, used and rolled back, and no request makes any; a statement whose
    tables were changed meanwhile is planned again by the server, or fails once, and the fault clears the rest.
    """
    from psycopg import Connection
    from psycopg.pq import ExecStatus, TransactionStatus

    class Keeping(Connection[Any]):
        """A connection that keeps what it has prepared."""

        def rollback(self) -> None:
            """Roll back to the start of the running transaction, if there is one."""
            with self.lock:
                is_sound = self.pgconn.transaction_status == TransactionStatus.INTRANS
                if is_sound and self.pgconn.exec_(b"ROLLBACK").status == ExecStatus.COMMAND_OK:
                    return
            super().rollback()

    return Keeping
