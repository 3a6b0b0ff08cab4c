"""What accommodations hold of a person: requests, decisions, and the evidence while it is kept."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from app.accounts.models import Person
from app.errors import Missing
from app.extensions import db
from app.privacy.personal import Named, Personal, pick
from app.storage import services as storage
from app.storage.models import StoredFile
from assessments.accommodations import queries
from assessments.accommodations.models import Accommodation
from assessments.accommodations.services import PURPOSE

NAMES = (
    "state", "time_percent", "breaks", "break_minutes", "larger_text", "needs", "asked_at", "evidence", "decided_at",
    "decision_note", "until",
)  # fmt: skip


def _export(person: Person) -> list[dict[str, Any]]:
    return [pick(row, *NAMES) for row in queries.list_own(person.id)]


def _files(person: Person) -> Iterator[Named]:
    for row in queries.list_own(person.id):
        try:
            stored = queries.get_evidence(row)
        except Missing:
            continue
        yield f"{row.public_id}-{stored.shown_name}", storage.read(stored)


def _erase(person: Person, now: datetime) -> None:
    storage.forget((StoredFile.owner == person.public_id) & (StoredFile.purpose == PURPOSE))
    db.session.execute(delete(Accommodation).where(Accommodation.person_id == person.id))


PERSONAL = Personal(name="accommodations", export=_export, erase=_erase, files=_files)
