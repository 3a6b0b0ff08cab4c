"""Granting accommodations. An approved one is never changed: another one takes its place."""

from datetime import datetime

from flask_babel import gettext as _

from app import ids
from app.accounts.models import Person
from app.audit.services import record
from app.errors import DomainError
from app.extensions import db
from assessments.accommodations import queries
from assessments.accommodations.models import Accommodation

MOST_EXTRA_PERCENT = 300


def give_extra_time(person: Person, percent: int, actor: str, now: datetime) -> None:
    """Give a person more time in every exam that starts from now on; 0 takes it back. Raises DomainError."""
    if person.public_id == actor:
        raise DomainError(_("Another officer has to decide on your own time."), "email")
    if not 0 <= percent <= MOST_EXTRA_PERCENT:
        raise DomainError(_("Enter a number from 0 to %(most)s.", most=MOST_EXTRA_PERCENT), "percent")
    before = queries.find_in_force(person.id)
    if before is not None:
        before.state, before.until = "ended", now
        db.session.flush()
    if percent:
        db.session.add(_approved(person, percent, actor, now))
    record("extra_time.given", actor=actor, subject=("person", person.public_id), personal={"percent": percent})


def _approved(person: Person, percent: int, actor: str, now: datetime) -> Accommodation:
    return Accommodation(
        public_id=ids.new_public_id(),
        person_id=person.id,
        state="approved",
        time_percent=percent,
        asked_by=actor,
        asked_at=now,
        decided_by=actor,
        decided_at=now,
    )
