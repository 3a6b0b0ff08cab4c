"""The tables of designs: a body's own looks for certificates in numbered versions, and which level uses which.

A version that was in use is never changed and never deleted: certificates refer to it, and their page is drawn from it
again after years. Designs that come with the house are no rows; they are named by code and version all the same.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base


class DesignState(StrEnum):
    """Where a version stands: still written, fixed because a level uses or used it, or laid aside."""

    DRAFT = "draft"
    IN_USE = "in-use"
    RETIRED = "retired"


class CertificateDesign(Base):
    """A design of the body; `copied_from` is the code and version it began as, such as `classic/1`."""

    __tablename__ = "certificate_design"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(24), unique=True)
    copied_from: Mapped[str] = mapped_column(String(40))
    made_by: Mapped[str] = mapped_column(String(20))
    made_at: Mapped[datetime]


class CertificateDesignVersion(Base):
    """One version of a design.

    `data` is what `certificates.pdf.design.Design.to_json_dict` gives, with `image_sha256` of a stored file in the place
    of each picture; `sha256` is the hash of its canonical JSON. `revision` counts the savings of a draft, `live` is 1 for
    the one draft of a design and NULL afterwards. `reason` says what is new in it.
    """

    __tablename__ = "certificate_design_version"
    __table_args__ = (
        UniqueConstraint("design_id", "version"),
        UniqueConstraint("design_id", "live"),
        CheckConstraint("state IN ('draft', 'in-use', 'retired')", name="state"),
        CheckConstraint("(state = 'draft') = (live IS NOT NULL)", name="live_draft"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    design_id: Mapped[int] = mapped_column(ForeignKey("certificate_design.id", ondelete="RESTRICT"))
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default=DesignState.DRAFT)
    live: Mapped[int | None] = mapped_column(default=1)
    data: Mapped[dict[str, Any]]
    sha256: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int] = mapped_column(default=1)
    reason: Mapped[str] = mapped_column(String(300), default="")
    made_by: Mapped[str] = mapped_column(String(20))
    made_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(20))
    changed_at: Mapped[datetime]
    retired_by: Mapped[str] = mapped_column(String(20), default="")
    retired_at: Mapped[datetime | None]
    design: Mapped[CertificateDesign] = relationship(lazy="raise_on_sql")


class LevelDesign(Base):
    """From when on a level is certified in a version of a design: who chose it, when, and why. Rows are only added.

    `version_id` is NULL for a design that comes with the house.
    """

    __tablename__ = "level_design"

    id: Mapped[int] = mapped_column(primary_key=True)
    level_code: Mapped[str] = mapped_column(String(40), index=True)
    design_code: Mapped[str] = mapped_column(String(24))
    design_version: Mapped[int]
    version_id: Mapped[int | None] = mapped_column(
        ForeignKey("certificate_design_version.id", ondelete="RESTRICT"), index=True
    )
    from_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(300))
    chosen_by: Mapped[str] = mapped_column(String(20))
    chosen_at: Mapped[datetime]


class CredentialDrawing(Base):
    """What a certificate is drawn with: its version of a design, which thereby cannot be deleted, and its fonts.

    `fonts` is a list of `certificates.pdf.catalogue.FontRecord` as plain data, NULL until the page is drawn.
    `version_id` is NULL for a design that comes with the house.
    """

    __tablename__ = "credential_drawing"

    id: Mapped[int] = mapped_column(primary_key=True)
    credential_id: Mapped[int] = mapped_column(ForeignKey("credential.id"), unique=True)
    version_id: Mapped[int | None] = mapped_column(
        ForeignKey("certificate_design_version.id", ondelete="RESTRICT"), index=True
    )
    fonts: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    drawn_at: Mapped[datetime | None]
