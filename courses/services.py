"""Enrolling, reading on, and marking lessons as done."""

import re
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.audit.services import record
from app.bus import publish
from app.errors import DomainError, Missing
from app.extensions import db
from courses import queries
from courses.domain_events import Enrolled, LessonsCompleted
from courses.models import Enrolment, LessonProgress

POSITION = re.compile(r"(part-\d{1,3})?")


def enrol(person_id: int, course_code: str, now: datetime, actor: str = "system") -> Enrolment:
    """Put a person on the current edition of a course; who is on it already stays as they are. Raises Missing."""
    known = queries.find_enrolment(person_id, course_code)
    if known is not None:
        return known
    edition = queries.get_edition(course_code)
    enrolment = Enrolment(person_id=person_id, course=edition.course, edition=edition, enrolled_at=now)
    try:
        with db.session.begin_nested():
            db.session.add(enrolment)
    except IntegrityError:  # a second press at the same moment was faster
        return _get_enrolment(person_id, course_code)
    record("course.enrolled", actor=actor, subject=("course", course_code), detail={"edition": edition.edition})
    publish(Enrolled(person_id, course_code))
    return enrolment


def open_lesson(person_id: int, course_code: str, lesson_code: str, now: datetime, position: str = "") -> None:
    """Note that a lesson is open, and at which heading. Raises Missing for someone not enrolled or another lesson."""
    if not POSITION.fullmatch(position):
        raise DomainError(_("This is no place in a lesson."))
    enrolment, _states = _lesson_of(person_id, course_code, lesson_code)
    progress = _progress(enrolment, lesson_code, now)
    progress.last_opened_at = now
    if position:
        progress.position = position


def finish_lesson(person_id: int, course_code: str, lesson_code: str, now: datetime) -> str:
    """Mark a lesson as read and open the next; the code of the next lesson in reading order, "" after the last.

    Publishes LessonsCompleted when no lesson is left open. Raises Missing.
    """
    enrolment, states = _lesson_of(person_id, course_code, lesson_code)
    codes = [state.code for state in states]
    following = codes[codes.index(lesson_code) + 1 :]
    progress = _progress(enrolment, lesson_code, now)
    was_done, progress.last_opened_at = progress.done_at is not None, now
    progress.done_at = progress.done_at or now
    if following:
        _progress(enrolment, following[0], now).last_opened_at = now
    db.session.flush()
    left = [state.code for state in states if not state.is_done and state.code != lesson_code]
    if not was_done and not left:
        publish(LessonsCompleted(person_id, course_code))
    return following[0] if following else ""


def _get_enrolment(person_id: int, course_code: str) -> Enrolment:
    enrolment = queries.find_enrolment(person_id, course_code)
    if enrolment is None:
        raise Missing
    return enrolment


def _lesson_of(person_id: int, course_code: str, lesson_code: str) -> tuple[Enrolment, list[queries.LessonState]]:
    """The enrolment, locked so that two presses at once cannot both miss being the last, and the lessons as of now."""
    known = _get_enrolment(person_id, course_code)
    enrolment = db.session.scalars(select(Enrolment).where(Enrolment.id == known.id).with_for_update()).one()
    states = queries.lesson_states(enrolment)
    if lesson_code not in {state.code for state in states}:
        raise Missing
    return enrolment, states


def _progress(enrolment: Enrolment, lesson_code: str, now: datetime) -> LessonProgress:
    progress = db.session.scalars(
        select(LessonProgress).where(
            LessonProgress.enrolment_id == enrolment.id, LessonProgress.lesson_code == lesson_code
        )
    ).one_or_none()
    if progress is None:
        progress = LessonProgress(
            enrolment_id=enrolment.id, lesson_code=lesson_code, first_opened_at=now, last_opened_at=now, position=""
        )
        db.session.add(progress)
    return progress
