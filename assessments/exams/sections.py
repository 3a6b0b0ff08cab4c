"""The way through an attempt: what is left for good under one-way navigation, and the step from section to section."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import update

from app.audit.services import record
from app.errors import DomainError
from app.extensions import db
from assessments.exams import moves, queries
from assessments.exams.beginning import delivery_of
from assessments.exams.delivery import Section
from assessments.exams.errors import AttemptClosed, QuestionLeft
from assessments.exams.models import Attempt, AttemptItem
from assessments.exams.queries import Cell
from assessments.exams.rules import RUNNING
from assessments.exams.times import ends_at
from assessments.exams.timing import section_deadline
from assessments.exams.writing import Candidate, check_writing


def section_of(attempt: Attempt) -> Section:
    """The section the candidate is in."""
    return delivery_of(attempt).section(attempt.section)


def bell_of(attempt: Attempt, now: datetime) -> datetime:
    """When the time of the section is up in which the candidate is, or of the attempt where it has none of its own."""
    seconds, end = section_of(attempt).seconds, ends_at(attempt, now)
    if not seconds or attempt.section_started_at is None:
        return end
    still = end - attempt.deadline_at if attempt.paused_at is not None and attempt.deadline_at is not None else None
    started = attempt.section_started_at + still if still is not None else attempt.section_started_at
    return section_deadline(started, seconds, end)


def here(attempt: Attempt, cells: list[Cell]) -> list[Cell]:
    """The questions of the section the candidate is in."""
    return [cell for cell in cells if cell.section == attempt.section]


def first_open(cells: list[Cell]) -> int:
    """The question a candidate is at under one-way navigation: the first that was not left; 0 when all were."""
    return next((cell.position for cell in cells if not cell.is_left), 0)


def check_open(attempt: Attempt, cells: list[Cell], position: int) -> None:
    """Raises QuestionLeft for a question that this candidate may not open now; other addresses are left to the caller."""
    cell = next((cell for cell in cells if cell.position == position), None)
    if cell is None:
        return
    one_way = section_of(attempt).is_one_way
    if cell.section != attempt.section or cell.is_left or (one_way and position != first_open(here(attempt, cells))):
        raise QuestionLeft(attempt.public_id, position)


def leave(public_id: str, candidate: Candidate, position: int, now: datetime) -> None:
    """Leave a question for good, if its section knows one way only. Raises as answering does."""
    attempt = moves.lock(queries.get_attempt(public_id, candidate.person_id).id)
    check_writing(attempt, candidate, now)
    if not section_of(attempt).is_one_way:
        return
    leaving = update(AttemptItem).where(
        AttemptItem.attempt_id == attempt.id, AttemptItem.position == position, AttemptItem.left_at.is_(None)
    )
    db.session.execute(leaving.values(left_at=now).execution_options(synchronize_session=False))


def next_section(public_id: str, candidate: Candidate, number: int, now: datetime) -> Attempt:
    """Leave section `number`, from 0, for good and begin the next; a second time finds it begun.

    Raises Missing, AttemptClosed, AttemptPaused, OtherDevice, DomainError after the last one.
    """
    attempt = moves.lock(queries.get_attempt(public_id, candidate.person_id).id)
    check_writing(attempt, candidate, now)
    if attempt.section != number:
        return attempt
    if delivery_of(attempt).is_last(number):
        raise DomainError(_("This is the last section. Hand the exam in when you are done."))
    what, by = {"section": number + 1}, candidate.public_id
    if not moves.amend(attempt, RUNNING, now, by, "", what, section=number + 1, section_started_at=now):
        raise AttemptClosed(public_id)
    leaving = update(AttemptItem).where(
        AttemptItem.attempt_id == attempt.id, AttemptItem.section == number, AttemptItem.left_at.is_(None)
    )
    db.session.execute(leaving.values(left_at=now).execution_options(synchronize_session=False))
    record("attempt.section_begun", actor=by, subject=("attempt", public_id), detail={"number": number + 2})
    return attempt
