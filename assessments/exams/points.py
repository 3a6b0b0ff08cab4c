"""The points beside the questions of an attempt, written in one statement however many there are."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, Integer, Update, bindparam, column, func, update

from app import rows
from app.extensions import ExactDecimal, db
from assessments.exams.models import AttemptItem

_rows: Any = AttemptItem.__table__
_ONE_BY_ONE = update(_rows).where(_rows.c.id == bindparam("row_id")).values(points=bindparam("earned"))


def keep_points(earned: Sequence[tuple[int, Decimal]]) -> None:
    """Write the points of each question, given as (row of the attempt's item, points)."""
    if db.session.get_bind().dialect.name != "postgresql":
        db.session.execute(_ONE_BY_ONE, [{"row_id": row_id, "earned": points} for row_id, points in earned])
        return
    row_ids, points = [row_id for row_id, _ in earned], [points for _, points in earned]
    rows.run(_at_once(), {"row_ids": row_ids, "earned": points})


@cache
def _at_once() -> Update:
    """All rows in one message: a server at the other end of a wire would be told of each by itself."""
    row_ids = bindparam("row_ids", type_=ARRAY(Integer))
    earned = bindparam("earned", type_=ARRAY(ExactDecimal))
    given = (
        func.unnest(row_ids, earned)
        .table_valued(column("row_id", Integer), column("points", ExactDecimal))
        .render_derived("given")
    )
    return update(_rows).where(_rows.c.id == given.c.row_id).values(points=given.c.points)
