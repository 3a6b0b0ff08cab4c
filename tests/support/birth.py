"""A founded body for tests, and bringing its database back to that moment after each one."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, text

from app import clock, transaction
from app.body import queries, services
from app.extensions import Base, db
from app.pages.services import publish_defaults

FOUNDING = services.Founding(
    name="The Test Body",
    short_name="TTB",
    field="careful testing",
    headline="Testing, practised as a profession",
    purpose="The body trains, examines and certifies people who test with care.",
    base_address="http://body.test",
    contact_email="office@body.test",
    zone="Europe/Madrid",
)


def found_body() -> None:
    """Make the body and its default pages."""
    services.found(FOUNDING, "test", clock.now())
    publish_defaults(clock.now())
    transaction.commit()


@dataclass
class Snapshot:
    """How to return to the moment after the birth: a copied file on SQLite, emptied and refilled tables elsewhere."""

    instance: Path
    rows: dict[str, list[dict[str, object]]]
    copy: Path | None

    @classmethod
    def take(cls, instance: Path, engine: Engine) -> "Snapshot":
        """Remember the present state."""
        db.session.remove()
        if engine.dialect.name == "sqlite":
            with engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql("BEGIN")
            engine.dispose()
            copy = instance / "snapshot.sqlite3"
            shutil.copyfile(instance / "laurel.sqlite3", copy)
            return cls(instance, {}, copy)
        with engine.connect() as connection:
            rows = {
                table.name: [dict(row) for row in connection.execute(table.select()).mappings()]
                for table in Base.metadata.sorted_tables
            }
        return cls(instance, {name: found for name, found in rows.items() if found}, None)

    def restore(self) -> None:
        """Go back."""
        queries.forget()
        if self.copy is not None:
            db.engine.dispose()
            for ending in ("-wal", "-shm"):
                (self.instance / f"laurel.sqlite3{ending}").unlink(missing_ok=True)
            shutil.copyfile(self.copy, self.instance / "laurel.sqlite3")
            return
        tables = Base.metadata.sorted_tables
        with db.engine.begin() as connection:
            names = ", ".join(f'"{table.name}"' for table in tables)
            connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
            for table in tables:
                if table.name in self.rows:
                    connection.execute(table.insert(), self.rows[table.name])
                    _move_sequence(connection, table)


def _move_sequence(connection: Connection, table: Table) -> None:
    """Let the numbers that PostgreSQL gives go on after the rows that were put back with theirs."""
    if "id" not in table.columns:
        return
    name = connection.scalar(text("SELECT pg_get_serial_sequence(:table, 'id')"), {"table": table.name})
    if name:
        connection.execute(text(f"SELECT setval(:name, (SELECT max(id) FROM {table.name}))"), {"name": name})
