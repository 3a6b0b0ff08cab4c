"""The hall of exam day: learners who are signed in, and three exams of the same length over the same bank.

One is sat in a sitting with open doors and without a code: its questions are drawn ahead, when identities are checked. The
others draw at the start.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from app import clock, ids, transaction
from app.accounts.models import Person
from app.bench import scenery
from app.bench.day_script import Guest
from app.extensions import db
from app.factory import Laurel
from assessments.exams import conducting
from assessments.exams import queries as exams
from assessments.exams.models import Exam
from assessments.sittings import planning
from assessments.sittings.models import Seat, Sitting

AHEAD, TOGETHER, DAY = "BENCH-AHEAD", "BENCH-TOGETHER", "BENCH-DAY"
AT_ONCE = 50
INVIGILATOR = "bench-invigilator"  # a public id that nobody has


class TooManyQuestions(ValueError):
    """The bank of the starter course has no exam of this length; the message says how long it may be."""


def furnish(app: Laurel, learners: int, questions: int) -> tuple[tuple[Guest, ...], str]:
    """Body, course, exams and learners in an empty database; who may sit, and the address of the sitting.

    Raises TooManyQuestions.
    """
    course, now = scenery.found(app), clock.now()
    with transaction.standalone():
        model = max(exams.list_exams(course), key=_length)
        blueprint = shortened(model.blueprint, questions)
        for code in (AHEAD, TOGETHER, DAY):
            scenery.add_exam_like(model, code, blueprint)
        db.session.flush()
        sitting = _open_sitting(exams.get_exam(AHEAD), now)
        sitting_id, public_id = sitting.id, sitting.public_id
    admitted: list[Guest] = []
    for first in range(0, learners, AT_ONCE):
        with transaction.standalone():
            hall = db.session.get_one(Sitting, sitting_id)
            admitted += [_admit(app, course, hall, n) for n in range(first, min(first + AT_ONCE, learners))]
    return tuple(admitted), f"/sittings/{public_id}"


def _open_sitting(exam: Exam, now: datetime) -> Sitting:
    begins, ends = now - timedelta(minutes=1), now + timedelta(days=1)
    plan = planning.Plan("Exam day", exam.supervision, begins, ends, needs_code=False)
    sitting = planning.plan_sitting(exam, plan, INVIGILATOR, now)
    planning.open_doors(sitting, INVIGILATOR, now)
    db.session.flush()
    return sitting


def _admit(app: Laurel, course: str, sitting: Sitting, number: int) -> Guest:
    now = clock.now()
    person, _session, cookie, token = scenery.admit(app, course, number, now)
    _seat(sitting, exams.get_exam(AHEAD), person, now)
    return Guest(cookie, token)


def _seat(sitting: Sitting, exam: Exam, person: Person, now: datetime) -> None:
    """A seat whose owner has been recognised; without the mails that would tell of it."""
    ends, mode = sitting.closes_at, sitting.supervision
    attempt = conducting.schedule(exam, person, sitting.public_id, mode, now, ends, INVIGILATOR, now)
    conducting.authorise(attempt, INVIGILATOR, now)
    owner = {"sitting_id": sitting.id, "person_id": person.id, "attempt_id": attempt.id}
    db.session.add(Seat(public_id=ids.new_public_id(), made_by=INVIGILATOR, made_at=now, **owner))


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
