"""The one answer about a certificate, by number or by file: page, JSON and command line all show this.

An answer for an unknown number has the same shape as any other and takes one statement to find, as a known one does.
What a file says of itself is never believed: only a number that our signature covers, or one of a file that we once
signed and that was changed since, leads to the register; of any other file the number is named as a claim and no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from app.body.queries import get_body
from certificates import queries
from certificates.badges.faults import Fault
from certificates.checking import issued
from certificates.checking.badge_verification import BadgeReason, is_badge, verify_badge
from certificates.checking.issued import IssuedFacts, IssuedView
from certificates.checking.judgement import LEADS_TO_REGISTER, exit_code_of, for_programs, spelt
from certificates.keys import published as published_keys
from certificates.keys.models import SigningKeyRow
from certificates.lifecycle.status import Event, Status, is_withdrawn
from certificates.models import Credential, Visibility
from certificates.numbers import NumberInvalid, parse_number
from certificates.register import services as register
from certificates.resigning import stolen
from certificates.resigning.stolen import KeyDoubt
from certificates.signatures.document_check import CheckReason, DocumentCheck, DocumentVerdict, check_document
from certificates.signatures.finding import Revision

OPEN_STATUSES = (Status.VALID, Status.EXPIRED, Status.NOT_YET_VALID, Status.SUPERSEDED)
SAID_WITH_ITS_DAY = (Status.REVOKED, Status.SUSPENDED)


@dataclass(frozen=True, kw_only=True)
class FileFinding:
    """What the check of a file found beside its verdict. `claimed_number`: what a file says that we did not sign.

    `form` is pdf, or that of a badge; `signer` is who signed a PDF, or who a badge says has issued it; `faults` are those
    of a badge's structure.
    """

    reason: CheckReason | KeyDoubt | BadgeReason
    sha256: str
    signer: str
    signed_at: datetime | None
    revisions: tuple[Revision, ...]
    claimed_number: str | None
    form: str = "pdf"
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the register says of one certificate at `checked_at`; everything but status, issuer and time may be absent.

    `supervision` is a code (see certificates.issuing.documents), `reason` the class of a revocation's reason, `since` the
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
        return exit_code_of(self.status, self.document)

    def to_json_dict(self) -> dict[str, Any]:
        """The answer for programs; the same keys whatever is known."""
        day = {name: moment.isoformat() if moment else None for name, moment in self._days().items()}
        document = self.document.value if self.document else None
        told = {"status": self.status.value, "document": document, "checked_at": spelt(self.checked_at)}
        return for_programs(vars(self) | told | day)

    def _days(self) -> dict[str, date | None]:
        return {"issued_on": self.issued_on, "valid_until": self.valid_until}


def verify_number(text: str, now: datetime) -> Answer:
    """The answer for a number as typed, scanned or opened. A text that is no number is as unknown as any other."""
    try:
        number = parse_number(text)
    except NumberInvalid:
        issued.find_view("")  # it takes as long as any other unknown one
        return _unknown(now)
    return _answer(number, now)


def verify_shared(number: str, now: datetime) -> Answer:
    """The answer for a canonical number as a link of its holder shows it: everything, unless they withdrew it."""
    return _answer(number, now, is_shared=True)


def verify_file(data: bytes, now: datetime) -> Answer:
    """The answer for an uploaded file, a PDF or a badge. Never raises for any content of it; nothing of it is kept."""
    verdict, number, finding = check_file(data, published_keys.list_keys(), now)
    if verdict in LEADS_TO_REGISTER and number is not None:
        return _answer(number, now, verdict, finding)
    return _unknown(now, verdict, replace(finding, claimed_number=number))


Checked = tuple[DocumentVerdict, str | None, FileFinding]
"""What a file is, the number in it (a claim unless the verdict leads to the register), and what was found."""


def check_file(data: bytes, keys: Sequence[SigningKeyRow], now: datetime) -> Checked:
    """The check of a file, before the register is asked how its certificate stands. Never raises."""
    return _check_badge(data, keys, now) if is_badge(data) else _check_pdf(data, keys)


def _check_pdf(data: bytes, keys: Sequence[SigningKeyRow]) -> Checked:
    check = check_document(data, published_keys.root_certificates(keys), queries.find_number_of)
    check, doubt = stolen.judge(_remembered(check), keys)
    finding = FileFinding(
        reason=doubt or check.reasons[0],
        sha256=check.sha256,
        signer=check.signer,
        signed_at=check.signed_at,
        revisions=check.revisions,
        claimed_number=None,
    )
    return check.verdict, check.number, finding


def _remembered(check: DocumentCheck) -> DocumentCheck:
    """The document of somebody who was erased: the register has its hash still, and no longer whose it was."""
    if check.reasons[0] is not CheckReason.HASH_UNKNOWN or not register.knows_forgotten(check.sha256):
        return check
    return replace(check, verdict=DocumentVerdict.EXACT, reasons=(CheckReason.HASH_KNOWN,))


def _check_badge(data: bytes, keys: Sequence[SigningKeyRow], now: datetime) -> Checked:
    check = verify_badge(data, keys, now)
    finding = FileFinding(
        reason=check.reason,
        sha256=check.sha256,
        signer=check.issuer,
        signed_at=check.signed_at,
        revisions=(),
        claimed_number=None,
        form=check.form.value,
        faults=check.faults,
    )
    return check.verdict, check.number, finding


def _unknown(
    now: datetime, document: DocumentVerdict | None = None, file: FileFinding | None = None, number: str | None = None
) -> Answer:
    return Answer(
        status=Status.UNKNOWN, issuer=get_body().name, checked_at=now, document=document, file=file, number=number
    )


def _answer(
    number: str,
    now: datetime,
    document: DocumentVerdict | None = None,
    file: FileFinding | None = None,
    *,
    is_shared: bool = False,
) -> Answer:
    credential = issued.find_view(number)
    if credential is None:
        return _unknown(now, document, file, number)
    standing = credential.standing(now)
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
    if is_withdrawn(now, credential.history) or not shows_facts(credential, standing.status, is_shared=is_shared):
        if standing.status not in SAID_WITH_ITS_DAY:
            common["since"] = None  # it would tell a date of the certificate
        return Answer(**common)  # type: ignore[arg-type]
    return Answer(**common, **_shown(credential, standing.status, now))  # type: ignore[arg-type]


def shows_facts(credential: Credential | IssuedView | IssuedFacts, status: Status, *, is_shared: bool = False) -> bool:
    """Whether the page of the number, or of a link, says more than how the certificate stands: name, award, dates."""
    return (is_shared or credential.visibility != Visibility.SHARE_ONLY) and status is not Status.WITHDRAWN


def _shown(credential: IssuedView, status: Status, now: datetime) -> dict[str, Any]:
    """What a holder who hides nothing shows of a certificate."""
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
        "replaced_by": _find_newer(credential, now),
        "pdf_url": _pdf_url(credential, status),
        "register_seq": credential.register_seq,
        "key_id": (credential.key_fingerprint or "")[:16],
    }


def _find_newer(credential: IssuedView, now: datetime) -> str | None:
    """The number of the certificate that took the place of this one, once it is issued and where its holder shows it.

    Only a history that speaks of one is worth a second statement.
    """
    if not any(entry.kind is Event.SUPERSEDED for entry in credential.history):
        return None
    successor = queries.find_issued_successor(credential.id)
    if successor is None or not shows_facts(successor, queries.standing_of(successor, now).status):
        return None
    return successor.number


def _pdf_url(credential: IssuedView, status: Status) -> str | None:
    """Where anybody may fetch the document: only where its holder wants it and the award was not taken away."""
    if credential.visibility != Visibility.PUBLIC or status not in OPEN_STATUSES:
        return None
    return f"{credential.base_address}/certificates/{credential.public_id}.pdf"
