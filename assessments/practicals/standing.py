"""How an attempt stands, in words for the learner it belongs to. Nothing of its marks is here before the release."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import format_time
from flask_babel import gettext as _

from app.body.queries import get_body
from app.policy import current_actor
from app.shell import show_date
from assessments.grading.rubric import PASS
from assessments.practicals import rules
from assessments.practicals.lessons import LessonLink
from assessments.practicals.models import Submission, SubmissionState
from assessments.results.models import Result


@dataclass(frozen=True)
class Judged:
    """One criterion as the learner reads it after the release; `segments` of `of` is the height of the level."""

    number: int
    title: str
    question: str
    level: str
    is_met: bool
    segments: int
    of: int
    comment: str
    lesson: LessonLink | None
    next_level: str


@dataclass(frozen=True)
class Standing:
    """An attempt with its word, its tone, and after the release what was found and the public id of its result."""

    attempt: Submission
    word: str
    tone: str
    has_passed: bool = False
    comment: str = ""
    judged: list[Judged] = field(default_factory=list)
    result: str = ""

    @property
    def is_released(self) -> bool:
        """Whether the learner may know what was found."""
        return self.attempt.state == SubmissionState.RELEASED

    @property
    def due_at(self) -> datetime | None:
        """By when it is to be marked; None before it is handed in."""
        return rules.due_at(self.attempt.submitted_at) if self.attempt.submitted_at else None

    @property
    def short(self) -> list[Judged]:
        """The criteria that did not reach the level asked for."""
        return [criterion for criterion in self.judged if not criterion.is_met]


def stand(attempt: Submission, result: Result | None, lessons: Mapping[str, LessonLink]) -> Standing:
    """How an attempt stands; `result` is its released result, if it has one."""
    if result is None or attempt.state != SubmissionState.RELEASED:
        word, tone = _word(attempt.state)
        return Standing(attempt, word, tone)
    passed = result.outcome == PASS
    word, tone = (_("Passed"), "success") if passed else (_("To be handed in again"), "warning")
    comment = result.data.get("comment", "")
    return Standing(attempt, word, tone, passed, comment, _judged(attempt, lessons), result.public_id)


def _word(state: str) -> tuple[str, str]:
    return {
        SubmissionState.DRAFT: (_("Draft"), "neutral"),
        SubmissionState.SUBMITTED: (_("Handed in"), "info"),
        SubmissionState.MARKING: (_("With an assessor"), "info"),
        SubmissionState.MARKED: (_("With an assessor"), "info"),  # that it is marked is not for the learner yet
        SubmissionState.RELEASED: (_("Result is there"), "success"),
        SubmissionState.WITHDRAWN: (_("Taken back"), "neutral"),
    }[SubmissionState(state)]


def _judged(attempt: Submission, lessons: Mapping[str, LessonLink]) -> list[Judged]:
    rubric = attempt.rubric
    if rubric is None:
        return []
    marks = {mark.criterion_id: mark for mark in attempt.agreed_marks}
    least = rubric.levels.index(rubric.pass_level)
    rows = []
    for criterion in rubric.criteria:
        mark = marks[criterion.id]
        rank = rubric.levels.index(mark.level)
        rows.append(
            Judged(
                criterion.position,
                criterion.title,
                criterion.question,
                level_word(mark.level),
                rank >= least,
                rank,
                len(rubric.levels) - 1,
                mark.comment,
                lessons.get(criterion.objective),
                "" if rank >= least else criterion.descriptors[least],
            )
        )
    return rows


def show_clock(at: datetime) -> str:
    """The time of day in the reader's zone: 15:07."""
    zone = ZoneInfo(current_actor().zone or get_body().zone)
    return format_time(at.astimezone(zone), "HH:mm", rebase=False)


def level_word(level: str) -> str:
    """The code of a level as a word on a page."""
    return level.replace("-", " ").replace("_", " ").capitalize()


def way(standing: Standing) -> list[dict[str, Any]]:
    """The way of an attempt that was handed in, as entries of a timeline."""
    attempt = standing.attempt
    begun = attempt.state != SubmissionState.SUBMITTED
    over = standing.is_released
    due = _("by %(day)s", day=show_date(standing.due_at)) if standing.due_at and not over else ""
    reader = _("From another employer. They know your work by a code, never by your name.")
    return [
        _entry("done", _("Handed in"), _handed_line(attempt), attempt.submitted_at),
        {"tone": "done" if over else "current", "title": _("With an assessor"), "text": reader, "when": due}
        if begun
        else {"tone": "current", "title": _("Waiting for an assessor"), "text": reader, "when": due},
        _entry(
            "done" if over else "ahead", _("Result"), _("A level and a comment on each criterion."), attempt.released_at
        ),
    ]


def _entry(tone: str, title: str, text: str, at: datetime | None) -> dict[str, Any]:
    return {"tone": tone, "title": title, "text": text, "when": show_date(at) if at else ""}


def _handed_line(attempt: Submission) -> str:
    count = len(attempt.files)
    files = _("one file") if count == 1 else _("%(count)s files", count=count) if count else _("no files")
    return _("Attempt %(number)s, %(files)s", number=attempt.number, files=files)
