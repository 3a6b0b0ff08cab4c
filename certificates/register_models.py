"""The tables of trust: the published keys, and the register whose entries are chained by hashes."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class SigningKeyRow(Base):
    """The public half of a key, published for ever: what checks a document needs no key folder."""

    __tablename__ = "signing_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_id: Mapped[str] = mapped_column(String(20), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    algorithm: Mapped[str] = mapped_column(String(30))
    not_before: Mapped[datetime]
    not_after: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12))
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    subject: Mapped[str] = mapped_column(String(300))
    issuer_id: Mapped[str] = mapped_column(String(20))
    certificate_pem: Mapped[str] = mapped_column(Text)
    specimen: Mapped[bool]
    compromised_at: Mapped[datetime | None]


class RegisterHead(Base):
    """The one row that knows the end of the register; locked while an entry is added."""

    __tablename__ = "register_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(default=0)
    chain: Mapped[str] = mapped_column(String(64))


class RegisterEntry(Base):
    """One event of the register: a hash over what happened, and a hash over that and everything before it.

    It holds no name and no reason. `leaf` covers kind, number, document and time; `chain` covers `leaf` and `previous`.
    """

    __tablename__ = "register_entry"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(12))
    number: Mapped[str] = mapped_column(String(40), index=True)
    artefact_sha256: Mapped[str] = mapped_column(String(64), default="")
    at: Mapped[datetime]
    leaf: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    chain: Mapped[str] = mapped_column(String(64), unique=True)
