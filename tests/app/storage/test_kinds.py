"""What a file is, told by its bytes: two things at once, hidden programs and bombs are no kind at all."""

import io
import zipfile

import pytest
from PIL import Image

from app.storage.kinds import MOST_ZIP_ENTRIES, find_kind

TYPES = '<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats.main+xml"/></Types>'
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def packed(parts, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def office(main="word/document.xml", types=TYPES, **more):
    return packed({"[Content_Types].xml": types, main: "<doc/>"} | {k.replace("__", "/"): v for k, v in more.items()})


def picture(kind):
    out = io.BytesIO()
    Image.new("RGB", (3, 2), "green").save(out, kind)
    return out.getvalue()


def code_of(data, name="file"):
    found = find_kind(data, name)
    return found.code if found else None


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (PDF, "pdf"),
        (picture("PNG"), "png"),
        (picture("JPEG"), "jpg"),
        (office(), "docx"),
        (office("ppt/presentation.xml"), "pptx"),
        (office("xl/workbook.xml"), "xlsx"),
        (packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}), "odt"),
    ],
)
@pytest.mark.parametrize("name", ["file", "x.html", "x.exe", "x.txt", "../../x.php"])
def test_the_bytes_decide_and_the_name_counts_for_nothing(data, code, name):
    assert code_of(data, name) == code


@pytest.mark.parametrize("name", ["notes.txt", "NOTES.MD"])
def test_plain_text_is_told_by_its_ending_because_it_has_no_signature(name):
    assert code_of("Grüße\n".encode(), name) == name[-3:].strip(".").lower()
    assert code_of(b"\xff\xfe\x00", name) is None
    assert code_of(b"a\x00b", name) is None


@pytest.mark.parametrize("name", ["report.pdf", "report.docx", "report.html", "report.svg", "report", ""])
@pytest.mark.parametrize(
    "data", [b"<html><script>alert(1)</script>", b"<svg onload='x'/>", b"MZ\x90", b"#!/bin/sh\n", b"GIF89a", b" %PDF-"]
)
def test_what_only_calls_itself_a_document_is_none(data, name):
    assert code_of(data, name) is None


@pytest.mark.parametrize("front", [PDF, picture("PNG"), picture("JPEG")])
@pytest.mark.parametrize("back", [office(), packed({"evil.exe": b"MZ"})])
def test_a_file_that_is_also_an_archive_is_refused(front, back):
    assert code_of(front + back) is None


@pytest.mark.parametrize(
    "front", [office(), packed({"a.txt": PDF, "word/document.xml": "x"}, zipfile.ZIP_STORED), picture("JPEG")]
)
def test_a_file_that_is_also_a_pdf_is_refused(front):
    inside = front if b"%PDF-" in front[:1024] else front[:20] + PDF + front[20:]
    assert code_of(inside) is None


@pytest.mark.parametrize(
    "data",
    [
        office(**{"word__vbaProject.bin": "x"}),
        office("xl/workbook.xml", **{"xl__vbaProject.bin": "x"}),
        office("ppt/presentation.xml", **{"ppt__vbaProject.bin": "x"}),
        office(**{"WORD__VBAPROJECT.BIN": "x"}),
        office(types=TYPES.replace("main", "macroEnabled.main")),
        office(types='<Default Extension="dat" ContentType="application/vnd.ms-office.vbaProject"/>'),
        packed({"mimetype": "application/vnd.oasis.opendocument.text", "Basic/script-lc.xml": "x"}),
        packed({"mimetype": "application/vnd.oasis.opendocument.text", "Scripts/python/x.py": "x"}),
    ],
)
def test_a_document_with_a_program_in_it_is_refused(data):
    assert code_of(data) is None


def test_archives_that_are_no_document_are_refused():
    assert code_of(packed({"a.txt": "x"})) is None
    assert code_of(packed({"mimetype": "application/epub+zip"})) is None
    assert code_of(b"PK\x03\x04 and no more") is None
    assert code_of(office()[:-30]) is None


def test_bombs_are_refused_without_unpacking_them():
    dense = packed({"[Content_Types].xml": TYPES, "word/document.xml": "x", "bomb": b"\0" * 30_000_000})
    many = packed({"word/document.xml": "x"} | {f"{n}": "" for n in range(MOST_ZIP_ENTRIES + 1)})
    assert len(dense) < 60_000
    assert code_of(dense) is None
    assert code_of(many) is None


def test_a_type_list_that_lies_about_its_size_is_read_no_further_than_needed():
    huge = packed({"word/document.xml": "x", "[Content_Types].xml": b" " * 9_000_000 + b"macroEnabled"})
    assert code_of(huge) == "docx"
    flagged = bytearray(office())
    flagged[6] |= 1  # says that it is encrypted
    flagged[flagged.index(b"PK\x01\x02") + 8] |= 1
    assert code_of(bytes(flagged)) is None
