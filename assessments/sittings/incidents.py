"""Incidents: noted by whoever watches, decided by an officer who did not note them.

A decision may act on the attempts it concerns: extra time, void, one attempt more. Once the last one that held a release
is decided, the release is ordered again.
"""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import select

from app import ids
from app.accounts.models import Person
from app.audit.services import record
from app.errors import DomainError
from app.extensions import db
from app.jobs import runner
from assessments.exams import closing, conducting, services
from assessments.exams.models import Attempt, Exam
from assessments.exams.rules import AWAITING, AttemptState
from assessments.sittings import mails
from assessments.sittings.models import Incident, Seat, Sitting
from assessments.sittings.queries import Seated
from assessments.sittings.supervising import EXTENDABLE, MOST_MINUTES
from assessments.sittings.words import DECISIONS, KINDS, decision_words


@dataclass(frozen=True, slots=True)
class Decision:
    """What an officer decides, why, and how many minutes where it is extra time."""

    code: str
    note: str
    minutes: int = 0

    def check(self) -> None:
        """Raises DomainError naming the field."""
        if self.code not in dict(DECISIONS):
            raise DomainError(_("Choose a decision."), "decision")
        if not self.note.strip():
            raise DomainError(_("Say why; it goes into the trail."), "note")
        if self.code == "extra_time" and not 1 <= self.minutes <= MOST_MINUTES:
            raise DomainError(_("Enter the minutes, from 1 to %(most)s.", most=MOST_MINUTES), "minutes")


@dataclass(frozen=True, slots=True)
class _Target:
    attempt: Attempt
    person: Person
    exam: Exam


def report(
    sitting: Sitting, one: Seated | None, kind: str, text: str, holds_release: bool, actor: str, now: datetime
) -> Incident:
    """Note an incident of a sitting, or of one of its seats. Raises DomainError (fields "kind", "text")."""
    if kind not in dict(KINDS):
        raise DomainError(_("Say what kind of thing happened."), "kind")
    if not text.strip():
        raise DomainError(_("Say what happened."), "text")
    incident = Incident(
        public_id=ids.new_public_id(),
        sitting_id=sitting.id,
        attempt_id=one.attempt.id if one else None,
        kind=kind,
        text=text,
        holds_release=holds_release,
        by=actor,
        at=now,
    )
    db.session.add(incident)
    detail = {"sitting": sitting.public_id, "kind": kind, "holds_release": holds_release}
    record("incident.reported", actor=actor, subject=("incident", incident.public_id), detail=detail)
    return incident


def decide(incident: Incident, decision: Decision, actor: str, now: datetime) -> list[str]:
    """Decide once; sentences about attempts on which the decision could not act. `incident` is locked.

    Raises DomainError for whoever noted it or is concerned, where it was decided already, and without a reason.
    """
    decision.check()
    targets = _targets(incident)
    if incident.by == actor or any(target.person.public_id == actor for target in targets):
        raise DomainError(_("An officer who did not note it, and is not concerned, has to decide."))
    if incident.decision:
        raise DomainError(_("This has been decided already."))
    incident.decision, incident.decision_note = decision.code, decision.note
    incident.decided_by, incident.decided_at = actor, now
    db.session.flush()
    record(
        "incident.decided",
        actor=actor,
        subject=("incident", incident.public_id),
        detail={"decision": decision.code},
        personal={"reason": decision.note},
    )
    refused = [why for target in targets if (why := _follow(target, decision, actor, now))]
    if incident.holds_release:
        _release_again(incident, targets)
    return refused


def _targets(incident: Incident) -> list[_Target]:
    """The attempts that an incident concerns: its own, or all of its sitting."""
    statement = (
        select(Attempt, Person, Exam)
        .join(Person, Person.id == Attempt.person_id)
        .join(Exam, Exam.id == Attempt.exam_id)
    )
    if incident.attempt_id is not None:
        statement = statement.where(Attempt.id == incident.attempt_id)
    else:
        statement = statement.join(Seat, Seat.attempt_id == Attempt.id).where(Seat.sitting_id == incident.sitting_id)
    return [_Target(*row) for row in db.session.execute(statement.order_by(Attempt.id))]


def _follow(target: _Target, decision: Decision, actor: str, now: datetime) -> str:
    """Act on one attempt; a sentence where that could not be done."""
    if decision.code in ("no_action", "misconduct"):
        return ""
    try:
        with db.session.begin_nested():
            _act(target, decision, actor, now)
    except DomainError as error:
        return f"{target.person.name}: {error.message}"
    with force_locale(target.person.language):
        words = decision_words(decision.code)
        if decision.code == "extra_time":
            words = ngettext("%(num)s minute more.", "%(num)s minutes more.", decision.minutes)
    mails.tell_decision(target.person, target.exam.title, target.exam.code, words, decision.note)
    return ""


def _act(target: _Target, decision: Decision, actor: str, now: datetime) -> None:
    if decision.code == "extra_time":
        if target.attempt.state not in EXTENDABLE:
            raise DomainError(_("The attempt is over; extra time cannot reach it."))
        conducting.extend(target.attempt, decision.minutes * 60, actor, decision.note, now)
    elif decision.code == "void":
        conducting.void(target.attempt, actor, decision.note, now)
    elif decision.code == "new_attempt":
        services.allow_attempt(target.exam, target.person, decision.note, actor, now)


def _release_again(incident: Incident, targets: list[_Target]) -> None:
    """Results that waited for this decision are released by the exam's rule, unless something else holds them."""
    for target in targets:
        attempt = target.attempt
        if AttemptState(attempt.state) in AWAITING and attempt.exam_snapshot.get("is_auto_released"):
            key = f"{closing.RELEASE}:{attempt.public_id}:{incident.public_id}"
            runner.order(closing.RELEASE, {"attempt": attempt.public_id}, key=key)
