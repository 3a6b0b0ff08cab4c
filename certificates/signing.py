"""Signing a rendered certificate: PAdES B-B as a certification signature that allows no change at all.

The profile is ETSI EN 319 142-1 B-B with ECDSA P-256 and SHA-256; DocMDP level 1 (ISO 32000-2, 12.8.2.2) forbids every
later change. The signature is invisible and fills the field that the renderer placed. pyHanko is imported with the
first signature, because that import alone takes more than a second. The key is handed to pyHanko once: its own signer
parses and checks the key every time.
"""

import hashlib
import io
from datetime import datetime
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from certificates.document_check import DocumentVerdict, check_document
from certificates.keys.store import KeyPurpose, OpenKey
from certificates.pdf.render import SIGNATURE_FIELD

BYTES_RESERVED = 6144
"""Hex digits kept for the signature: with our two certificates it takes about 3,400, and all files get one size."""


class SigningRefused(ValueError):
    """The key may not sign this document now, or what was signed does not check out; nothing is handed out."""


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


def sign_pdf(pdf: bytes, signer: DocumentSigner, signed_at: datetime, reason: str | None = None) -> bytes:
    """Return the signed document: the given bytes with one signed revision after them.

    `signed_at` has a zone and is what the document states as its signing time; `reason` is shown by readers. The result
    is checked as an upload would be, and only an exact answer is returned. Raises SigningRefused when the key is not
    active or the moment lies outside its window, and when the document has no empty field or fails the check.
    """
    if not signer.key.record.may_sign_at(signed_at):
        raise SigningRefused(f"key {signer.key.record.key_id} may not sign at {signed_at.isoformat()}")
    signed = _signed(pdf, signer, signed_at, reason)
    _refuse_unless_exact(signed, signer)
    return signed


def _signed(pdf: bytes, signer: DocumentSigner, signed_at: datetime, reason: str | None) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.signers import PdfSignatureMetadata

    metadata = PdfSignatureMetadata(
        field_name=SIGNATURE_FIELD,
        md_algorithm="sha256",
        reason=reason,
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    target = io.BytesIO()
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        _timed_pdf_signer(signed_at)(metadata, signer.as_pyhanko()).sign_pdf(
            writer, existing_fields_only=True, bytes_reserved=BYTES_RESERVED, output=target
        )
    except SigningError as problem:
        raise SigningRefused(f"the document cannot be signed: {problem}") from problem
    return target.getvalue()


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
    """Return the class of signers that keep their key open."""
    from asn1crypto.keys import PrivateKeyInfo
    from asn1crypto.x509 import Certificate
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    class OpenKeySigner(SimpleSigner):
        private_key: ec.EllipticCurvePrivateKey

        @classmethod
        def of(cls, key: OpenKey) -> "OpenKeySigner":
            own, *above = (Certificate.load(c.public_bytes(Encoding.DER)) for c in key.chain)
            store = SimpleCertificateStore()
            store.register_multiple(above)
            # pyHanko asks for key material of its own form and never sees ours: `sign_raw` below is all that signs
            signer = cls(own, PrivateKeyInfo(), store)
            signer.private_key = key.private_key
            return signer

        def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
            return self.private_key.sign(data, ec.ECDSA(hashes.SHA256()))

    return OpenKeySigner
