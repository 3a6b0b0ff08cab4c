"""Signing a rendered certificate: PAdES B-B or B-T as a certification signature that allows no change at all.

The profile is ETSI EN 319 142-1 with ECDSA P-256 and SHA-256: level B-B, and B-T where an authority stamps the time;
DocMDP level 1 (ISO 32000-2, 12.8.2.2) forbids every later change. The signature is invisible and fills the field that
the renderer placed. pyHanko is imported with the first signature, because that import alone takes more than a second.
It never sees the key: its own signer parses and checks the key every time, ours asks whoever holds it for a signature.
"""

from __future__ import annotations

import hashlib
import io
from datetime import datetime
from functools import cache
from typing import Any

from certificates.keys.store import KeyPurpose, OpenKey
from certificates.pdf.structure import SIGNATURE_FIELD
from certificates.signatures.document_check import DocumentVerdict, check_document
from certificates.signatures.timestamps import TimestampAuthority, TimestampRefused, as_pyhanko

BYTES_RESERVED = 6144
"""Hex digits kept for the signature: with our two certificates it takes about 3,400, and all files get one size."""
BYTES_FOR_TIMESTAMP = 14336
"""Hex digits kept besides for the token of a timestamp authority with its certificates, some 8,000 bytes at most."""


class SigningRefused(ValueError):
    """The key may not sign this document now, or what was signed does not check out; nothing is handed out."""


class TimestampMissing(SigningRefused):
    """A timestamp is asked for and the authority gave none; without one nothing is handed out."""


class DocumentSigner:
    """A key held open and ready to sign many documents, from several threads."""

    def __init__(self, key: OpenKey) -> None:
        if key.record.purpose is not KeyPurpose.DOCUMENT_SIGNING:
            raise SigningRefused(f"key {key.record.key_id} is not for signing documents")
        self.key = key
        self._signer: Any = None

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the signer's certificate in hex, to be stored with each document."""
        return self.key.record.fingerprint

    def as_pyhanko(self) -> Any:
        """Return the pyHanko signer of this key, made once."""
        if self._signer is None:
            self._signer = _signer_class().of(self.key)
        return self._signer


def sign_pdf(
    pdf: bytes,
    signer: DocumentSigner,
    signed_at: datetime,
    reason: str | None = None,
    *,
    authority: TimestampAuthority | None = None,
) -> bytes:
    """Return the signed document: the given bytes with one signed revision after them.

    `signed_at` has a zone and is what the document states as its signing time; `reason` is shown by readers. With an
    `authority` the signature carries its timestamp (B-T). The result is checked as an upload would be, and only an
    exact answer is returned. Raises SigningRefused when the key is not active or the moment lies outside its window,
    and when the document has no empty field or fails the check; TimestampMissing when the authority gives no timestamp.
    """
    if not signer.key.record.may_sign_at(signed_at):
        raise SigningRefused(f"key {signer.key.record.key_id} may not sign at {signed_at.isoformat()}")
    signed = _signed(pdf, signer, signed_at, reason, authority)
    _refuse_unless_exact(signed, signer)
    return signed


def _signed(
    pdf: bytes,
    signer: DocumentSigner,
    signed_at: datetime,
    reason: str | None = None,
    authority: TimestampAuthority | None = None,
) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.misc import PdfWriteError
    from pyhanko.sign.general import SigningError

    stamper = as_pyhanko(authority, signed_at) if authority else None
    reserved = BYTES_RESERVED + (BYTES_FOR_TIMESTAMP if authority else 0)
    target = io.BytesIO()
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        pdf_signer = _timed_pdf_signer(signed_at)(_metadata(reason), signer.as_pyhanko(), timestamper=stamper)
        pdf_signer.sign_pdf(writer, existing_fields_only=True, bytes_reserved=reserved, output=target)
    except TimestampRefused as problem:
        raise TimestampMissing(f"the timestamp authority gave no timestamp: {problem}") from problem
    except (SigningError, PdfWriteError) as problem:
        raise SigningRefused(f"the document cannot be signed: {problem}") from problem
    return target.getvalue()


def _metadata(reason: str | None) -> Any:
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata

    return PdfSignatureMetadata(
        field_name=SIGNATURE_FIELD,
        md_algorithm="sha256",
        reason=reason,
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )


def _refuse_unless_exact(signed: bytes, signer: DocumentSigner) -> None:
    """Check what was signed with its own hash as the only stored one."""
    own = hashlib.sha256(signed).hexdigest()
    outcome = check_document(signed, [signer.key.chain[-1]], {own: "this document"}.get)
    if outcome.verdict is not DocumentVerdict.EXACT:
        reasons = ", ".join(reason.value for reason in outcome.reasons)
        raise SigningRefused(f"the signed document does not check out: {outcome.verdict.value} ({reasons})")


def _timed_pdf_signer(signed_at: datetime) -> Any:
    """Return pyHanko's signer with the signing time handed in instead of read from the system's clock."""
    from pyhanko.sign.signers import PdfSigner

    class TimedPdfSigner(PdfSigner):
        def init_signing_session(self, *args: Any, **options: Any) -> Any:
            session = super().init_signing_session(*args, **options)
            session.system_time = signed_at
            return session

    return TimedPdfSigner


@cache
def _signer_class() -> Any:
    """Return the class of signers that have the key sign, wherever it is."""

    from asn1crypto.keys import PrivateKeyInfo
    from asn1crypto.x509 import Certificate
    from cryptography.hazmat.primitives.serialization import Encoding
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    class KeptKeySigner(SimpleSigner):
        key: OpenKey

        @classmethod
        def of(cls, key: OpenKey) -> KeptKeySigner:
            own, *above = (Certificate.load(c.public_bytes(Encoding.DER)) for c in key.chain)
            store = SimpleCertificateStore()
            store.register_multiple(above)
            # pyHanko asks for key material of its own form and never sees ours: `sign_raw` below is all that signs
            signer = cls(own, PrivateKeyInfo(), store)
            signer.key = key
            return signer

        def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
            return self.key.sign(data)

    return KeptKeySigner
