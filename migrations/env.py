"""Alembic's entry: runs the steps on the application's own engine, one transaction for all."""

import warnings

from alembic import context
from alembic.operations.ops import CreateIndexOp, CreateTableOp, MigrationScript
from flask import current_app
from sqlalchemy import Column, Connection, Index

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
        process_revision_directives=add_indexes_over_expressions,
    )
    with context.begin_transaction(), warnings.catch_warnings():
        # SQLite reads the neighbours of a table that is copied, and cannot read back an index over an expression; a step
        # that copies the table of such an index itself has to make it again (`test_schema` compares what comes out)
        warnings.filterwarnings("ignore", "Skipped unsupported reflection of expression-based index")
        context.run_migrations()


def render_item(kind: str, item: object, autogen_context: object) -> str | bool:
    """Write our own column types by the name they are imported under."""
    if kind == "type" and type(item).__module__ == "app.extensions":
        return f"{type(item).__name__}()"
    return False


def add_indexes_over_expressions(_context: object, _revision: object, directives: list[MigrationScript]) -> None:
    """Write the indexes over expressions of new tables, which Alembic leaves out where SQLite cannot read them back."""
    for script in directives:
        steps = script.upgrade_ops.ops if script.upgrade_ops else []
        made = [Base.metadata.tables[step.table_name] for step in steps if isinstance(step, CreateTableOp)]
        indexes = [index for table in made for index in table.indexes if is_over_expression(index)]
        steps.extend(CreateIndexOp.from_index(index) for index in sorted(indexes, key=lambda index: str(index.name)))


def is_over_expression(index: Index) -> bool:
    """Whether an index covers more than plain columns, such as `lower(email)`."""
    return any(not isinstance(expression, Column) for expression in index.expressions)


if context.is_offline_mode():
    raise SystemExit("The steps need the database they change; write no SQL scripts from here.")

given = config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with current_app.app_context(), db.engine.connect() as opened:
        run(opened)
        opened.commit()
