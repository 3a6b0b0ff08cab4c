"""What an upheld appeal leads to. Each remedy is an act of the house below, with the appeal as its reason."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.models import Person
from app.errors import DomainError
from app.extensions import db
from assessments.appeals.models import Appeal
from assessments.appeals.rules import Remedy
from assessments.exams import conducting, hand_marking
from assessments.exams import services as exam_services
from assessments.exams.models import Attempt, AttemptItem, Exam
from assessments.grading.regrade import Mode
from assessments.regrading import services as regrading
from assessments.results.models import Result

Details = Mapping[str, Any]
MODES = (Mode.FULL_CREDIT, Mode.EXCLUDE)


def possible(result: Result) -> list[Remedy]:
    """The remedies there are for a result; what a practical needs beside words is done by officers by hand."""
    return list(Remedy) if result.attempt_id is not None else [Remedy.NONE]


def check(result: Result, remedy: str) -> Remedy:
    """The remedy of this name. Raises DomainError (field "remedy")."""
    if remedy not in possible(result):
        raise DomainError(_("Choose what follows."), "remedy")
    return Remedy(remedy)


def take(appeal: Appeal, remedy: Remedy, details: Details, actor: str, now: datetime) -> None:
    """Let a remedy take effect. Raises DomainError where it cannot."""
    acts: dict[Remedy, Callable[[Appeal, Details, str, datetime], None]] = {
        Remedy.REGRADE: _regrade,
        Remedy.REMARK: _remark,
        Remedy.VOID: _void,
        Remedy.NEW_ATTEMPT: _new_attempt,
    }
    if remedy in acts:
        acts[remedy](appeal, details, actor, now)


def reason_of(appeal: Appeal) -> str:
    """The reason that stands with every act of a remedy."""
    return f"Appeal {appeal.public_id}"


def _attempt(appeal: Appeal) -> Attempt:
    return db.session.scalars(select(Attempt).where(Attempt.id == appeal.result.attempt_id)).one()


def _exam(attempt: Attempt) -> Exam:
    return db.session.scalars(select(Exam).where(Exam.id == attempt.exam_id)).one()


def _regrade(appeal: Appeal, details: Details, actor: str, now: datetime) -> None:
    """Proposes that questions of this one attempt are credited or left out; an officer approves, as of every regrade.

    `details`: positions, a list of numbers; mode, full_credit or exclude.
    """
    attempt = _attempt(appeal)
    if details.get("mode") not in MODES:
        raise DomainError(_("Choose what is to happen with the questions."), "mode")
    statement = select(AttemptItem.item_version_id).where(
        AttemptItem.attempt_id == attempt.id, AttemptItem.position.in_(details.get("positions", []))
    )
    versions = db.session.scalars(statement.order_by(AttemptItem.position)).all()
    if not versions or len(versions) != len(set(details["positions"])):
        raise DomainError(_("Name the questions by their numbers in the attempt, such as 3, 17."), "positions")
    rows = [{"version_id": one, "mode": details["mode"], "attempt": attempt.public_id} for one in versions]
    regrading.propose(_exam(attempt), rows, reason_of(appeal), actor, now)


def _remark(appeal: Appeal, details: Details, actor: str, now: datetime) -> None:
    if not hand_marking.ask_anew(_attempt(appeal), actor, reason_of(appeal)):
        raise DomainError(
            _("Nobody marked an answer of this attempt by hand, so there is nothing to mark anew."), "remedy"
        )


def _void(appeal: Appeal, details: Details, actor: str, now: datetime) -> None:
    conducting.void(_attempt(appeal), actor, reason_of(appeal), now)


def _new_attempt(appeal: Appeal, details: Details, actor: str, now: datetime) -> None:
    person = db.session.scalars(select(Person).where(Person.id == appeal.person_id)).one()
    exam_services.allow_attempt(_exam(_attempt(appeal)), person, reason_of(appeal), actor, now)
