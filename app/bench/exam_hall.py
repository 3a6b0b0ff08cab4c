"""The hall of exam day: learners who are signed in, and three exams of the same length over the same bank.

One is drawn ahead for everybody, as in a sitting where identities have been checked; the others draw at the start.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from app import clock, transaction
from app.accounts.models import Person
from app.bench import scenery
from app.bench.day_script import Seat
from app.factory import Laurel
from assessments.exams import conducting
from assessments.exams import queries as exams
from assessments.exams.models import Exam

AHEAD, TOGETHER, DAY = "BENCH-AHEAD", "BENCH-TOGETHER", "BENCH-DAY"
AT_ONCE = 50
INVIGILATOR = "bench-invigilator"


class TooManyQuestions(ValueError):
    """The bank of the starter course has no exam of this length; the message says how long it may be."""


def furnish(app: Laurel, learners: int, questions: int) -> tuple[Seat, ...]:
    """Body, course, exams and learners in an empty database; who may sit. Raises TooManyQuestions."""
    course = scenery.found(app)
    with transaction.standalone():
        model = max(exams.list_exams(course), key=_length)
        blueprint = shortened(model.blueprint, questions)
        for code in (AHEAD, TOGETHER, DAY):
            scenery.add_exam_like(model, code, blueprint)
    seats: list[Seat] = []
    for first in range(0, learners, AT_ONCE):
        with transaction.standalone():
            seats += [_seat(app, course, number) for number in range(first, min(first + AT_ONCE, learners))]
    return tuple(seats)


def _seat(app: Laurel, course: str, number: int) -> Seat:
    now = clock.now()
    person, _session, cookie, token = scenery.admit(app, course, number, now)
    _authorise(exams.get_exam(AHEAD), person, now)
    return Seat(cookie, token)


def _authorise(exam: Exam, person: Person, now: datetime) -> None:
    closes_at = now + timedelta(days=1)
    attempt = conducting.schedule(exam, person, "", exam.supervision, now, closes_at, INVIGILATOR, now)
    conducting.authorise(attempt, INVIGILATOR, now)


def _length(exam: Exam) -> int:
    return sum(cell["draw"] for cell in exam.blueprint)


def shortened(blueprint: Sequence[Mapping[str, Any]], questions: int) -> list[dict[str, Any]]:
    """The blueprint with this many questions, taken from its cells by turns. Raises TooManyQuestions."""
    most = sum(cell["draw"] for cell in blueprint)
    if questions > most:
        raise TooManyQuestions(f"the exam of the starter course has {most} questions")
    draws, turn = [0] * len(blueprint), 0
    while sum(draws) < questions:
        draws[turn % len(draws)] += draws[turn % len(draws)] < blueprint[turn % len(draws)]["draw"]
        turn += 1
    return [{**cell, "draw": draw} for cell, draw in zip(blueprint, draws, strict=True) if draw]
