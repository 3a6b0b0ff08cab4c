"""The table of documents that a newer signature replaced."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from certificates.models import SignedDocument


class SupersededArtefact(SignedDocument, Base):
    """A document that was the certificate until it was signed anew, because its key was stolen. Kept for ever.

    The fields are those of `Artefact` as they were; `register_seq` is the entry of its own issue. Its file stays in the
    store, so that somebody who holds a copy can be told what it is.
    """

    __tablename__ = "artefact_superseded"

    id: Mapped[int] = mapped_column(primary_key=True)
    credential_id: Mapped[int] = mapped_column(ForeignKey("credential.id"), index=True)
    superseded_at: Mapped[datetime]
