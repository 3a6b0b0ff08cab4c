"""Item banks and their items. A changed item is a new version; the older ones stay as they were answered."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base


class ItemBank(Base):
    """A collection of items. A practice bank never gives to exams, an exam bank never to practice."""

    __tablename__ = "item_bank"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    is_practice: Mapped[bool] = mapped_column(default=False)


class Item(Base):
    """Something that can be asked. `is_public`: its text can be read by anybody, as with all that is shipped.

    `number` is that of its newest version; the version itself is never changed.
    """

    __tablename__ = "item"
    __table_args__ = (UniqueConstraint("bank_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("item_bank.id"))
    code: Mapped[str] = mapped_column(String(40))
    number: Mapped[int] = mapped_column(default=1)
    is_public: Mapped[bool] = mapped_column(default=True)
    retired_at: Mapped[datetime | None]
    bank: Mapped[ItemBank] = relationship(lazy="raise_on_sql")


class ItemVersion(Base):
    """One wording of an item with its key. `content` is the definition of docs/course-format.md, key included."""

    __tablename__ = "item_version"
    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        Index("ix_item_version_cell", "topic", "thinking"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(30))
    content: Mapped[dict[str, Any]]
    topic: Mapped[str] = mapped_column(String(40))
    objective: Mapped[str] = mapped_column(String(40))
    thinking: Mapped[str] = mapped_column(String(20))
    technique: Mapped[str] = mapped_column(String(40), default="")
    language: Mapped[str] = mapped_column(String(20), default="en")
    content_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    item: Mapped[Item] = relationship(lazy="raise_on_sql")
