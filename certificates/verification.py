"""The one answer about a certificate, by number or by file: page, JSON and command line all show this.

An answer for an unknown number has the same shape as any other and takes one statement to find, as a known one does.
What a file says of itself is never believed: only a number that our signature covers, or one of a file that we once
signed and that was changed since, leads to the register; of any other file the number is named as a claim and no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from app.body.queries import get_body
from certificates import published_keys, queries
from certificates.document_check import CheckReason, DocumentCheck, DocumentVerdict, check_document
from certificates.keys.store import KeyState
from certificates.models import Credential, Visibility
from certificates.numbers import NumberInvalid, parse_number
from certificates.register_models import SigningKeyRow
from certificates.signature_scan import Revision
from certificates.status import Event, Status

GOOD, BAD, UNSURE = 0, 1, 2
OPEN_STATUSES = (Status.VALID, Status.EXPIRED, Status.NOT_YET_VALID, Status.SUPERSEDED)
LEADS_TO_REGISTER = (DocumentVerdict.EXACT, DocumentVerdict.GENUINE_NOT_EXACT, DocumentVerdict.ALTERED)


@dataclass(frozen=True, kw_only=True)
class FileFinding:
    """What the check of a file found beside its verdict. `claimed_number`: what a file says that we did not sign."""

    reason: CheckReason
    sha256: str
    signer: str
    signed_at: datetime | None
    revisions: tuple[Revision, ...]
    claimed_number: str | None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the register says of one certificate at `checked_at`; everything but status, issuer and time may be absent.

    `supervision` is a code (see documents.supervision_words), `reason` the class of a revocation's reason, `since` the
    moment from which the status holds, `replaced_by` the number of the successor where its holder shows it.
    """

    status: Status
    issuer: str
    checked_at: datetime
    number: str | None = None
    document: DocumentVerdict | None = None
    holder: str | None = None
    award: str | None = None
    level: str | None = None
    level_code: str | None = None
    supervision: str | None = None
    waiver: str | None = None
    issued_on: date | None = None
    valid_until: date | None = None
    since: datetime | None = None
    reason: str | None = None
    replaced_by: str | None = None
    pdf_url: str | None = None
    specimen: bool = False
    criteria: str = ""
    register_seq: int | None = None
    key_id: str = ""
    visibility: str = ""
    file: FileFinding | None = None

    @property
    def exit_code(self) -> int:
        """0: valid, and exact where a file was given; 1: ours and not to be relied on; 2: could not tell, or not ours."""
        if self.document is DocumentVerdict.ALTERED:
            return BAD
        if self.status is Status.UNKNOWN or self.document not in (None, *LEADS_TO_REGISTER):
            return UNSURE
        if self.status is not Status.VALID:
            return BAD
        return UNSURE if self.document is DocumentVerdict.GENUINE_NOT_EXACT else GOOD

    def to_json_dict(self) -> dict[str, Any]:
        """The answer for programs; the same keys whatever is known."""
        return {
            "status": self.status.value,
            "document": self.document.value if self.document else None,
            "number": self.number,
            "holder": self.holder,
            "award": self.award,
            "level": self.level,
            "supervision": self.supervision,
            "waiver": self.waiver,
            "issued_on": self.issued_on.isoformat() if self.issued_on else None,
            "valid_until": self.valid_until.isoformat() if self.valid_until else None,
            "issuer": self.issuer,
            "reason": self.reason,
            "replaced_by": self.replaced_by,
            "specimen": self.specimen,
            "pdf_url": self.pdf_url,
            "checked_at": self.checked_at.astimezone(UTC).isoformat(timespec="seconds"),
        }


def verify_number(text: str, now: datetime) -> Answer:
    """The answer for a number as typed, scanned or opened. A text that is no number is as unknown as any other."""
    try:
        number = parse_number(text)
    except NumberInvalid:
        return _unknown(now)
    return _answer(number, now)


def verify_file(data: bytes, now: datetime) -> Answer:
    """The answer for an uploaded file. Never raises for any content of it; nothing of it is kept."""
    keys = published_keys.list_keys()
    check = check_document(data, published_keys.root_certificates(keys), queries.find_number_of)
    verdict = _verdict(check, keys)
    trusted = verdict in LEADS_TO_REGISTER and check.number is not None
    finding = FileFinding(
        reason=check.reasons[0],
        sha256=check.sha256,
        signer=check.signer,
        signed_at=check.signed_at,
        revisions=check.revisions,
        claimed_number=None if trusted else check.number,
    )
    number = check.number if trusted else None
    return _answer(number, now, verdict, finding) if number else _unknown(now, verdict, finding)


def _verdict(check: DocumentCheck, keys: Sequence[SigningKeyRow]) -> DocumentVerdict:
    """The verdict, with keys that were stolen in mind: of those only what the register knows by its hash is believed."""
    stolen = {key.fingerprint for key in keys if key.state == KeyState.COMPROMISED}
    if check.verdict is DocumentVerdict.GENUINE_NOT_EXACT and check.signer_fingerprint in stolen:
        return DocumentVerdict.OTHER_SIGNER
    return check.verdict


def _unknown(
    now: datetime, document: DocumentVerdict | None = None, file: FileFinding | None = None, number: str | None = None
) -> Answer:
    return Answer(
        status=Status.UNKNOWN, issuer=get_body().name, checked_at=now, document=document, file=file, number=number
    )


def _answer(
    number: str, now: datetime, document: DocumentVerdict | None = None, file: FileFinding | None = None
) -> Answer:
    credential = queries.find_issued(number)
    if credential is None:
        return _unknown(now, document, file, number)
    standing = queries.standing_of(credential, now)
    common = {
        "status": standing.status,
        "issuer": credential.issuer,
        "checked_at": now,
        "number": number,
        "document": document,
        "file": file,
        "since": standing.since,
        "reason": standing.reason_class or None,
        "specimen": credential.specimen,
        "visibility": credential.visibility,
    }
    if credential.visibility == Visibility.PRIVATE:
        return Answer(**common)  # type: ignore[arg-type]
    return Answer(**common, **_shown(credential, standing.status))  # type: ignore[arg-type]


def _shown(credential: Credential, status: Status) -> dict[str, Any]:
    """What a holder who hides nothing shows of a certificate."""
    artefact = credential.artefact
    return {
        "holder": credential.holder_name,
        "award": credential.achievement["title"],
        "level": credential.achievement["level_title"],
        "level_code": credential.level_code,
        "criteria": credential.achievement.get("criteria", ""),
        "supervision": credential.supervision,
        "waiver": credential.waiver or None,
        "issued_on": credential.issued_on,
        "valid_until": credential.valid_until,
        "replaced_by": _find_newer(credential),
        "pdf_url": _pdf_url(credential, status),
        "register_seq": artefact.register_seq if artefact else None,
        "key_id": artefact.key_fingerprint[:16] if artefact else "",
    }


def _find_newer(credential: Credential) -> str | None:
    """The number of the certificate that took the place of this one, once it is issued and where its holder shows it.

    Only a history that speaks of one is worth a second statement.
    """
    if not any(row.kind == Event.SUPERSEDED for row in credential.history):
        return None
    successor = queries.find_issued_successor(credential.id)
    return successor.number if successor is not None and successor.visibility != Visibility.PRIVATE else None


def _pdf_url(credential: Credential, status: Status) -> str | None:
    """Where anybody may fetch the document: only where its holder wants it and the award was not taken away."""
    if credential.visibility != Visibility.PUBLIC or status not in OPEN_STATUSES:
        return None
    return f"{credential.base_address}/certificates/{credential.public_id}.pdf"
