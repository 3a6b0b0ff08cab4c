"""Closing an account, reopening it while that is possible, and erasing it when it is not.

Nothing is erased for REOPEN_FOR; then a job goes through what every feature holds. A database that is restored from a
copy younger than that still knows who had closed, so the next run erases them again.
"""

from datetime import datetime, timedelta

from flask_babel import format_date
from sqlalchemy import delete, select

from app import clock, transaction
from app.accounts import queries, roles, sessions
from app.accounts.models import EmailToken, Person
from app.audit.services import record
from app.body.queries import get_body
from app.errors import DomainError, Missing
from app.extensions import db
from app.jobs import runner
from app.jobs.ledger import Claim
from app.mail.services import send
from app.policy import Actor
from app.privacy.personal import providers

ERASE = "privacy.erase"
REOPEN_FOR = timedelta(days=30)


def list_obstacles(person: Person) -> list[str]:
    """Why the account cannot be closed yet, in sentences."""
    return [sentence for provider in providers() for sentence in provider.obstacles(person)]


def close(actor: Actor, withdraws: bool, now: datetime) -> None:
    """Close one's own account: roles and sessions end, and the last message goes out.

    `withdraws`: certificates shall lose the name with the account. Raises DomainError while something is under way,
    and for the last officer.
    """
    db.session.execute(select(Person.id).where(Person.id == actor.person_id).with_for_update())
    person = queries.get_own(actor.person_id)
    for sentence in list_obstacles(person):
        raise DomainError(sentence)
    for grant in person.roles:
        if grant.ends_at is None or grant.ends_at > now:
            roles.end(person, grant.public_id, actor=actor, now=now)
    person.closed_at, person.withdraws_certificates = now, withdraws
    sessions.end_all(person.id, now)
    db.session.execute(delete(EmailToken).where(EmailToken.person_id == person.id))
    record("person.closed", actor=actor.public_id, subject=("person", actor.public_id))
    values = {"name": person.name, "day": format_date(erased_on(now)), "link": f"{get_body().base_address}/sign-in"}
    send("privacy.closed", person.email, values, person=person.public_id, language=person.language)


def erased_on(closed_at: datetime) -> datetime:
    """From when on an account closed at this moment is erased."""
    return closed_at + REOPEN_FOR


def reopen(person: Person) -> None:
    """Take the closing back. Roles that ended with it stay ended. Raises Missing for one erased in this moment."""
    locked = select(Person).where(Person.id == person.id, Person.erased_at.is_(None)).with_for_update()
    if db.session.scalars(locked.execution_options(populate_existing=True)).first() is None:
        raise Missing
    person.closed_at, person.withdraws_certificates = None, False
    record("person.reopened", actor=person.public_id, subject=("person", person.public_id))


def order_erasures(before: datetime) -> None:
    """Order the erasing of everybody who closed before a moment; one job each, and one a day at most."""
    transaction.after_commit(transaction.empty_log)  # should somebody have been reading when a name was erased
    due = select(Person.public_id).where(Person.closed_at <= before, Person.erased_at.is_(None))
    for public_id in db.session.scalars(due):
        runner.order(ERASE, {"person": public_id}, key=f"{ERASE}:{public_id}:{clock.now():%Y-%m-%d}")


def erase_due(claim: Claim) -> None:
    """The job: erase one person whose time has passed. Reopened since, or with something under way: not today."""
    now = clock.now()
    statement = select(Person).where(Person.public_id == claim.payload["person"]).with_for_update()
    person = db.session.scalars(statement).one()
    is_due = person.closed_at is not None and erased_on(person.closed_at) <= now and person.erased_at is None
    if is_due and not list_obstacles(person):
        erase(person, now)
        transaction.after_commit(transaction.empty_log)


def erase(person: Person, now: datetime) -> None:
    """Make everything of a person nobody's; what certification must keep stays under the bare public id."""
    for provider in providers():
        provider.erase(person, now)
    person.erased_at = now
    record("person.erased", subject=("person", person.public_id))
