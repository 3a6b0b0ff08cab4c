"""The rules of an attempt: time, states, which write wins, and who may start. PURE: every moment is handed in.

States: scheduled and authorised (an attempt of a sitting before its start), in_progress and paused, submitted (by the
candidate or by the clock), scored, awaiting_marking, provisional, ratified, released. Side exits: expired (time ran out
where the exam does not hand in for the candidate), absent (never came), voided (found not to count; uses up no
attempt). (reference/security.md E1-E7, reference/lms.md 4.1-4.2)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

GRACE = timedelta(seconds=60)
MOST_SEQ = 2**31 - 1


class AttemptState(StrEnum):
    """Where an attempt stands."""

    SCHEDULED = "scheduled"
    AUTHORISED = "authorised"
    IN_PROGRESS = "in_progress"
    PAUSED = "paused"
    SUBMITTED = "submitted"
    SCORED = "scored"
    AWAITING_MARKING = "awaiting_marking"
    PROVISIONAL = "provisional"
    RATIFIED = "ratified"
    RELEASED = "released"
    EXPIRED = "expired"
    ABSENT = "absent"
    VOIDED = "voided"


class TimeUp(StrEnum):
    """What happens to an attempt when its time is up: what is saved is handed in, or the attempt is lost."""

    SUBMIT = "submit"
    EXPIRE = "expire"


class Navigation(StrEnum):
    """Whether a candidate may go back to a question that was left."""

    FREE = "free"
    ONE_WAY = "one_way"


class Drawing(StrEnum):
    """Where the questions of an attempt come from: drawn by the blueprint each time, or one of the locked forms."""

    RANDOM = "random"
    FORMS = "forms"


class Shows(StrEnum):
    """How much a released result says: pass or fail alone, with topic bands, or with the score."""

    OUTCOME = "outcome"
    BANDS = "bands"
    SCORE = "score"


_S = AttemptState
_FOLLOWING = {
    _S.SCHEDULED: {_S.AUTHORISED, _S.ABSENT, _S.VOIDED},
    _S.AUTHORISED: {_S.SCHEDULED, _S.IN_PROGRESS, _S.ABSENT, _S.VOIDED},
    _S.IN_PROGRESS: {_S.PAUSED, _S.SUBMITTED, _S.EXPIRED, _S.VOIDED},
    _S.PAUSED: {_S.IN_PROGRESS, _S.SUBMITTED, _S.EXPIRED, _S.VOIDED},
    _S.SUBMITTED: {_S.SCORED, _S.AWAITING_MARKING, _S.VOIDED},
    _S.AWAITING_MARKING: {_S.SCORED, _S.VOIDED},
    _S.SCORED: {_S.PROVISIONAL, _S.RELEASED, _S.VOIDED},
    _S.PROVISIONAL: {_S.RATIFIED, _S.RELEASED, _S.VOIDED},
    _S.RATIFIED: {_S.PROVISIONAL, _S.RELEASED, _S.VOIDED},
    _S.RELEASED: {_S.VOIDED},
    _S.EXPIRED: {_S.VOIDED},
    _S.ABSENT: {_S.VOIDED},
    _S.VOIDED: set(),
}
BEFORE_START = frozenset({_S.SCHEDULED, _S.AUTHORISED})
RUNNING = frozenset({_S.IN_PROGRESS, _S.PAUSED})
AWAITING = frozenset({_S.SUBMITTED, _S.SCORED, _S.AWAITING_MARKING, _S.PROVISIONAL, _S.RATIFIED})
ENDED = frozenset({_S.RELEASED, _S.EXPIRED, _S.ABSENT, _S.VOIDED})


def may_follow(before: AttemptState, after: AttemptState) -> bool:
    """Whether an attempt may go from one state to the other."""
    return after in _FOLLOWING[before]


def states_before(after: AttemptState) -> frozenset[AttemptState]:
    """The states from which an attempt may come into `after`, for compare-and-set updates."""
    return frozenset(before for before, following in _FOLLOWING.items() if after in following)


def deadline(started_at: datetime, minutes: int, extra_percent: int = 0) -> datetime:
    """When the time is up: `minutes` after the start, and `extra_percent` of them more, to the full second."""
    if minutes < 1 or extra_percent < 0:
        raise ValueError("an exam lasts at least a minute, and extra time is not negative")
    seconds = minutes * 60
    return started_at + timedelta(seconds=seconds + -(-seconds * extra_percent // 100))


class Arrival(StrEnum):
    """When an answer came: in time, late but within the grace that slow connections get, or after the close."""

    IN_TIME = "in_time"
    LATE = "late"
    CLOSED = "closed"


def arrival(now: datetime, deadline_at: datetime, grace: timedelta = GRACE) -> Arrival:
    """Judge the moment of arrival; the deadline and the end of the grace themselves are still good."""
    if now <= deadline_at:
        return Arrival.IN_TIME
    return Arrival.LATE if now <= deadline_at + grace else Arrival.CLOSED


@dataclass(frozen=True, slots=True)
class Closing:
    """How an attempt ends: by the candidate or by the clock, and the moment that counts as its end."""

    by: str
    at: datetime


def closing(now: datetime, deadline_at: datetime, grace: timedelta = GRACE) -> Closing:
    """Ending an attempt at `now`: by the candidate up to the end of the grace, afterwards by the clock.

    The end is never later than the deadline.
    """
    is_closed = arrival(now, deadline_at, grace) is Arrival.CLOSED
    return Closing("clock" if is_closed else "candidate", min(now, deadline_at))


class Write(StrEnum):
    """What an arriving answer is beside the stored one."""

    NEWER = "newer"
    REPEATED = "repeated"
    STALE = "stale"


def judge_write(seq: int, response: Any, stored_seq: int, stored_response: Any) -> Write:
    """A higher sequence number wins; the same number with the same answer is a repetition, all else is stale."""
    if seq > stored_seq:
        return Write.NEWER
    return Write.REPEATED if seq == stored_seq and response == stored_response else Write.STALE


@dataclass(frozen=True, slots=True)
class AttemptPolicy:
    """How often an exam may be sat, and the days to wait after the release of the first, second ... attempt."""

    attempts: int
    waits_days: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PastAttempt:
    """An attempt of the candidate at this exam. `passed` is known only once it has been released."""

    state: AttemptState
    released_at: datetime | None = None
    passed: bool = False


class Reason(StrEnum):
    """Why a candidate may start, or may not."""

    FREE = "free"
    RUNNING = "running"
    AWAITING_RELEASE = "awaiting_release"
    PASSED = "passed"
    OFFICER_DECIDES = "officer_decides"
    WAIT = "wait"
    LESSONS = "lessons"
    SEAT = "seat"
    IN_SITTING = "in_sitting"
    MAY_BEGIN = "may_begin"
    NOT_YET = "not_yet"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Permit:
    """Whether a candidate may start now, why, from when where that is known, and how many attempts are left.

    `unread` names the modules whose lessons come first.
    """

    may: bool
    reason: Reason
    from_when: datetime | None = None
    attempts_left: int = 0
    unread: tuple[str, ...] = ()


def may_start(policy: AttemptPolicy, past: Sequence[PastAttempt], allowances: int, now: datetime) -> Permit:
    """Whether the candidate may start at `now`. `allowances` are further attempts that officers have allowed.

    Waits count from the release of the latest attempt. Whoever has a running attempt may start: it is that attempt.
    """
    counted = [attempt for attempt in past if attempt.state is not AttemptState.VOIDED]
    left = max(policy.attempts + allowances - len(counted), 0)
    if any(attempt.state in RUNNING for attempt in counted):
        return Permit(True, Reason.RUNNING, attempts_left=left)
    if any(attempt.state in BEFORE_START for attempt in counted):
        return _waits_in_sitting(counted, left)
    if any(attempt.state in AWAITING for attempt in counted):
        return Permit(False, Reason.AWAITING_RELEASE, attempts_left=left)
    if any(attempt.passed for attempt in counted):
        return Permit(False, Reason.PASSED, attempts_left=left)
    earliest = next_start(policy, counted)
    if not left:
        return Permit(False, Reason.OFFICER_DECIDES, earliest)
    if earliest is not None and now < earliest:
        return Permit(False, Reason.WAIT, earliest, left)
    return Permit(True, Reason.FREE, attempts_left=left)


def _waits_in_sitting(counted: Sequence[PastAttempt], left: int) -> Permit:
    may = any(attempt.state is _S.AUTHORISED for attempt in counted)
    return Permit(may, Reason.MAY_BEGIN if may else Reason.IN_SITTING, attempts_left=left)


def within_window(
    permit: Permit, opens_at: datetime | None, closes_at: datetime | None, needs_seat: bool, now: datetime
) -> Permit:
    """Somebody free to start still needs a seat where the exam is held in sittings, and to come within its window."""
    if permit.reason not in (Reason.FREE, Reason.MAY_BEGIN):
        return permit
    left = permit.attempts_left
    if opens_at is not None and now < opens_at:
        return Permit(False, Reason.NOT_YET, opens_at, left)
    if closes_at is not None and now >= closes_at:
        return Permit(False, Reason.OVER, closes_at, left)
    if permit.reason is Reason.FREE and needs_seat:
        return Permit(False, Reason.SEAT, attempts_left=left)
    return permit


def after_lessons(permit: Permit, unread: Sequence[str]) -> Permit:
    """The exam of a course comes after its lessons: somebody free to start waits while modules are unread."""
    if permit.reason is not Reason.FREE or not unread:
        return permit
    return Permit(False, Reason.LESSONS, attempts_left=permit.attempts_left, unread=tuple(unread))


def next_start(policy: AttemptPolicy, counted: Sequence[PastAttempt]) -> datetime | None:
    """The end of the wait after the latest release; None without one. The last wait also follows all later attempts."""
    releases = [attempt.released_at for attempt in counted if attempt.released_at is not None]
    if not releases or not policy.waits_days:
        return None
    days = policy.waits_days[min(len(counted), len(policy.waits_days)) - 1]
    return max(releases) + timedelta(days=days)
