"""What the answers of a check are called and what they advise, for pages and the command line."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from flask_babel import format_date, format_decimal
from flask_babel import gettext as _

from assessments.grading.messages import N_
from certificates.bulk.checking import NameAnswer
from certificates.checking import badge_words
from certificates.checking.badge_verification import BadgeReason
from certificates.checking.badge_words import fault_sentence
from certificates.checking.file_words import Fact
from certificates.cpd.hours import CpdKind
from certificates.issuing.documents import supervision_words
from certificates.lifecycle.revocations import reason_words
from certificates.lifecycle.status import Status
from certificates.resigning.stolen import KeyDoubt
from certificates.signatures.document_check import CheckReason, DocumentVerdict

__all__ = [
    "cpd_kinds",
    "day_of_text",
    "document_head",
    "fact_word",
    "fault_sentence",
    "file_word",
    "hours",
    "name_word",
    "reason_sentence",
    "reason_words",
    "short_date",
    "status_head",
    "status_tone",
    "supervision_words",
    "utc_day",
]


@dataclass(frozen=True)
class Head:
    """The solid head of an answer: its tone (valid, warning, danger, neutral), icon, word, and what to do."""

    tone: str
    icon: str
    word: str
    advice: str


def status_head(status: Status) -> Head:
    """How a status is shown."""
    tone, icon, word, advice = STATUS_HEADS[status]
    return Head(tone, icon, _(word), _(advice))


STATUS_HEADS = {
    Status.VALID: ("valid", "check", N_("Valid"), N_("This certificate stands today")),
    Status.NOT_YET_VALID: ("neutral", "clock", N_("Not yet valid"), N_("Its first day has not come")),
    Status.EXPIRED: ("warning", "clock", N_("Expired"), N_("It was valid, and its time has passed")),
    Status.SUSPENDED: ("warning", "lock", N_("Suspended"), N_("Do not rely on it at present")),
    Status.REVOKED: ("danger", "cross", N_("Revoked"), N_("Do not rely on this certificate")),
    Status.SUPERSEDED: ("neutral", "right", N_("Replaced"), N_("A newer certificate took its place")),
    Status.WITHDRAWN: (
        "neutral",
        "lock",
        N_("Withdrawn by its holder"),
        N_("It is ours. Do not rely on it at present"),
    ),
    Status.UNKNOWN: ("neutral", "search", N_("Not found"), N_("No certificate of ours has this number")),
}


def document_head(verdict: DocumentVerdict, form: str = "pdf") -> Head:
    """How the finding about a file is shown; `form` as in `FileFinding`."""
    if form != "pdf":
        return Head(*badge_words.head(verdict))
    return {
        DocumentVerdict.EXACT: Head(
            "valid", "check", _("This is the file we signed"), _("Byte for byte. What it says is what we certified.")
        ),
        DocumentVerdict.GENUINE_NOT_EXACT: Head(
            "warning",
            "file",
            _("Genuine content, but not our file"),
            _("What we signed is in it unchanged, and the file differs from the one we keep. Rely on the entry below."),
        ),
        DocumentVerdict.ALTERED: Head(
            "danger",
            "edit",
            _("This file was altered after we signed it"),
            _("Someone changed it. Please rely on the register below, and not on the file."),
        ),
        DocumentVerdict.OTHER_SIGNER: Head(
            "danger",
            "warn",
            _("Signed by somebody else"),
            _("It carries a signature, and the signature is not ours. We did not issue this file."),
        ),
        DocumentVerdict.UNSIGNED: Head(
            "neutral",
            "file",
            _("This file has no signature"),
            _("Printing or saving anew removes it, and anyone can make such a file. By itself it proves nothing."),
        ),
        DocumentVerdict.NOT_OURS: Head(
            "neutral", "search", _("We cannot tell from this file"), _("It is not a certificate as we issue them.")
        ),
    }[verdict]


def reason_sentence(reason: CheckReason | KeyDoubt | BadgeReason) -> str:
    """Why the finding is what it is, in one sentence."""
    if isinstance(reason, BadgeReason):
        return badge_words.reason_sentence(reason)
    return {
        CheckReason.HASH_KNOWN: _("Its fingerprint is the one in our register."),
        CheckReason.HASH_UNKNOWN: _("Its fingerprint is not the one in our register."),
        CheckReason.BYTES_AFTER_SIGNATURE: _("A few bytes follow after the signature; they show nothing."),
        CheckReason.UPDATE_AFTER_SIGNATURE: _("Something was saved into the file after we signed it."),
        CheckReason.SIGNATURE_BROKEN: _("Our signature is in it and no longer fits the content."),
        CheckReason.CHANGES_ALLOWED: _("Its signature would allow changes; ours never do."),
        CheckReason.STRUCTURE_SUSPECT: _("The signature does not cover the whole document."),
        CheckReason.SIGNER_UNKNOWN: _("The signer is not known to us."),
        CheckReason.SIGNER_OUTSIDE_WINDOW: _("It names a key of ours at a time when that key did not sign."),
        CheckReason.SIGNATURE_UNREADABLE: _("The signature cannot be read."),
        CheckReason.NO_SIGNATURE: _("There is no signature in it."),
        CheckReason.NOT_A_PDF: _("It is neither a PDF nor a badge. Certificates of ours are one or the other."),
        CheckReason.TOO_BIG: _("It is far larger than any certificate of ours, so we did not look inside."),
        CheckReason.ENCRYPTED: _("It is encrypted. Our certificates never are."),
        KeyDoubt.KEY_STOLEN: _("It is signed with a key of ours that was stolen, and we did not issue it."),
        KeyDoubt.SIGNED_ANEW: _(
            "We signed it with a key that was compromised later. The register has a newer copy: ask the holder for that one."
        ),
        KeyDoubt.KEY_UNPUBLISHED: _("It names our root and a key that we never published. We did not issue it."),
        CheckReason.BROKEN_FILE: _("The file is damaged. Ask for it again."),
    }[reason]


def file_word(verdict: DocumentVerdict | None) -> str:
    """A file of an archive in a word or two; None for one that was not read."""
    if verdict is None:
        return _("Not read")
    return {
        DocumentVerdict.EXACT: _("Exact"),
        DocumentVerdict.GENUINE_NOT_EXACT: _("Genuine, not exact"),
        DocumentVerdict.ALTERED: _("Altered"),
        DocumentVerdict.OTHER_SIGNER: _("Signed by somebody else"),
        DocumentVerdict.UNSIGNED: _("Not signed"),
        DocumentVerdict.NOT_OURS: _("Not ours"),
    }[verdict]


def fact_word(fact: Fact) -> str:
    """What a fact of a certificate is called."""
    return {
        Fact.HOLDER: _("Holder"),
        Fact.AWARD: _("Award"),
        Fact.LEVEL: _("Level"),
        Fact.AWARDED: _("Awarded"),
        Fact.VALID_THROUGH: _("Valid through"),
        Fact.NUMBER: _("Number"),
    }[fact]


def name_word(answer: NameAnswer) -> str:
    """What is said of a name in a list."""
    return {
        NameAnswer.MATCH: _("Matches"),
        NameAnswer.DIFFERS: _("Differs"),
        NameAnswer.HIDDEN: _("Hidden by its holder"),
        NameAnswer.NOT_COMPARED: _("Not compared"),
    }[answer]


def status_tone(status: Status) -> str:
    """The tone of the tag of a status."""
    tone = STATUS_HEADS[status][0]
    return "success" if tone == "valid" else tone


def short_date(value: date) -> str:
    """A date that fits beside another on a phone: 2 Sept 2026."""
    return format_date(value, "d MMM y")


def utc_day(value: datetime) -> str:
    """The day of a moment in UTC, short."""
    return format_date(value.astimezone(UTC).date(), "d MMM y")


def cpd_kinds() -> dict[str, str]:
    """The kinds of continuing development in a word or two."""
    return {
        CpdKind.STRUCTURED.value: _("Structured"),
        CpdKind.SELF_DIRECTED.value: _("Self-directed"),
        CpdKind.CONTRIBUTION.value: _("Contribution"),
    }


def day_of_text(text: str) -> date:
    """A day that was kept as text, such as 2026-11-01."""
    return date.fromisoformat(text)


def hours(value: Decimal | str) -> str:
    """Hours as people read them: 1.5 rather than 1.5000, in the reader's language."""
    return format_decimal(Decimal(value), format="#,##0.##")
