"""Reading the record of continuing development."""

from collections.abc import Sequence
from datetime import date

from flask import current_app
from sqlalchemy import select

from app.errors import Missing
from app.extensions import db
from app.storage.models import StoredFile
from certificates.cpd.hours import CpdKind, CpdSource, Hours
from certificates.cpd.models import CpdActivity

OWN = "own:"


def list_activities(person_id: int) -> Sequence[CpdActivity]:
    """What a person has recorded and not withdrawn, the newest first."""
    statement = select(CpdActivity).where(CpdActivity.person_id == person_id, CpdActivity.withdrawn_at.is_(None))
    return db.session.scalars(statement.order_by(CpdActivity.done_on.desc(), CpdActivity.id.desc())).all()


def get_activity(public_id: str, person_id: int, *, lock: bool = False) -> CpdActivity:
    """One of a person's own, not withdrawn. Raises Missing."""
    statement = select(CpdActivity).where(CpdActivity.public_id == public_id, CpdActivity.person_id == person_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalars(statement.where(CpdActivity.withdrawn_at.is_(None))).first()
    if found is None:
        raise Missing
    return found


def find_by_refs(person_id: int, refs: Sequence[str]) -> dict[str, CpdActivity]:
    """The activities behind references of a person's own record, withdrawn ones too."""
    ids = [ref.removeprefix(OWN) for ref in refs if ref.startswith(OWN)]
    statement = select(CpdActivity).where(CpdActivity.person_id == person_id, CpdActivity.public_id.in_(ids))
    return {OWN + row.public_id: row for row in db.session.scalars(statement)}


def get_file(activity: CpdActivity) -> StoredFile:
    """The file of an activity. Raises Missing where there is none."""
    return get_stored(activity.file_id)


def get_stored(file_id: str) -> StoredFile:
    """A stored file that has not been deleted. Raises Missing."""
    statement = select(StoredFile).where(StoredFile.public_id == file_id, StoredFile.deleted_at.is_(None))
    found = db.session.scalars(statement).first() if file_id else None
    if found is None:
        raise Missing
    return found


def list_hours(person_id: int, first: date) -> list[Hours]:
    """Everything that is known of a person from a day on: their own record, and what other features tell."""
    told: list[CpdSource] = current_app.extensions["cpd_sources"]
    found = [own_hours(row) for row in list_activities(person_id) if row.done_on >= first]
    return found + [entry for source in told for entry in source(person_id, first)]


def own_hours(row: CpdActivity) -> Hours:
    """An activity as it is counted."""
    return Hours(OWN + row.public_id, row.done_on, row.hours, CpdKind(row.kind), row.title)
