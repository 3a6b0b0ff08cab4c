"""The tables of badges: the place of each in a status list, and the exact bytes that were handed out."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from certificates.models import Credential


class BadgePlace(Base):
    """One bit of a status list, given to one badge and never again.

    `burnt_at` is when the bit was set; a bit that was set stays set, so a certificate that comes back into force gets a
    badge with another place (Bitstring Status List v1.0: revocation is not reversible). `live` is 1 for the place of the
    badge that counts, NULL for earlier ones. `salt` keeps the hash of the holder's address from being looked up; it is
    emptied when the holder is erased.
    """

    __tablename__ = "badge_place"
    __table_args__ = (UniqueConstraint("list_number", "position"), UniqueConstraint("credential_id", "live"))

    id: Mapped[int] = mapped_column(primary_key=True)
    list_number: Mapped[int]
    position: Mapped[int]
    credential_id: Mapped[int] = mapped_column(ForeignKey("credential.id"), index=True)
    live: Mapped[int | None]
    badge_uuid: Mapped[str] = mapped_column(String(36), unique=True)
    salt: Mapped[str] = mapped_column(String(64))
    given_at: Mapped[datetime]
    burnt_at: Mapped[datetime | None]
    credential: Mapped[Credential] = relationship(lazy="raise_on_sql")


class BadgeArtefact(Base):
    """The badge of a certificate as it was handed out: the credential with its proof, and the same as a token.

    Both are files of the store; `sha256` is that of the credential in JSON, which is also attached to the document.
    """

    __tablename__ = "badge_artefact"

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("badge_place.id"), unique=True)
    credential_id: Mapped[int] = mapped_column(ForeignKey("credential.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    file_id: Mapped[str] = mapped_column(String(20), unique=True)
    token_file_id: Mapped[str] = mapped_column(String(20), unique=True)
    key_id: Mapped[str] = mapped_column(String(20))
    token_key_id: Mapped[str] = mapped_column(String(20))
    made_at: Mapped[datetime]
    place: Mapped[BadgePlace] = relationship(lazy="raise_on_sql")
