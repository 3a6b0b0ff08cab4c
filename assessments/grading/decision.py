"""Deciding on an award: which requirements of a level's scheme are met, which are not, and why.

The same function answers "My path" (why something is locked) and the award. It sees released results only, so it
cannot tell anybody of a result before its release; work that is handed in but not released makes a requirement wait.
A requirement once met stays met: the best released result counts, a later one cannot lower it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from assessments.grading.requirements import (
    NOT_MET,
    WAITING,
    ExamEvidence,
    LessonsEvidence,
    PracticalEvidence,
    Reason,
    Requirement,
    RequirementOutcome,
    judge_exam,
    judge_lessons,
    judge_practicals,
)

AWARD = "award"
NOT_YET = "not_yet"
BLOCKED = "blocked"


class RuleInvalid(ValueError):
    """A scheme rule that cannot be applied: no requirement, a code twice, an unknown kind or a missing minimum."""


@dataclass(frozen=True, slots=True)
class SchemeRule:
    """The rule of a level, one version of it. `requires_level` is the level that must be held, or ""."""

    code: str
    version: int
    requirements: tuple[Requirement, ...]
    requires_level: str = ""

    def __post_init__(self) -> None:
        codes = [requirement.code for requirement in self.requirements]
        if not codes or len(set(codes)) < len(codes):
            raise RuleInvalid("a scheme needs requirements, each with a code of its own")
        for requirement in self.requirements:
            _check_requirement(requirement)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one person: by course, exam and practical code, released results only.

    `levels_held` are levels with a valid credential; `holds` are keys of reasons for which the body has stopped the
    award, such as an open case.
    """

    lessons: Mapping[str, LessonsEvidence] = field(default_factory=dict)
    exams: Mapping[str, ExamEvidence] = field(default_factory=dict)
    practicals: Mapping[str, PracticalEvidence] = field(default_factory=dict)
    levels_held: frozenset[str] = frozenset()
    holds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome (award, not_yet, blocked), each requirement with its reason, and what blocks the whole."""

    outcome: str
    requirements: tuple[RequirementOutcome, ...]
    blocks: tuple[Reason, ...]

    @property
    def waiting(self) -> bool:
        """True when nothing is left for the person to do but to wait."""
        open_ones = [
            requirement.status for requirement in self.requirements if requirement.status in (NOT_MET, WAITING)
        ]
        return bool(open_ones) and NOT_MET not in open_ones


def decide(rule: SchemeRule, evidence: Evidence) -> Decision:
    """Apply `rule` to `evidence`.

    "award" needs every requirement met and nothing that blocks. "blocked": the person alone cannot go on (a level is
    not held, a hold, no attempts left). Raises MarkInvalid or RubricInvalid for evidence that contradicts its rubric.
    """
    outcomes = tuple(_judge(requirement, evidence) for requirement in rule.requirements)
    blocks = _blocks(rule, evidence, outcomes)
    met = all(outcome.met for outcome in outcomes)
    return Decision(BLOCKED if blocks else AWARD if met else NOT_YET, outcomes, blocks)


def _judge(requirement: Requirement, evidence: Evidence) -> RequirementOutcome:
    if requirement.kind == "lessons":
        return judge_lessons(requirement, evidence.lessons.get(requirement.target, LessonsEvidence()))
    if requirement.kind == "exam":
        return judge_exam(requirement, evidence.exams.get(requirement.target, ExamEvidence()))
    return judge_practicals(requirement, evidence.practicals.get(requirement.target, PracticalEvidence()))


def _blocks(rule: SchemeRule, evidence: Evidence, outcomes: tuple[RequirementOutcome, ...]) -> tuple[Reason, ...]:
    blocks = []
    if rule.requires_level and rule.requires_level not in evidence.levels_held:
        blocks.append(Reason("level.not_held", {"level": rule.requires_level}))
    blocks += [Reason("hold", {"hold": hold}) for hold in evidence.holds]
    blocks += [outcome.reason for outcome in outcomes if outcome.reason.code == "exam.no_attempts_left"]
    return tuple(blocks)


def _check_requirement(requirement: Requirement) -> None:
    if requirement.kind not in {"lessons", "exam", "practical"}:
        raise RuleInvalid(f"no requirement is of kind {requirement.kind!r:.60}")
    if requirement.kind == "exam" and not isinstance(requirement.minimum_percent, Decimal):
        raise RuleInvalid("an exam requirement needs a minimum percentage as a Decimal")
    if requirement.kind == "practical" and not requirement.minimum_level:
        raise RuleInvalid("a practical requirement needs a minimum level")
