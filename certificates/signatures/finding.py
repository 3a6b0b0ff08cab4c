"""Finding signatures and revisions in the raw bytes of a PDF, without parsing it.

An uploaded file is hostile until a signature of ours covers it. This scan reads nothing but two fixed forms by regular
expression, in linear time, so that no object tree, compressed stream or reference of a stranger is ever followed.
A signature dictionary holds its byte range and its contents as plain text (ISO 32000-2, 12.8.1), never compressed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

MOST_SIGNATURES = 8
"""Signatures looked at in one file; ours have one."""
MOST_REVISIONS = 50
LARGEST_CONTENTS = 200_000
"""Hex digits of one signature; ours have some 6,000."""

_BYTE_RANGE = re.compile(
    rb"/ByteRange\s{0,32}\[\s{0,32}(\d{1,9})\s{1,32}(\d{1,9})\s{1,32}(\d{1,9})\s{1,32}(\d{1,9})\s{0,200}\]"
)
_SIGNING_TIME = re.compile(rb"/M\s{0,32}\(D(?::|\\072)(\d{14})(Z|[+-]\d\d'?\d\d)?[^)]{0,8}\)")
_NEAR = 1_000
"""Bytes on either side of the container in which the rest of its dictionary stands."""
_END_OF_REVISION = re.compile(rb"%%EOF[\r\n]{0,2}")
_HEX = re.compile(rb"<[0-9A-Fa-f\s]*>")
_OBJECT_WORDS = re.compile(rb"obj|xref|trailer|stream")


@dataclass(frozen=True)
class SignatureSlot:
    """One signature in a file: what it covers, and its container.

    `gap_start` and `gap_end` enclose the hex text; everything else from 0 to `end` is signed. `contents` is the DER
    container, empty when the gap holds anything but hex digits.
    """

    gap_start: int
    gap_end: int
    end: int
    contents: bytes

    def signed_bytes(self, data: bytes) -> bytes:
        """Return the bytes that the signature covers."""
        return data[: self.gap_start] + data[self.gap_end : self.end]


@dataclass(frozen=True)
class Revision:
    """One saved state of the file: its number from 1, where it ends, and whether our signature covers it."""

    number: int
    end: int
    covered: bool


def list_signatures(data: bytes) -> list[SignatureSlot]:
    """Return the signatures of a file in their order; ranges that do not begin at 0 or overlap have no contents."""
    return list(_slots(data))


def find_signing_time(data: bytes, slot: SignatureSlot) -> datetime | None:
    """Return the time that the signature dictionary states (PAdES keeps it there, in signed bytes), or None."""
    around = data[max(0, slot.gap_start - _NEAR) : slot.gap_start] + data[slot.gap_end : slot.gap_end + _NEAR]
    stated = _SIGNING_TIME.search(around)
    if stated is None:
        return None
    digits, zone = stated.group(1).decode(), (stated.group(2) or b"Z").decode().replace("'", "")
    try:
        shift = timedelta() if zone == "Z" else timedelta(hours=int(zone[1:3]), minutes=int(zone[3:5]))
        local = timezone(-shift if zone.startswith("-") else shift)
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=local)
    except ValueError:
        return None


def list_revisions(data: bytes, covered_until: int) -> tuple[Revision, ...]:
    """Return the revisions by their end marks, the signed one ending where the signature does.

    Bytes after the last mark count as one more.
    """
    marks = [match.end() for match, _ in zip(_END_OF_REVISION.finditer(data), range(MOST_REVISIONS), strict=False)]
    ends = sorted({end for end in marks if not 0 <= end - covered_until <= 2} | {covered_until, len(data)} - {0})
    return tuple(Revision(number, end, end <= covered_until) for number, end in enumerate(ends, 1))


def can_show_nothing(tail: bytes) -> bool:
    """Say whether bytes after a signed document cannot change what a reader shows.

    Mail programs add line ends, and some tools a comment. Without a single word that begins an object, a table or a
    trailer, no reader finds anything to show in them, not even one that rebuilds a damaged file.
    """
    return _OBJECT_WORDS.search(tail) is None


def _slots(data: bytes) -> Iterator[SignatureSlot]:
    seen: set[tuple[int, ...]] = set()
    for match in _BYTE_RANGE.finditer(data):
        numbers = tuple(int(group) for group in match.groups())
        if numbers in seen:
            continue
        seen.add(numbers)
        if len(seen) > MOST_SIGNATURES:
            return
        first, length, second, rest = numbers
        usable = first == 0 and length < second and second - length <= LARGEST_CONTENTS
        contents = _contents(data[length:second]) if usable else b""
        yield SignatureSlot(length, second, second + rest, contents)


def _contents(gap: bytes) -> bytes:
    """Decode the hex text between the two signed parts, without the zeros that fill it up."""
    if not _HEX.fullmatch(gap):
        return b""
    digits = b"".join(gap[1:-1].split())
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
