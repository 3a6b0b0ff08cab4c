"""Awards and certificates: who decided what on which evidence, the certificate that followed, and its exact bytes.

Nothing here is ever deleted. What a certificate is worth today is read from its history (`CredentialStatus`), which
only grows; whether its document exists yet is told by `Credential.state`.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.extensions import Base


class CaseState(StrEnum):
    """Where an award stands whose evidence is complete."""

    NAME = "name"  # the holder has yet to confirm the name
    STANDING = "standing"  # the board has recorded no standing decision for the level
    PERSON = "person"  # a named person has yet to decide
    DECIDED = "decided"
    LAPSED = "lapsed"  # the evidence no longer carries it, for example after a scheme's change


class CredentialState(StrEnum):
    """Whether the document exists: ordered, issued, or held because it cannot be printed or signed."""

    ORDERED = "ordered"
    ISSUED = "issued"
    HELD = "held"


class Visibility(StrEnum):
    """What the holder shows: page and document; the page to whoever has the number; or how it stands and no more."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    SHARE_ONLY = "share-only"


class Achievement(Base):
    """What can be earned: the award of a level, its full title and what its holder has shown."""

    __tablename__ = "achievement"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    level_code: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(160))
    criteria: Mapped[str] = mapped_column(Text, default="")


class StandingDecision(Base):
    """A minuted decision of the board: whoever meets a level's scheme has its award. Ended, never changed."""

    __tablename__ = "standing_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    level_code: Mapped[str] = mapped_column(String(40), index=True)
    text: Mapped[str] = mapped_column(Text)
    minuted_on: Mapped[date]
    recorded_by: Mapped[str] = mapped_column(String(20))
    recorded_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(String(20), default="")


