"""The answers of an exported folder in plain English: what is read here may be read long after our pages are gone. Pure."""

from certificates.exit_kit.answering import KitAnswer
from certificates.exit_kit.whole import WholeReport
from certificates.lifecycle.status import Status
from certificates.signatures.document_check import DocumentVerdict

STATUSES = {
    Status.VALID: "Valid: this certificate stood when the folder was made, and its time has not ended.",
    Status.NOT_YET_VALID: "Not yet valid: its first day has not come.",
    Status.EXPIRED: "Expired: it was valid, and its time has passed.",
    Status.SUSPENDED: "Suspended: it was not to be relied on when the folder was made.",
    Status.REVOKED: "Revoked: do not rely on this certificate.",
    Status.SUPERSEDED: "Replaced: a newer certificate took its place.",
    Status.WITHDRAWN: "Withdrawn by its holder: do not rely on it.",
    Status.UNKNOWN: "Not found: the folder knows no such certificate.",
}
DOCUMENTS = {
    DocumentVerdict.EXACT: "This is the file that was signed.",
    DocumentVerdict.GENUINE_NOT_EXACT: "Genuine content, but not the file that counts.",
    DocumentVerdict.ALTERED: "This file was altered after it was signed.",
    DocumentVerdict.OTHER_SIGNER: "Signed by somebody else.",
    DocumentVerdict.UNSIGNED: "This file has no signature.",
    DocumentVerdict.NOT_OURS: "This file is not one of this body, or cannot be read.",
}
LABELS = {
    "holder": "Holder", "award": "Award", "level": "Level", "issued_on": "Awarded", "valid_until": "Valid through",
    "supervision": "Examined", "reason": "Reason", "replaced_by": "Replaced by",
}  # fmt: skip


def in_words(answer: KitAnswer) -> str:
    """One answer for people, several lines."""
    lines = [DOCUMENTS[answer.document]] if answer.document else []
    lines.append(STATUSES[answer.status])
    facts = [("Number", answer.number), *((label, answer.shown.get(name)) for name, label in LABELS.items())]
    if answer.file:
        facts += [("Why", answer.file.why), *(("Fault", fault) for fault in answer.file.faults)]
    facts += [
        ("Issuer", answer.issuer + (" (a demonstration: its certificates are specimens)" if answer.specimen else "")),
        ("As of", answer.as_of.isoformat(timespec="seconds")),
        ("Read at", answer.checked_at.isoformat(timespec="seconds")),
    ]
    return "\n".join([*lines, *(f"  {label}: {value}" for label, value in facts if value)])


def in_a_line(name: str, answer: KitAnswer) -> str:
    """One answer of many."""
    document = f"{answer.document.value}, " if answer.document else ""
    why = f" ({answer.file.why})" if answer.file and answer.exit_code else ""
    return f"{name}: {document}{answer.status.value}{why}"


def of_whole(report: WholeReport) -> str:
    """The check of the whole folder for people."""
    lines = [f"{fault.path}: {fault.reason}" for fault in report.faults]
    if not report.faults:
        lines.append(
            f"{report.files} files, {report.entries} entries of the register, {report.certificates} certificates, "
            f"{report.proofs} proofs: they hold together."
        )
    return "\n".join([*lines, *(f"note: {note}" for note in report.notes)])
