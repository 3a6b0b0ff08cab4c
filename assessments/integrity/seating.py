"""Where candidates sat, as far as sittings know: the labels of seats, and which are side by side."""

import re
from collections.abc import Collection

from sqlalchemy import select

from app.accounts.models import Person
from app.extensions import db
from assessments.exams.models import Attempt
from assessments.sittings.models import Seat, Sitting
from assessments.sittings.queries import Seated

_LABEL = re.compile(r"(.*?)(\d+)\s*$")


def seats_of(attempts: Collection[int]) -> dict[int, str]:
    """The label of the seat of each attempt that has one. One statement, over all seats where there are many."""
    statement = select(Seat.attempt_id, Seat.label).where(Seat.attempt_id.is_not(None), Seat.label != "")
    if len(attempts) < 500:
        statement = statement.where(Seat.attempt_id.in_(attempts))
    return {row.attempt_id: row.label for row in db.session.execute(statement) if row.attempt_id in attempts}


def list_sittings(exam_id: int) -> list[tuple[str, str]]:
    """Public id and title of the sittings of an exam, the newest first."""
    statement = (
        select(Sitting.public_id, Sitting.title).where(Sitting.exam_id == exam_id).order_by(Sitting.opens_at.desc())
    )
    return [(public_id, title) for public_id, title in db.session.execute(statement)]


def seated(attempts: Collection[str]) -> list[tuple[Sitting, Seated]]:
    """The sitting and the seat of each of these attempts (public ids) that has one."""
    statement = (
        select(Sitting, Seat, Person, Attempt)
        .join(Seat, Seat.sitting_id == Sitting.id)
        .join(Attempt, Attempt.id == Seat.attempt_id)
        .join(Person, Person.id == Attempt.person_id)
        .where(Attempt.public_id.in_(attempts))
        .order_by(Attempt.id)
    )
    return [
        (sitting, Seated(seat, person, attempt)) for sitting, seat, person, attempt in db.session.execute(statement)
    ]


def are_neighbours(one: str, other: str) -> bool:
    """Whether two labels are side by side in one row: A7 and A8, 12 and 13. Labels of another kind tell nothing."""
    first, second = _LABEL.match(one), _LABEL.match(other)
    if not first or not second or first[1].casefold() != second[1].casefold():
        return False
    return abs(int(first[2]) - int(second[2])) == 1
