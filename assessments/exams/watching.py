"""What looks after exams by itself: officers hear of a bank that cannot fill one, and no attempt stays open unseen."""

from datetime import timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app import clock, transaction
from app.accounts.models import Person, RoleGrant
from app.accounts.queries import held_at
from app.body.queries import get_body
from app.extensions import db
from app.jobs import ledger, runner
from app.jobs.ledger import Claim
from app.mail.services import send
from app.policy import Role
from assessments.exams import beginning, queries
from assessments.exams.errors import BankShort
from assessments.exams.models import Attempt
from assessments.exams.rules import AttemptState

SHORT = "exams.short"
SWEEP = "exams.sweep"
SWEEP_EVERY_SECONDS = 300
SWEEP_AFTER = timedelta(minutes=2)  # the job of the attempt itself comes first; it looks at the grace of its exam
MOST_AT_ONCE = 500


def report_short(short: BankShort) -> None:
    """Let the officers hear, once a day and exam, that somebody could not start; the refused start itself writes nothing."""
    now = clock.now()
    payload: dict[str, object] = {"exam": short.code, "cells": list(short.cells)}

    def order(session: Session) -> None:
        ledger.enqueue(session, SHORT, payload, now=now, key=f"{SHORT}:{short.code}:{now:%Y-%m-%d}")

    transaction.later_aside(order)


def tell_short(claim: Claim) -> None:
    """The job: write to every officer which cells of which exam lack questions."""
    exam, now, body = queries.get_exam(claim.payload["exam"]), clock.now(), get_body()
    officers = select(RoleGrant.person_id).where(RoleGrant.role == Role.OFFICER, held_at(now))
    for officer in db.session.scalars(select(Person).where(Person.id.in_(officers), Person.closed_at.is_(None))):
        values = {
            "name": officer.name,
            "exam": exam.title,
            "cells": ", ".join(claim.payload["cells"]),
            "link": f"{body.base_address}/office/exams",
        }
        send("exams.short", officer.email, values, person=officer.public_id, language=officer.language)


def sweep(_claim: Claim) -> None:
    """The periodic job: order the end of whatever is still open after its time, should its own job have been lost."""
    now = clock.now()
    due = (
        select(Attempt.public_id)
        .where(
            or_(
                (Attempt.state == AttemptState.IN_PROGRESS) & (Attempt.deadline_at < now - SWEEP_AFTER),
                (Attempt.state == AttemptState.PAUSED) & (Attempt.closes_at < now - SWEEP_AFTER),
                Attempt.state.in_([AttemptState.SCHEDULED, AttemptState.AUTHORISED]) & (Attempt.closes_at < now),
            )
        )
        .order_by(Attempt.deadline_at)
        .limit(MOST_AT_ONCE)
    )
    span = int(now.timestamp()) // SWEEP_EVERY_SECONDS
    for public_id in db.session.scalars(due).all():
        runner.order(beginning.EXPIRE, {"attempt": public_id}, key=f"{beginning.EXPIRE}:{public_id}:sweep:{span}")
