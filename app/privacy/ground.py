"""What the ground floor holds of a person: the account, messages, files, and the trail."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, or_, select, update

from app.accounts.models import Affiliation, Consent, EmailToken, Person, RoleGrant, WebSession
from app.audit.models import AuditEntry, AuditPersonal
from app.audit.services import erase_personal
from app.extensions import db
from app.mail import services as mail
from app.mail.models import MailMessage
from app.privacy.personal import Personal, pick, providers
from app.storage import services as storage
from app.storage.models import StoredFile

NOBODYS_NAME = "—"
REFUSED = "sign_in.refused"
DECLARED = "affiliation.declared"
# Mailed links work for whoever has them: a copy must not.
LINKS = ("/confirm/", "/reset-password/", "/change-address/")


def _export_account(person: Person) -> dict[str, Any]:
    return {
        "profile": pick(
            person, "public_id", "name", "email", "zone", "language", "joined_at", "email_confirmed_at",
            "name_confirmed_at", "password_changed_at", "closed_at", "withdraws_certificates",
        ),
        "affiliations": _rows(Affiliation, person, "employer", "ties", "is_none", "declared_at", "ended_at"),
        "roles": _rows(RoleGrant, person, "role", "starts_at", "ends_at", "reason"),
        "agreements": _rows(Consent, person, "page", "version", "given_at"),
        "sessions": _rows(WebSession, person, "begun_at", "authenticated_at", "last_seen_at", "ended_at", "device"),
        "mailed_links": _rows(EmailToken, person, "kind", "email", "made_at", "ends_at", "used_at"),
    }  # fmt: skip


def _rows(table: Any, person: Person, *names: str) -> list[dict[str, Any]]:
    statement = select(table).where(table.person_id == person.id).order_by(table.id)
    return [pick(row, *names) for row in db.session.scalars(statement)]


def _erase_account(person: Person, now: datetime) -> None:
    for table in (WebSession, EmailToken, Consent, Affiliation):
        db.session.execute(delete(table).where(table.person_id == person.id))
    db.session.execute(update(RoleGrant).where(RoleGrant.person_id == person.id).values(reason=""))
    person.name, person.email = NOBODYS_NAME, f"{person.public_id}{mail.NOWHERE}"
    person.password_hash, person.zone, person.language = "erased", "", "en"
    person.email_confirmed_at = person.name_confirmed_at = None


def _export_messages(person: Person) -> list[dict[str, Any]]:
    statement = select(MailMessage).where(MailMessage.person == person.public_id).order_by(MailMessage.id)
    found = db.session.scalars(statement)
    return [pick(row, "recipient", "subject", "created_at", "sent_at") | {"text": _dead(row.text)} for row in found]


def _dead(text: str) -> str:
    """A message without the secrets of its links."""
    for link in LINKS:
        head, *rest = text.split(link)
        text = head + "".join(link + "…" + part[len(part.split()[0]) :] if part.split() else link for part in rest)
    return text


def _erase_messages(person: Person, now: datetime) -> None:
    mail.forget(MailMessage.person == person.public_id)


def _export_files(person: Person) -> list[dict[str, Any]]:
    statement = select(StoredFile).where(StoredFile.owner == person.public_id).order_by(StoredFile.id)
    names = ("shown_name", "purpose", "media_type", "size", "sha256", "stored_at", "deleted_at")
    return [pick(row, *names) for row in db.session.scalars(statement)]


def _erase_files(person: Person, now: datetime) -> None:
    storage.forget(StoredFile.owner == person.public_id)


def _export_trail(person: Person) -> list[dict[str, Any]]:
    """What they did, and what was done about their account. Other people, and what awaits a release, are left out."""
    own = and_(AuditEntry.object_kind == "person", AuditEntry.object_id == person.public_id)
    statement = (
        select(AuditEntry, AuditPersonal.data)
        .outerjoin(AuditPersonal, AuditPersonal.seq == AuditEntry.seq)
        .where(or_(AuditEntry.actor == person.public_id, own))
        .order_by(AuditEntry.seq)
    )
    return [_trail_line(person, entry, personal) for entry, personal in db.session.execute(statement)]


def _trail_line(person: Person, entry: AuditEntry, personal: dict[str, Any] | None) -> dict[str, Any]:
    line = {"at": entry.at, "action": entry.action, "by": "you" if entry.actor == person.public_id else "the body"}
    if entry.object_id == person.public_id:
        return line | {"detail": entry.detail, "personal": personal or {}}
    return line


def _erase_trail(person: Person, now: datetime) -> None:
    subjects = [person.public_id, *(name for provider in providers() for name in provider.subjects(person))]
    signed = and_(AuditEntry.actor == person.public_id, AuditEntry.object_kind == "page")
    about = select(AuditEntry.seq).where(or_(AuditEntry.object_id.in_(subjects), signed))
    erase_personal(db.session(), [*db.session.scalars(about), *_refused_under(person.email)])


def _refused_under(email: str) -> Iterable[int]:
    """Refused sign-ins at which this address was typed while it had no account."""
    statement = select(AuditPersonal.seq, AuditPersonal.data).join(AuditEntry, AuditEntry.seq == AuditPersonal.seq)
    for seq, data in db.session.execute(statement.where(AuditEntry.action == REFUSED)):
        if data.get("email", "").casefold() == email.casefold():
            yield seq


def forget_refused(before: datetime) -> None:
    """Empty the addresses that were typed at refused sign-ins."""
    _empty(AuditEntry.action == REFUSED, AuditEntry.at < before)


def forget_affiliations(before: datetime) -> None:
    """Delete declarations that ended before a moment, and their wording in the trail."""
    ended = select(Person.public_id, Affiliation.ended_at).join_from(Affiliation, Person)
    for public_id, ended_at in db.session.execute(ended.where(Affiliation.ended_at < before)).all():
        _empty(AuditEntry.action == DECLARED, AuditEntry.object_id == public_id, AuditEntry.at < ended_at)
    db.session.execute(delete(Affiliation).where(Affiliation.ended_at < before))


def _empty(*which: Any) -> None:
    statement = select(AuditEntry.seq).join(AuditPersonal, AuditPersonal.seq == AuditEntry.seq)
    erase_personal(db.session(), list(db.session.scalars(statement.where(AuditPersonal.salt != "", *which))))


TRAIL = Personal(name="trail", export=_export_trail, erase=_erase_trail)
MESSAGES = Personal(name="messages", export=_export_messages, erase=_erase_messages)
FILES = Personal(name="files", export=_export_files, erase=_erase_files)
ACCOUNT = Personal(name="account", export=_export_account, erase=_erase_account)
