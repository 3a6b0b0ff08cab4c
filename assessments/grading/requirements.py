"""The requirements of a scheme, judged one at a time: met, not_met or waiting, each with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from assessments.grading.numbers import exact
from assessments.grading.rubric import (
    INCOMPLETE,
    PASS,
    Marks,
    PracticalJudgement,
    PracticalRule,
    Rubric,
    judge_practical,
)

MET = "met"
NOT_MET = "not_met"
WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement: its `kind` (lessons, exam, practical), the code of its `target`, and the minimum of its kind."""

    code: str
    kind: str
    target: str
    minimum_percent: Decimal | None = None
    minimum_level: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a key of wording.REASONS with the values that fill its sentence (numbers as shown)."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RequirementOutcome:
    """How one requirement stands."""

    code: str
    kind: str
    status: str
    reason: Reason

    @property
    def met(self) -> bool:
        """True when the requirement is met."""
        return self.status == MET


@dataclass(frozen=True, slots=True)
class LessonsEvidence:
    """Lessons read, of how many in the edition the learner is enrolled in."""

    read: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class ExamEvidence:
    """Percentages of released attempts as shown; whether one more is unreleased; attempts left, None for no limit."""

    percents: tuple[Decimal, ...] = ()
    awaiting: bool = False
    attempts_left: int | None = None


@dataclass(frozen=True, slots=True)
class PracticalEvidence:
    """Marks of released submissions with the rubric they were marked by, the earliest first; whether one is unreleased.

    A rubric may change between submissions, so each comes as a pair.
    """

    released: tuple[tuple[Rubric, Marks], ...] = ()
    awaiting: bool = False


def judge_lessons(requirement: Requirement, evidence: LessonsEvidence) -> RequirementOutcome:
    """Met when every lesson is read; a course without lessons cannot be read."""
    values = {"read": evidence.read, "of": evidence.of}
    if 0 < evidence.of <= evidence.read:
        return _outcome(requirement, MET, "lessons.read", values)
    return _outcome(requirement, NOT_MET, "lessons.unread", values)


def judge_exam(requirement: Requirement, evidence: ExamEvidence) -> RequirementOutcome:
    """Met when one released percentage, as shown, reaches the minimum."""
    minimum = requirement.minimum_percent or Decimal(0)
    values: dict[str, object] = {"minimum": str(minimum)}
    best = max(evidence.percents, default=None)
    if best is not None:
        values["best"] = str(best)
        if exact(best) >= exact(minimum):
            return _outcome(requirement, MET, "exam.reached", values)
    if evidence.awaiting:
        return _outcome(requirement, WAITING, "exam.awaiting_release", values)
    if evidence.attempts_left == 0:
        return _outcome(requirement, NOT_MET, "exam.no_attempts_left", values)
    return _outcome(requirement, NOT_MET, "exam.not_taken" if best is None else "exam.below", values)


def judge_practicals(requirement: Requirement, evidence: PracticalEvidence) -> RequirementOutcome:
    """Met when one released submission has every criterion at least at the minimum level."""
    level = requirement.minimum_level or ""
    values: dict[str, object] = {"level": level}
    judged = [judge_practical(rubric, marks, PracticalRule(level)) for rubric, marks in evidence.released]
    if any(judgement.outcome == PASS for judgement in judged):
        return _outcome(requirement, MET, "practical.reached", values)
    if evidence.awaiting:
        return _outcome(requirement, WAITING, "practical.awaiting_release", values)
    if not judged:
        return _outcome(requirement, NOT_MET, "practical.not_submitted", values)
    return _of_last_submission(requirement, judged[-1], values)


def _of_last_submission(
    requirement: Requirement, last: PracticalJudgement, values: dict[str, object]
) -> RequirementOutcome:
    """A missing mark is the assessor's to give, so it waits; criteria below the level are the learner's to mend."""
    if last.outcome == INCOMPLETE:
        return _outcome(requirement, WAITING, "practical.unmarked", values | {"criteria": list(last.unmarked)})
    return _outcome(requirement, NOT_MET, "practical.referred", values | {"criteria": list(last.below)})


def _outcome(requirement: Requirement, status: str, reason: str, values: Mapping[str, object]) -> RequirementOutcome:
    return RequirementOutcome(requirement.code, requirement.kind, status, Reason(reason, dict(values)))