class AwardCase(Base):
    """An award whose evidence is complete, from the moment it was found so. `detail` says what stands in its way."""

    __tablename__ = "award_case"
    __table_args__ = (
        UniqueConstraint("person_id", "level_code", "cycle"),
        CheckConstraint("state IN ('name', 'standing', 'person', 'decided', 'lapsed')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    level_code: Mapped[str] = mapped_column(String(40))
    cycle: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(10), index=True)
    ready_at: Mapped[datetime]
    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class AwardDecision(Base):
    """One decision on one award: the rule, the evidence it looked at, the outcome, and who decided.

    `decided_by` is `standing:<public id>` of a standing decision, or the public id of a person. `cycle` counts the
    awards of a level to one person: 1, and more for a replacement or a renewal. `declaration` is what a person who
    decided declared of themselves, word for word.
    """

    __tablename__ = "award_decision"
    __table_args__ = (
        UniqueConstraint("person_id", "level_code", "cycle"),
        CheckConstraint("outcome IN ('award', 'declined')", name="outcome"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    level_code: Mapped[str] = mapped_column(String(40))
    scheme_code: Mapped[str] = mapped_column(String(40))
    scheme_version: Mapped[int]
    cycle: Mapped[int] = mapped_column(default=1)
    rule: Mapped[dict[str, Any]]
    inputs: Mapped[dict[str, Any]]
    inputs_hash: Mapped[str] = mapped_column(String(64))
    sources: Mapped[list[Any]]
    engine_version: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[str] = mapped_column(String(40))
    decided_at: Mapped[datetime]
    declaration: Mapped[str] = mapped_column(String(300), default="", server_default="")


class Credential(Base):
    """One certificate. Its number and everything its document says are fixed before anything is signed.

    `development_from`: the day from which continuing development counts towards its renewal; None: from `issued_on`.
    """

    __tablename__ = "credential"
    __table_args__ = (
        CheckConstraint("state IN ('ordered', 'issued', 'held')", name="state"),
        CheckConstraint("visibility IN ('public', 'unlisted', 'share-only')", name="visibility"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("award_decision.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    holder_name: Mapped[str] = mapped_column(String(160))
    level_code: Mapped[str] = mapped_column(String(40))
    scheme_code: Mapped[str] = mapped_column(String(40))
    scheme_version: Mapped[int]
    achievement: Mapped[dict[str, Any]]
    supervision: Mapped[str] = mapped_column(String(40), default="")
    waiver: Mapped[str] = mapped_column(Text, default="")
    issuer: Mapped[str] = mapped_column(String(120))
    issued_on: Mapped[date]
    valid_until: Mapped[date | None]
    zone: Mapped[str] = mapped_column(String(60))
    visibility: Mapped[str] = mapped_column(String(10), default=Visibility.UNLISTED)
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("credential.id"), unique=True)
    development_from: Mapped[date | None]
    base_address: Mapped[str] = mapped_column(String(200))
    specimen: Mapped[bool] = mapped_column(default=False)
    model: Mapped[dict[str, Any]]
    template_version: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default=CredentialState.ORDERED, index=True)
    problem: Mapped[str] = mapped_column(Text, default="")
    ordered_at: Mapped[datetime]

    decision: Mapped[AwardDecision] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise_on_sql")
    history: Mapped[list["CredentialStatus"]] = relationship(
        lazy="raise_on_sql", order_by="CredentialStatus.id", back_populates="credential"
    )
    artefact: Mapped["Artefact | None"] = relationship(lazy="raise_on_sql", back_populates="credential")
    successor: Mapped["Credential | None"] = relationship(lazy="raise_on_sql", back_populates="predecessor")
    predecessor: Mapped["Credential | None"] = relationship(
        lazy="raise_on_sql", back_populates="successor", remote_side="Credential.id"
    )
    revocations: Mapped[list["Revocation"]] = relationship(
        lazy="raise_on_sql", order_by="Revocation.id", back_populates="credential"
    )


class CredentialStatus(Base):
    """One event of a certificate's history; rows are only ever added.

    `kind` is one of `certificates.lifecycle.status.Event`. A suspension runs from `from_at` to `until_at`, or open-ended until
    it is lifted; the other kinds take effect at `from_at`.
    """

    __tablename__ = "credential_status"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('suspended', 'lifted', 'revoked', 'corrected', 'superseded', 'withdrawn', 'restored')",
            name="kind",
        ),
        CheckConstraint("until_at IS NULL OR until_at > from_at", name="times"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    credential_id: Mapped[int] = mapped_column(ForeignKey("credential.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    reason_class: Mapped[str] = mapped_column(String(12), default="")
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    by: Mapped[str] = mapped_column(String(20))
    second_by: Mapped[str] = mapped_column(String(20), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[datetime]
    credential: Mapped[Credential] = relationship(lazy="raise_on_sql", back_populates="history")


class Revocation(Base):
    """A revocation on its way: proposed by one person, confirmed by another, in force after the time for an appeal.

    `live` is 1 while it is on its way and NULL afterwards, so that a certificate has one at a time at most.
    `case_reference` is where the papers of the case are; a holder's own request needs none.
    """

    __tablename__ = "revocation"
    __table_args__ = (
        UniqueConstraint("credential_id", "live"),
        CheckConstraint(
            "state IN ('proposed', 'dropped', 'confirmed', 'appealed', 'effective', 'reversed')", name="state"
        ),
        CheckConstraint("reason_class IN ('error', 'misconduct', 'request')", name="reason_class"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name="two_people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    credential_id: Mapped[int] = mapped_column(ForeignKey("credential.id"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    live: Mapped[int | None]
    reason_class: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(Text)
    case_reference: Mapped[str] = mapped_column(String(60), default="", server_default="")
    proposed_by: Mapped[str] = mapped_column(String(20))
    proposed_at: Mapped[datetime]
    confirmed_by: Mapped[str | None] = mapped_column(String(20))
    confirmed_at: Mapped[datetime | None]
    appeal_until: Mapped[datetime | None]
    appealed_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(String(20), default="")
    ended_at: Mapped[datetime | None]
    credential: Mapped[Credential] = relationship(lazy="raise_on_sql", back_populates="revocations")


class CertificateReview(Base):
    """A certificate whose evidence is no longer what it rested on, such as after a changed key: officers decide.

    `source` is the public id of what brought it up, so that a handler that runs twice opens one. Nothing is revoked by
    itself: `revoke` only begins the way that every revocation takes.
    """

    __tablename__ = "certificate_review"
    __table_args__ = (
        UniqueConstraint("credential_id", "cause", "source"),
        CheckConstraint("decision IN ('', 'keep', 'revoke')", name="decision"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    credential_id: Mapped[int] = mapped_column(ForeignKey("credential.id"), index=True)
    cause: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(40), default="")
    detail: Mapped[dict[str, Any]]
    opened_at: Mapped[datetime]
    decision: Mapped[str] = mapped_column(String(10), default="")
    decided_by: Mapped[str] = mapped_column(String(20), default="")
    decided_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(String(2_000), default="")
    credential: Mapped[Credential] = relationship(lazy="raise_on_sql")


class SigningAttempt(Base):
    """The intent to sign, committed before a signature is made: so no signed file can exist that nobody knows of."""

    __tablename__ = "signing_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    credential_id: Mapped[int] = mapped_column(ForeignKey("credential.id"), index=True)
    file_id: Mapped[str] = mapped_column(String(20), unique=True)
    key_id: Mapped[str] = mapped_column(String(20))
    began_at: Mapped[datetime]


class SignedDocument:
    """The columns of a signed file: its bytes by hash, size and place in the store, its key, its entry in the register."""

    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    size: Mapped[int]
    file_id: Mapped[str] = mapped_column(String(20), unique=True)
    key_fingerprint: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime]
    made_at: Mapped[datetime]
    register_seq: Mapped[int]


class Artefact(SignedDocument, Base):
    """The exact signed bytes of a certificate: one file for each, for ever."""

    __tablename__ = "artefact"

    id: Mapped[int] = mapped_column(primary_key=True)
    credential_id: Mapped[int] = mapped_column(ForeignKey("credential.id"), unique=True)
    credential: Mapped[Credential] = relationship(lazy="raise_on_sql", back_populates="artefact")
