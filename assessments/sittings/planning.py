"""Planning a sitting: when, where, under which rules, who watches; opening and closing its doors; cancelling it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask_babel import gettext as _

from app import ids
from app.accounts.models import Person
from app.audit.services import SYSTEM, record
from app.errors import DomainError
from app.extensions import db
from assessments.exams import beginning, conducting, moves
from assessments.exams.models import Attempt, Exam
from assessments.exams.rules import BEFORE_START, RUNNING
from assessments.sittings import mails, queries, windows
from assessments.sittings.models import Invigilator, Sitting

UNWATCHED = "unsupervised"


@dataclass(frozen=True, slots=True)
class Plan:
    """What an officer says of a sitting. `networks` are ranges in their plain form; `seats_most` None for any number."""

    title: str
    supervision: str
    opens_at: datetime
    closes_at: datetime
    place: str = ""
    instructions: str = ""
    seats_most: int | None = None
    networks: list[str] = field(default_factory=list)
    needs_code: bool = True

    def check(self, exam: Exam, now: datetime) -> None:
        """Raises DomainError naming the field that cannot be."""
        if self.closes_at <= now:
            raise DomainError(_("This moment has passed."), "closes_at")
        if self.closes_at - self.opens_at < timedelta(minutes=exam.minutes):
            raise DomainError(
                _("The exam lasts %(minutes)s minutes; give it a window at least as long.", minutes=exam.minutes),
                "closes_at",
            )

    def write_to(self, sitting: Sitting) -> None:
        """Put the plan into a row. Whoever is watched is recognised first: certificates say so."""
        sitting.title, sitting.place, sitting.instructions = self.title, self.place, self.instructions
        sitting.supervision, sitting.needs_identity = self.supervision, self.supervision != UNWATCHED
        sitting.opens_at, sitting.closes_at = self.opens_at, self.closes_at
        sitting.seats_most, sitting.networks, sitting.needs_code = self.seats_most, self.networks, self.needs_code


def plan_sitting(exam: Exam, plan: Plan, actor: str, now: datetime) -> Sitting:
    """A new sitting of an exam. Raises DomainError."""
    plan.check(exam, now)
    sitting = Sitting(public_id=ids.new_public_id(), exam_id=exam.id, exam=exam, made_by=actor, made_at=now)
    plan.write_to(sitting)
    db.session.add(sitting)
    _write_trail("sitting.planned", sitting, actor, {"exam": exam.code})
    return sitting


def change(sitting: Sitting, plan: Plan, actor: str, now: datetime) -> None:
    """Plan it anew while nobody could have started: its seats go along, and their people are told. Raises DomainError."""
    if sitting.state != "planned":
        raise DomainError(_("Only a sitting that has not been opened can be changed."))
    plan.check(sitting.exam, now)
    seated = queries.list_seated(sitting.id)
    if plan.seats_most is not None and plan.seats_most < len(seated):
        raise DomainError(_("%(number)s people have a seat already.", number=len(seated)), "seats_most")
    plan.write_to(sitting)
    db.session.flush()
    for one in seated:
        _move_along(sitting, one.attempt, one.person, actor, now)
    _write_trail("sitting.changed", sitting, actor)


def _move_along(sitting: Sitting, attempt: Attempt, person: Person, actor: str, now: datetime) -> None:
    """The attempt of a seat follows the window and the mode of its sitting."""
    if attempt.state not in BEFORE_START:
        return
    closes_at = windows.close_for(sitting, person.id, now)
    what = {"closes_at": closes_at.isoformat(), "supervision": sitting.supervision}
    moves.amend(attempt, BEFORE_START, now, actor, "", what, closes_at=closes_at, supervision=sitting.supervision)
    beginning.order_expiry(attempt, closes_at, beginning.delivery_of(attempt).grace)
    mails.tell("changed", person, sitting)


def cancel(sitting: Sitting, reason: str, actor: str, now: datetime) -> None:
    """Call a sitting off; the attempts of its seats are voided and use up none. Raises DomainError once somebody writes."""
    if sitting.state not in ("planned", "open"):
        raise DomainError(_("This sitting is over already."))
    if not reason.strip():
        raise DomainError(_("Say why. Those who have a seat read it."), "reason")
    seated = queries.list_seated(sitting.id)
    if any(one.attempt.state in RUNNING for one in seated):
        raise DomainError(_("Somebody is writing. Close the sitting, or note an incident."))
    for one in seated:
        if one.attempt.state in BEFORE_START:
            conducting.void(one.attempt, actor, reason, now)
            mails.tell("cancelled", one.person, sitting, reason)
    sitting.state, sitting.code_hash = "cancelled", ""
    _write_trail("sitting.cancelled", sitting, actor, personal={"reason": reason})


def open_doors(sitting: Sitting, actor: str, now: datetime) -> None:
    """Let those who are recognised start from now on. Raises DomainError."""
    if sitting.state == "cancelled" or now >= sitting.closes_at:
        raise DomainError(_("This sitting is over already."))
    if sitting.state != "open":
        sitting.state = "open"
        _write_trail("sitting.opened", sitting, actor)


def close_doors(sitting: Sitting, actor: str) -> None:
    """Nobody starts any more; whoever writes goes on to the end of their time. Raises DomainError."""
    if sitting.state == "cancelled":
        raise DomainError(_("This sitting is over already."))
    if sitting.state != "closed":
        sitting.state, sitting.code_hash = "closed", ""
        _write_trail("sitting.closed", sitting, actor)


def end_over(public_id: str, now: datetime) -> None:
    """End a sitting whose window is over: closed, and absent whoever never came."""
    sitting = queries.get_sitting(public_id, lock=True)
    if sitting.state not in ("planned", "open") or sitting.closes_at >= now:
        return
    for one in queries.list_seated(sitting.id):
        if one.attempt.state in BEFORE_START:
            conducting.mark_absent(one.attempt, SYSTEM, now)
    close_doors(sitting, SYSTEM)


def name_invigilator(sitting: Sitting, person: Person, actor: str, now: datetime) -> None:
    """Let a member watch. Raises DomainError (field "email") for somebody with a seat in it."""
    found = queries.watched(sitting)
    if person.id in found.seated:
        raise DomainError(_("%(name)s has a seat in this sitting, and cannot watch it.", name=person.name), "email")
    if person.id in found.invigilators:
        raise DomainError(_("%(name)s watches this sitting already.", name=person.name), "email")
    db.session.add(Invigilator(sitting_id=sitting.id, person_id=person.id, made_by=actor, made_at=now))
    _write_trail("sitting.invigilator_named", sitting, actor, {"person": person.public_id})
    mails.tell("invigilator", person, sitting)


def remove_invigilator(sitting: Sitting, person_id: str, actor: str) -> None:
    """Let somebody watch no longer; nothing happens where they did not."""
    for person in queries.list_invigilators(sitting.id):
        if person.public_id == person_id:
            db.session.delete(db.session.get_one(Invigilator, (sitting.id, person.id)))
            _write_trail("sitting.invigilator_removed", sitting, actor, {"person": person_id})


def _write_trail(
    act: str,
    sitting: Sitting,
    actor: str,
    detail: dict[str, str] | None = None,
    personal: dict[str, str] | None = None,
) -> None:
    record(act, actor=actor, subject=("sitting", sitting.public_id), detail=detail, personal=personal)
