"""Moving an attempt from state to state: one UPDATE that compares, sets and says in `history` who did it and why.

Nothing else in the house writes the state of an attempt. (security.md E6)
"""

import json
from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import JSON, Text, Update, bindparam, cast, func, select, update
from sqlalchemy.orm.attributes import set_committed_value

from app import clock
from app.audit.services import SYSTEM
from app.errors import Missing
from app.extensions import db
from assessments.exams.models import Attempt
from assessments.exams.rules import AttemptState, states_before

Entry = dict[str, Any]


def lock(attempt_id: int) -> Attempt:
    """The attempt as it stands now, kept from changing until this transaction ends. Raises Missing."""
    statement = select(Attempt).where(Attempt.id == attempt_id).with_for_update()
    attempt = db.session.scalars(statement.execution_options(populate_existing=True)).first()
    if attempt is None:
        raise Missing
    return attempt


def entry(state: AttemptState, at: datetime, by: str = SYSTEM, reason: str = "", **more: Any) -> Entry:
    """One line of an attempt's history."""
    return {"state": str(state), "at": at.isoformat(), "by": by, "reason": reason, **more}


def move(
    attempt: Attempt,
    after: AttemptState,
    *,
    by: str = SYSTEM,
    reason: str = "",
    at: datetime | None = None,
    what: Entry | None = None,
    **values: Any,
) -> bool:
    """Bring an attempt into the state `after` by compare and set; False if its state does not come before that.

    `values` are further columns. The step is added to the history in the same statement, with `what` beside it.
    """
    line = entry(after, at or clock.now(), by, reason, **(what or {}))
    before = tuple(sorted(str(state) for state in states_before(after)))
    return _write(attempt, before, line, {"state": str(after), **values})


def amend(
    attempt: Attempt, among: Collection[AttemptState], at: datetime, by: str, reason: str, what: Entry, **values: Any
) -> bool:
    """Change columns of an attempt that stays in its state, one of `among`; False if it is in another one.

    `what` goes into the line of history beside the state, so that no line without it stays where it was.
    """
    line = entry(AttemptState(attempt.state), at, by, reason, **what)
    return attempt.state in among and _write(attempt, (str(attempt.state),), line, values)


def _write(attempt: Attempt, before: tuple[str, ...], line: Entry, values: dict[str, Any]) -> bool:
    given = {"row_id": attempt.id, "line": json.dumps(line), **values}
    statement = _moving(before, db.session.get_bind().dialect.name)
    if db.session.execute(statement, given).rowcount != 1:  # type: ignore[attr-defined]
        return False
    for name, value in {**values, "history": [*attempt.history, line]}.items():
        set_committed_value(attempt, name, value)
    return True


@cache
def _moving(before: tuple[str, ...], dialect: str) -> Update:
    """The change of state; which further columns it sets is said by what it is executed with."""
    attempts: Any = Attempt.__table__
    line: Any = bindparam("line", type_=Text)
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import JSONB

        longer: Any = cast(cast(attempts.c.history, JSONB).concat(cast(line, JSONB)), JSON)
    else:
        longer = func.json_insert(attempts.c.history, "$[#]", func.json(line))
    return (
        update(attempts)
        .where(attempts.c.id == bindparam("row_id"), attempts.c.state.in_(before))
        .values(history=longer)
    )
