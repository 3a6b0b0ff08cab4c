"""Writers of one process take turns on SQLite, in the order in which they came.

SQLite lets a writer that finds the database taken sleep and look again, for ever longer naps: under load the unlucky
ones of a hundred waited more than half a second while others passed them by (`laurel bench`). One process serves an
SQLite body, so a queue inside it is enough to make the wait short and fair; other processes, such as a command, still
meet at SQLite's own lock.
"""

import sqlite3
import threading
from collections import deque
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError

HELD = "turn"


class Turns:
    """A lock that is handed over in the order of asking."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._is_taken = False

    def take(self, seconds: float) -> bool:
        """Wait for one's turn; False if it has not come after `seconds`."""
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return True
            gate = threading.Lock()
            gate.acquire()
            self._waiting.append(gate)
        if gate.acquire(timeout=seconds):
            return True
        with self._guard:
            if gate in self._waiting:
                self._waiting.remove(gate)
                return False
        return True  # it came in the last moment

    def give_back(self) -> None:
        """Let the next one in."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False


def take_turn(connection: Connection, turns: Turns, seconds: float) -> None:
    """Wait until this connection may write; it keeps the turn until it goes back to the pool.

    Raises OperationalError, as SQLite's own lock does, when the turn does not come in time.
    """
    held = connection.info
    if HELD in held:
        return
    if not turns.take(seconds):
        raise OperationalError("BEGIN IMMEDIATE", None, sqlite3.OperationalError("database is locked"))
    held[HELD] = turns


def give_back_with_connections(engine: Engine) -> None:
    """Give a turn back when its connection does: after the commit or rollback, and when a connection breaks."""

    def give_back(_connection: Any, record: Any, *_: Any) -> None:
        turns = record.info.pop(HELD, None)
        if turns is not None:
            turns.give_back()

    event.listen(engine, "checkin", give_back)
    event.listen(engine, "invalidate", give_back)
    event.listen(engine, "soft_invalidate", give_back)
