"""Asking for an accommodation, deciding on it, ending it. An approved one is never changed: another takes its place.

Nobody decides on their own. The evidence goes as soon as it is needed no more: with a refusal, a withdrawal or the end.
"""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from app import ids
from app.accounts.models import Person
from app.audit.services import SYSTEM, record
from app.errors import DomainError
from app.extensions import db
from app.storage import services as storage
from app.storage.models import StoredFile
from assessments.accommodations import mails, queries
from assessments.accommodations.models import Accommodation

MOST_EXTRA_PERCENT = 300
MOST_BREAKS, MOST_BREAK_MINUTES = 12, 60
EVIDENCE_KINDS = ("pdf", "png", "jpg")
MOST_EVIDENCE_BYTES = 10 * 1024**2
PURPOSE = "accommodation evidence"


@dataclass(frozen=True, slots=True)
class Amounts:
    """What somebody gets in every exam: per cent of time more, breaks of so many minutes, larger text, needs in words."""

    time_percent: int = 0
    breaks: int = 0
    break_minutes: int = 0
    larger_text: bool = False
    needs: str = ""

    def check(self) -> None:
        """Raises DomainError naming the field that is out of bounds."""
        if not 0 <= self.time_percent <= MOST_EXTRA_PERCENT:
            raise DomainError(_("Enter a number from 0 to %(most)s.", most=MOST_EXTRA_PERCENT), "time_percent")
        if not 0 <= self.breaks <= MOST_BREAKS:
            raise DomainError(_("Enter a number from 0 to %(most)s.", most=MOST_BREAKS), "breaks")
        if not 0 <= self.break_minutes <= MOST_BREAK_MINUTES:
            raise DomainError(_("Enter a number from 0 to %(most)s.", most=MOST_BREAK_MINUTES), "break_minutes")
        if bool(self.breaks) != bool(self.break_minutes):
            raise DomainError(_("Breaks need both a number and minutes."), "break_minutes")
        if not (self.time_percent or self.breaks or self.larger_text or self.needs.strip()):
            raise DomainError(_("Say at least one thing that is needed."), "time_percent")

    def write_to(self, row: Accommodation) -> None:
        """Put the amounts into a row."""
        row.time_percent, row.breaks, row.break_minutes = self.time_percent, self.breaks, self.break_minutes
        row.larger_text, row.needs = self.larger_text, self.needs


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a request: words, and a file as it was sent."""

    text: str = ""
    data: bytes = b""
    shown_name: str = ""


def ask(person: Person, amounts: Amounts, evidence: Evidence, now: datetime) -> Accommodation:
    """Ask for an accommodation; one request at a time. Raises DomainError (fields as in the form, `file`)."""
    amounts.check()
    db.session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
    if queries.find_asked(person.id) is not None:
        raise DomainError(_("You have asked already. Wait for the decision, or take your request back."))
    row = _new(person, amounts, asked_by=person.public_id, now=now)
    row.evidence = evidence.text
    if evidence.data:
        row.evidence_file = storage.keep(
            evidence.data,
            evidence.shown_name,
            purpose=PURPOSE,
            owner=person.public_id,
            allowed=EVIDENCE_KINDS,
            most_bytes=MOST_EVIDENCE_BYTES,
        ).public_id
    db.session.add(row)
    _write_trail("accommodation.asked", row, person, person.public_id)
    return row


def withdraw(row: Accommodation, person: Person, now: datetime) -> None:
    """The person takes a request back that nobody has decided on. Raises DomainError."""
    _check_asked(row)
    row.state, row.decided_at = "ended", now
    _forget_evidence(row)
    _write_trail("accommodation.withdrawn", row, person, person.public_id)


def approve(
    row: Accommodation, person: Person, amounts: Amounts, until: datetime | None, note: str, actor: str, now: datetime
) -> None:
    """Approve a request with the amounts that the officer finds right; it takes the place of the one in force.

    Raises DomainError for one's own, one that is decided already, and amounts or a date out of bounds.
    """
    _check_other(person, actor)
    _check_asked(row)
    _check_until(until, now)
    amounts.check()
    _make_room(person, actor, now)
    amounts.write_to(row)
    _decide(row, "approved", actor, note, now)
    row.until = until
    db.session.flush()
    _write_trail("accommodation.approved", row, person, actor)
    mails.tell("approved", row, person)


def refuse(row: Accommodation, person: Person, note: str, actor: str, now: datetime) -> None:
    """Refuse a request; the note says why and is read by the person. Raises DomainError."""
    _check_other(person, actor)
    _check_asked(row)
    if not note.strip():
        raise DomainError(_("Say why. The person reads it."), "note")
    _decide(row, "refused", actor, note, now)
    _forget_evidence(row)
    _write_trail("accommodation.refused", row, person, actor)
    mails.tell("refused", row, person)


def grant(
    person: Person, amounts: Amounts, until: datetime | None, note: str, actor: str, now: datetime
) -> Accommodation:
    """Give an accommodation that nobody asked for in the program, such as one asked for by letter. Raises DomainError."""
    _check_other(person, actor, "email")
    _check_until(until, now)
    amounts.check()
    _make_room(person, actor, now)
    row = _new(person, amounts, asked_by=actor, now=now)
    _decide(row, "approved", actor, note, now)
    row.until = until
    db.session.add(row)
    db.session.flush()
    _write_trail("accommodation.approved", row, person, actor)
    mails.tell("approved", row, person)
    return row


def end(row: Accommodation, person: Person, actor: str, now: datetime) -> None:
    """End what is in force, for exams that start from now on. Raises DomainError for one's own, or one not in force."""
    _check_other(person, actor)
    if row.state != "approved":
        raise DomainError(_("This is not in force."))
    _end(row, person, actor, now)
    mails.tell("ended", row, person)


