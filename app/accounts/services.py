"""What happens to accounts: joining, confirming, passwords, addresses, affiliation, consent."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app import ids
from app.accounts import queries, sessions
from app.accounts.domain_events import PersonJoined
from app.accounts.models import Affiliation, Consent, EmailToken, EmailTokenKind, Person
from app.audit.services import record
from app.body.queries import get_body
from app.bus import publish
from app.errors import DomainError
from app.extensions import db
from app.mail.services import send

LONGEST_NAME = 160
CONFIRM_FOR, RESET_FOR, CHANGE_FOR = timedelta(days=3), timedelta(minutes=60), timedelta(hours=24)


@dataclass(frozen=True)
class Joining:
    """What someone gives to join; the password is hashed already, since that is slow."""

    name: str
    email: str
    password_hash: str
    employer: str
    ties: str
    is_none: bool
    language: str = "en"


def join(joining: Joining, now: datetime) -> None:
    """Open an account and mail the link that confirms it. A known address is told so by mail, and only there."""
    known = queries.find_by_email(joining.email)
    if known is not None:
        _answer_known(known, now)
        return
    person = Person(
        public_id=ids.new_public_id(),
        name=clean_name(joining.name),
        email=joining.email,
        password_hash=joining.password_hash,
        password_changed_at=now,
        joined_at=now,
        language=joining.language,
    )
    if not _add(person):
        known = queries.find_by_email(joining.email)
        assert known is not None
        _answer_known(known, now)
        return
    declare_affiliation(person, joining.employer, joining.ties, joining.is_none, now)
    give_consents(person.id, now)
    record(
        "person.joined", actor=person.public_id, subject=("person", person.public_id), personal={"email": person.email}
    )
    _mail_link(person, EmailTokenKind.CONFIRM, person.email, CONFIRM_FOR, "accounts.confirm", now)


def _add(person: Person) -> bool:
    """False if another request joined with the same address in the same moment."""
    try:
        with db.session.begin_nested():
            db.session.add(person)
    except IntegrityError:
        return False
    return True


def _answer_known(person: Person, now: datetime) -> None:
    if person.email_confirmed_at is None:
        _mail_link(person, EmailTokenKind.CONFIRM, person.email, CONFIRM_FOR, "accounts.confirm", now)
    else:
        values = {"name": person.name, "link": f"{get_body().base_address}/sign-in"}
        send("accounts.already-joined", person.email, values, person=person.public_id, language=person.language)


def clean_name(name: str) -> str:
    """A name as it is kept: composed characters (NFC), single spaces, no invisible controls. Raises DomainError."""
    composed = unicodedata.normalize("NFC", " ".join(name.split()))
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn") and c not in "\u200c\u200d" for c in composed):
        raise DomainError(_("The name holds characters that cannot be printed."), "name")
    if not any(c.isalpha() for c in composed):
        raise DomainError(_("Enter your name as it should stand on a certificate."), "name")
    if len(composed) > LONGEST_NAME:  # some characters become two when they are composed
        raise DomainError(_("This is too long: at most %(most)s characters.", most=LONGEST_NAME), "name")
    return composed


def _mail_link(person: Person, kind: EmailTokenKind, email: str, lasts: timedelta, message: str, now: datetime) -> None:
    secret = ids.new_secret()
    _end_tokens(person.id, kind, now)
    db.session.add(
        EmailToken(
            person_id=person.id,
            kind=kind,
            secret_hash=sessions.hash_secret(secret),
            email=email,
            made_at=now,
            ends_at=now + lasts,
        )
    )
    words = {
        EmailTokenKind.CONFIRM: "confirm",
        EmailTokenKind.RESET: "reset-password",
        EmailTokenKind.CHANGE: "change-address",
    }
    link = f"{get_body().base_address}/{words[kind]}/{secret}"
    send(message, email, {"name": person.name, "link": link}, person=person.public_id, language=person.language)


def _end_tokens(person_id: int, kind: EmailTokenKind, now: datetime) -> None:
    db.session.execute(
        update(EmailToken)
        .where(EmailToken.person_id == person_id, EmailToken.kind == kind, EmailToken.used_at.is_(None))
        .values(used_at=now)
    )


def use_token(token: EmailToken, now: datetime) -> None:
    """Use a mailed link up. Raises DomainError if someone else was faster (two tabs, a race)."""
    statement = update(EmailToken).where(EmailToken.id == token.id, EmailToken.used_at.is_(None)).values(used_at=now)
    if db.session.execute(statement).rowcount != 1:  # type: ignore[attr-defined]
        raise DomainError(_("This link has been used already."))


def confirm(token: EmailToken, now: datetime) -> Person:
    """The address of a new account is confirmed."""
    use_token(token, now)
    person = token.person
    person.email_confirmed_at = person.email_confirmed_at or now
    record("person.confirmed", actor=person.public_id, subject=("person", person.public_id))
    publish(PersonJoined(person.id))
    return person


def ask_for_confirmation(person: Person, now: datetime) -> None:
    """Mail the confirming link again."""
    _mail_link(person, EmailTokenKind.CONFIRM, person.email, CONFIRM_FOR, "accounts.confirm", now)


def ask_for_reset(email: str, now: datetime) -> None:
    """Mail a link for a new password, if there is such an account."""
    person = queries.find_by_email(email)
    if person is not None and person.closed_at is None:
        _mail_link(person, EmailTokenKind.RESET, person.email, RESET_FOR, "accounts.reset", now)
        record("password.reset_asked", subject=("person", person.public_id))


def reset_password(token: EmailToken, password_hash: str, now: datetime) -> Person:
    """Set a new password by a mailed link: the link is used up and every session ends."""
    use_token(token, now)
    person = token.person
    person.email_confirmed_at = person.email_confirmed_at or now  # the link reached the address
    _set_password(person, password_hash, now)
    sessions.end_all(person.id, now)
    return person


def change_password(person: Person, password_hash: str, session_id: int, now: datetime) -> None:
    """Set a new password from the account page: every other session ends."""
    _set_password(person, password_hash, now)
    sessions.end_all(person.id, now, but=session_id)


def _set_password(person: Person, password_hash: str, now: datetime) -> None:
    person.password_hash, person.password_changed_at = password_hash, now
    _end_tokens(person.id, EmailTokenKind.RESET, now)
    record("password.changed", actor=person.public_id, subject=("person", person.public_id))
    send(
        "accounts.password-changed",
        person.email,
        {"name": person.name},
        person=person.public_id,
        language=person.language,
    )


def ask_to_change_address(person: Person, email: str, now: datetime) -> None:
    """Mail a link to the new address; the change happens when it is followed. A known address gets none."""
    if queries.find_by_email(email) is None:
        _mail_link(person, EmailTokenKind.CHANGE, email, CHANGE_FOR, "accounts.change-address", now)


def change_address(token: EmailToken, now: datetime) -> Person:
    """The new address is confirmed: it replaces the old one, which is told. Raises DomainError if it was taken since."""
    use_token(token, now)
    person, old = token.person, token.person.email
    person.email = token.email
    try:
        db.session.flush()
    except IntegrityError:
        raise DomainError(_("This address belongs to another account.")) from None
    subject = ("person", person.public_id)
    record("person.address_changed", actor=person.public_id, subject=subject, personal={"old": old, "new": token.email})
    values = {"name": person.name, "new_address": token.email}
    send("accounts.address-changed", old, values, person=person.public_id, language=person.language)
    return person


def change_profile(person: Person, name: str, zone: str, now: datetime) -> None:
    """Change the name for future certificates, and the zone times are shown in. Issued certificates keep theirs."""
    name = clean_name(name)
    if name != person.name:
        subject = ("person", person.public_id)
        record("person.renamed", actor=person.public_id, subject=subject, personal={"old": person.name, "new": name})
        person.name, person.name_confirmed_at = name, None
    person.zone = zone


def employer_key(employer: str) -> str:
    """An employer's name in comparable spelling: folded, without legal forms and punctuation."""
    folded = unicodedata.normalize("NFKC", employer).casefold()
    words = "".join(c if c.isalnum() else " " for c in folded).split()
    legal = {
        "inc",
        "ltd",
        "limited",
        "llc",
        "plc",
        "gmbh",
        "ag",
        "sa",
        "bv",
        "co",
        "corp",
        "corporation",
        "company",
        "the",
    }
    return (" ".join(word for word in words if word not in legal) or " ".join(words))[:LONGEST_NAME]


