"""Gathering what is known of a person for one level: released results that still count, lessons read, levels held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import current_app
from sqlalchemy import Row, or_, select, true

from app.accounts.queries import employer_keys
from app.extensions import db
from assessments.exams.models import Attempt
from assessments.exams.rules import AttemptState
from assessments.grading.decision import Evidence
from assessments.grading.numbers import exact, plain_text
from assessments.grading.requirements import ExamEvidence, LessonsEvidence, PracticalEvidence, Requirement
from assessments.grading.snapshots import read_rubric
from assessments.practicals.models import Marking, Submission
from assessments.results.models import Result
from certificates.awarding import award
from certificates.awarding.award import RenewalTerms, SchemeTerms, Tie, Ties
from certificates.models import Credential, Revocation
from certificates.queries import levels_held
from courses import queries as courses
from courses import summaries
from courses.models import Level, Scheme
from courses.summaries import SchemeView

NOBODY = ("", "system")


@dataclass(frozen=True)
class Source:
    """One released result behind an award, as far as the certificate speaks of it."""

    kind: str
    code: str
    title: str
    public_id: str
    supervision: str
    waiver: str


@dataclass(frozen=True)
class Gathered:
    """The evidence for the rule, and the results it rests on."""

    evidence: Evidence
    sources: tuple[Source, ...]

    @property
    def supervision(self) -> str:
        """What can be said of the exams together."""
        return award.weakest_supervision([source.supervision for source in self.sources if source.kind == "exam"])

    @property
    def waiver(self) -> str:
        """The reasons for which an exam was allowed to draw public questions; empty where none was."""
        return " ".join(dict.fromkeys(source.waiver for source in self.sources if source.waiver))


def find_terms(level_code: str, on: date) -> SchemeTerms | None:
    """The terms of the level's scheme in force on a day; None before the first."""
    scheme = courses.find_scheme(level_code, on)
    return None if scheme is None else _terms(scheme)


def levels_asking_for(code: str, on: date) -> list[str]:
    """The levels whose scheme in force asks for this course, exam or practical."""
    found = []
    for level in summaries.list_levels():
        scheme = courses.in_force(level.schemes, on)
        if scheme is not None and code in _terms(scheme).targets:
            found.append(level.code)
    return found


def levels_above(level_code: str, on: date) -> list[str]:
    """The levels whose scheme in force requires this one."""
    schemes = [(level.code, courses.in_force(level.schemes, on)) for level in summaries.list_levels()]
    return [code for code, scheme in schemes if scheme is not None and scheme.requires_level == level_code]


def find_terms_of_version(level_code: str, version: int) -> SchemeTerms | None:
    """The terms of one version of a level's scheme; None if there is no such version."""
    statement = select(Scheme).join(Scheme.level).where(Level.code == level_code, Scheme.version == version)
    scheme = db.session.scalars(statement).first()
    return None if scheme is None else _terms(scheme)


def _terms(scheme: Scheme | SchemeView) -> SchemeTerms:
    renewal = RenewalTerms(
        scheme.cpd_hours, scheme.cpd_structured_hours, scheme.renew_months_before, scheme.renew_months_after
    )
    return award.read_terms(
        scheme.code, scheme.version, scheme.requires_level, scheme.decider, scheme.validity_years, scheme.rule, renewal
    )


def gather(person_id: int, terms: SchemeTerms, now: datetime, since: datetime | None = None) -> Gathered:
    """Read the evidence for these terms from released results; nothing unreleased is ever looked at.

    With `since` only results that were released from then on count.
    """
    requirements = terms.rule.requirements
    rows = _results(person_id, [r.target for r in requirements if r.kind != "lessons"], since)
    evidence = Evidence(
        lessons={
            r.target: LessonsEvidence(*courses.lessons_done(person_id, r.target))
            for r in requirements
            if r.kind == "lessons"
        },
        exams={r.target: _exam(rows, r.target) for r in requirements if r.kind == "exam"},
        practicals={r.target: _practical(rows, r.target) for r in requirements if r.kind == "practical"},
        levels_held=frozenset(levels_held(person_id, now)),
    )
    counting = [_counting(rows, requirement) for requirement in requirements]
    return Gathered(evidence, tuple(_source(row) for row in counting if row is not None))


