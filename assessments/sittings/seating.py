"""Seats: for one person, for a pasted list, for those who meet the exam's conditions; and taking one back.

Each seat makes the attempt that waits in the sitting. The sitting is locked first, so that no two requests take the
last seat, and nobody gets a seat and a console at once.
"""

from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from app import ids
from app.accounts.models import Person
from app.accounts.queries import find_by_email
from app.audit.services import record
from app.errors import DomainError, Missing
from app.extensions import db
from assessments.exams import conducting
from assessments.exams import queries as exams
from assessments.exams.errors import StartRefused
from assessments.exams.models import Exam
from assessments.exams.rules import BEFORE_START, Reason
from assessments.exams.wording import permit_sentence
from assessments.sittings import mails, queries, windows
from assessments.sittings.models import Seat, Sitting
from assessments.sittings.queries import Watched
from courses.models import Course, Enrolment
from courses.queries import unfinished_modules

MOST_LINES = 500
LABEL = 20


@dataclass
class Report:
    """What came of a list: who was seated, and each line that could not be, with the reason."""

    seated: list[str] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)


def seat(found: Watched, person: Person, label: str, actor: str, now: datetime) -> Seat:
    """A seat for a person, with the attempt that waits in it; the person is told by mail.

    `found` is the sitting, locked. Raises DomainError (field "email") naming what hinders it.
    """
    sitting = found.sitting
    if person.public_id == actor:
        raise DomainError(_("Another officer has to give you a seat."), "email")
    _check_place(found, person)
    _check_exam(sitting.exam, person, sitting.opens_at)
    attempt = conducting.schedule(
        sitting.exam,
        person,
        sitting.public_id,
        sitting.supervision,
        sitting.opens_at,
        windows.close_for(sitting, person.id, now),
        actor,
        now,
    )
    row = Seat(
        public_id=ids.new_public_id(),
        sitting_id=sitting.id,
        person_id=person.id,
        attempt_id=attempt.id,
        label=label[:LABEL],
        made_by=actor,
        made_at=now,
    )
    db.session.add(row)
    db.session.flush()
    record("sitting.seated", actor=actor, subject=("seat", row.public_id), detail={"sitting": sitting.public_id})
    mails.tell("seated", person, sitting)
    return row


def _check_place(found: Watched, person: Person) -> None:
    sitting = found.sitting
    if sitting.state not in ("planned", "open"):
        raise DomainError(_("This sitting is over."), "email")
    if person.id in found.invigilators:
        raise DomainError(_("%(name)s watches this sitting, and cannot sit in it.", name=person.name), "email")
    if person.id in found.seated:
        raise DomainError(_("%(name)s has a seat already.", name=person.name), "email")
    if sitting.seats_most is not None and len(found.seated) >= sitting.seats_most:
        raise DomainError(_("All %(most)s seats are taken.", most=sitting.seats_most), "email")


def _check_exam(exam: Exam, person: Person, at: datetime) -> None:
    """Whether attempts, waits and lessons let the person sit the exam then. Raises DomainError naming the person."""
    permit = exams.seat_permit(person.id, exam, at)
    if permit.reason is Reason.FREE:
        unread = _unread(person.id, exam)
        if not unread:
            return
        why = _("the lessons of %(modules)s are not finished", modules=", ".join(unread))
    elif permit.reason in (Reason.IN_SITTING, Reason.MAY_BEGIN, Reason.RUNNING):
        why = _("an attempt waits or runs elsewhere already")
    else:
        why = {
            Reason.AWAITING_RELEASE: _("the last attempt has no result yet"),
            Reason.PASSED: _("the exam is passed"),
            Reason.OFFICER_DECIDES: _("all attempts are used"),
        }.get(permit.reason) or permit_sentence(permit)
    raise DomainError(_("%(name)s cannot be seated: %(why)s.", name=person.name, why=why.rstrip(".")), "email")


def _unread(person_id: int, exam: Exam) -> list[str]:
    try:
        return unfinished_modules(person_id, exam.course_code)
    except Missing:  # an exam that belongs to no course
        return []


def seat_list(public_id: str, text: str, actor: str, now: datetime) -> Report:
    """Seats for a list: one address a line, a comma and the seat's label after it if you like.

    Good lines are seated, bad ones come back with their reason; nothing is lost. Raises DomainError for too many lines.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise DomainError(_("At most %(most)s lines at a time.", most=MOST_LINES), "lines")
    report = Report()
    queries.get_sitting(public_id, lock=True)
    for line in lines:
        address, _sep, label = line.replace(";", ",").replace("\t", ",").partition(",")
        person = find_by_email(address.strip())
        if person is None or person.closed_at is not None:
            report.faults.append((line, _("No member has this address.")))
        else:
            _try(report, public_id, line, person, label.strip(), actor, now)
    return report


def seat_people(public_id: str, person_ids: list[str], actor: str, now: datetime) -> Report:
    """Seats for people by their public ids, such as those whom list_ready names."""
    report = Report()
    queries.get_sitting(public_id, lock=True)
    statement = select(Person).where(Person.public_id.in_(person_ids[:MOST_LINES]), Person.closed_at.is_(None))
    for person in db.session.scalars(statement.order_by(Person.name)).all():
        _try(report, public_id, person.name, person, "", actor, now)
    return report


def _try(report: Report, public_id: str, line: str, person: Person, label: str, actor: str, now: datetime) -> None:
    """Seat one of many: what hinders one leaves the others be."""
    try:
        with db.session.begin_nested():
            seat(queries.get_watched(public_id), person, label, actor, now)
    except StartRefused as refused:
        report.faults.append((line, permit_sentence(refused.permit)))
    except DomainError as error:
        report.faults.append((line, error.message))
    else:
        report.seated.append(person.name)


def list_ready(found: Watched) -> list[Person]:
    """Those enrolled in the exam's course who have read all its lessons and may sit the exam then, by name."""
    exam, at = found.sitting.exam, found.sitting.opens_at
    statement = (
        select(Person)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .join(Course, Course.id == Enrolment.course_id)
        .where(Course.code == exam.course_code, Person.closed_at.is_(None), Person.erased_at.is_(None))
        .order_by(Person.name, Person.id)
        .limit(MOST_LINES)
    )
    away = found.seated | found.invigilators
    return [
        person
        for person in db.session.scalars(statement)
        if person.id not in away
        and exams.seat_permit(person.id, exam, at).reason is Reason.FREE
        and not _unread(person.id, exam)
    ]


def unseat(sitting: Sitting, public_id: str, reason: str, actor: str, now: datetime) -> str:
    """Take a seat back before its start: the attempt is voided and uses up none. The name of who had it.

    Raises Missing, and DomainError without a reason or once the attempt has begun.
    """
    if not reason.strip():
        raise DomainError(_("Say why. The person reads it."), "reason")
    one = queries.get_seated(sitting.id, public_id)
    if one.attempt.state not in BEFORE_START:
        raise DomainError(_("The exam of %(name)s has begun or ended. Note an incident instead.", name=one.person.name))
    conducting.void(one.attempt, actor, reason, now)
    db.session.delete(one.seat)
    detail = {"sitting": sitting.public_id}
    record("sitting.unseated", actor=actor, subject=("seat", public_id), detail=detail, personal={"reason": reason})
    mails.tell("cancelled", one.person, sitting, reason)
    return one.person.name
