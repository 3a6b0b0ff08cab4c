"""What practicals do when something happens elsewhere, and what comes round by itself."""

from sqlalchemy import select, update

from app import clock
from app.accounts.models import Person, RoleGrant
from app.accounts.queries import held_at
from app.extensions import db
from app.jobs.ledger import Claim
from app.policy import Role
from assessments.practicals import mails, marking_queries, rules
from assessments.practicals.models import Submission, SubmissionState
from assessments.results.domain_events import ResultReleased
from assessments.results.models import Result

REMIND = "practicals.remind"
REMIND_EVERY_SECONDS = 2 * 86_400


def show_released(event: ResultReleased) -> None:
    """A result was released: the submission shows it. (The mail that it is there is the results room's.)"""
    if event.kind != "practical":
        return
    found = select(Result.submission_id).where(Result.id == event.result_id).scalar_subquery()
    db.session.execute(
        update(Submission)
        .where(Submission.id == found, Submission.state == SubmissionState.MARKED)
        .values(state=SubmissionState.RELEASED, released_at=clock.now())
    )


def remind(claim: Claim) -> None:
    """The periodic job: tell each assessor what they hold and what waits, where it is due within days."""
    now = clock.now()
    assessors = select(RoleGrant.person_id).where(RoleGrant.role == Role.ASSESSOR, held_at(now))
    for assessor in db.session.scalars(select(Person).where(Person.id.in_(assessors), Person.closed_at.is_(None))):
        soon = now + rules.SOON
        held = [m.submission.submitted_at for m in marking_queries.list_held(assessor.id)]
        due = sum(at is not None and rules.due_at(at) <= soon for at in held)
        waiting = sum(script.due_at <= soon for script in marking_queries.list_waiting(assessor.id, now))
        if due or waiting:
            mails.send_reminder(assessor, due, waiting)
