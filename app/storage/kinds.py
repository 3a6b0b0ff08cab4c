"""What a file is, told by its bytes: the name and the sender's word count for nothing. Pure."""

import io
import zipfile
import zlib
from dataclasses import dataclass

OFFICE_PARTS = {"docx": "word/document.xml", "pptx": "ppt/presentation.xml", "xlsx": "xl/workbook.xml"}
OPEN_DOCUMENT = {
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    **OPEN_DOCUMENT,
    "txt": "text/plain; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
}
TEXT_KINDS = ("txt", "md")
MOST_ZIP_ENTRIES = 2_000
MOST_ZIP_BYTES = 200 * 1024 * 1024
MOST_RATIO, RATIO_COUNTS_FROM = 50, 16 * 1024 * 1024  # an unpacked size this many times the packed one is a bomb
TYPES_PART, MOST_TYPES_BYTES = "[content_types].xml", 1024 * 1024
SCRIPT_FOLDERS = ("basic/", "scripts/")


@dataclass(frozen=True)
class FileKind:
    """The kind (`pdf`, `docx` …) and its media type."""

    code: str
    media_type: str


def find_kind(data: bytes, shown_name: str) -> FileKind | None:
    """The kind whose signature the bytes carry; for plain text, which has none, the ending of the name decides.

    None for anything unknown, for archives that are no office document, and for files that are two things at once.
    """
    code = _by_signature(data) or _by_text(data, shown_name)
    return FileKind(code, MEDIA_TYPES[code]) if code else None


SIGNATURES = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}


def _by_signature(data: bytes) -> str | None:
    if data.startswith(b"PK\x03\x04"):
        return None if _hides_pdf(data) else _office_kind(data)
    code = next((code for mark, code in SIGNATURES.items() if data.startswith(mark)), None)
    if code is None or _hides_zip(data) or (code != "pdf" and _hides_pdf(data)):
        return None
    return code


def _hides_zip(data: bytes) -> bool:
    return zipfile.is_zipfile(io.BytesIO(data))


def _hides_pdf(data: bytes) -> bool:
    return b"%PDF-" in data[:1024]  # how far readers of PDF look for its beginning


def _office_kind(data: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {entry.filename for entry in archive.infolist()}
            if _is_bomb(archive, len(data)) or _has_macros(archive):
                return None
            found = next((code for code, part in OFFICE_PARTS.items() if part in names), None)
            return found or _open_document_kind(archive, names)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, NotImplementedError):
        return None


def _is_bomb(archive: zipfile.ZipFile, packed: int) -> bool:
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    is_dense = unpacked > RATIO_COUNTS_FROM and unpacked > MOST_RATIO * packed
    return len(entries) > MOST_ZIP_ENTRIES or unpacked > MOST_ZIP_BYTES or is_dense


def _has_macros(archive: zipfile.ZipFile) -> bool:
    """Whether the document carries a program: told by part names, which know no case, and by the list of types."""
    for entry in archive.infolist():
        name = entry.filename.lower()
        if name.endswith("vbaproject.bin") or name.startswith(SCRIPT_FOLDERS):
            return True
        if name == TYPES_PART:
            types = archive.open(entry).read(MOST_TYPES_BYTES).lower()
            if b"macroenabled" in types or b"vbaproject" in types:
                return True
    return False


def _open_document_kind(archive: zipfile.ZipFile, names: set[str]) -> str | None:
    if "mimetype" not in names:
        return None
    said = archive.open("mimetype").read(100).decode("ascii", "replace").strip()
    return next((code for code, media_type in OPEN_DOCUMENT.items() if media_type == said), None)


def _by_text(data: bytes, shown_name: str) -> str | None:
    code = shown_name.rsplit(".", 1)[-1].lower()
    if code not in TEXT_KINDS or b"\x00" in data:
        return None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return code
