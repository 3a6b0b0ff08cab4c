"""Adding to the history of a certificate: the row, its entry in the register, the trail, and the word to the holder."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import format_date, format_datetime
from flask_babel import gettext as _

from app.audit import services as audit
from app.body.queries import get_body
from app.errors import DomainError
from app.extensions import db
from app.mail.services import send
from app.policy import Actor
from certificates import queries
from certificates.badging import events as badge_events
from certificates.lifecycle.status import Event, Status
from certificates.models import Credential, CredentialState, CredentialStatus
from certificates.register import services as register
from certificates.sharing import watch_events


def get_changeable(public_id: str, actor: Actor, now: datetime) -> Credential:
    """The certificate, locked. Raises DomainError for one's own, for one that is not issued and for a revoked one."""
    credential = queries.get_for_change(public_id)
    refuse_own(credential, actor)
    if credential.state != CredentialState.ISSUED:
        raise DomainError(_("This certificate has not been issued yet."))
    if queries.standing_of(credential, now).status is Status.REVOKED:
        raise DomainError(_("This certificate is revoked, and stays so."))
    return credential


def refuse_own(credential: Credential, actor: Actor) -> None:
    """Raises DomainError for the holder: nobody decides on a certificate of their own."""
    if credential.person_id == actor.person_id:
        raise DomainError(_("Nobody decides on a certificate of their own."))


def add(
    credential: Credential,
    kind: Event,
    now: datetime,
    by: str,
    *,
    second_by: str = "",
    note: str = "",
    reason_class: str = "",
    until_at: datetime | None = None,
) -> None:
    """One more row of history, its entry in the register, and what it means for the badge."""
    db.session.add(
        CredentialStatus(
            credential_id=credential.id,
            kind=kind,
            reason_class=reason_class,
            from_at=now,
            until_at=until_at,
            by=by,
            second_by=second_by,
            note=note,
            recorded_at=now,
        )
    )
    db.session.flush()
    register.append(kind, credential.number, now)
    badge_events.follow(credential, kind, now, until_at)
    watch_events.follow(credential, now, until_at)


def subject(credential: Credential) -> tuple[str, str]:
    """How the trail names a certificate."""
    return ("credential", credential.public_id)


def keep_trail(action: str, credential: Credential, actor: Actor, note: str, **detail: str) -> None:
    """Put an act into the trail; the note is personal text, which erasure can empty."""
    personal = {"note": note} if note else {}
    audit.record(action, actor=actor.public_id, subject=subject(credential), detail=dict(detail), personal=personal)


def notify(kind: str, credential: Credential, **values: str) -> None:
    """Write to the holder, in the holder's language."""
    person = credential.person
    known = {"name": person.name, "award": credential.achievement["title"], "number": credential.number}
    send(kind, person.email, known | values, person=person.public_id, language=person.language)


def day_of(moment: datetime) -> str:
    """The day of a moment where the body is at home, in words."""
    return format_datetime(moment.astimezone(ZoneInfo(get_body().zone)), "d MMMM y", rebase=False)


def day_words(day: date) -> str:
    """A calendar day in words."""
    return format_date(day, "d MMMM y")
