"""The audit chain: hashed entries, with personal text apart so that erasure can empty it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class AuditHead(Base):
    """The one row that knows the end of the chain; locked last before a commit."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(default=0)
    digest: Mapped[str] = mapped_column(String(64))


class AuditEntry(Base):
    """One act. `digest` covers every column here and the digest before it."""

    __tablename__ = "audit_entry"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(String(60), index=True)
    actor: Mapped[str] = mapped_column(String(40), index=True)
    object_kind: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(60), index=True)
    detail: Mapped[dict[str, Any]]
    commitment: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64), unique=True)


class AuditPersonal(Base):
    """The personal text of an entry and the salt of its commitment. Emptying a row leaves the chain verifiable."""

    __tablename__ = "audit_personal"

    seq: Mapped[int] = mapped_column(ForeignKey("audit_entry.seq"), primary_key=True, autoincrement=False)
    salt: Mapped[str] = mapped_column(String(64))
    data: Mapped[dict[str, Any]]