def end_by_date(public_id: str, now: datetime) -> None:
    """End one whose date has passed; one that has been ended or replaced meanwhile is left alone."""
    row, person = queries.get_with_person(public_id, lock=True)
    if row.state == "approved" and row.until is not None and row.until <= now:
        _end(row, person, SYSTEM, row.until)
        mails.tell("ended", row, person)


def _end(row: Accommodation, person: Person, actor: str, at: datetime) -> None:
    row.state, row.until = "ended", at
    _forget_evidence(row)
    db.session.flush()
    _write_trail("accommodation.ended", row, person, actor)


def _make_room(person: Person, actor: str, now: datetime) -> None:
    """At most one is in force: the earlier one ends. Two decisions at the same moment wait for each other."""
    db.session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
    before = queries.find_approved(person.id)
    if before is not None:
        _end(before, person, actor, now)


def _check_other(person: Person, actor: str, field: str | None = None) -> None:
    if person.public_id == actor:
        raise DomainError(_("Another officer has to decide on your own."), field)


def _check_asked(row: Accommodation) -> None:
    if row.state != "asked":
        raise DomainError(_("This has been decided already."))


def _check_until(until: datetime | None, now: datetime) -> None:
    if until is not None and until <= now:
        raise DomainError(_("Enter a day to come, or none."), "until")


def _new(person: Person, amounts: Amounts, *, asked_by: str, now: datetime) -> Accommodation:
    row = Accommodation(public_id=ids.new_public_id(), person_id=person.id, asked_by=asked_by, asked_at=now)
    amounts.write_to(row)
    return row


def _decide(row: Accommodation, state: str, actor: str, note: str, now: datetime) -> None:
    row.state, row.decided_by, row.decided_at, row.decision_note = state, actor, now, note


def _forget_evidence(row: Accommodation) -> None:
    if row.evidence_file:
        storage.forget(StoredFile.public_id == row.evidence_file)
    row.evidence, row.evidence_file = "", ""


def _write_trail(act: str, row: Accommodation, person: Person, actor: str) -> None:
    personal = {"time_percent": row.time_percent, "breaks": row.breaks, "larger_text": row.larger_text}
    record(act, actor=actor, subject=("person", person.public_id), personal=personal)
