"""The check of a badge, anybody's: is it whole, is it signed, is it signed by us, and where is its status read.

`check_badge` answers for every sequence of bytes and fetches nothing. Whether a badge is *ours* rests on one thing: a
signature by a key that the caller hands in. Names, addresses and pictures can be copied and decide nothing.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from certificates.badges.credential import StatusPlace
from certificates.badges.faults import OF_TIME, Fault, FaultKind
from certificates.badges.own_form import find_own_faults, find_status
from certificates.badges.proving import Resolve, prove, prove_token
from certificates.badges.reading import BadgeFormat, read_badge
from certificates.badges.structure import as_list, find_faults, window


class BadgeVerdict(StrEnum):
    """What a badge is to us. `altered` names a key of ours and is not what that key signed."""

    OURS = "ours"
    ALTERED = "altered"
    NOT_OURS = "not-ours"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class BadgeCheck:
    """What was found in a file.

    `method` is the DID URL of the key that the badge names; `signed` says that its signature was checked and fits, by
    a key of ours or by one that is its own address (did:key); `ours` that the key is one of those handed in. `signed_at`
    is the time that the signer wrote. `status` is the place to ask; it is set for well-formed entries only.
    """

    form: BadgeFormat
    faults: tuple[Fault, ...]
    credential: dict[str, Any] | None = field(default=None, repr=False)
    method: str = ""
    signed: bool = False
    ours: bool = False
    signed_at: datetime | None = None
    status: StatusPlace | None = None

    @property
    def verdict(self) -> BadgeVerdict:
        """Ours only when signed by a key of ours and without any fault but those of today's date."""
        if self.credential is None:
            return BadgeVerdict.UNREADABLE
        if not self.ours:
            return BadgeVerdict.NOT_OURS
        return BadgeVerdict.OURS if self.signed and not self.structural else BadgeVerdict.ALTERED

    @property
    def structural(self) -> tuple[Fault, ...]:
        """The faults of the badge itself, without those that pass with time."""
        return tuple(fault for fault in self.faults if fault.kind not in OF_TIME)

    @property
    def kinds(self) -> frozenset[FaultKind]:
        """The kinds of fault that were found."""
        return frozenset(fault.kind for fault in self.faults)

    @property
    def credential_id(self) -> str:
        """The identifier of the credential, or nothing."""
        return self._text("id")

    @property
    def issuer(self) -> str:
        """The address of the issuer as the badge states it, or nothing."""
        return self._text("issuer") or self._text("issuer", "id")

    @property
    def issuer_name(self) -> str:
        """The issuer's name as the badge states it, or nothing."""
        return self._text("issuer", "name")

    @property
    def number(self) -> str:
        """The number of the certificate, or nothing."""
        return self._text("credentialSubject", "licenseNumber")

    @property
    def achievement_name(self) -> str:
        """What was achieved, or nothing."""
        return self._text("credentialSubject", "achievement", "name")

    @property
    def holder_name(self) -> str:
        """The holder's name, from the identifier of that kind, or nothing."""
        subject = (self.credential or {}).get("credentialSubject")
        identifiers = as_list(subject.get("identifier")) if isinstance(subject, dict) else []
        for identifier in identifiers:
            if isinstance(identifier, dict) and identifier.get("identityType") == "name":
                return str(identifier.get("identityHash", ""))
        return ""

    def _text(self, *path: str) -> str:
        value: Any = self.credential
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        return value if isinstance(value, str) else ""


def check_badge(data: bytes, *, resolve: Resolve, now: datetime) -> BadgeCheck:
    """Check a file of any origin. Never raises, whatever the bytes; `resolve` and `now` decide what is ours and when."""
    found = read_badge(data)
    if found.credential is None:
        return BadgeCheck(found.form, found.faults)
    proven = prove_token(found, resolve) if found.token else prove(found.credential, resolve)
    faults = [*found.faults, *find_faults(found.credential), *proven.faults, *_of_time(found.credential, now)]
    if proven.ours:
        faults += find_own_faults(found.credential, proven.method)
    return BadgeCheck(
        form=found.form,
        faults=tuple(dict.fromkeys(faults)),
        credential=found.credential,
        method=proven.method,
        signed=proven.signed,
        ours=proven.ours,
        signed_at=proven.signed_at,
        status=find_status(found.credential),
    )


def _of_time(credential: dict[str, Any], now: datetime) -> list[Fault]:
    begins, ends = window(credential)
    faults = []
    if begins and now < begins:
        faults.append(Fault(FaultKind.NOT_YET_VALID, "validFrom", begins.isoformat()))
    if ends and now > ends:
        faults.append(Fault(FaultKind.EXPIRED, "validUntil", ends.isoformat()))
    return faults
