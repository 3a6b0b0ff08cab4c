"""The table of documents that a newer signature replaced."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class SupersededArtefact(Base):
    """A document that was the certificate until it was signed anew, because its key was stolen. Kept for ever.

    The fields are those of `Artefact` as they were; `register_seq` is the entry of its own issue. Its file stays in the
    store, so that somebody who holds a copy can be told what it is.
    """

    __tablename__ = "artefact_superseded"

    id: Mapped[int] = mapped_column(primary_key=True)
    credential_id: Mapped[int] = mapped_column(ForeignKey("credential.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    size: Mapped[int]
    file_id: Mapped[str] = mapped_column(String(20), unique=True)
    key_fingerprint: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime]
    made_at: Mapped[datetime]
    register_seq: Mapped[int]
    superseded_at: Mapped[datetime]
