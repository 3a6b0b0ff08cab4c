"""The outbox, and the officer's wording of the messages."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class MailState(StrEnum):
    """`queued` until a server has taken it, then `sent`; `failed` when it was given up."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


class MailMessage(Base):
    """One message to one address, written in the transaction of the act that causes it."""

    __tablename__ = "mail_message"
    __table_args__ = (CheckConstraint("state IN ('queued', 'sent', 'failed')", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[str] = mapped_column(String(60), index=True)
    person: Mapped[str] = mapped_column(String(20), default="", index=True)
    recipient: Mapped[str] = mapped_column(String(320))
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default=MailState.QUEUED)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(Text, default="")


class MailText(Base):
    """An officer's wording of one kind of message in one language, instead of the built-in one."""

    __tablename__ = "mail_text"
    __table_args__ = (UniqueConstraint("kind", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(20))
