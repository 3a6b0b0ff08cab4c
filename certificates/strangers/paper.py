"""What a PDF of a stranger says of itself: title, lines of the first page, notes upon it, the badge that it carries.

Only to be run in the reading process: two PDF libraries follow objects and streams that anybody may have written.
"""

import io
from base64 import b64encode
from typing import Any

LARGEST_BADGE = 128 * 1024
MOST_LINES = 120
LONGEST_LINE = 300
MOST_NOTES = 20
MOST_ATTACHMENTS = 4


def read_papers(*papers: bytes) -> dict[str, Any]:
    """Return `papers`: for each a `title`, `lines`, `notes` and `badges` (base64); None where that part cannot be read."""
    return {"papers": [_read(data) for data in papers]}


def _read(data: bytes) -> dict[str, Any]:
    parts: dict[str, Any] = {"title": None, "lines": None, "notes": None, "badges": None}
    try:
        parts["lines"] = _lines(data)
    except Exception:  # a reader that fails on a hostile file leaves its part empty, and the other one its chance
        parts["lines"] = None
    try:
        parts |= _objects(data)
    except Exception:
        parts |= {"title": None, "notes": None, "badges": None}
    return parts


def _lines(data: bytes) -> list[str]:
    """The text of the first page as PDFium shows it to readers, line by line."""
    import pypdfium2

    page = pypdfium2.PdfDocument(io.BytesIO(data))[0]
    text = page.get_textpage().get_text_bounded()
    lines = (" ".join(line.split())[:LONGEST_LINE] for line in text.splitlines())
    return [line for line in lines if line][:MOST_LINES]


def _objects(data: bytes) -> dict[str, Any]:
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as pdf:
        title = str(pdf.docinfo.get("/Title", ""))[:LONGEST_LINE]
        notes = [str(note.get("/Contents", ""))[:LONGEST_LINE] for note in _notes(pdf)]
        badges = [b64encode(found).decode() for found in _attached(pdf)]
    return {"title": title, "notes": [note for note in notes if note], "badges": badges}


def _notes(pdf: Any) -> list[Any]:
    """What was stuck onto the first page: comments and text boxes lie above the print."""
    return [note for note, _ in zip(pdf.pages[0].get("/Annots", []), range(MOST_NOTES), strict=False)]


def _attached(pdf: Any) -> list[bytes]:
    found = []
    for name, _ in zip(pdf.attachments, range(MOST_ATTACHMENTS), strict=False):
        data = pdf.attachments[name].get_file().read_bytes()
        if len(data) <= LARGEST_BADGE:
            found.append(data)
    return found
