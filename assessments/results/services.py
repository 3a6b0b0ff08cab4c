"""Finalising, ratifying, releasing and superseding results. Each can be run twice without doing anything twice."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from app import bus, ids
from app.accounts.models import Person
from app.audit.services import record
from app.body.queries import get_body
from app.errors import Refused, Stale
from app.extensions import db
from app.mail.services import send
from app.rows import insert_of
from assessments.results import holds, queries
from assessments.results.domain_events import ResultRatified, ResultRegraded, ResultReleased
from assessments.results.models import Result

Record = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What is to be kept of one attempt or one submission.

    `record` is what grading.replay made (engine, inputs, inputs_sha256, outcome); `data` what pages read beside it;
    `rule_version` names the version of the rule that was applied, such as "CR-F-EXAM v3".
    """

    person_id: int
    kind: str
    code: str
    title: str
    number: int
    outcome: str
    percent: Decimal | None
    data: dict[str, Any]
    record: Record
    rule_version: str
    attempt_id: int | None = None
    submission_id: int | None = None


def finalise(finding: Finding, by: str, now: datetime) -> Result:
    """Keep a result, once for each attempt or submission; a second time returns the first one unchanged.

    `by` is the public id of a person or the name of a rule. Nobody hears of it before `release`.
    """
    values = _values(finding, by, now)
    made = db.session.scalars(_insertion(db.session.get_bind().dialect.name), values).first()
    if made is not None:
        return made
    found = (
        queries.find_by_attempt(finding.attempt_id)
        if finding.attempt_id is not None
        else queries.find_by_submission(finding.submission_id or 0)
    )
    if found is None:
        raise LookupError("a result was refused and is not there either")
    return found


@cache
def _insertion(dialect: str) -> Any:
    """The statement that adds a result, and answers nothing where there is one already."""
    own_insert = insert_of(dialect)
    return own_insert(Result).on_conflict_do_nothing().returning(Result)


def _values(finding: Finding, by: str, now: datetime) -> dict[str, Any]:
    return {
        "public_id": ids.new_public_id(),
        "person_id": finding.person_id,
        "kind": finding.kind,
        "code": finding.code,
        "title": finding.title,
        "attempt_id": finding.attempt_id,
        "submission_id": finding.submission_id,
        "number": finding.number,
        "outcome": finding.outcome,
        "percent": finding.percent,
        "data": finding.data | {"outcome": finding.record["outcome"]},
        "inputs": finding.record["inputs"],
        "inputs_hash": finding.record["inputs_sha256"],
        "rule_version": finding.rule_version,
        "engine_version": finding.record["engine"],
        "finalised_at": now,
        "finalised_by": by,
        "released_by": "",
    }


def ratify(result: Result, by: str, now: datetime) -> bool:
    """Confirm an unreleased result, once; False if it was ratified or released before, or superseded since.

    Raises Refused for one's own result.
    """
    _refuse_own(result, by)
    unratified = (Result.ratified_at.is_(None), Result.released_at.is_(None), Result.superseded_at.is_(None))
    if not _change(result, unratified, ratified_at=now, ratified_by=by):
        return False
    record("result.ratified", actor=by, subject=("result", result.public_id), detail={"code": result.code})
    bus.publish(ResultRatified(result.person_id, result.kind, result.code, result.id))
    return True


def release(result: Result, by: str, now: datetime) -> bool:
    """Tell the person: publishes ResultReleased, sends the message, writes the trail. False if it was released before.

    `by` is the public id of the person who releases it, or the name of the rule that does. Raises Held while something
    is open about it.
    """
    if result.released_at is None and (reasons := holds.held(result)):
        raise holds.Held(reasons)
    waiting = (Result.released_at.is_(None), Result.superseded_at.is_(None))
    if not _change(result, waiting, released_at=now, released_by=by):
        return False
    record("result.released", actor=by, subject=("result", result.public_id), detail={"code": result.code})
    _tell(result, "results.released")
    bus.publish(ResultReleased(result.person_id, result.kind, result.code, result.id))
    return True


def supersede(result: Result, finding: Finding, why: str, by: str, now: datetime) -> Result:
    """Put a result that was worked out again in the place of an earlier one, which is kept with the reason.

    What the person knew already they know of the new one: it counts as released when the old one was (so that no wait
    and no renewal begins anew), they are told that it has changed, and the certificates hear of it. An unreleased one
    has to be ratified again. Raises Stale where somebody else superseded it first.
    """
    if not _change(result, (Result.superseded_at.is_(None),), superseded_at=now, superseded_why=why):
        raise Stale(_("This result has been worked out again meanwhile. Look at it once more."))
    values = _values(finding, by, now) | {"supersedes_id": result.id}
    if result.released_at is not None:
        values |= {"released_at": result.released_at, "released_by": by, "ratified_at": now, "ratified_by": by}
    made = Result(**values)
    db.session.add(made)
    db.session.flush()
    detail = {"code": result.code, "supersedes": result.public_id, "outcome": [result.outcome, made.outcome]}
    record("result.superseded", actor=by, subject=("result", made.public_id), detail=detail, personal={"reason": why})
    if made.released_at is not None:
        _tell(made, "results.changed")
        bus.publish(ResultReleased(made.person_id, made.kind, made.code, made.id))
    bus.publish(ResultRegraded(made.person_id, made.kind, made.code, result.id, made.id, by))
    return made


def _change(result: Result, conditions: tuple[Any, ...], **values: Any) -> bool:
    """Set columns of a result as it stands under these conditions; False where it does not."""
    statement = (
        update(Result)
        .where(Result.id == result.id, *conditions)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if db.session.execute(statement).rowcount != 1:  # type: ignore[attr-defined]
        return False
    db.session.refresh(result)
    return True


def _refuse_own(result: Result, by: str) -> None:
    own = select(Person.id).where(Person.id == result.person_id, Person.public_id == by)
    if db.session.scalar(own) is not None:
        raise Refused(_("This is your own result. Somebody else has to do this."))


def _tell(result: Result, kind: str) -> None:
    """The message says that there is a result, or that it changed, never which."""
    person = db.session.scalars(select(Person).where(Person.id == result.person_id)).one()
    link = f"{get_body().base_address}/results/{result.public_id}"
    values = {"name": person.name, "work": result.title, "link": link}
    send(kind, person.email, values, person=person.public_id, language=person.language)
