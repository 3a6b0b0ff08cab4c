"""Answers that came when none could be taken: shown with the incidents around them, decided on attempt by attempt."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import or_, select

from app.accounts.models import Person
from app.errors import DomainError
from app.extensions import db
from assessments.exams import quarantine
from assessments.exams.models import Attempt
from assessments.exams.quarantine import Kept
from assessments.sittings import mails
from assessments.sittings.models import Incident, Sitting
from assessments.sittings.words import ADDRESS


@dataclass
class Group:
    """The undecided answers of one attempt, whose it is, and the incidents of it and its sitting."""

    attempt: Attempt
    person: Person
    answers: list[Kept] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)

    @property
    def questions(self) -> str:
        """The numbers of the questions: 3, 7, 8."""
        return ", ".join(str(number) for number in sorted({kept.position for kept in self.answers}))


def list_groups(attempt_id: str = "") -> list[Group]:
    """What waits for a decision, the oldest answer first; of one attempt where its public id is given."""
    groups: dict[int, Group] = {}
    kept = quarantine.list_late(attempt_id=attempt_id)
    people = _people([one.attempt.person_id for one in kept])
    for one in kept:
        group = groups.setdefault(one.attempt.id, Group(one.attempt, people[one.attempt.person_id]))
        group.answers.append(one)
    for attempt, incidents in _incidents([group.attempt for group in groups.values()]).items():
        groups[attempt].incidents = incidents
    return list(groups.values())


def _people(ids: Sequence[int]) -> dict[int, Person]:
    return {person.id: person for person in db.session.scalars(select(Person).where(Person.id.in_(ids)))}


def _incidents(attempts: Sequence[Attempt]) -> dict[int, list[Incident]]:
    """The incidents of each attempt, and of its whole sitting."""
    sittings = {attempt.sitting for attempt in attempts if attempt.sitting}
    statement = (
        select(Incident, Sitting.public_id)
        .outerjoin(Sitting, Sitting.id == Incident.sitting_id)
        .where(Incident.kind != ADDRESS)
        .where(or_(Incident.attempt_id.in_([attempt.id for attempt in attempts]), Sitting.public_id.in_(sittings)))
        .order_by(Incident.id)
    )
    found = db.session.execute(statement).all()
    return {
        attempt.id: [
            incident
            for incident, sitting in found
            if incident.attempt_id == attempt.id or (incident.attempt_id is None and sitting == attempt.sitting)
        ]
        for attempt in attempts
    }


def decide(attempt_id: str, answers: Sequence[str], counted: bool, reason: str, actor: str, now: datetime) -> int:
    """Count or refuse these answers (public ids) of an attempt, and tell its candidate. How many there were.

    Raises DomainError without a reason, without an answer, for one's own, and where it was decided already.
    """
    groups = list_groups(attempt_id)
    chosen = [kept for group in groups for kept in group.answers if kept.late.public_id in set(answers)]
    if not chosen:
        raise DomainError(_("Choose at least one answer that waits."), "answers")
    for kept in chosen:
        quarantine.decide_late(kept.late, counted, actor, reason, now)
    _tell(groups[0], len(chosen), counted, reason)
    return len(chosen)


def _tell(group: Group, number: int, counted: bool, reason: str) -> None:
    exam = group.attempt.exam_snapshot
    with force_locale(group.person.language):
        if counted:
            words = ngettext("%(num)s answer that came late counts.", "%(num)s answers that came late count.", number)
        else:
            words = ngettext(
                "%(num)s answer that came late does not count.", "%(num)s answers that came late do not count.", number
            )
    mails.tell_decision(group.person, exam["title"], exam["code"], words, reason)
