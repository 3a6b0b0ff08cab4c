"""Answering for an uploaded badge: is it the one that stands for a certificate, an older one, or what else?

`certificates.badges.check` says whether a key of ours signed it. Here the register is asked which badge counts, and what
is believed of a key that was stolen: only what the register holds from before.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.body.queries import get_body
from app.extensions import db
from certificates.badges import did
from certificates.badges.check import BadgeCheck, BadgeVerdict, check_badge
from certificates.badges.faults import Fault
from certificates.badges.png_parts import SIGNATURE
from certificates.badges.reading import BadgeFormat, BadgeText, read_badge
from certificates.badging.models import BadgeArtefact, BadgePlace
from certificates.keys.material import public_der
from certificates.keys.models import SigningKeyRow
from certificates.keys.records import KeyPurpose
from certificates.numbers import NumberInvalid, parse_number
from certificates.resigning.stolen import KeyDoubt
from certificates.signatures.document_check import DocumentVerdict

PURPOSES = (KeyPurpose.BADGE, KeyPurpose.BADGE_JWT)
_URN = re.compile(r"urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""An identifier of ours (RFC 9562, section 4). Others are not asked for: no database takes every text that JSON can hold."""


class BadgeReason(StrEnum):
    """Why the verdict about a badge is what it is; a page says each in the reader's language."""

    COUNTS = "badge-counts"
    OLDER = "badge-older"
    UNREGISTERED = "badge-unregistered"
    CHANGED = "badge-changed"
    FOREIGN = "badge-foreign"
    NO_BADGE = "no-badge"


@dataclass(frozen=True)
class BadgeFinding:
    """The answer for one badge. `number` is the certificate's, known for what we signed; of others it is a claim."""

    verdict: DocumentVerdict
    reason: BadgeReason | KeyDoubt
    sha256: str
    form: BadgeFormat
    number: str | None
    faults: tuple[Fault, ...]
    issuer: str = ""
    signed_at: datetime | None = None


@dataclass(frozen=True)
class _Known:
    """What the register knows of the badge with this identifier."""

    place: BadgePlace
    artefact: BadgeArtefact


def is_badge(data: bytes) -> bool:
    """Whether a file is looked at as a badge: a PNG, SVG, JSON or token, and no PDF."""
    if data.startswith(SIGNATURE):
        return True
    return b"%PDF-" not in data[:1024] and read_badge(data[:4096]).form is not BadgeFormat.UNKNOWN


def verify_badge(data: bytes, keys: Sequence[SigningKeyRow], now: datetime) -> BadgeFinding:
    """Check an uploaded badge of any origin. Never raises for any content of it."""
    found = read_badge(data)
    known = _find_known(found)
    own = {row.key_id: row for row in keys if row.purpose in PURPOSES}
    names = _own_names(known)
    check = check_badge(data, resolve=lambda method: _public(own, names, method), now=now)
    sha256 = hashlib.sha256(data).hexdigest()
    handed_out = known is not None and _is_handed_out(found, sha256, known)
    verdict, reason = _judge(check, known if handed_out else None, own.get(check.method.rpartition("#")[2]))
    return BadgeFinding(
        verdict=verdict,
        reason=reason,
        sha256=sha256,
        form=check.form,
        number=_number(check, known if verdict is not DocumentVerdict.NOT_OURS else None),
        faults=check.structural,
        issuer=check.issuer_name or check.issuer,
        signed_at=check.signed_at,
    )


def _find_known(found: BadgeText) -> _Known | None:
    """The place that the badge's identifier has in a status list, with what was handed out for it."""
    identifier = (found.credential or {}).get("id")
    if not isinstance(identifier, str) or not _URN.fullmatch(identifier):
        return None
    statement = (
        select(BadgePlace, BadgeArtefact)
        .join(BadgeArtefact, BadgeArtefact.place_id == BadgePlace.id)
        .options(joinedload(BadgePlace.credential))
        .where(BadgePlace.badge_uuid == identifier.rpartition(":")[2])
    )
    row = db.session.execute(statement).first()
    return _Known(*row) if row is not None else None


def _own_names(known: _Known | None) -> set[str]:
    """The DIDs that are ours: today's address, and the one that the certificate of this badge was issued under."""
    bases = {get_body().base_address} | ({known.place.credential.base_address} if known else set())
    return {did.did_of(base) for base in bases}


def _public(own: dict[str, SigningKeyRow], names: set[str], method: str) -> bytes | None:
    """The public half of a key of ours by its DID URL."""
    name, _hash, key_id = method.partition("#")
    row = own.get(key_id) if name in names else None
    return public_der(row.public_key) if row is not None else None


def _judge(
    check: BadgeCheck, known: _Known | None, key: SigningKeyRow | None
) -> tuple[DocumentVerdict, BadgeReason | KeyDoubt]:
    """The verdict; `known` is what the register has of exactly this badge, None for one that we never handed out."""
    if check.verdict is BadgeVerdict.UNREADABLE:
        return DocumentVerdict.NOT_OURS, BadgeReason.NO_BADGE
    if check.verdict is BadgeVerdict.NOT_OURS or key is None:
        return DocumentVerdict.NOT_OURS, BadgeReason.FOREIGN
    if check.verdict is BadgeVerdict.ALTERED:
        return DocumentVerdict.ALTERED, BadgeReason.CHANGED
    if known is None:
        stolen = key.compromised_at is not None
        unknown = DocumentVerdict.GENUINE_NOT_EXACT, BadgeReason.UNREGISTERED
        return (DocumentVerdict.OTHER_SIGNER, KeyDoubt.KEY_STOLEN) if stolen else unknown
    if key.compromised_at is not None and known.artefact.made_at >= key.compromised_at:
        return DocumentVerdict.GENUINE_NOT_EXACT, KeyDoubt.SIGNED_ANEW
    if known.place.live != 1:
        return DocumentVerdict.GENUINE_NOT_EXACT, BadgeReason.OLDER
    return DocumentVerdict.EXACT, BadgeReason.COUNTS


def _is_handed_out(found: BadgeText, sha256: str, known: _Known) -> bool:
    """Whether this is what we handed out: the same bytes or token, or the same JSON however a wallet has set its spaces."""
    if sha256 == known.artefact.sha256:
        return True
    store = current_app.extensions["store"]
    try:
        if found.token:
            return store.get(known.artefact.token_file_id).decode("ascii").strip() == found.token
        return json.loads(store.get(known.artefact.file_id)) == found.credential
    except (OSError, ValueError):  # deleted with its holder's name
        return False


def _number(check: BadgeCheck, known: _Known | None) -> str | None:
    if known is not None:
        return known.place.credential.number
    try:
        return parse_number(check.number)
    except NumberInvalid:
        return None
