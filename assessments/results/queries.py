"""Reading results. What people read of themselves is released; nothing here tells them of anything else."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from app.errors import Missing
from app.extensions import db
from assessments.results.models import Result

BETTER = {"pass": 2, "refer": 1, "fail": 0}


def get_released(public_id: str, person_id: int) -> Result:
    """A released result of this person, superseded or not. Raises Missing for those of others and those not released."""
    statement = select(Result).where(
        Result.public_id == public_id, Result.person_id == person_id, Result.released_at.is_not(None)
    )
    result = db.session.scalars(statement).first()
    if result is None:
        raise Missing
    return result


def list_results(person_id: int) -> Sequence[Result]:
    """The released results of a person that count, the newest first."""
    statement = (
        select(Result)
        .where(Result.person_id == person_id, Result.released_at.is_not(None), Result.superseded_at.is_(None))
        .order_by(Result.released_at.desc(), Result.id.desc())
    )
    return db.session.scalars(statement).all()


def best_results(person_id: int, codes: Collection[str], since: datetime | None = None) -> dict[str, Result]:
    """The released result that counts for each code: the first pass, else the best, else the latest.

    A later attempt cannot lower what was reached. With `since` only what was released from then on.
    (reference/lms.md 4.3)
    """
    statement = (
        select(Result)
        .where(Result.person_id == person_id, Result.code.in_(codes))
        .where(Result.released_at.is_not(None), Result.superseded_at.is_(None))
        .order_by(Result.released_at, Result.id)
    )
    if since is not None:
        statement = statement.where(Result.released_at >= since)
    best: dict[str, Result] = {}
    for result in db.session.scalars(statement):
        if result.code not in best or _rank(result) > _rank(best[result.code]):
            best[result.code] = result
    return best


def _rank(result: Result) -> tuple[int, Any]:
    passed = result.outcome == "pass"
    return BETTER[result.outcome], 0 if passed or result.percent is None else result.percent


def find_by_attempt(attempt_id: int) -> Result | None:
    """The result of an attempt that counts, released or not, or None."""
    return db.session.scalars(
        select(Result).where(Result.attempt_id == attempt_id, Result.superseded_at.is_(None))
    ).first()


def find_by_submission(submission_id: int) -> Result | None:
    """The result of a submission that counts, released or not, or None."""
    return db.session.scalars(
        select(Result).where(Result.submission_id == submission_id, Result.superseded_at.is_(None))
    ).first()


def get_result(public_id: str) -> Result:
    """Any result, for those who work on it. Raises Missing."""
    found = db.session.scalars(select(Result).where(Result.public_id == public_id)).first()
    if found is None:
        raise Missing
    return found


def list_story(result: Result) -> Sequence[Result]:
    """The released results of the same attempt or submission, the newest first; the first one counts."""
    statement = select(Result).where(
        Result.person_id == result.person_id,
        Result.attempt_id == result.attempt_id if result.attempt_id else Result.submission_id == result.submission_id,
        Result.released_at.is_not(None),
    )
    return db.session.scalars(statement.order_by(Result.id.desc())).all()


def record_of(result_id: int) -> dict[str, Any]:
    """What grading.replay takes to compute the outcome again: the stored inputs and outcome of a result."""
    result = db.session.scalars(select(Result).where(Result.id == result_id).options(undefer(Result.inputs))).one()
    return {
        "what": "regraded_exam" if "regrade" in result.inputs else result.kind,
        "engine": result.engine_version,
        "inputs": result.inputs,
        "inputs_sha256": result.inputs_hash,
        "outcome": result.data.get("outcome", {}),
    }
