"""From a level's scheme and the evidence about a person to an award, or to the reasons why not yet. Pure.

The judging itself is `assessments.grading.decision`; this room reads the scheme as it is stored, says who has to
decide, who may not, and how long the award lasts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from assessments.grading.decision import AWARD, Decision, Evidence, SchemeRule, decide
from assessments.grading.replay import record_decision
from assessments.grading.requirements import Requirement

STANDING = "standing"
PERSON = "person"
DECIDERS = (STANDING, PERSON)
TARGETS = ("course", "exam", "practical")
UNSUPERVISED = "unsupervised"
MIXED = "mixed"


class SchemeUnreadable(ValueError):
    """A stored scheme that cannot be applied: an unknown decider, or a requirement without a target."""


@dataclass(frozen=True, slots=True)
class RenewalTerms:
    """What a scheme asks for another period: hours of continuing development, and the months in which to ask for it."""

    hours: int = 0
    structured_hours: int = 0
    months_before: int = 6
    months_after: int = 3


@dataclass(frozen=True, slots=True)
class SchemeTerms:
    """A scheme as far as awards need it: the rule, who decides, for how many years (0: for good), and how it is renewed."""

    rule: SchemeRule
    decider: str
    validity_years: int
    renewal: RenewalTerms = RenewalTerms()

    def __post_init__(self) -> None:
        if self.decider not in DECIDERS:
            raise SchemeUnreadable(f"nobody decides as {self.decider!r:.40}")
        if self.validity_years < 0:
            raise SchemeUnreadable("an award cannot last for less than no time")

    @property
    def targets(self) -> frozenset[str]:
        """The codes of the courses, exams and practicals that the rule asks for."""
        return frozenset(requirement.target for requirement in self.rule.requirements)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rule says of the evidence, with the record from which it can be computed again."""

    decision: Decision
    record: Mapping[str, Any]

    @property
    def is_award(self) -> bool:
        """Whether every requirement is met and nothing blocks."""
        return self.decision.outcome == AWARD


def read_terms(
    code: str,
    version: int,
    requires_level: str,
    decider: str,
    years: int,
    rows: Sequence[Mapping[str, Any]],
    renewal: RenewalTerms = RenewalTerms(),
) -> SchemeTerms:
    """The terms of a stored scheme; `rows` are the requirements as scheme.toml has them.

    Raises SchemeUnreadable, or grading's RuleInvalid for a rule that makes no sense.
    """
    requirements = tuple(_read_requirement(row) for row in rows)
    return SchemeTerms(SchemeRule(code, version, requirements, requires_level), decider, years, renewal)


def _read_requirement(row: Mapping[str, Any]) -> Requirement:
    target = next((row[name] for name in TARGETS if row.get(name)), None)
    if target is None:
        raise SchemeUnreadable(f"requirement {row.get('code', '')!r:.40} names no course, exam or practical")
    percent = row.get("minimum_percent")
    return Requirement(
        code=row["code"],
        kind=row["kind"],
        target=target,
        minimum_percent=None if percent is None else Decimal(str(percent)),
        minimum_level=row.get("minimum_level"),
    )


def propose(terms: SchemeTerms, evidence: Evidence) -> Proposal:
    """Apply the rule. Raises as grading.decision.decide does for evidence that contradicts itself."""
    return Proposal(decide(terms.rule, evidence), record_decision(terms.rule, evidence))


class Tie(StrEnum):
    """What a record can tell of two people."""

    TAUGHT = "taught"
    EXAMINED = "examined"


@dataclass(frozen=True, slots=True)
class Ties:
    """What the records know of a would-be decider and a candidate; what no record tells is declared at the decision."""

    is_candidate: bool = False
    taught: bool = False
    examined: bool = False
    judged: bool = False
    shares_employer: bool = False


def find_conflict(ties: Ties) -> str | None:
    """Why this person may not decide: self, taught, examined, judged or employer; None when nothing stands against it."""
    reasons = (
        ("self", ties.is_candidate),
        ("taught", ties.taught),
        ("examined", ties.examined),
        ("judged", ties.judged),
        ("employer", ties.shares_employer),
    )
    return next((name for name, holds in reasons if holds), None)


def last_day(first: date, years: int) -> date | None:
    """The last day of validity: the day before the anniversary, counted in calendar years; None for 0 years.

    An award of 29 February has its anniversary on 1 March in a year without that day.
    """
    if not years:
        return None
    try:
        anniversary = first.replace(year=first.year + years)
    except ValueError:
        anniversary = date(first.year + years, 3, 1)
    return anniversary - timedelta(days=1)


def weakest_supervision(codes: Sequence[str]) -> str:
    """What can honestly be said of several exams: unsupervised if one was, the one word they share, or mixed."""
    kinds = sorted(set(codes))
    if not kinds:
        return ""
    if UNSUPERVISED in kinds:
        return UNSUPERVISED
    return kinds[0] if len(kinds) == 1 else MIXED
