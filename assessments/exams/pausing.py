"""The clock of an attempt stands still and runs again: by an officer, or for a break that the candidate is granted.

A break counts at most the minutes that the accommodation names: it ends by itself, whoever notices first (the job, the
candidate's next step), and always as of its end.
"""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from app.audit.services import SYSTEM, record
from app.errors import DomainError
from app.jobs import runner
from assessments.exams import beginning, moves, queries
from assessments.exams.errors import AttemptClosed
from assessments.exams.models import Attempt
from assessments.exams.rules import AttemptState
from assessments.exams.times import MINUTES, break_until, breaks_left, times_of
from assessments.exams.timing import resumed
from assessments.exams.writing import Candidate, check_writing

BREAK = "break"


def resuming(attempt: Attempt, now: datetime) -> dict[str, Any]:
    """The columns that let the clock of a paused attempt run again at `now`, or from the end of its break."""
    before = times_of(attempt)
    after = resumed(before, now)
    moved = after.wanted - before.wanted
    return {
        "paused_at": None,
        "paused_seconds": after.paused,
        "deadline_at": after.deadline,
        "section_started_at": attempt.section_started_at and attempt.section_started_at + moved,
    }


def order_end(attempt: Attempt) -> None:
    """Order the job that looks at the attempt after its deadline, which has moved."""
    if attempt.deadline_at is not None:
        beginning.order_expiry(attempt, attempt.deadline_at, beginning.delivery_of(attempt).grace)


def take_break(public_id: str, candidate: Candidate, now: datetime) -> Attempt:
    """Let the clock stand still for one of the breaks this candidate is granted.

    Raises Missing, AttemptClosed, AttemptPaused, OtherDevice, DomainError when none is left.
    """
    attempt = moves.lock(queries.get_attempt(public_id, candidate.person_id).id)
    check_writing(attempt, candidate, now)
    if not breaks_left(attempt):
        raise DomainError(_("You have no break left in this exam."))
    minutes = (attempt.accommodation or {})["break_minutes"]
    what = {MINUTES: minutes}
    by = candidate.public_id
    if not moves.move(attempt, AttemptState.PAUSED, by=by, reason=BREAK, at=now, what=what, paused_at=now):
        raise AttemptClosed(public_id)
    record("attempt.break_begun", actor=by, subject=("attempt", public_id), detail={"minutes": minutes})
    until = now + timedelta(minutes=minutes)
    runner.order(beginning.EXPIRE, {"attempt": public_id}, key=f"{beginning.EXPIRE}:{public_id}:{until}", run_at=until)
    return attempt


def end_break(attempt: Attempt, now: datetime, by: str = SYSTEM) -> bool:
    """Let the clock run again after a break, from now or from the end of the break; False if there is none."""
    if attempt.state != AttemptState.PAUSED or break_until(attempt) is None:
        return False
    if not moves.move(attempt, AttemptState.IN_PROGRESS, by=by, reason=BREAK, at=now, **resuming(attempt, now)):
        return False
    record("attempt.resumed", actor=by, subject=("attempt", attempt.public_id))
    order_end(attempt)
    return True


def end_due_break(attempt: Attempt, now: datetime) -> bool:
    """As end_break, if the break is over."""
    until = break_until(attempt)
    return until is not None and until <= now and end_break(attempt, now)


def come_back(public_id: str, candidate: Candidate, now: datetime) -> Attempt:
    """The candidate ends the break early, or finds that it is over. Raises Missing."""
    attempt = moves.lock(queries.get_attempt(public_id, candidate.person_id).id)
    end_break(attempt, now, candidate.public_id)
    return attempt
