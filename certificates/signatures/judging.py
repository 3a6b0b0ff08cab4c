"""Judging one signature: is its signer one of ours, and does it hold for the bytes it covers?

Order matters. First the signer's certificate is checked against our roots, with our public keys; only one that a root
of ours has signed gets any further, so no key of a stranger is ever computed with. Then the signature itself is
checked by pyHanko's CMS code.

**Time.** A signature is judged at its signing time: the signer's certificate must have been valid then, and the root's.
That the certificate has ended since says nothing about an old document, so it never turns a genuine certificate into a
foreign one. The signing time is the signer's own statement, which is enough here because the signer is ourselves: a key
that was stolen is answered by the register, which knows every document that was really issued by its hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from certificates.signatures.finding import SignatureSlot, find_signing_time
from certificates.signatures.timestamps import find_stamped_at

if TYPE_CHECKING:
    from cryptography import x509


class SignatureStanding(StrEnum):
    """What one signature is worth."""

    HOLDS = "holds"
    BROKEN = "broken"
    FOREIGN = "foreign"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class SignatureFinding:
    """What was found about one signature. `fingerprint` is the SHA-256 of the signer's certificate in hex.

    `stamped_at` is the time by a timestamp authority, looked for only where the signature holds.
    """

    slot: SignatureSlot
    standing: SignatureStanding
    signer: str = ""
    fingerprint: str = ""
    signed_at: datetime | None = None
    in_window: bool = True
    stamped_at: datetime | None = None


def judge_signature(data: bytes, slot: SignatureSlot, roots: Sequence[x509.Certificate]) -> SignatureFinding:
    """Judge one signature of a file. Never raises: a container that cannot be read is UNREADABLE."""
    try:
        return _judge(data, slot, roots)
    except Exception:  # hostile ASN.1 fails in more ways than its parser documents, and none may stop the check
        return SignatureFinding(slot, SignatureStanding.UNREADABLE)


def _judge(data: bytes, slot: SignatureSlot, roots: Sequence[x509.Certificate]) -> SignatureFinding:
    from cryptography import x509

    if not slot.contents:
        return SignatureFinding(slot, SignatureStanding.UNREADABLE)
    container = _container(slot.contents)
    certificate_der, signer_info = _signer_of(container)
    certificate = x509.load_der_x509_certificate(certificate_der)
    root = _find_root(certificate, roots)
    signed_at = find_signing_time(data, slot)
    if root is None:
        return _finding(slot, SignatureStanding.FOREIGN, certificate, signed_at)
    if not (_valid_at(certificate, signed_at) and _valid_at(root, signed_at)):
        return _finding(slot, SignatureStanding.FOREIGN, certificate, signed_at, in_window=False)
    holds = slot.end <= len(data) and _holds(signer_info, certificate_der, slot.signed_bytes(data))
    finding = _finding(slot, SignatureStanding.HOLDS if holds else SignatureStanding.BROKEN, certificate, signed_at)
    return replace(finding, stamped_at=find_stamped_at(signer_info)) if holds else finding


def _container(contents: bytes) -> Any:
    """Read the CMS signed data (RFC 5652); the zeros after it are filling."""
    from asn1crypto import cms

    info = cms.ContentInfo.load(contents)
    if info["content_type"].native != "signed_data":
        raise ValueError("a PDF signature is CMS signed data")
    return info["content"]


def _signer_of(container: Any) -> tuple[bytes, Any]:
    """Return the one signer's certificate in DER and its signer info; ValueError unless there is exactly one."""
    [signer_info] = container["signer_infos"]
    wanted = signer_info["sid"].chosen
    for choice in container["certificates"]:
        certificate = choice.chosen
        if signer_info["sid"].name == "issuer_and_serial_number":
            same = (certificate.issuer, certificate.serial_number) == (wanted["issuer"], wanted["serial_number"].native)
        else:
            same = certificate.key_identifier == wanted.native
        if same:
            return certificate.dump(), signer_info
    raise ValueError("the signer's certificate is not in the signature")


def _find_root(certificate: x509.Certificate, roots: Sequence[x509.Certificate]) -> x509.Certificate | None:
    """Return the root that has signed a certificate for signing documents, if one of ours has."""
    from cryptography.exceptions import InvalidSignature

    for root in roots:
        try:
            certificate.verify_directly_issued_by(root)
        except (ValueError, TypeError, InvalidSignature):
            continue
        return root if _may_sign_documents(certificate) else None
    return None


def _may_sign_documents(certificate: x509.Certificate) -> bool:
    from cryptography import x509

    extensions = certificate.extensions
    usage = extensions.get_extension_for_class(x509.KeyUsage).value
    constraints = extensions.get_extension_for_class(x509.BasicConstraints).value
    return usage.content_commitment and not constraints.ca


def _valid_at(certificate: x509.Certificate, moment: datetime | None) -> bool:
    return moment is not None and certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc


def _holds(signer_info: Any, certificate_der: bytes, covered: bytes) -> bool:
    from asn1crypto.x509 import Certificate
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    if signer_info["digest_algorithm"]["algorithm"].native != "sha256":
        return False
    digest = hashlib.sha256(covered).digest()
    intact, valid = validate_sig_integrity(signer_info, Certificate.load(certificate_der), "data", digest)
    return bool(intact and valid)


def _finding(
    slot: SignatureSlot,
    standing: SignatureStanding,
    certificate: x509.Certificate,
    signed_at: datetime | None,
    *,
    in_window: bool = True,
) -> SignatureFinding:
    from cryptography.hazmat.primitives import hashes

    fingerprint = certificate.fingerprint(hashes.SHA256()).hex()
    return SignatureFinding(slot, standing, certificate.subject.rfc4514_string(), fingerprint, signed_at, in_window)
