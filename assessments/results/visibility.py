"""What a candidate sees of an attempt, and when. PURE: every moment is handed in.

Phases: after the hand-in, after the release, and after the close (of the exam's window or the sitting; at once where
there is neither). An exam's `visibility` maps phases to what is shown then; what it does not say follows DEFAULTS.
Two rules stand above it: before the release nothing tells of the outcome, and an exam a certificate rests on never
shows a question, an answer or a key, for others sit it next. (lms.md 1 B, 1 E)
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum


class Phase(StrEnum):
    """Where a candidate stands with an attempt."""

    HANDED_IN = "handed_in"
    RELEASED = "released"
    CLOSED = "closed"


class What(StrEnum):
    """What there is to see of an attempt."""

    OUTCOME = "outcome"
    SCORE = "score"
    BANDS = "bands"
    RIGHT = "right"
    RESPONSES = "responses"
    FEEDBACK = "feedback"


OF_QUESTIONS = frozenset({What.RIGHT, What.RESPONSES, What.FEEDBACK})
OF_OUTCOME = frozenset({What.OUTCOME, What.SCORE, What.BANDS, What.RIGHT, What.FEEDBACK})
DEFAULTS = {
    Phase.HANDED_IN: frozenset[What](),
    Phase.RELEASED: frozenset({What.OUTCOME, What.SCORE, What.BANDS}),
    Phase.CLOSED: frozenset(What),
}
# How much a released result says at most, by Exam.shows.
MOST = {
    "outcome": frozenset(What) - {What.SCORE, What.BANDS},
    "bands": frozenset(What) - {What.SCORE},
    "score": frozenset(What),
}


def phase(released_at: datetime | None, closes_at: datetime | None, now: datetime) -> Phase:
    """The phase of an attempt that was handed in."""
    if released_at is None:
        return Phase.HANDED_IN
    return Phase.RELEASED if closes_at is not None and now < closes_at else Phase.CLOSED


def seen(at: Phase, shows: str, stated: Mapping[str, Sequence[str]], certifies: bool) -> frozenset[What]:
    """What is shown in a phase. Unknown names in `stated` show nothing; an unknown `shows` shows the outcome alone."""
    found = frozenset(What(name) for name in stated[at] if name in list(What)) if at in stated else DEFAULTS[at]
    found &= MOST.get(shows, MOST["outcome"])
    if certifies:
        found -= OF_QUESTIONS
    if at is Phase.HANDED_IN:
        return found - OF_OUTCOME
    return found | {What.OUTCOME}
