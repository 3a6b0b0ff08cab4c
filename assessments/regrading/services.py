"""Proposing a regrade with its dry run, and applying it when another person approves what was seen."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app import ids
from app.accounts.models import Person
from app.audit.services import record
from app.errors import DomainError, Missing, Refused, Stale
from app.extensions import db
from assessments.exams.models import Attempt, AttemptItem, Exam
from assessments.grading.regrade import Decision, Effect, Mode, RegradeInvalid, check_decision
from assessments.items.models import Item, ItemVersion
from assessments.regrading import reading, rescoring
from assessments.regrading.effects import Summary, effect_on, summary
from assessments.regrading.models import KeyReview, Regrade
from assessments.regrading.reading import Case, Row

MOST_REASON = 2_000


def propose(
    exam: Exam,
    rows: Sequence[Row],
    reason: str,
    actor: str,
    now: datetime,
    *,
    review: KeyReview | None = None,
) -> Regrade:
    """Write down changed keys with what they would do; nothing changes before another person approves.

    `rows` as in reading.py, each at least version_id, mode and where needed content. Raises DomainError (field
    "reason", or "decisions" with what is wrong).
    """
    if not reason.strip():
        raise DomainError(_("Say why; it goes into the trail."), "reason")
    decisions = [_checked(exam, row) for row in rows]
    if not decisions:
        raise DomainError(_("Choose at least one question."), "decisions")
    regrade = Regrade(
        public_id=ids.new_public_id(),
        exam_id=exam.id,
        key_review_id=None if review is None else review.id,
        decisions=decisions,
        reason=reason.strip(),
        effect=dry_run(exam.id, decisions),
        proposed_by=actor,
        proposed_at=now,
    )
    db.session.add(regrade)
    db.session.flush()
    _write_trail("regrade.proposed", regrade, exam.code, actor)
    return regrade


def _checked(exam: Exam, row: Row) -> dict[str, Any]:
    """A decision with the code and number of its version. Raises DomainError where it cannot be carried out."""
    statement = select(ItemVersion, Item.code).join(Item, Item.id == ItemVersion.item_id)
    statement = statement.where(ItemVersion.id == row["version_id"], Item.bank_id == exam.bank_id)
    found = db.session.execute(statement).first()
    if found is None:
        raise Missing
    version, code = found
    try:
        check_decision(Decision(code, Mode(row["mode"]), row.get("content")), version.content)
    except RegradeInvalid as fault:
        raise DomainError(_("This cannot be done: %(fault)s", fault=str(fault)), "decisions") from fault
    return {
        "version_id": version.id,
        "code": code,
        "version": version.number,
        "mode": str(row["mode"]),
        "content": row.get("content"),
        "attempt": row.get("attempt") or "",
    }


def work_out(exam_id: int, decisions: Sequence[Row]) -> list[tuple[Case, Effect]]:
    """Each scored attempt these decisions are about, with what they do to it beside what counts now."""
    before = reading.decided_rows(exam_id)
    cases = reading.list_cases(exam_id, [*before, *decisions]) if decisions else []
    asked = {row["version_id"] for row in decisions}
    return [(case, effect_on(case, before, decisions)) for case in cases if asked & case.asked.keys()]


def dry_run(exam_id: int, decisions: Sequence[Row]) -> Summary:
    """What these decisions would do now; nothing is written."""
    return summary(work_out(exam_id, decisions))


def approve(regrade: Regrade, seen: str, actor: str, now: datetime) -> Summary:
    """Apply a proposal: every changed result is superseded, released ones with a letter. Once, by another person.

    `seen` is the fingerprint of the dry run that the approver read. Raises Refused for the proposer and for whom it
    concerns, Stale where it was decided already or would do something else by now.
    """
    regrade = lock(regrade.public_id)
    _refuse(regrade, actor)
    _hold_attempts(regrade)
    pairs = work_out(regrade.exam_id, regrade.decisions)
    effect = summary(pairs)
    if effect["seen"] != seen:
        raise Stale(_("Results have changed since you looked. Read again what it would do, then approve."))
    _refuse_concerned([case for case, _effect in pairs], actor)
    _apply(regrade, pairs, actor, now)
    regrade.state, regrade.effect, regrade.decided_by, regrade.decided_at = "applied", effect, actor, now
    db.session.flush()
    code = db.session.scalar(select(Exam.code).where(Exam.id == regrade.exam_id)) or ""
    _write_trail("regrade.applied", regrade, code, actor)
    return effect


def _apply(regrade: Regrade, pairs: Sequence[tuple[Case, Effect]], actor: str, now: datetime) -> None:
    before = reading.decided_rows(regrade.exam_id)
    for case, _effect in pairs:
        rescoring.apply(case, before, regrade.decisions, regrade.reason, actor, now)


def _hold_attempts(regrade: Regrade) -> None:
    """No mark and no late answer changes a result between the look at it and its regrade."""
    asking = select(AttemptItem.attempt_id).where(
        AttemptItem.item_version_id.in_([row["version_id"] for row in regrade.decisions])
    )
    statement = select(Attempt.id).where(Attempt.exam_id == regrade.exam_id, Attempt.id.in_(asking))
    db.session.scalars(statement.order_by(Attempt.id).with_for_update()).all()


def drop(regrade: Regrade, reason: str, actor: str, now: datetime) -> None:
    """Decide against a proposal; its proposer may take it back, too. Raises Stale where it was decided already."""
    regrade = lock(regrade.public_id)
    if regrade.state != "proposed":
        raise Stale(_("This has been decided already."))
    regrade.state, regrade.decided_by, regrade.decided_at = "dropped", actor, now
    db.session.flush()
    record("regrade.dropped", actor=actor, subject=("regrade", regrade.public_id), personal={"reason": reason})


def _refuse(regrade: Regrade, actor: str) -> None:
    if regrade.state != "proposed":
        raise Stale(_("This has been decided already."))
    if regrade.proposed_by == actor:
        raise Refused(_("You proposed this yourself, so another officer has to approve it."))


def _refuse_concerned(cases: Sequence[Case], actor: str) -> None:
    people = [case.attempt.person_id for case in cases]
    own = select(Person.id).where(Person.public_id == actor, Person.id.in_(people))
    if db.session.scalar(own) is not None:
        raise Refused(_("One of these results is your own, so another officer has to approve it."))


def lock(public_id: str) -> Regrade:
    """A regrade, kept from changing until this transaction ends. Raises Missing."""
    statement = select(Regrade).where(Regrade.public_id == public_id).with_for_update()
    found = db.session.scalars(statement.execution_options(populate_existing=True)).first()
    if found is None:
        raise Missing
    return found


def _write_trail(act: str, regrade: Regrade, code: str, actor: str) -> None:
    effect = regrade.effect or {}
    detail = {
        "exam": code,
        "questions": [f"{row['code']} v{row['version']}: {row['mode']}" for row in regrade.decisions],
        "changed": effect.get("changed", 0),
        "to_pass": len(effect.get("to_pass", [])),
        "to_fail": len(effect.get("to_fail", [])),
    }
    subject = ("regrade", regrade.public_id)
    record(act, actor=actor, subject=subject, detail=detail, personal={"reason": regrade.reason})
