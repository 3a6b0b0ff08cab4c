"""The live list of a sitting: who sits where, how each stands, and what an invigilator should look at.

Nothing of questions, answers or results is read here: whether there is an answer, and when the last one came, is all.
The number of statements does not depend on the number of seats.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from app.accounts.models import Person
from app.audit.models import AuditEntry
from app.extensions import db
from assessments.exams.models import Attempt, AttemptItem, LateAnswer
from assessments.exams.rules import BEFORE_START, RUNNING, AttemptState
from assessments.exams.times import ends_at
from assessments.exams.wording import clock_time
from assessments.sittings import queries
from assessments.sittings.models import Incident, Sitting
from assessments.sittings.queries import Seated
from assessments.sittings.words import NETWORK, attempt_state, how_words

TAKEN_OVER = "attempt.taken_over"


@dataclass(frozen=True, slots=True)
class Progress:
    """How many questions are asked and answered, and when the last answer came."""

    asked: int = 0
    answered: int = 0
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One seat as the console shows it; every text is ready to be read."""

    seat: str
    label: str
    name: str
    state: str
    words: str
    tone: str
    identity: str
    saved: str
    answered: str
    left: str
    flags: tuple[str, ...]
    can_authorise: bool
    can_resume: bool

    def as_json(self) -> dict[str, Any]:
        """What the page's module puts into the row."""
        return {
            "seat": self.seat,
            "state": self.words,
            "tone": self.tone,
            "identity": self.identity,
            "saved": self.saved,
            "answered": self.answered,
            "left": self.left,
            "flags": ", ".join(self.flags),
            "authorise": self.can_authorise,
            "resume": self.can_resume,
        }


def list_rows(sitting: Sitting, now: datetime) -> list[Row]:
    """Every seat of the sitting as it stands now."""
    seated = queries.list_seated(sitting.id)
    ids = [one.attempt.id for one in seated]
    names = [one.attempt.public_id for one in seated]
    done, late, devices = _progress(ids), _late(ids), _devices(names)
    noted, people = _incidents(ids), _people(seated)
    return [
        _row(sitting, one, done.get(one.attempt.id, Progress()), _flags(one, late, devices, noted), people, now)
        for one in seated
    ]


def _row(
    sitting: Sitting,
    one: Seated,
    done: Progress,
    flags: tuple[str, ...],
    people: dict[str, str],
    now: datetime,
) -> Row:
    attempt = one.attempt
    words, tone = attempt_state(attempt.state)
    is_begun = attempt.started_at is not None
    return Row(
        seat=one.seat.public_id,
        label=one.seat.label,
        name=one.person.name,
        state=str(attempt.state),
        words=words,
        tone=tone,
        identity=_identity(attempt, people),
        saved=clock_time(done.last) if done.last and is_begun else "",
        answered=_("%(done)s of %(all)s", done=done.answered, all=done.asked) if is_begun else "",
        left=_left(attempt, now),
        flags=flags,
        can_authorise=attempt.state == AttemptState.SCHEDULED and sitting.state in ("planned", "open"),
        can_resume=attempt.state == AttemptState.PAUSED,
    )


def _left(attempt: Attempt, now: datetime) -> str:
    if attempt.state not in RUNNING:
        return ""
    minutes = max(int((ends_at(attempt, now) - now).total_seconds()), 0) // 60
    return ngettext("%(num)s minute", "%(num)s minutes", minutes)


def _identity(attempt: Attempt, people: dict[str, str]) -> str:
    found = attempt.identity
    if not found or attempt.state == AttemptState.SCHEDULED:
        return ""
    at = clock_time(datetime.fromisoformat(found["at"]))
    return _("%(how)s, %(who)s, %(at)s", how=how_words(found["how"]), who=people.get(found["by"], ""), at=at)


def _people(seated: Sequence[Seated]) -> dict[str, str]:
    """Names of those who recognised somebody."""
    who = {one.attempt.identity["by"] for one in seated if one.attempt.identity}
    found = db.session.execute(select(Person.public_id, Person.name).where(Person.public_id.in_(who)))
    return {row.public_id: row.name for row in found}


def _progress(ids: Sequence[int]) -> dict[int, Progress]:
    statement = (
        select(
            AttemptItem.attempt_id,
            func.count(),
            func.count(AttemptItem.answered_at).filter(AttemptItem.response.is_not(None)),
            func.max(AttemptItem.answered_at),
        )
        .where(AttemptItem.attempt_id.in_(ids))
        .group_by(AttemptItem.attempt_id)
    )
    return {row[0]: Progress(row[1], row[2], row[3]) for row in db.session.execute(statement)}


def _late(ids: Sequence[int]) -> dict[int, int]:
    statement = (
        select(AttemptItem.attempt_id, func.count())
        .join(LateAnswer, LateAnswer.attempt_item_id == AttemptItem.id)
        .where(AttemptItem.attempt_id.in_(ids), LateAnswer.decision == "")
        .group_by(AttemptItem.attempt_id)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def _devices(names: Sequence[str]) -> set[str]:
    """Public ids of the attempts that another device has taken over."""
    statement = select(AuditEntry.object_id).where(AuditEntry.action == TAKEN_OVER, AuditEntry.object_id.in_(names))
    return set(db.session.scalars(statement))


def _incidents(ids: Sequence[int]) -> dict[int, set[str]]:
    """Kinds of incidents of each attempt: those that wait, and changes of the network that the program noted."""
    statement = select(Incident.attempt_id, Incident.kind).where(
        Incident.attempt_id.in_(ids), (Incident.decision == "") | (Incident.kind == NETWORK)
    )
    found: dict[int, set[str]] = {}
    for attempt, kind in db.session.execute(statement):
        if attempt is not None:
            found.setdefault(attempt, set()).add(kind)
    return found


def _flags(one: Seated, late: dict[int, int], devices: set[str], noted: dict[int, set[str]]) -> tuple[str, ...]:
    attempt = one.attempt
    kinds = noted.get(attempt.id, set())
    flags = []
    if late.get(attempt.id):
        flags.append(ngettext("%(num)s late answer waits", "%(num)s late answers wait", late[attempt.id]))
    if attempt.public_id in devices:
        flags.append(_("second device"))
    if NETWORK in kinds:
        flags.append(_("network changed"))
    if kinds - {NETWORK}:
        flags.append(_("incident"))
    return tuple(flags)


def count_states(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """How many are expected, may start, write, and have ended: numbers with their words."""
    states = [AttemptState(row.state) for row in rows]
    expected = sum(state == AttemptState.SCHEDULED for state in states)
    ready = sum(state == AttemptState.AUTHORISED for state in states)
    writing = sum(state in RUNNING for state in states)
    over = sum(state not in BEFORE_START | RUNNING for state in states)
    return [
        (str(expected), _("expected")),
        (str(ready), _("may start")),
        (str(writing), _("writing")),
        (str(over), _("ended or absent")),
    ]
