"""The tables of sharing: links to one certificate with their log, and addresses that wait for news of one."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from certificates.models import Credential


class OpenedBy(StrEnum):
    """Who opened a link: somebody, a program that looks at links before people do, or the holder."""

    READER = "reader"
    SCANNER = "scanner"
    HOLDER = "holder"


class Share(Base):
    """A link to one certificate, open to whoever has it until it ends. Of its token only the SHA-256 is kept.

    `audience` says for whom it is, in the words of the holder and for the holder alone.
    """

    __tablename__ = "credential_share"
    __table_args__ = (CheckConstraint("ends_at > made_at", name="times"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    credential_id: Mapped[int] = mapped_column(ForeignKey("credential.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    audience: Mapped[str] = mapped_column(String(120))
    with_document: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    credential: Mapped[Credential] = relationship(lazy="raise_on_sql")

    def is_live(self, now: datetime) -> bool:
        """Whether it opens at `now`."""
        return self.ended_at is None and now < self.ends_at


class ShareDay(Base):
    """How often a link was opened on one day (UTC): counted on when the log has listed enough of that day."""

    __tablename__ = "credential_share_day"
    __table_args__ = (UniqueConstraint("share_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    share_id: Mapped[int] = mapped_column(ForeignKey("credential_share.id"))
    day: Mapped[date] = mapped_column(index=True)
    openings: Mapped[int] = mapped_column(default=1)


class ShareOpening(Base):
    """One opening of a link: when, from which network (such as 192.0.2.0/24), with which family of browser."""

    __tablename__ = "credential_share_opening"
    __table_args__ = (CheckConstraint("opened_by IN ('reader', 'scanner', 'holder')", name="opened_by"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    share_id: Mapped[int] = mapped_column(ForeignKey("credential_share.id"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    opened_by: Mapped[str] = mapped_column(String(10))
    network: Mapped[str] = mapped_column(String(50))
    browser: Mapped[str] = mapped_column(String(20))
    fetched_document: Mapped[bool] = mapped_column(default=False)


class Watch(Base):
    """An address that wants to hear when the status of a certificate changes. The row goes soon after `ends_at`.

    Until its owner confirms it, `confirmed_at` is NULL and it ends after a few days. `said_status` is the status that
    the address knows of: the one of the page on which it was confirmed, and later the one of the last message.
    """

    __tablename__ = "credential_watch"
    __table_args__ = (UniqueConstraint("credential_id", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    credential_id: Mapped[int] = mapped_column(ForeignKey("credential.id"))
    email: Mapped[str] = mapped_column(String(320), index=True)
    language: Mapped[str] = mapped_column(String(20))
    said_status: Mapped[str] = mapped_column(String(20), default="", server_default="")
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    credential: Mapped[Credential] = relationship(lazy="raise_on_sql")
