"""Finalising and releasing results. Either can be run twice without doing anything twice."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from app import bus, ids
from app.accounts.models import Person
from app.audit.services import record
from app.body.queries import get_body
from app.extensions import db
from app.mail.services import send
from assessments.results import queries
from assessments.results.domain_events import ResultReleased
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
    own_insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
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


def release(result: Result, by: str, now: datetime) -> bool:
    """Tell the person: publishes ResultReleased, sends the message, writes the trail. False if it was released before.

    `by` is the public id of the person who releases it, or the name of the rule that does.
    """
    statement = (
        update(Result)
        .where(Result.id == result.id, Result.released_at.is_(None))
        .values(released_at=now, released_by=by)
        .execution_options(synchronize_session=False)
    )
    if db.session.execute(statement).rowcount != 1:  # type: ignore[attr-defined]
        return False
    db.session.refresh(result)
    record("result.released", actor=by, subject=("result", result.public_id), detail={"code": result.code})
    _tell(result)
    bus.publish(ResultReleased(result.person_id, result.kind, result.code, result.id))
    return True


def _tell(result: Result) -> None:
    """The message says that there is a result, never which."""
    person = db.session.scalars(select(Person).where(Person.id == result.person_id)).one()
    link = f"{get_body().base_address}/results/{result.public_id}"
    values = {"name": person.name, "work": result.title, "link": link}
    send("results.released", person.email, values, person=person.public_id, language=person.language)
