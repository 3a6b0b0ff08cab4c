"""What the answers about a badge are called: its head, the reason, and each fault of its structure."""

from flask_babel import gettext as _

from certificates.badges.faults import Fault, FaultKind
from certificates.checking.badge_verification import BadgeReason
from certificates.signatures.document_check import DocumentVerdict


def head(verdict: DocumentVerdict) -> tuple[str, str, str, str]:
    """Tone, icon, word and advice for a badge."""
    return {
        DocumentVerdict.EXACT: (
            "valid",
            "check",
            _("This is the badge we signed"),
            _("What it says is what we certified. How it stands today is told below."),
        ),
        DocumentVerdict.GENUINE_NOT_EXACT: (
            "warning",
            "file",
            _("Signed by us, but not the badge that counts"),
            _("It is genuine, and another badge stands for this certificate today. Rely on the entry below."),
        ),
        DocumentVerdict.ALTERED: (
            "danger",
            "edit",
            _("This badge was altered after we signed it"),
            _("Someone changed it. Please rely on the register below, and not on the badge."),
        ),
        DocumentVerdict.OTHER_SIGNER: (
            "danger",
            "warn",
            _("Signed by somebody else"),
            _("It carries a signature that we did not make. We did not issue this badge."),
        ),
    }.get(verdict) or (
        "neutral",
        "search",
        _("Not ours"),
        _("This badge is not signed by us. We cannot say anything about badges of others."),
    )


def reason_sentence(reason: BadgeReason) -> str:
    """Why the finding about a badge is what it is, in one sentence."""
    return {
        BadgeReason.COUNTS: _("It is the badge that stands for this certificate."),
        BadgeReason.OLDER: _("A newer badge was made for the same certificate."),
        BadgeReason.UNREGISTERED: _("Our signature holds, and our register does not know this badge."),
        BadgeReason.CHANGED: _("It names a key of ours, and is not what that key signed."),
        BadgeReason.FOREIGN: _("No key of ours has signed it."),
        BadgeReason.NO_BADGE: _("There is no Open Badges 3.0 badge in it."),
    }[reason]


def fault_sentence(fault: Fault) -> str:
    """What is wrong with a badge, with the place in it where there is one."""
    said = _fault_words(fault.kind)
    return _("%(fault)s (at %(place)s)", fault=said, place=fault.path[:80]) if fault.path else said


def _fault_words(kind: FaultKind) -> str:
    return {
        FaultKind.SIZE: _("It is larger or more deeply nested than badges are"),
        FaultKind.PARSE: _("It cannot be read as a badge"),
        FaultKind.BAKING: _("The picture carries no badge, or more than one"),
        FaultKind.STANDARD: _("It follows an older standard"),
        FaultKind.CONTEXT: _("The vocabulary it names is missing or malformed"),
        FaultKind.CONTEXT_UNKNOWN: _("It names a vocabulary that is not known here"),
        FaultKind.TERM: _("It holds words that no vocabulary defines, so that no signature covers them"),
        FaultKind.TYPE: _("A type is missing or malformed"),
        FaultKind.NOT_A_BADGE: _("It is a credential of another kind"),
        FaultKind.IDENTIFIER: _("An identifier is malformed"),
        FaultKind.ISSUER: _("The issuer is missing or malformed"),
        FaultKind.SUBJECT: _("It speaks of nobody"),
        FaultKind.FIELD: _("A part is missing or malformed"),
        FaultKind.DATE: _("A date is malformed"),
        FaultKind.STATUS: _("The place to ask for its status is malformed"),
        FaultKind.PROOF_MISSING: _("Nobody has signed it"),
        FaultKind.PROOF_SHAPE: _("The signature is malformed"),
        FaultKind.PROOF_PURPOSE: _("The signature was made for another purpose"),
        FaultKind.PROOF_UNSUPPORTED: _("It is signed in a way that is not checked here"),
        FaultKind.METHOD_UNKNOWN: _("The key that it names is not known here"),
        FaultKind.SIGNATURE: _("The signature does not fit the content"),
        FaultKind.NOT_YET_VALID: _("Its first day has not come"),
        FaultKind.EXPIRED: _("Its time has passed"),
    }[kind]
