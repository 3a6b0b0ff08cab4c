"""Reading an archive of files, one file at a time: how many, how large and how tightly packed is bounded while reading.

What an archive says of itself is not believed: sizes are counted as bytes come out of it. Nothing is written anywhere, so
no path in it can lead anywhere (security rows U1 to U3).
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from app.errors import DomainError

MOST_FILES = 200
MOST_ENTRIES = 1_000
MOST_UNPACKED = 100 * 1024**2
LARGEST_FILE = 2_000_000
MOST_RATIO = 50
SMALL = 64 * 1024
"""Bytes up to which a file may be packed as tightly as it likes."""
_STEP = 64 * 1024
_PACKED_BY = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENTRY = b"PK\x01\x02"


@dataclass(frozen=True)
class ArchivedFile:
    """One file of an archive; `data` is None for one that was not read."""

    name: str
    data: bytes | None


def is_archive(data: bytes) -> bool:
    """Whether a file is looked at as an archive."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def read_archive(data: bytes) -> Iterator[ArchivedFile]:
    """The files of a ZIP in their order, each unpacked when its turn comes. Raises DomainError (field `file`)."""
    if data.count(_ENTRY) > MOST_ENTRIES:  # counted before its table is read into memory
        raise _too_many()
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as problem:
        raise DomainError(_("The archive is damaged. Pack it anew as ZIP."), "file") from problem
    entries = [entry for entry in archive.infolist() if not _is_chaff(entry.filename)]
    if len(entries) > MOST_FILES:
        raise _too_many()
    if not entries:
        raise DomainError(_("There is no file in the archive."), "file")
    left = MOST_UNPACKED
    for entry in entries:
        found = _unpack(archive, entry)
        left -= len(found or b"")
        if left < 0:
            raise DomainError(_("The archive holds more than 100 MB when unpacked. Send it in parts."), "file")
        yield ArchivedFile(entry.filename, found)


def _too_many() -> DomainError:
    return DomainError(_("The archive holds more than %(most)s files. Send it in parts.", most=MOST_FILES), "file")


def _is_chaff(name: str) -> bool:
    """A folder, what a desktop adds of its own, and what has no name at all."""
    return (
        name.endswith("/")
        or not name
        or name.startswith("__MACOSX/")
        or name.rpartition("/")[2] in (".DS_Store", "Thumbs.db", "desktop.ini")
    )


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes | None:
    """The bytes of one file; None where it is locked, damaged, packed in another way, too large or too tightly packed."""
    if entry.flag_bits & 1 or entry.compress_type not in _PACKED_BY:
        return None
    found = bytearray()
    try:
        with archive.open(entry) as file:
            while part := file.read(_STEP):
                found += part
                tight = len(found) > max(SMALL, MOST_RATIO * entry.compress_size)
                if tight or len(found) > LARGEST_FILE:
                    return None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, NotImplementedError):
        return None
    return bytes(found)
