"""What an invigilator does to one seat, or to all that are ticked: each act ends in a sentence for its row.

The acts themselves are steps of the attempt (assessments.exams.conducting); what one seat refuses leaves the others be.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from app.errors import DomainError
from app.extensions import db
from assessments.exams import beginning, conducting, moves
from assessments.exams.rules import BEFORE_START, RUNNING
from assessments.sittings import queries, windows
from assessments.sittings.models import Sitting
from assessments.sittings.queries import Seated
from assessments.sittings.words import HOWS

MOST_MINUTES = 240


@dataclass(frozen=True, slots=True)
class Given:
    """What comes with an act: how somebody was recognised, a reason, minutes."""

    how: str = ""
    reason: str = ""
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an act on one seat ended, in words for its row."""

    seat: str
    name: str
    is_done: bool
    words: str


Act = Callable[[Sitting, Seated, Given, str, datetime], str]


def act_on(sitting: Sitting, seats: Sequence[str], act: str, given: Given, actor: str, now: datetime) -> list[Outcome]:
    """Do one of ACTS to these seats (public ids) of the sitting; seats of others are passed over.

    Raises DomainError (field "minutes", "reason") for what is wrong with the act as such.
    """
    if act not in ACTS:
        raise DomainError(_("There is no such act."))
    _check_given(act, given)
    chosen = set(seats)
    return [
        _one(sitting, one, act, given, actor, now)
        for one in queries.list_seated(sitting.id)
        if one.seat.public_id in chosen
    ]


def _check_given(act: str, given: Given) -> None:
    if act == "extend" and not 1 <= given.minutes <= MOST_MINUTES:
        raise DomainError(_("Enter the minutes, from 1 to %(most)s.", most=MOST_MINUTES), "minutes")
    if act in NEED_REASON and not given.reason.strip():
        raise DomainError(_("Say why; it goes into the trail."), "reason")


def _one(sitting: Sitting, one: Seated, act: str, given: Given, actor: str, now: datetime) -> Outcome:
    try:
        with db.session.begin_nested():
            words = ACTS[act](sitting, one, given, actor, now)
    except DomainError as error:
        return Outcome(one.seat.public_id, one.person.name, False, error.message)
    return Outcome(one.seat.public_id, one.person.name, True, words)


def _authorise(sitting: Sitting, one: Seated, given: Given, actor: str, now: datetime) -> str:
    if sitting.state not in ("planned", "open"):
        raise DomainError(_("This sitting is over. Nobody can start any more."))
    identity = None
    if sitting.needs_identity:
        if given.how not in dict(HOWS):
            raise DomainError(_("Say how you recognised them."), "how")
        identity = {"by": actor, "how": given.how, "at": now.isoformat()}
    conducting.authorise(one.attempt, actor, now, identity)
    _keep_window(sitting, one, actor, now)
    return _("May start")


def _keep_window(sitting: Sitting, one: Seated, actor: str, now: datetime) -> None:
    """An accommodation approved since the seat was given moves the close, too."""
    closes_at = windows.close_for(sitting, one.person.id, now)
    if one.attempt.closes_at is None or closes_at > one.attempt.closes_at:
        what = {"closes_at": closes_at.isoformat()}
        moves.amend(one.attempt, BEFORE_START, now, actor, "", what, closes_at=closes_at)
        beginning.order_expiry(one.attempt, closes_at, beginning.delivery_of(one.attempt).grace)


def _unauthorise(sitting: Sitting, one: Seated, given: Given, actor: str, now: datetime) -> str:
    conducting.unauthorise(one.attempt, actor, given.reason, now)
    return _("May not start any more")


def _pause(sitting: Sitting, one: Seated, given: Given, actor: str, now: datetime) -> str:
    conducting.pause(one.attempt, actor, given.reason, now)
    return _("The clock stands still")


def _resume(sitting: Sitting, one: Seated, given: Given, actor: str, now: datetime) -> str:
    conducting.resume(one.attempt, actor, now)
    return _("The clock runs again")


def _extend(sitting: Sitting, one: Seated, given: Given, actor: str, now: datetime) -> str:
    conducting.extend(one.attempt, given.minutes * 60, actor, given.reason, now)
    return ngettext("%(num)s minute more", "%(num)s minutes more", given.minutes)


def _absent(sitting: Sitting, one: Seated, given: Given, actor: str, now: datetime) -> str:
    conducting.mark_absent(one.attempt, actor, now)
    return _("Marked absent")


ACTS: dict[str, Act] = {
    "authorise": _authorise,
    "unauthorise": _unauthorise,
    "pause": _pause,
    "resume": _resume,
    "extend": _extend,
    "absent": _absent,
}
NEED_REASON = frozenset({"unauthorise", "pause", "extend"})
EXTENDABLE = BEFORE_START | RUNNING
