"""Judging a practical by its rubric: every criterion at least at a level, and what is unmarked is never zero.

An outcome is "pass", "refer" (to be handed in again) or "incomplete" (a mark is still missing, nothing can be said).
"""

from collections.abc import Mapping
from dataclasses import dataclass

PASS = "pass"  # noqa: S105 (an outcome)
REFER = "refer"
INCOMPLETE = "incomplete"

# Criterion code -> level code; None or absent while unmarked.
Marks = Mapping[str, str | None]


class RubricInvalid(ValueError):
    """A rubric or rule that cannot be applied."""


class MarkInvalid(ValueError):
    """A mark for a criterion or with a level that the rubric does not have."""


@dataclass(frozen=True, slots=True)
class CriterionRule:
    """One criterion; a critical one may never fall below the level, whatever the rule tolerates elsewhere."""

    code: str
    critical: bool = False


@dataclass(frozen=True, slots=True)
class Rubric:
    """Levels from lowest (worth 0) to highest, the level that passes, and the criteria. Raises RubricInvalid."""

    levels: tuple[str, ...]
    pass_level: str
    criteria: tuple[CriterionRule, ...]

    def __post_init__(self) -> None:
        codes = [criterion.code for criterion in self.criteria]
        if not codes or len(set(codes)) < len(codes):
            raise RubricInvalid("a rubric needs criteria, each with a code of its own")
        if len(self.levels) < 2 or len(set(self.levels)) < len(self.levels):
            raise RubricInvalid("a rubric needs at least two different levels")
        self.rank(self.pass_level)

    def rank(self, level: str) -> int:
        """Points of a level, 0 for the lowest. Raises RubricInvalid for an unknown level."""
        if level not in self.levels:
            raise RubricInvalid(f"the rubric has no level {level!r:.60}")
        return self.levels.index(level)


@dataclass(frozen=True, slots=True)
class PracticalRule:
    """Every criterion at least `minimum_level`; `tolerated` other than critical criteria may stay below it."""

    minimum_level: str
    tolerated: int = 0


@dataclass(frozen=True, slots=True)
class CriterionOutcome:
    """One criterion: its level and whether that reaches the minimum; both None while unmarked."""

    code: str
    critical: bool
    level: str | None
    met: bool | None


@dataclass(frozen=True, slots=True)
class PracticalJudgement:
    """The outcome with its reasons. `points` of `maximum` is None while a mark is missing."""

    outcome: str
    criteria: tuple[CriterionOutcome, ...]
    unmarked: tuple[str, ...]
    below: tuple[str, ...]
    critical_below: tuple[str, ...]
    points: int | None
    maximum: int


def judge_practical(rubric: Rubric, marks: Marks, rule: PracticalRule | None = None) -> PracticalJudgement:
    """Judge one submission; without `rule` every criterion must reach the rubric's own pass level.

    Raises MarkInvalid for a mark the rubric does not know, RubricInvalid for a rule with an unknown level.
    """
    rule = rule or PracticalRule(rubric.pass_level)
    _check_marks(rubric, marks)
    least = rubric.rank(rule.minimum_level)
    criteria = tuple(_judge_criterion(rubric, criterion, marks, least) for criterion in rubric.criteria)
    below = tuple(criterion.code for criterion in criteria if criterion.met is False)
    critical_below = tuple(criterion.code for criterion in criteria if criterion.met is False and criterion.critical)
    unmarked = tuple(criterion.code for criterion in criteria if criterion.level is None)
    reached = not critical_below and len(below) <= rule.tolerated
    return PracticalJudgement(
        outcome=INCOMPLETE if unmarked else PASS if reached else REFER,
        criteria=criteria,
        unmarked=unmarked,
        below=below,
        critical_below=critical_below,
        points=None if unmarked else sum(rubric.rank(level) for level in marks.values() if level is not None),
        maximum=len(criteria) * (len(rubric.levels) - 1),
    )


def _judge_criterion(rubric: Rubric, criterion: CriterionRule, marks: Marks, least: int) -> CriterionOutcome:
    level = marks.get(criterion.code)
    met = None if level is None else rubric.rank(level) >= least
    return CriterionOutcome(criterion.code, criterion.critical, level, met)


def _check_marks(rubric: Rubric, marks: Marks) -> None:
    codes = {criterion.code for criterion in rubric.criteria}
    for code, level in marks.items():
        if code not in codes:
            raise MarkInvalid(f"the rubric has no criterion {code!r:.60}")
        if level is not None and level not in rubric.levels:
            raise MarkInvalid(f"the rubric has no level {level!r:.60}")