def check_affiliation(employer: str, ties: str, is_none: bool) -> None:
    """Refuse an answer that says neither. Raises DomainError."""
    if not is_none and not employer and not ties:
        raise DomainError(_("Name your employer, or say that you have none."), "employer")


def declare_affiliation(person: Person, employer: str, ties: str, is_none: bool, now: datetime) -> None:
    """Declare whom one works for and is tied to; the earlier declaration is ended, not overwritten."""
    check_affiliation(employer, ties, is_none)
    db.session.execute(
        update(Affiliation)
        .where(Affiliation.person_id == person.id, Affiliation.ended_at.is_(None))
        .values(ended_at=now)
    )
    employer, ties = ("", "") if is_none else (employer, ties)
    db.session.add(
        Affiliation(
            person_id=person.id,
            employer=employer,
            employer_key=employer_key(employer),
            ties=ties,
            is_none=is_none,
            declared_at=now,
        )
    )
    record(
        "affiliation.declared",
        actor=person.public_id,
        subject=("person", person.public_id),
        personal={"employer": employer},
    )


def give_consents(person_id: int, now: datetime) -> None:
    """Agree to the current version of each text that asks for it; a second time changes nothing."""
    for page, version in queries.missing_consents(person_id).items():
        db.session.add(Consent(person_id=person_id, page=page, version=version, given_at=now))
    db.session.flush()
