"""Looking into a badge with an exported folder: JSON, token, PNG or SVG. Pure."""

import hashlib
from datetime import datetime
from typing import Any

from certificates.badges.check import BadgeCheck, BadgeVerdict, check_badge
from certificates.badges.png_parts import SIGNATURE
from certificates.badges.reading import BadgeFormat, BadgeText, read_badge
from certificates.badges.structure import window
from certificates.exit_kit.answering import FileFound
from certificates.exit_kit.folder import BADGE_KEYS, Kit, PublicKey
from certificates.exit_kit.papers import KEY_STOLEN, SIGNED_ANEW, refuse_without
from certificates.numbers import NumberInvalid, parse_number
from certificates.register.leaf import canonical
from certificates.signatures.document_check import DocumentVerdict

NEEDED = ("cachetools", "defusedxml", "joserfc", "pyld")


def is_badge(data: bytes) -> bool:
    """Whether a file is looked at as a badge: a PNG, SVG, JSON or token, and no PDF."""
    if data.startswith(SIGNATURE):
        return True
    return b"%PDF-" not in data[:1024] and read_badge(data[:4096]).form is not BadgeFormat.UNKNOWN


def content_sha256(credential: dict[str, Any]) -> str:
    """The hash of what a badge says, however a wallet has set its spaces."""
    return hashlib.sha256(canonical(credential)).hexdigest()


def token_sha256(token: str) -> str:
    """The hash of a token without the space around it."""
    return hashlib.sha256(token.strip().encode()).hexdigest()


def look_into_badge(kit: Kit, data: bytes, now: datetime) -> FileFound:
    """What a badge is. Raises KitBroken and ToolMissing; never for any content of the file."""
    refuse_without(*NEEDED)
    text = read_badge(data)
    own = {key.key_id: key for key in kit.list_keys(*BADGE_KEYS)}

    def resolve(method: str) -> bytes | None:
        name, _hash, key_id = method.partition("#")
        return own[key_id].public_der if name in kit.manifest.dids and key_id in own else None

    check = check_badge(data, resolve=resolve, now=now)
    begins, ends = window(check.credential or {})
    verdict, why = _judge(check, _find_known(kit, text), own.get(check.method.rpartition("#")[2]))
    return FileFound(
        document=verdict,
        why=why,
        number=_number(check.number),
        sha256=hashlib.sha256(data).hexdigest(),
        form=check.form.value,
        faults=tuple(f"{fault.kind.value} at {fault.path or 'the file'}: {fault.detail}" for fault in check.structural),
        begins_at=begins.isoformat() if begins else None,
        ends_at=ends.isoformat() if ends else None,
    )


def _find_known(kit: Kit, text: BadgeText) -> dict[str, Any] | None:
    if text.token:
        return kit.badges.get(token_sha256(text.token))
    return kit.badges.get(content_sha256(text.credential)) if text.credential is not None else None


def _judge(check: BadgeCheck, known: dict[str, Any] | None, key: PublicKey | None) -> tuple[DocumentVerdict, str]:
    if check.verdict is BadgeVerdict.UNREADABLE:
        return DocumentVerdict.NOT_OURS, "no-badge"
    if check.verdict is BadgeVerdict.NOT_OURS or key is None:
        return DocumentVerdict.NOT_OURS, "badge-foreign"
    if check.verdict is BadgeVerdict.ALTERED:
        return DocumentVerdict.ALTERED, "badge-changed"
    if key.compromised_at is not None and not (known and _made_at(known) < key.compromised_at):
        if known:
            return DocumentVerdict.GENUINE_NOT_EXACT, SIGNED_ANEW
        return DocumentVerdict.OTHER_SIGNER, KEY_STOLEN
    if known is None:
        return DocumentVerdict.GENUINE_NOT_EXACT, "badge-unregistered"
    if known["counts"]:
        return DocumentVerdict.EXACT, "badge-counts"
    return DocumentVerdict.GENUINE_NOT_EXACT, "badge-older"


def _made_at(known: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(known["made_at"])


def _number(text: str) -> str | None:
    try:
        return parse_number(text)
    except NumberInvalid:
        return None
