"""People and what belongs to them: keys to sign in, sessions, roles, consents, affiliation."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base


class Person(Base):
    """Someone with an account. `name` is as it should stand on a certificate.

    Closed, an account can be reopened for a time; erased, the row stays as a name for nobody that records refer to.
    `withdraws_certificates`: whoever closed it wants their name gone from certificates too.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    email: Mapped[str] = mapped_column(String(320))
    email_confirmed_at: Mapped[datetime | None]
    password_hash: Mapped[str] = mapped_column(String(200))
    password_changed_at: Mapped[datetime]
    zone: Mapped[str] = mapped_column(String(60), default="")
    language: Mapped[str] = mapped_column(String(20), default="en")
    joined_at: Mapped[datetime]
    closed_at: Mapped[datetime | None] = mapped_column(index=True)
    withdraws_certificates: Mapped[bool] = mapped_column(default=False)
    erased_at: Mapped[datetime | None]
    name_confirmed_at: Mapped[datetime | None]

    roles: Mapped[list["RoleGrant"]] = relationship(lazy="raise_on_sql", back_populates="person")
    affiliations: Mapped[list["Affiliation"]] = relationship(lazy="raise_on_sql", back_populates="person")


Index("uq_person_email_lower", func.lower(Person.email), unique=True)


class EmailTokenKind(StrEnum):
    """What a mailed link is for."""

    CONFIRM = "confirm"
    RESET = "reset"
    CHANGE = "change"


class EmailToken(Base):
    """A mailed link: only the hash of its secret is kept, it ends soon and works once."""

    __tablename__ = "email_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(320))
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class WebSession(Base):
    """A browser that is signed in. The cookie holds the secret, this row its hash."""

    __tablename__ = "web_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    begun_at: Mapped[datetime]
    authenticated_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    device: Mapped[str] = mapped_column(String(120), default="")
    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class RoleGrant(Base):
    """A role held from a date, and to a date; never deleted, only ended. `guest_of`: the other body that sent them."""

    __tablename__ = "role_grant"
    __table_args__ = (CheckConstraint("ends_at IS NULL OR ends_at >= starts_at", name="dates"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    granted_by: Mapped[str] = mapped_column(String(20))
    granted_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(300), default="")
    guest_of: Mapped[str] = mapped_column(String(120), default="", server_default="")
    person: Mapped[Person] = relationship(lazy="raise_on_sql", back_populates="roles")


class Consent(Base):
    """A person's agreement to one version of one text of the body."""

    __tablename__ = "consent"
    __table_args__ = (UniqueConstraint("person_id", "page", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    page: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    given_at: Mapped[datetime]


class Affiliation(Base):
    """Whom a person works for or is tied to, as declared. `is_none` is an answer too. Changes make a new row."""

    __tablename__ = "affiliation"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    employer: Mapped[str] = mapped_column(String(160), default="")
    employer_key: Mapped[str] = mapped_column(String(160), default="", index=True)
    ties: Mapped[str] = mapped_column(String(500), default="")
    is_none: Mapped[bool] = mapped_column(default=False)
    declared_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(lazy="raise_on_sql", back_populates="affiliations")
