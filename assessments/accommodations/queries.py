"""Reading accommodations. Marking pages never ask here."""

from sqlalchemy import select

from app.extensions import db
from assessments.accommodations.models import Accommodation


def find_in_force(person_id: int) -> Accommodation | None:
    """What this person gets in every exam, or None. Whether it has ended by its date is for the caller to ask."""
    statement = select(Accommodation).where(Accommodation.person_id == person_id, Accommodation.state == "approved")
    return db.session.scalars(statement).first()


def extra_percent(person_id: int) -> int:
    """How much more time this person gets, in per cent of the time of any exam."""
    statement = select(Accommodation.time_percent).where(
        Accommodation.person_id == person_id, Accommodation.state == "approved"
    )
    return db.session.scalar(statement) or 0
