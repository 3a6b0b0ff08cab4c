"""Working a result out again: after a decision on keys, for an answer that counts after all, for a new mark.

Every way ends in results.supersede: a new row with the reason, the old one kept. (security.md E12)
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from app import clock
from app.extensions import db
from assessments.exams import closing, moves, queries
from assessments.exams.domain_events import AnswerMarked, LateAnswerCounted
from assessments.exams.findings import finding_again, finding_of
from assessments.exams.models import Attempt
from assessments.exams.points import keep_points
from assessments.exams.rules import AttemptState
from assessments.grading.regrade import Decision, score_regraded
from assessments.grading.replay import record_exam, record_regraded_exam
from assessments.grading.scoring import AwaitingMarks, ExamScore, ItemInput
from assessments.regrading import ordering, reading
from assessments.regrading.effects import effect_on, is_changed
from assessments.regrading.reading import Case, Row
from assessments.results import services as results
from assessments.results.models import Result

CATCHING_UP = "rule: keys that were changed meanwhile"
_Record = dict[str, object]


def apply(case: Case, before: Sequence[Row], rows: Sequence[Row], why: str, by: str, now: datetime) -> Result | None:
    """Supersede the result of a case by what `rows` make of it; None where they change nothing.

    Raises Stale where it was superseded meanwhile, RegradeInvalid, AwaitingMarks.
    """
    effect = effect_on(case, before, rows)
    if not is_changed(effect):
        return None
    record = record_regraded_exam(case.items, case.rules, case.decisions([*before, *rows]))
    made = results.supersede(
        case.result, finding_again(case.attempt, effect.new, case.result.data, record), why, by, now
    )
    _keep_points(case.attempt.id, effect.new)
    return made


def _keep_points(attempt_id: int, score: ExamScore) -> None:
    rows = {asked.code: asked.row_id for asked in reading.asked_by([attempt_id]).get(attempt_id, {}).values()}
    keep_points([(rows[item.code], item.points) for item in score.items])


def catch_up(attempt: Attempt, now: datetime) -> Result | None:
    """Bring a fresh result to the keys that were changed while its attempt ran; None where nothing differs."""
    rows = reading.decided_rows(attempt.exam_id)
    case = reading.find_case(attempt.id, rows) if rows else None
    if case is None or "regrade" in case.result.inputs:
        return None
    return apply(case, [], rows, "The key of a question was changed while this attempt ran.", CATCHING_UP, now)


def score_anew(attempt: Attempt, why: str, by: str, now: datetime) -> Result | None:
    """Work the result out from the answers and marks as they stand, under every decision that holds.

    The first result where there is none yet; None while an answer waits for a mark, for an attempt that does not
    count, and where all comes out as it was.
    """
    attempt = moves.lock(attempt.id)
    try:
        if attempt.state in (AttemptState.SUBMITTED, AttemptState.AWAITING_MARKING):
            return closing.score(attempt, now)
        return _again(attempt, why, by, now)
    except AwaitingMarks:
        return None


def _again(attempt: Attempt, why: str, by: str, now: datetime) -> Result | None:
    rows = reading.decided_rows(attempt.exam_id)
    case = reading.find_case(attempt.id, rows)
    if case is None:
        return None
    answered = queries.list_answered(attempt.id)
    inputs, decisions = [question.scored for question in answered], case.decisions(rows)
    score, record = _score(case, inputs, decisions)
    if record["inputs_sha256"] == case.result.inputs_hash:
        return None
    made = results.supersede(case.result, finding_of(attempt, score, answered, record), why, by, now)
    _keep_points(attempt.id, score)
    return made


def _score(case: Case, inputs: list[ItemInput], decisions: list[Decision]) -> tuple[ExamScore, _Record]:
    score = score_regraded(inputs, case.rules, decisions)
    if decisions:
        return score, record_regraded_exam(inputs, case.rules, decisions)
    return score, record_exam(inputs, case.rules)


def follow_late_answer(event: LateAnswerCounted) -> None:
    """The handler: an answer that counts after all is scored with the others."""
    attempt = db.session.scalars(select(Attempt).where(Attempt.id == event.attempt_id)).one()
    score_anew(attempt, event.reason, event.by, clock.now())


def follow_mark(event: AnswerMarked) -> None:
    """The handler: the last mark gives the attempt its score, or works it out again where it had one before."""
    attempt = db.session.scalars(select(Attempt).where(Attempt.id == event.attempt_id)).one()
    made = score_anew(attempt, "The answers were marked anew.", event.by, clock.now())
    if made is not None and made.released_at is None:
        ordering.order_again([attempt.public_id], f"marked:{made.public_id}")
