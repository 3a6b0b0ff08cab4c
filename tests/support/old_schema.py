"""Rows in the tables of an older step, for tests of the step that follows it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import MetaData, Table

from app.extensions import db

AT = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def tables_now() -> dict[str, Table]:
    """The tables as they are, read back from the database."""
    found = MetaData()
    found.reflect(db.engine)
    return dict(found.tables)


def moment(value: datetime) -> datetime:
    """A moment as a reflected column takes it: without a zone on SQLite."""
    return value.replace(tzinfo=None) if db.engine.dialect.name == "sqlite" else value


def fill(table: Table, **known: Any) -> dict[str, Any]:
    """A whole row: what is known, and something harmless in every other column."""
    row: dict[str, Any] = {}
    for column in table.columns:
        kind = column.type.python_type if not str(column.type).startswith("JSON") else dict
        plain = {int: 1, str: "", bool: False, dict: {}, float: 0.0, Decimal: Decimal(1)}
        if kind is datetime:
            row[column.name] = moment(AT)
        else:
            row[column.name] = AT.date() if kind not in plain else plain[kind]
        if column.nullable:
            row[column.name] = None
    return row | known
