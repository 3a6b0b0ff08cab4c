"""Plain rows for the pages that are asked for most: statements run on the connection itself, past the object mapper.

The mapper looks at every statement, prepares objects and keeps an account of them; for a page that reads a few columns
that costs more than the database does. What is written here stays what the session is about: the same connection, the
same transaction, and objects that wait to be written go first.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from sqlalchemy import CursorResult
from sqlalchemy.sql.base import Executable

from app import transaction
from app.extensions import db


def run(statement: Executable, values: Mapping[str, Any] | None = None) -> CursorResult[*tuple[Any, ...]]:
    """Run a statement over columns of tables in the session's transaction; `values` are its bound parameters."""
    session = db.session()
    if session.new or session.dirty or session.deleted:
        session.flush()
    if getattr(statement, "is_dml", False):
        transaction.note_write(session)
    return session.connection().execute(statement, values)


def insert_of(dialect: str) -> Callable[..., Any]:
    """The INSERT of a database ("postgresql", "sqlite"), which can say ON CONFLICT."""
    own: Callable[..., Any] = import_module(f"sqlalchemy.dialects.{dialect}").insert
    return own
