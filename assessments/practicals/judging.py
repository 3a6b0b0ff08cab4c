"""From marks to a result: the engine judges, the results room keeps it, a person releases it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _

from app.errors import Refused
from app.policy import Actor
from assessments.grading.replay import record_practical
from assessments.grading.rubric import CriterionRule, PracticalJudgement, PracticalRule, judge_practical
from assessments.grading.rubric import Rubric as EngineRubric
from assessments.practicals import release_queries
from assessments.practicals.models import Marking, Rubric
from assessments.practicals.rules import Said
from assessments.results import services as results
from assessments.results.models import Result


def said_of(marking: Marking) -> dict[str, Said]:
    """What an assessor has said so far, by criterion."""
    return {mark.criterion.code: Said(mark.level, mark.comment) for mark in marking.marks}


def engine_rubric(rubric: Rubric) -> EngineRubric:
    """One version of a rubric as the engine reads it."""
    criteria = tuple(CriterionRule(criterion.code, criterion.critical) for criterion in rubric.criteria)
    return EngineRubric(tuple(rubric.levels), rubric.pass_level, criteria)


def judge(rubric: Rubric, said: Mapping[str, Said]) -> PracticalJudgement:
    """How a submission stands with these marks; incomplete while one is missing."""
    return judge_practical(engine_rubric(rubric), {code: mark.level for code, mark in said.items()})


def finalise(marking: Marking, actor: Actor, now: datetime) -> Result:
    """Keep the result of a marked submission with everything it was made from. A second time changes nothing."""
    submission, rubric, said = marking.submission, marking.rubric, said_of(marking)
    marks = {code: mark.level for code, mark in said.items()}
    made = record_practical(engine_rubric(rubric), marks, PracticalRule(rubric.pass_level))
    finding = results.Finding(
        person_id=submission.person_id,
        kind="practical",
        code=submission.practical.code,
        title=submission.practical.title,
        number=submission.number,
        outcome=made["outcome"]["outcome"],
        percent=None,
        data={"rubric": rubric.code, "rubric_version": rubric.version, "comment": marking.comment.strip()},
        record=made,
        rule_version=f"{rubric.code} v{rubric.version}",
        submission_id=submission.id,
    )
    return results.finalise(finding, actor.public_id, now)


def release(found: Sequence[Result], actor: Actor, now: datetime) -> int:
    """Release results in one act; how many were released.

    Raises Refused, and releases none, if one of them is the actor's own or was marked by the actor.
    """
    if any(result.person_id == actor.person_id for result in found):
        raise Refused(_("Somebody else has to release your own result."))
    marked = release_queries.list_marked_by(actor.person_id, [result.submission_id or 0 for result in found])
    if marked:
        raise Refused(_("You marked this work yourself, so another officer has to release its result."))
    return sum(results.release(result, actor.public_id, now) for result in found)
