"""Answering for an uploaded file: is it the certificate that was issued, byte for byte, or what else?

A reader's "signature is valid" does not answer that: it stays when a later revision paints another name over the page,
and when a stranger signs a copy in the same style. Here a file is **exact** only if a signer under one of our roots
signed it, the signature covers the whole file, it forbids every change, and the SHA-256 is that of a stored document.
If only the hash differs (the signature's own filling can be changed without breaking it), the content is genuine, but
the file is not the one we issued. Anything saved into the file afterwards makes it **altered**, whatever it was.

The file is hostile until proved ours. It is scanned as raw bytes (certificates.signatures.finding), and a PDF parser sees
only bytes that our own key has signed. Work is bounded by the size of the file and the number of signatures looked at.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from certificates.numbers import ALPHABET, NumberInvalid, parse_number
from certificates.signatures.finding import Revision, can_show_nothing, list_revisions, list_signatures
from certificates.signatures.judging import SignatureFinding, SignatureStanding, judge_signature

if TYPE_CHECKING:
    from cryptography import x509

LARGEST_FILE = 2_000_000
"""Bytes; an issued certificate has under 80,000, and a few updates by common programs stay far below this."""

_GROUP = f"[{ALPHABET}]{{4}}".encode()
_NUMBER = re.compile(
    b"(?<![0-9A-Z-])" + _GROUP + b"(?:-" + _GROUP + b"){5}-" + f"[{ALPHABET}]{{3}}".encode() + b"(?![0-9A-Z-])"
)
_ENCRYPTED = re.compile(rb"/Encrypt\s{0,32}(?:\d{1,9}\s{1,32}\d{1,5}\s{1,32}R|<<)")
_MOST_NUMBERS = 20


class DocumentVerdict(StrEnum):
    """What an uploaded file is."""

    EXACT = "exact"
    GENUINE_NOT_EXACT = "genuine-not-exact"
    ALTERED = "altered"
    OTHER_SIGNER = "other-signer"
    UNSIGNED = "unsigned"
    NOT_OURS = "not-ours"


class CheckReason(StrEnum):
    """Why the verdict is what it is; a page says each in the reader's language."""

    HASH_KNOWN = "hash-known"
    HASH_UNKNOWN = "hash-unknown"
    BYTES_AFTER_SIGNATURE = "bytes-after-signature"
    UPDATE_AFTER_SIGNATURE = "update-after-signature"
    SIGNATURE_BROKEN = "signature-broken"
    CHANGES_ALLOWED = "changes-allowed"
    STRUCTURE_SUSPECT = "structure-suspect"
    SIGNER_UNKNOWN = "signer-unknown"
    SIGNER_OUTSIDE_WINDOW = "signer-outside-window"
    SIGNATURE_UNREADABLE = "signature-unreadable"
    NO_SIGNATURE = "no-signature"
    NOT_A_PDF = "not-a-pdf"
    TOO_BIG = "too-big"
    ENCRYPTED = "encrypted"
    BROKEN_FILE = "broken-file"


@dataclass(frozen=True)
class DocumentCheck:
    """The answer for one file.

    `number` is the certificate number: for an exact file the register's, otherwise what is written inside, and then
    `number_is_signed` says whether our signature covers it. Never take an unsigned number for more than a claim.
    `revisions` lists the saved states of the file; those that are not covered were added after signing. `stamped_at` is
    the time that a timestamp authority gave, where it stamped a signature of ours.
    """

    verdict: DocumentVerdict
    sha256: str
    reasons: tuple[CheckReason, ...]
    number: str | None = None
    number_is_signed: bool = False
    revisions: tuple[Revision, ...] = ()
    signer: str = ""
    signer_fingerprint: str = ""
    signed_at: datetime | None = None
    stamped_at: datetime | None = None


