"""What an answer about a certificate comes to, and the names under which programs read it. Pure.

The register's own answer and that of a folder which outlived the register say the same things in the same words: both are
made here.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from certificates.lifecycle.status import Status
from certificates.signatures.document_check import DocumentVerdict

GOOD, BAD, UNSURE = 0, 1, 2
LEADS_TO_REGISTER = (DocumentVerdict.EXACT, DocumentVerdict.GENUINE_NOT_EXACT, DocumentVerdict.ALTERED)
NAMES = (
    "status", "document", "number", "holder", "award", "level", "supervision", "waiver", "issued_on", "valid_until",
    "issuer", "reason", "replaced_by", "specimen", "pdf_url", "checked_at",
)  # fmt: skip
"""The keys of every answer, whatever is known, in their order."""


def exit_code_of(status: Status, document: DocumentVerdict | None) -> int:
    """0: valid, and exact where a file was given; 1: ours and not to be relied on; 2: could not tell, or not ours."""
    if document is DocumentVerdict.ALTERED:
        return BAD
    if status is Status.UNKNOWN or document not in (None, *LEADS_TO_REGISTER):
        return UNSURE
    if status is not Status.VALID:
        return BAD
    return UNSURE if document is DocumentVerdict.GENUINE_NOT_EXACT else GOOD


def for_programs(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of an answer under the keys of NAMES; None where one is not there."""
    return {name: facts.get(name) for name in NAMES}


def spelt(moment: datetime) -> str:
    """A moment as answers write it: UTC, whole seconds."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")
