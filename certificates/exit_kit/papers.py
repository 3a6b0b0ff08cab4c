"""Looking into a PDF with an exported folder instead of a register: is it the file that was signed? Pure."""

from datetime import datetime
from importlib.util import find_spec
from typing import Any

from certificates.exit_kit.answering import FileFound
from certificates.exit_kit.folder import Kit, PublicKey
from certificates.signatures.document_check import CheckReason, DocumentCheck, DocumentVerdict, check_document

KEY_STOLEN, SIGNED_ANEW, KEY_UNPUBLISHED = "key-stolen", "signed-anew", "key-unpublished"
NEEDED = ("asn1crypto", "pyhanko", "pyhanko_certvalidator")
_BELIEVED = (DocumentVerdict.EXACT, DocumentVerdict.GENUINE_NOT_EXACT)


class ToolMissing(RuntimeError):
    """A library that the check needs is not installed; `requirements.txt` of the folder names it."""


def refuse_without(*names: str) -> None:
    """Raise ToolMissing unless these libraries are here: their absence must never look like a bad file."""
    missing = [name for name in names if find_spec(name) is None]
    if missing:
        raise ToolMissing(f"{', '.join(missing)} is not installed: python -m pip install -r requirements.txt")


def look_into_pdf(kit: Kit, data: bytes) -> FileFound:
    """What a PDF is. Raises KitBroken, and ToolMissing for files whose hash alone does not tell.

    A document whose hash is in the signed list is exact whatever libraries there are; with them its signature is checked
    too, as that of every other file.
    """
    check = check_document(data, kit.roots, lambda _sha256: None)
    known = kit.documents.get(check.sha256)
    if any(find_spec(name) is None for name in NEEDED):
        if known is None or not known["counts"]:
            refuse_without(*NEEDED)
        return _found(check, DocumentVerdict.EXACT, CheckReason.HASH_KNOWN, known)
    verdict, why = check.verdict, str(check.reasons[0])
    if check.reasons[0] is CheckReason.HASH_UNKNOWN and known is not None and known["counts"]:
        verdict, why = DocumentVerdict.EXACT, CheckReason.HASH_KNOWN
    if verdict in _BELIEVED:
        verdict, why = _with_stolen_keys(kit, check, verdict, why, known)
    return _found(check, verdict, why, known)


def _found(check: DocumentCheck, verdict: DocumentVerdict, why: str, known: dict[str, Any] | None) -> FileFound:
    dates: dict[str, Any] = {name: (known or {}).get(name) for name in ("begins_at", "ends_at")}
    return FileFound(document=verdict, why=str(why), number=check.number, sha256=check.sha256, **dates)


def _with_stolen_keys(
    kit: Kit, check: DocumentCheck, verdict: DocumentVerdict, why: str, known: dict[str, Any] | None
) -> tuple[DocumentVerdict, str]:
    """Of a stolen key only what was registered before the loss is believed as it stands."""
    key = next((key for key in kit.keys if key.fingerprint == check.signer_fingerprint), None)
    if key is None:
        return DocumentVerdict.OTHER_SIGNER, KEY_UNPUBLISHED
    if key.compromised_at is None or (verdict is DocumentVerdict.EXACT and _is_before(known, key)):
        return verdict, why
    if known is not None:
        return DocumentVerdict.GENUINE_NOT_EXACT, SIGNED_ANEW
    return DocumentVerdict.OTHER_SIGNER, KEY_STOLEN


def _is_before(known: dict[str, Any] | None, key: PublicKey) -> bool:
    assert key.compromised_at is not None
    return known is not None and datetime.fromisoformat(known["registered_at"]) < key.compromised_at
