"""What results hold of a person: outcomes, and what they were made from."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, update

from app.accounts.models import Person
from app.extensions import db
from app.privacy.personal import Personal, pick
from assessments.results import queries
from assessments.results.models import Result


def _export(person: Person) -> list[dict[str, Any]]:
    """Released results as their pages show them."""
    names = ("kind", "code", "title", "number", "outcome", "percent", "rule_version", "released_at")
    return [
        pick(row, *names) | {"topics": row.data.get("topics", []), "comment": row.data.get("comment", "")}
        for row in queries.list_results(person.id)
    ]


def _erase(person: Person, now: datetime) -> None:
    """Outcome, percentage and the hash of what they were made from stay; the rest goes."""
    db.session.execute(update(Result).where(Result.person_id == person.id).values(inputs={}, data={}))


def _subjects(person: Person) -> list[str]:
    return list(db.session.scalars(select(Result.public_id).where(Result.person_id == person.id)))


def forget_answers(attempts: Select[int]) -> None:
    """Forget what the results of these attempts were made from: it holds the answers. The results stay readable."""
    db.session.execute(update(Result).where(Result.attempt_id.in_(attempts)).values(inputs={}))


def forget_comments(submissions: Sequence[int]) -> None:
    """Forget what an assessor wrote with the results of these submissions."""
    for result in db.session.scalars(select(Result).where(Result.submission_id.in_(submissions))):
        result.data = result.data | {"comment": ""}


PERSONAL = Personal(name="results", export=_export, erase=_erase, subjects=_subjects)
