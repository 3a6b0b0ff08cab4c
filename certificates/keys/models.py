"""The table of published keys: what checks a document years later needs no key folder."""

from datetime import datetime
from functools import lru_cache

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from certificates.keys.material import PublicKey, public_pem, read_public


@lru_cache(maxsize=64)
def _public_of(certificate_pem: str) -> str:
    from cryptography import x509

    return public_pem(x509.load_pem_x509_certificate(certificate_pem.encode()).public_key())  # type: ignore[arg-type]


@lru_cache(maxsize=64)
def _read(pem: str) -> PublicKey:
    return read_public(pem)


class SigningKeyRow(Base):
    """The public half of a key, published for ever: what checks a document needs no key folder.

    `certificate_pem` is empty for keys without a certificate. Rows from before there were such keys hold their public
    half in the certificate alone; `public_pem` is there for all.
    """

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
    kept_public_pem: Mapped[str] = mapped_column("public_pem", Text, default="", server_default="")
    specimen: Mapped[bool]
    compromised_at: Mapped[datetime | None]

    @property
    def public_pem(self) -> str:
        """SubjectPublicKeyInfo as PEM text."""
        return self.kept_public_pem or _public_of(self.certificate_pem)

    @property
    def public_key(self) -> PublicKey:
        """The public half, ready to check signatures."""
        return _read(self.public_pem)
