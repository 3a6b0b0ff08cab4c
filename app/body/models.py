"""The body itself: one row, edited by its officers."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base


class Body(Base):
    """The professional body that runs this site. Exactly one row, made at its birth.

    `small_body` declares, in words shown to everybody, which acts one person may do alone until `small_body_until`
    because the body has too few people yet; empty when it keeps to its rules.
    """

    __tablename__ = "body"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    mode: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(120))
    short_name: Mapped[str] = mapped_column(String(24))
    field: Mapped[str] = mapped_column(String(120))
    headline: Mapped[str] = mapped_column(String(120))
    purpose: Mapped[str] = mapped_column(Text)
    base_address: Mapped[str] = mapped_column(String(200))
    contact_email: Mapped[str] = mapped_column(String(320))
    postal_address: Mapped[str] = mapped_column(Text, default="")
    zone: Mapped[str] = mapped_column(String(60), default="UTC")
    language: Mapped[str] = mapped_column(String(20), default="en")
    primary_colour: Mapped[str] = mapped_column(String(7), default="#1F4D3A")
    accent_colour: Mapped[str] = mapped_column(String(7), default="#A97820")
    logo_file: Mapped[str] = mapped_column(String(20), default="")
    founded_at: Mapped[datetime]
    small_body: Mapped[str] = mapped_column(Text, default="", server_default="")
    small_body_until: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    signatories: Mapped[list["Signatory"]] = relationship(
        lazy="raise_on_sql", order_by="Signatory.position", cascade="all, delete-orphan"
    )


class Signatory(Base):
    """A name and office printed on certificates."""

    __tablename__ = "signatory"

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), default=1)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    office: Mapped[str] = mapped_column(String(80))
