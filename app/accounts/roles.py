"""Granting roles and ending them. A role has a beginning and an end, and who gave it is kept.

The body has an officer at every moment to come: the role of an officer is ended only if others, whose accounts are open
and confirmed, hold it through the whole time it would have lasted. Whoever holds it without an end leaves only when
somebody else holds it without an end.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy import select, update

from app import ids
from app.accounts import queries
from app.accounts.domain_events import RoleEnded, RoleGranted
from app.accounts.models import Person, RoleGrant
from app.audit.services import record
from app.body.queries import get_body
from app.bus import publish
from app.errors import DomainError, Missing
from app.extensions import db
from app.mail.services import send
from app.policy import Actor, Role

Span = tuple[datetime, datetime | None]


def grant(
    person: Person,
    role: Role,
    starts_at: datetime,
    ends_at: datetime | None,
    reason: str,
    *,
    actor: Actor,
    now: datetime,
    guest_of: str = "",
) -> RoleGrant:
    """Give a role from a date and, unless it stays open, to a date. Raises DomainError at `ends_on` or `role`.

    `guest_of` names the other body that lends the person; a guest holds a role to a date, never openly.
    """
    if guest_of and ends_at is None:
        raise DomainError(_("A guest comes for a time. Enter the last day."), "ends_on")
    if ends_at is not None and ends_at <= max(starts_at, now):
        raise DomainError(_("The role must end after it begins, and not in the past."), "ends_on")
    if actor.person_id == person.id:
        raise DomainError(_("Nobody grants a role to themselves; ask another officer."), "role")
    db.session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
    if _overlaps(person.id, role, starts_at, ends_at):
        raise DomainError(_("This person holds the role already in that time."), "role")
    row = RoleGrant(
        public_id=ids.new_public_id(),
        person_id=person.id,
        role=role,
        starts_at=starts_at,
        ends_at=ends_at,
        granted_by=actor.public_id,
        granted_at=now,
        reason=reason,
        guest_of=guest_of,
    )
    db.session.add(row)
    db.session.flush()
    _tell(person, role, "accounts.role-granted")
    _record("role.granted", person, row, actor.public_id)
    publish(RoleGranted(person.id, role))
    return row


def _overlaps(person_id: int, role: Role, starts_at: datetime, ends_at: datetime | None) -> bool:
    grants = db.session.scalars(select(RoleGrant).where(RoleGrant.person_id == person_id, RoleGrant.role == role))
    return any(
        (ends_at is None or other.starts_at < ends_at) and (other.ends_at is None or other.ends_at > starts_at)
        for other in grants
    )


def end(person: Person, grant_id: str, *, actor: Actor, now: datetime) -> None:
    """End a role now.

    Raises DomainError for an officer without whom the body would one day have none, Missing for a grant of someone else
    or already over.
    """
    officers = select(RoleGrant.id).where(RoleGrant.role == Role.OFFICER).order_by(RoleGrant.id)
    db.session.execute(officers.with_for_update())  # two officers may not end each other's role in the same moment
    row = db.session.scalars(
        select(RoleGrant).where(RoleGrant.person_id == person.id, RoleGrant.public_id == grant_id)
    ).first()
    if row is None or (row.ends_at is not None and row.ends_at <= now):
        raise Missing
    if row.role == Role.OFFICER:
        _check_officers_without(row, now)
    still = update(RoleGrant).where(RoleGrant.id == row.id).values(ends_at=max(now, row.starts_at))
    db.session.execute(still)
    _tell(person, Role(row.role), "accounts.role-ended")
    _record("role.ended", person, row, actor.public_id)
    publish(RoleEnded(person.id, row.role))


def _check_officers_without(row: RoleGrant, now: datetime) -> None:
    others = [(starts, ends) for grant_id, starts, ends in queries.list_spans(Role.OFFICER, now) if grant_id != row.id]
    gap = find_gap(others, max(now, row.starts_at), row.ends_at)
    if gap is None:
        return
    day = format_date(gap.astimezone(ZoneInfo(get_body().zone)))
    message = _(
        "The body needs at least one officer at all times, and from %(day)s on there would be none. "
        "First grant the role to someone else, for as long as this one lasts.",
        day=day,
    )
    raise DomainError(message)


def find_gap(spans: Sequence[Span], starts_at: datetime, ends_at: datetime | None) -> datetime | None:
    """The first moment from `starts_at` and before `ends_at` (None: for ever) in none of the spans; None if there is none.

    A span holds its beginning and not its end; one without an end lasts for ever.
    """
    reached = starts_at
    for begins, ends in sorted(spans, key=lambda span: span[0]):
        if begins > reached:
            break
        if ends is None:
            return None
        reached = max(reached, ends)
    return None if ends_at is not None and reached >= ends_at else reached


def found_first_officer(person: Person, now: datetime) -> None:
    """The birth of a body: its first officer, who nobody could grant the role."""
    row = RoleGrant(
        public_id=ids.new_public_id(),
        person_id=person.id,
        role=Role.OFFICER,
        starts_at=now,
        granted_by="founding",
        granted_at=now,
    )
    db.session.add(row)
    db.session.flush()
    _record("role.granted", person, row, "founding")


def _tell(person: Person, role: Role, message: str) -> None:
    send(
        message,
        person.email,
        {"name": person.name, "role": role_name(role)},
        person=person.public_id,
        language=person.language,
    )


def _record(action: str, person: Person, row: RoleGrant, actor: str) -> None:
    detail = {
        "role": row.role,
        "starts": row.starts_at.isoformat(),
        "ends": row.ends_at.isoformat() if row.ends_at else None,
    }
    personal = {"reason": row.reason} if row.reason else {}
    record(action, actor=actor, subject=("person", person.public_id), detail=detail, personal=personal)


def role_name(role: Role) -> str:
    """The role as people read it."""
    return {
        Role.ASSESSOR: _("Assessor"),
        Role.AUTHOR: _("Author"),
        Role.MODERATOR: _("Moderator"),
        Role.OFFICER: _("Officer"),
    }[role]
