"""The tables of the register: its entries, its tree of hashes, its signed heads and proofs."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base


class RegisterHead(Base):
    """The one row that knows the size of the register; locked while an entry is added.

    `chain` is where the chain of hashes ended that the register was before it became a tree.
    """

    __tablename__ = "register_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(default=0)
    chain: Mapped[str] = mapped_column(String(64))


class RegisterEntry(Base):
    """One event of the register, and what it takes to make the bytes of its leaf (certificates.register.leaf).

    The leaf is number `seq` - 1 of the tree. `subject` and `facts` are commitments whose salts come from `secret`; they
    open as long as the number and the secret are there, and `parts` says which row is which in `facts`. Erasure empties
    them, and `forgotten_by` names the entry of kind `erased` that says so. `leaf`, `previous` and `chain` are of the
    chain before the tree; later entries have none.
    """

    __tablename__ = "register_entry"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(12))
    number: Mapped[str] = mapped_column(String(40), index=True)
    artefact_sha256: Mapped[str] = mapped_column(String(64), default="", index=True)
    badge_sha256: Mapped[str] = mapped_column(String(64), default="", server_default="")
    at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    subject: Mapped[str] = mapped_column(String(64), default="", server_default="")
    facts: Mapped[str] = mapped_column(String(64), default="", server_default="")
    secret: Mapped[str] = mapped_column(String(64), default="", server_default="")
    parts: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    forgotten_by: Mapped[int | None]
    leaf: Mapped[str | None] = mapped_column(String(64))
    previous: Mapped[str | None] = mapped_column(String(64))
    chain: Mapped[str | None] = mapped_column(String(64), unique=True)


class RegisterNode(Base):
    """The root of one whole subtree of the register; added with the leaf that completes it, and never changed."""

    __tablename__ = "register_node"

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))


class SignedHead(Base):
    """One signed head of the tree, kept for ever: `note` is what was signed, the other columns say the same."""

    __tablename__ = "register_signed_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(index=True)
    root: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    key_id: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text)


class RegisterProof(Base):
    """The proof that was kept for a certificate: the path from its newest document's entry to a signed head."""

    __tablename__ = "register_proof"

    number: Mapped[str] = mapped_column(String(40), primary_key=True)
    seq: Mapped[int] = mapped_column(unique=True)
    head_id: Mapped[int] = mapped_column(ForeignKey("register_signed_head.id"))
    path: Mapped[list[Any]]
    made_at: Mapped[datetime]
    head: Mapped[SignedHead] = relationship(lazy="raise_on_sql")
