"""Recording continuing development: enter, change and withdraw, until a renewal rests on it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from flask_babel import gettext as _

from app import ids
from app.accounts.models import Person
from app.audit.services import record
from app.errors import DomainError
from app.extensions import db
from app.storage import services as storage
from app.storage.models import StoredFile
from assessments.practicals.files import Prepared
from certificates import queries as certificates
from certificates.awarding.services import today
from certificates.changes import queries as changes
from certificates.cpd import queries
from certificates.cpd.hours import CpdKind, is_in_quarters
from certificates.cpd.models import CpdActivity

PURPOSE = "cpd"
FILE_KINDS, MOST_MEGABYTES = ("pdf", "jpg", "png"), 10
OLDEST_YEARS = 10


@dataclass(frozen=True)
class Entry:
    """An activity as it was typed, and a file that has been looked at (see assessments.practicals.files.prepare)."""

    done_on: date
    hours: Decimal
    kind: CpdKind
    title: str
    learnt: str
    file: Prepared | None = None


def record_activity(person: Person, entry: Entry, now: datetime) -> CpdActivity:
    """Enter an activity. Raises DomainError at `done_on`, `hours` or `file`."""
    _check(entry, now)
    row = CpdActivity(public_id=ids.new_public_id(), person_id=person.id, recorded_at=now)
    _write(row, person, entry)
    db.session.add(row)
    db.session.flush()
    record("cpd.recorded", actor=person.public_id, subject=("cpd", row.public_id), detail={"hours": str(entry.hours)})
    return row


def change_activity(public_id: str, person: Person, entry: Entry, now: datetime) -> CpdActivity:
    """Change one's own activity; a new file takes the place of the old one. Raises Missing, or DomainError once used."""
    row = _changeable(public_id, person)
    _check(entry, now)
    _write(row, person, entry)
    row.changed_at = now
    record("cpd.changed", actor=person.public_id, subject=("cpd", public_id), detail={"hours": str(entry.hours)})
    return row


def withdraw_activity(public_id: str, person: Person, now: datetime) -> None:
    """Take an activity back: it counts no more, and its words and file go. Raises Missing, or DomainError once used."""
    row = _changeable(public_id, person)
    _forget_file(row)
    row.title = row.learnt = ""
    row.withdrawn_at = now
    record("cpd.withdrawn", actor=person.public_id, subject=("cpd", public_id))


def _changeable(public_id: str, person: Person) -> CpdActivity:
    certificates.lock_person(person.id)
    row = queries.get_activity(public_id, person.id, lock=True)
    if queries.OWN + public_id in changes.used_refs(person.id):
        raise DomainError(_("A renewal rests on this activity, so it can no longer be changed."))
    return row


def _check(entry: Entry, now: datetime) -> None:
    day = today(now)
    if entry.done_on > day:
        raise DomainError(_("Enter a day that has come."), "done_on")
    if entry.done_on.year < day.year - OLDEST_YEARS:
        raise DomainError(_("This was too long ago to count for anything."), "done_on")
    if not is_in_quarters(entry.hours):
        raise DomainError(_("Enter hours in quarters, such as 1.5 or 0.75: at most 60 for one activity."), "hours")


def _write(row: CpdActivity, person: Person, entry: Entry) -> None:
    row.done_on, row.hours, row.kind = entry.done_on, entry.hours, entry.kind
    row.title, row.learnt = entry.title, entry.learnt
    if entry.file is not None:
        _forget_file(row)
        stored = storage.keep(
            entry.file.data,
            entry.file.shown_name,
            purpose=PURPOSE,
            owner=person.public_id,
            allowed=FILE_KINDS,
            most_bytes=MOST_MEGABYTES * 1024**2,
        )
        row.file_id, row.file_name = stored.public_id, stored.shown_name


def _forget_file(row: CpdActivity) -> None:
    if row.file_id:
        storage.forget(StoredFile.public_id == row.file_id)
    row.file_id = row.file_name = ""