def check_document(
    data: bytes, roots: Sequence[x509.Certificate], known_hashes: Callable[[str], str | None]
) -> DocumentCheck:
    """Check an uploaded file against our roots and stored documents. Never raises for any content of `data`.

    `known_hashes` takes a SHA-256 in hex and returns the number of the certificate whose stored document has it, or
    None. It is asked once at most, and only for a file that our key has signed.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    refused = _find_refusal(data)
    if refused is not None:
        return DocumentCheck(DocumentVerdict.NOT_OURS, sha256, (refused,))
    findings = [judge_signature(data, slot, roots) for slot in list_signatures(data)]
    held = next((finding for finding in findings if finding.standing is SignatureStanding.HOLDS), None)
    if held is not None:
        return _signed_by_us(data, held, roots, sha256, known_hashes(sha256))
    return _not_held(data, findings, sha256)


def _find_refusal(data: bytes) -> CheckReason | None:
    """Say why a file is not looked into at all."""
    if len(data) > LARGEST_FILE:
        return CheckReason.TOO_BIG
    if b"%PDF-" not in data[:1024]:
        return CheckReason.NOT_A_PDF
    return None


def _signed_by_us(
    data: bytes, held: SignatureFinding, roots: Sequence[x509.Certificate], sha256: str, known: str | None
) -> DocumentCheck:
    """Tell exact, genuine and altered apart for a file that begins with a document of ours."""
    signed, tail = data[: held.slot.end], data[held.slot.end :]
    doubt = _find_doubt(signed, roots)
    if doubt is not None:
        verdict, reason = DocumentVerdict.ALTERED, doubt
    elif tail and not can_show_nothing(tail):
        verdict, reason = DocumentVerdict.ALTERED, CheckReason.UPDATE_AFTER_SIGNATURE
    elif tail:
        verdict, reason = DocumentVerdict.GENUINE_NOT_EXACT, CheckReason.BYTES_AFTER_SIGNATURE
    elif known is None:
        verdict, reason = DocumentVerdict.GENUINE_NOT_EXACT, CheckReason.HASH_UNKNOWN
    else:
        verdict, reason = DocumentVerdict.EXACT, CheckReason.HASH_KNOWN
    number = known if verdict is DocumentVerdict.EXACT else _find_number(held.slot.signed_bytes(data))
    return DocumentCheck(
        verdict=verdict,
        sha256=sha256,
        reasons=(reason,),
        number=number,
        number_is_signed=number is not None,
        revisions=list_revisions(data, held.slot.end),
        signer=held.signer,
        signer_fingerprint=held.fingerprint,
        signed_at=held.signed_at,
        stamped_at=held.stamped_at,
    )


def _not_held(data: bytes, findings: Sequence[SignatureFinding], sha256: str) -> DocumentCheck:
    """Answer for a file in which no signature of ours holds."""
    by_standing = {finding.standing: finding for finding in reversed(findings)}
    broken = by_standing.get(SignatureStanding.BROKEN)
    shown = broken or by_standing.get(SignatureStanding.FOREIGN) or (findings[0] if findings else None)
    verdict, reason = _verdict_without_signature(data, shown)
    if broken is not None:
        verdict, reason = DocumentVerdict.ALTERED, CheckReason.SIGNATURE_BROKEN
    return DocumentCheck(
        verdict=verdict,
        sha256=sha256,
        reasons=(reason,),
        number=_find_number(data),
        revisions=list_revisions(data, 0),
        signer=shown.signer if shown else "",
        signer_fingerprint=shown.fingerprint if shown else "",
        signed_at=shown.signed_at if shown else None,
    )


def _verdict_without_signature(data: bytes, shown: SignatureFinding | None) -> tuple[DocumentVerdict, CheckReason]:
    """Answer for a file that no key of ours has signed."""
    if _ENCRYPTED.search(data):
        return DocumentVerdict.NOT_OURS, CheckReason.ENCRYPTED
    if shown is None:
        whole = b"startxref" in data and b"%%EOF" in data
        return _UNSIGNED if whole else (DocumentVerdict.NOT_OURS, CheckReason.BROKEN_FILE)
    if shown.standing is SignatureStanding.UNREADABLE:
        return DocumentVerdict.OTHER_SIGNER, CheckReason.SIGNATURE_UNREADABLE
    outside = CheckReason.SIGNER_UNKNOWN if shown.in_window else CheckReason.SIGNER_OUTSIDE_WINDOW
    return DocumentVerdict.OTHER_SIGNER, outside


_UNSIGNED = (DocumentVerdict.UNSIGNED, CheckReason.NO_SIGNATURE)


def _find_number(data: bytes) -> str | None:
    """Return the first valid certificate number in the plain text of a file.

    PDF strings may write the hyphen as an octal escape (ISO 32000-2, 7.3.4.2), or be UTF-16.
    """
    plain = data.replace(b"\\055", b"-")
    for text in (plain, plain.replace(b"\0", b"")):
        for match, _ in zip(_NUMBER.finditer(text), range(_MOST_NUMBERS), strict=False):
            try:
                return parse_number(match.group().decode())
            except NumberInvalid:
                continue
    return None


def _find_doubt(signed: bytes, roots: Sequence[x509.Certificate]) -> CheckReason | None:
    """Let pyHanko judge a document that our key has signed: whole file covered, no changes allowed, chain to a root.

    Only such bytes come here, so its parser meets nothing that we did not write.
    """
    try:
        return _judge_structure(signed, roots)
    except Exception:  # a parser that fails on bytes we signed is a doubt, never a crash of the check
        return CheckReason.STRUCTURE_SUSPECT


def _judge_structure(signed: bytes, roots: Sequence[x509.Certificate]) -> CheckReason | None:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.fields import MDPPerm
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    [signature] = PdfFileReader(io.BytesIO(signed)).embedded_regular_signatures
    # a timestamp comes from somebody whose root we do not hold: timestamps.py looks at it, nothing turns on it
    del signature.signer_info["unsigned_attrs"]
    status = validate_pdf_signature(signature, _context(roots, signature.self_reported_timestamp))
    if status.coverage is not SignatureCoverageLevel.ENTIRE_FILE or not status.bottom_line:
        return CheckReason.STRUCTURE_SUSPECT
    return None if signature.docmdp_level is MDPPerm.NO_CHANGES else CheckReason.CHANGES_ALLOWED


def _context(roots: Sequence[x509.Certificate], signed_at: datetime | None) -> Any:
    """Trust in our roots alone, judged at the signing time, without any question to a network."""

    from asn1crypto.x509 import Certificate
    from cryptography.hazmat.primitives.serialization import Encoding
    from pyhanko_certvalidator import ValidationContext

    return ValidationContext(
        trust_roots=[Certificate.load(root.public_bytes(Encoding.DER)) for root in roots],
        moment=signed_at,
        best_signature_time=signed_at,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
