"""Alembic's entry: runs the steps on the application's own engine, one transaction for all."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from app.extensions import Base, db

config = context.config


def run(connection: Connection) -> None:
    """Run the steps on this connection; SQLite changes tables by copying them (batch mode)."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()


def render_item(kind: str, item: object, autogen_context: object) -> str | bool:
    """Write our own column types by the name they are imported under."""
    if kind == "type" and type(item).__module__ == "app.extensions":
        return f"{type(item).__name__}()"
    return False


if context.is_offline_mode():
    raise SystemExit("The steps need the database they change; write no SQL scripts from here.")

given = config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with current_app.app_context(), db.engine.connect() as opened:
        run(opened)
        opened.commit()
