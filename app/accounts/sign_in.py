"""Signing in, in steps: the password now, further factors when a person has them.

The browser carries what has been proved so far in its signed cookie; a session is opened when no step remains.
"""

from datetime import datetime, timedelta

from flask import request
from flask import session as cookie
from flask_babel import gettext as _
from sqlalchemy import select

from app import clock, limits, transaction
from app.accounts import passwords, queries, sessions
from app.accounts.models import Person
from app.audit.services import SYSTEM, Note, record, write
from app.errors import DomainError
from app.extensions import db
from app.limits import Limit

PASSWORD = "password"  # noqa: S105  the name of a step
STEPS_WITHIN = timedelta(minutes=10)
A_PAIR = Limit("sign-in account and address", 10, 300)
AN_ADDRESS = Limit("sign-in address", 30, 300)
EVERYONE = Limit("sign-in all", 1_000, 300)


def prove_password(email: str, password: str) -> Person:
    """Check address and password, slowly and equally slowly for unknown addresses; the caller is `slow_first`.

    Begins the writing transaction. The person may be unconfirmed or closed, which only the owner of the password may
    learn. Raises TooMany beyond the limits, DomainError for a wrong pair.
    """
    where = request.remote_addr or ""
    limits.check(AN_ADDRESS, where)
    limits.count((A_PAIR, f"{email.casefold()} {where}"), (EVERYONE, ""))
    found = queries.find_by_email(email)
    stored = found.password_hash if found else None
    good = passwords.matches(stored, password)
    fresh_hash = passwords.hash_password(password) if good and stored and passwords.needs_rehash(stored) else None
    transaction.begin_write()
    person = queries.find_by_email(email) if good else None
    if person is None or person.password_hash != stored:
        limits.count((AN_ADDRESS, where))  # refusals only: a whole class may sign in from one house
        _note_refusal(email)
        raise DomainError(_("The address or the password is not right."), "password")
    person.password_hash = fresh_hash or person.password_hash
    return person


def _note_refusal(email: str) -> None:
    known = queries.find_by_email(email)
    subject = ("person", known.public_id if known else "")
    note = Note("sign_in.refused", SYSTEM, subject, personal={} if known else {"email": email})
    transaction.later_aside(lambda session: write(session, [note]))


def steps_of(person: Person) -> list[str]:
    """The steps this person must pass, in order. A second factor joins here."""
    return [PASSWORD]


def pass_step(person: Person, step: str, now: datetime) -> str | None:
    """Note a passed step; open the session when none remains. The next step's name, or None when signed in."""
    begun = cookie.get("sign_in", {})
    is_same = begun.get("person") == person.public_id and begun.get("at", 0) > (now - STEPS_WITHIN).timestamp()
    done = [*(begun.get("done", []) if is_same else []), step]
    remaining = [name for name in steps_of(person) if name not in done]
    if remaining:
        cookie["sign_in"] = {"person": person.public_id, "at": now.timestamp(), "done": done}
        return remaining[0]
    row = sessions.open_session(person, describe_device(request.user_agent.string), now)
    record("sign_in.done", actor=person.public_id, subject=("session", row.public_id))
    return None


def keep_for_reopening(person: Person, now: datetime) -> None:
    """Note in the browser that the password of a closed account was right; no session is opened."""
    cookie["reopen"] = {"person": person.public_id, "at": now.timestamp()}


def find_reopening(now: datetime) -> Person | None:
    """The closed, not yet erased person whose password this browser gave within the last ten minutes."""
    kept = cookie.get("reopen", {})
    if kept.get("at", 0) <= (now - STEPS_WITHIN).timestamp():
        return None
    statement = select(Person).where(Person.public_id == kept["person"], Person.erased_at.is_(None))
    return db.session.scalars(statement.where(Person.closed_at.is_not(None))).first()


def prove_again(person_id: int, session_id: int, password: str) -> None:
    """Ask for the password again before a dangerous act. Raises DomainError or TooMany; `slow_first` as above."""
    person = queries.get_own(person_id)
    limits.count((A_PAIR, f"{person.email.casefold()} {request.remote_addr}"))
    stored = queries.get_own(person_id).password_hash
    good = passwords.matches(stored, password)
    transaction.begin_write()
    if not good:
        raise DomainError(_("The password is not right."), "password")
    sessions.authenticate_again(session_id, clock.now())
    db.session.flush()


def describe_device(agent: str) -> str:
    """A browser and system in two words for the list of sessions; never the whole header."""
    browsers = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
    systems = (
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    )
    browser = next((name for mark, name in browsers if mark in agent), "")
    system = next((name for mark, name in systems if mark in agent), "")
    return ", ".join(part for part in (browser, system) if part)
