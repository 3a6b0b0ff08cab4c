"""Bringing the schema to the newest step, and telling whether it is there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app.extensions import db

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def alembic_config() -> Config:
    """Alembic's configuration, without a file of its own."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(to: str = "head") -> None:
    """Run the steps that are missing, up to `to`."""
    _run(command.upgrade, to)


def downgrade(to: str) -> None:
    """Undo steps down to `to`; for tests and emergencies."""
    _run(command.downgrade, to)


def _run(steps: Callable[[Config, str], None], to: str) -> None:
    """Run steps in one transaction. Raises RuntimeError, and changes nothing, when a row would refer to nothing.

    SQLite changes a table by copying it and dropping the old one, which it forbids while other rows refer to that. So
    references are checked once at the end instead (sqlite.org/lang_altertable.html, section 7).
    """
    config = alembic_config()
    with db.engine.connect() as connection:
        config.attributes["connection"] = connection
        with _references_checked_at_the_end(connection):
            steps(config, to)


@contextmanager
def _references_checked_at_the_end(connection: Connection) -> Iterator[None]:
    if connection.dialect.name != "sqlite":
        yield
        connection.commit()
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys = OFF")  # has no effect within a transaction, so before it begins
    try:
        yield
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            connection.rollback()
            raise RuntimeError(f"after the steps {len(broken)} rows refer to rows that are not there: {broken[:5]}")
        connection.commit()
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def is_current() -> bool:
    """Whether the schema is at the newest step."""
    with db.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    return found == ScriptDirectory.from_config(alembic_config()).get_current_head()


def write_step(message: str, number: str) -> None:
    """Write a step from the difference between models and database (for developers)."""
    config = alembic_config()
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    with db.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.revision(config, message, autogenerate=True, rev_id=number)
