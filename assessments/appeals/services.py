"""Making, assigning, withdrawing and deciding appeals."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from app import ids
from app.accounts.models import Person
from app.audit.services import record
from app.errors import DomainError, Refused, Stale
from app.extensions import db
from assessments.appeals import mails, queries, remedies, rules
from assessments.appeals.independence import Record, may_decide
from assessments.appeals.models import Appeal
from assessments.appeals.record import people_behind
from assessments.appeals.rules import Ground, Remedy
from assessments.results.models import Result

MOST_TEXT = 6_000


def make(result: Result, ground: str, text: str, actor: str, now: datetime) -> Appeal:
    """Appeal against a released result of one's own; a second time while one is open gives that one.

    Raises DomainError (fields "grounds", "text") and after the deadline.
    """
    if ground not in list(Ground):
        raise DomainError(_("Choose what your appeal rests on."), "grounds")
    if not text.strip():
        raise DomainError(_("Say what happened and what you ask for."), "text")
    if result.superseded_at is not None:
        raise DomainError(_("This result was worked out again. Appeal against the one that counts."))
    if now > queries.deadline_of(result):
        raise DomainError(_("The time for an appeal against this result is over."))
    made = db.session.scalars(_insertion(), _values(result, ground, text.strip(), now)).first()
    if made is None:
        found = queries.find_latest(result)
        if found is None:
            raise LookupError("an appeal was refused and is not there either")
        return found
    detail = {"grounds": ground, "code": result.code}
    record("appeal.made", actor=actor, subject=("appeal", made.public_id), detail=detail)
    mails.send_receipt(made, result)
    return made


def _insertion() -> Any:
    own_insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return own_insert(Appeal).on_conflict_do_nothing().returning(Appeal)


def _values(result: Result, ground: str, text: str, now: datetime) -> dict[str, Any]:
    return {
        "public_id": ids.new_public_id(),
        "result_id": result.id,
        "person_id": result.person_id,
        "grounds": ground,
        "text": text,
        "made_at": now,
        "due_at": now + rules.ANSWER_WITHIN,
        "state": "made",
        "reviewer": "",
        "assigned_by": "",
        "remedy": "",
        "decision": "",
    }


def withdraw(appeal: Appeal, actor: str, now: datetime) -> None:
    """Take an appeal back before it is decided. Raises Stale afterwards."""
    appeal = _open(appeal)
    appeal.state, appeal.decided_at = "withdrawn", now
    db.session.flush()
    record("appeal.withdrawn", actor=actor, subject=("appeal", appeal.public_id))


def assign(appeal: Appeal, reviewer: Person, actor: str, now: datetime) -> None:
    """Ask somebody who had no part to decide. Raises Refused for the candidate's own hand, DomainError, Stale."""
    appeal = _open(appeal)
    behind = people_behind(appeal.result)
    _refuse_own(appeal, actor)
    if not may_decide(reviewer.public_id, behind):
        raise DomainError(
            _("%(name)s had a part in this result. Choose somebody else.", name=reviewer.name), "reviewer"
        )
    appeal.state, appeal.reviewer = "in_review", reviewer.public_id
    appeal.assigned_by, appeal.assigned_at = actor, now
    db.session.flush()
    detail = {"reviewer": reviewer.public_id}
    record("appeal.assigned", actor=actor, subject=("appeal", appeal.public_id), detail=detail)
    mails.send_assigned(appeal, reviewer)


def decide(
    appeal: Appeal,
    upheld: bool,
    reasons: str,
    remedy: str,
    actor: str,
    now: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Decide an appeal as its reviewer; an upheld one takes its remedy at once. The candidate is told to come and read.

    `details` is what the remedy needs (remedies.py). Raises DomainError with its field, Refused for everybody else and
    for a reviewer who has had a part since, Stale.
    """
    appeal = _open(appeal)
    _refuse_other(appeal, actor)
    if not reasons.strip():
        raise DomainError(_("Give your reasons; the candidate reads them."), "decision")
    chosen = Remedy.NONE
    if upheld:
        chosen = remedies.check(appeal.result, remedy)
    appeal.state = "upheld" if upheld else "dismissed"
    appeal.decision, appeal.remedy, appeal.decided_at = reasons.strip(), str(chosen) if upheld else "", now
    db.session.flush()
    detail = {"decision": appeal.state, "remedy": appeal.remedy}
    record("appeal.decided", actor=actor, subject=("appeal", appeal.public_id), detail=detail)
    if upheld:
        remedies.take(appeal, chosen, details or {}, actor, now)
    mails.send_decided(appeal)


def _open(appeal: Appeal) -> Appeal:
    found = queries.get_appeal(appeal.public_id, lock=True)
    if found.state not in rules.OPEN:
        raise Stale(_("This has been decided already."))
    return found


def _refuse_own(appeal: Appeal, actor: str) -> None:
    own = select(Person.id).where(Person.id == appeal.person_id, Person.public_id == actor)
    if db.session.scalar(own) is not None:
        raise Refused(_("This is your own appeal. Somebody else has to do this."))


def _refuse_other(appeal: Appeal, actor: str) -> None:
    behind: Record = people_behind(appeal.result)
    if appeal.state != "in_review" or appeal.reviewer != actor or not may_decide(actor, behind):
        raise Refused(
            _("Only the person who was asked to decide this appeal can do it, and only without a part in it.")
        )
