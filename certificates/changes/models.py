"""What holders ask for their certificates, and the reminders that were sent."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from certificates.models import Credential


class ChangeKind(StrEnum):
    """A typing error mended, another name, another period."""

    SPELLING = "spelling"
    NAME = "name"
    RENEWAL = "renewal"


class ChangeState(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    AGREED = "agreed"
    REFUSED = "refused"
    TAKEN_BACK = "taken-back"


class ChangeRequest(Base):
    """One request about one certificate. `live` is 1 while it is open and NULL afterwards: one at a time at most.

    `words` are the holder's, `answer` the officer's. `file_id` is the proof of a new name: seen by those who decide,
    deleted on `file_until`. `development` is what a renewal rests on: the hours as they were counted, by reference, and
    the references drawn for a closer look. `made_number`: the certificate that came of it.
    """

    __tablename__ = "change_request"
    __table_args__ = (
        UniqueConstraint("credential_id", "live"),
        CheckConstraint("kind IN ('spelling', 'name', 'renewal')", name="kind"),
        CheckConstraint("state IN ('open', 'agreed', 'refused', 'taken-back')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    credential_id: Mapped[int] = mapped_column(ForeignKey("credential.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(12), index=True)
    live: Mapped[int | None]
    new_name: Mapped[str] = mapped_column(String(160), default="")
    words: Mapped[str] = mapped_column(Text, default="")
    file_id: Mapped[str] = mapped_column(String(20), default="")
    file_name: Mapped[str] = mapped_column(String(200), default="")
    file_until: Mapped[datetime | None]
    development: Mapped[dict[str, Any]]
    asked_at: Mapped[datetime]
    decided_by: Mapped[str] = mapped_column(String(20), default="")
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    declaration: Mapped[str] = mapped_column(String(300), default="")
    made_number: Mapped[str] = mapped_column(String(40), default="")
    credential: Mapped[Credential] = relationship(lazy="raise_on_sql")


class RenewalReminder(Base):
    """That a holder was told, so many days before the end of a level's period; once, whatever number it had then."""

    __tablename__ = "renewal_reminder"
    __table_args__ = (UniqueConstraint("person_id", "level_code", "valid_until", "days"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    level_code: Mapped[str] = mapped_column(String(40))
    valid_until: Mapped[date]
    days: Mapped[int]
    sent_at: Mapped[datetime]