Rows = Sequence[Row[Any]]


def _results(person_id: int, codes: Sequence[str], since: datetime | None) -> Rows:
    """Released results, oldest first, without those of attempts that were voided since."""
    statement = (
        select(
            Result.public_id,
            Result.kind,
            Result.code,
            Result.title,
            Result.outcome,
            Result.percent,
            Result.inputs,
            Result.data,
            Attempt.supervision,
        )
        .outerjoin(Attempt, Attempt.id == Result.attempt_id)
        .where(Result.person_id == person_id, Result.code.in_(codes), Result.released_at.is_not(None))
        .where(true() if since is None else Result.released_at >= since)
        .where(or_(Attempt.id.is_(None), Attempt.state != AttemptState.VOIDED), Result.superseded_at.is_(None))
        .order_by(Result.released_at, Result.id)
    )
    return db.session.execute(statement).all()


def _exam(rows: Rows, code: str) -> ExamEvidence:
    """Percentages as they are shown: the database keeps four places of every number."""
    percents = [row.percent for row in rows if row.code == code and row.kind == "exam"]
    return ExamEvidence(tuple(Decimal(plain_text(percent)) for percent in percents if percent is not None))


def _practical(rows: Rows, code: str) -> PracticalEvidence:
    inputs = [row.inputs for row in rows if row.code == code and row.kind == "practical"]
    return PracticalEvidence(tuple((read_rubric(given["rubric"]), dict(given["marks"])) for given in inputs))


def _counting(rows: Rows, requirement: Requirement) -> Row[Any] | None:
    """The first result that meets a requirement on its own."""
    minimum = exact(requirement.minimum_percent or Decimal(0))
    for row in rows:
        if row.code != requirement.target or row.kind != requirement.kind:
            continue
        if row.kind == "exam" and row.percent is not None and exact(row.percent) >= minimum:
            return row
        if row.kind == "practical" and row.outcome == "pass":
            return row
    return None


def _source(row: Row[Any]) -> Source:
    waiver = row.data.get("waiver") or {}
    reason = str(waiver.get("reason", "")) if isinstance(waiver, dict) else str(waiver)
    return Source(row.kind, row.code, row.title, row.public_id, row.supervision or "", reason)


def find_ties(decider_id: int, decider: str, person_id: int, sources: Sequence[str]) -> Ties:
    """What the records know of a would-be decider (row id and public id) and a candidate.

    Further records (moderation, appeals about results, teaching) are told by the functions listed in `app.wiring`.
    """
    told = [tell(decider_id, decider, person_id) for tell in current_app.extensions["examiners"]]
    return Ties(
        is_candidate=decider_id == person_id,
        taught=any(tie is Tie.TAUGHT for tie in told),
        examined=(
            _marked(decider_id, person_id)
            or _released(decider, person_id, sources)
            or any(tie is Tie.EXAMINED for tie in told)
        ),
        judged=_judged(decider, person_id),
        shares_employer=bool(employer_keys(decider_id) & employer_keys(person_id)),
    )


def _marked(assessor_id: int, person_id: int) -> bool:
    """First or second marking, whether or not it was finished."""
    statement = select(Marking.id).join(Submission, Submission.id == Marking.submission_id)
    statement = statement.where(Marking.assessor_id == assessor_id, Submission.person_id == person_id).limit(1)
    return db.session.scalar(statement) is not None


def _released(decider: str, person_id: int, sources: Sequence[str]) -> bool:
    """Any result of the candidate that this person made final or released, whether or not the award rests on it."""
    by = or_(Result.finalised_by == decider, Result.released_by == decider)
    about = or_(Result.person_id == person_id, Result.public_id.in_(sources))
    return decider not in NOBODY and db.session.scalar(select(Result.id).where(about, by).limit(1)) is not None


def _judged(decider: str, person_id: int) -> bool:
    """Whether this person proposed, confirmed or ended a revocation of a certificate of the candidate."""
    by = or_(Revocation.proposed_by == decider, Revocation.confirmed_by == decider, Revocation.ended_by == decider)
    statement = select(Revocation.id).join(Credential, Credential.id == Revocation.credential_id)
    statement = statement.where(Credential.person_id == person_id, by).limit(1)
    return decider not in NOBODY and db.session.scalar(statement) is not None
