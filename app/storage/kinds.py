"""What a file is, told by its bytes: the name and the sender's word count for nothing. Pure."""

import io
import zipfile
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


def _by_signature(data: bytes) -> str | None:
    if data.startswith(b"%PDF-"):
        return None if _hides_zip(data) else "pdf"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return None if _hides_zip(data) else "png"
    if data.startswith(b"\xff\xd8\xff"):
        return None if _hides_zip(data) else "jpg"
    if data.startswith(b"PK\x03\x04"):
        return _office_kind(data)
    return None


def _hides_zip(data: bytes) -> bool:
    return zipfile.is_zipfile(io.BytesIO(data))


def _office_kind(data: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ZIP_ENTRIES or sum(entry.file_size for entry in entries) > MOST_ZIP_BYTES:
                return None
            names = {entry.filename for entry in entries}
            for code, part in OFFICE_PARTS.items():
                if part in names and "word/vbaProject.bin" not in names and "xl/vbaProject.bin" not in names:
                    return code
            return _open_document_kind(archive, names)
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, NotImplementedError):
        return None


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
