"""The answer about a certificate from an exported folder alone: the same words and exit codes as `laurel verify`. Pure.

How a certificate stands is told as of the moment of the export; only what follows from its dates is told for today.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from certificates.checking.judgement import LEADS_TO_REGISTER, exit_code_of, for_programs, spelt
from certificates.exit_kit.folder import Kit
from certificates.exit_kit.layout import file_of
from certificates.exit_kit.manifest import KitBroken
from certificates.lifecycle.status import Status
from certificates.numbers import NumberInvalid, parse_number
from certificates.register.leaf import LeafInvalid
from certificates.register.proof import Proof, ProofInvalid
from certificates.signatures.document_check import DocumentVerdict

BY_DATES = (Status.VALID, Status.NOT_YET_VALID, Status.EXPIRED)
SHOWN = (
    "holder", "award", "level", "supervision", "waiver", "issued_on", "valid_until", "reason", "replaced_by",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class FileFound:
    """What the check of a file came to.

    `why` is a code such as hash-known. `number` is believed where `document` leads to the register, else a claim.
    `begins_at` and `ends_at` are what the export knows of the dates in this very file.
    """

    document: DocumentVerdict
    why: str
    number: str | None
    sha256: str
    form: str = "pdf"
    faults: tuple[str, ...] = ()
    begins_at: str | None = None
    ends_at: str | None = None


@dataclass(frozen=True, kw_only=True)
class KitAnswer:
    """One answer. `shown` holds what the folder tells of the certificate, under the names of SHOWN; dates as text."""

    status: Status
    issuer: str
    as_of: datetime
    checked_at: datetime
    specimen: bool
    number: str | None = None
    shown: dict[str, Any] = field(default_factory=dict)
    file: FileFound | None = None

    @property
    def document(self) -> DocumentVerdict | None:
        """What the file is, if one was given."""
        return self.file.document if self.file else None

    @property
    def exit_code(self) -> int:
        """0: valid, and exact where a file was given; 1: ours and not to be relied on; 2: could not tell, or not ours."""
        return exit_code_of(self.status, self.document)

    def to_json_dict(self) -> dict[str, Any]:
        """The answer for programs: the keys of `laurel verify`, and with them `as_of`, `why`, `faults` and `sha256`."""
        file = self.file
        told = {"status": self.status.value, "document": self.document.value if self.document else None}
        moments = {"checked_at": spelt(self.checked_at), "as_of": spelt(self.as_of)}
        of_file = {
            "why": file.why if file else None,
            "faults": list(file.faults) if file else [],
            "sha256": file.sha256 if file else None,
        }
        about = {"number": self.number, "issuer": self.issuer, "specimen": self.specimen}
        return for_programs(self.shown | about | told | moments) | {"as_of": moments["as_of"]} | of_file


def answer_number(kit: Kit, text: str, now: datetime) -> KitAnswer:
    """The answer for a number as typed. Raises KitBroken."""
    try:
        return _answer(kit, parse_number(text), now)
    except NumberInvalid:
        return _unknown(kit, now)


def answer_found(kit: Kit, found: FileFound, now: datetime) -> KitAnswer:
    """The answer for a file that was looked into. Raises KitBroken."""
    if found.document in LEADS_TO_REGISTER and found.number is not None:
        return replace(_answer(kit, found.number, now, found), file=found)
    return replace(_unknown(kit, now), file=found)


def _unknown(kit: Kit, now: datetime, number: str | None = None) -> KitAnswer:
    about = kit.manifest
    return KitAnswer(
        status=Status.UNKNOWN,
        issuer=about.issuer,
        as_of=about.made_at,
        checked_at=now,
        specimen=about.specimen,
        number=number,
    )


def _answer(kit: Kit, number: str, now: datetime, found: FileFound | None = None) -> KitAnswer:
    entry = kit.find_entry(number)
    if entry is None:
        return _unknown(kit, now, number)
    if entry.get("proof") is not None:
        _check_proof(kit, number, entry["proof"], found)
    shown = {name: entry.get(name) for name in SHOWN}
    return replace(_unknown(kit, now, number), status=_status(entry, found, now), shown=shown)


def _check_proof(kit: Kit, number: str, told: dict[str, Any], found: FileFound | None) -> None:
    """The entry is proved to be in the register under this number, and a PDF that counts is the one it was made for."""
    try:
        proof = replace(Proof.from_json_dict(told), number=number)
        proof.check(kit.log_keys)
        counts = found is not None and found.form == "pdf" and found.document is DocumentVerdict.EXACT
        if counts and found and proof.leaf.document != found.sha256:
            raise ProofInvalid("the register has another document under this number")
    except (ProofInvalid, LeafInvalid) as problem:
        raise KitBroken(file_of(number), f"its proof does not hold: {problem}") from problem


def _status(entry: dict[str, Any], found: FileFound | None, now: datetime) -> Status:
    """The word of the export; of the three that follow from dates, the one that is true now, where the dates are known."""
    status = Status(entry["status"])
    begins = entry.get("begins_at") or (found.begins_at if found else None)
    ends = entry.get("ends_at") or (found.ends_at if found else None)
    if status not in BY_DATES:
        return status
    if ends is not None and now >= datetime.fromisoformat(ends):
        return Status.EXPIRED
    if begins is None:
        return status
    return Status.NOT_YET_VALID if now < datetime.fromisoformat(begins) else Status.VALID
