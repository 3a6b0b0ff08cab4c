"""The texts of the body, one row a version; a published version is never changed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class PageVersion(Base):
    """A version of a page. `text` is Markdown with placeholders; `published_by` is a person's public id or `system`."""

    __tablename__ = "page_version"
    __table_args__ = (UniqueConstraint("slug", "version"), CheckConstraint("version >= 1", name="version"))

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(20))
    published_at: Mapped[datetime]
    published_by: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(200), default="")
