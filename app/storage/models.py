"""What is known of a stored file; its bytes live in the store."""

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class StoredFile(Base):
    """One file: generated name, detected type, size and SHA-256. Who may see it is the owner feature's affair."""

    __tablename__ = "stored_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    purpose: Mapped[str] = mapped_column(String(30), index=True)
    owner: Mapped[str] = mapped_column(String(20), index=True)
    shown_name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    stored_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
