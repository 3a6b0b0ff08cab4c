"""Files that come with a practical: what is taken, what is refused, and what a marker gets to read of them."""

import io
import zipfile

import pytest
from PIL import Image

from app.errors import DomainError
from app.storage.models import StoredFile
from assessments.practicals import files
from tests.factories.practicals import pdf, picture

ALLOWED = ["pdf", "docx", "odt", "txt", "md", "png", "jpg"]


def prepare(data: bytes, name: str, *, allowed: list[str] | None = None, most: int = 1) -> files.Prepared:
    return files.prepare(data, name, allowed=allowed or ALLOWED, most_megabytes=most)


def archive(**entries: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, text in entries.items():
            made.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return out.getvalue()


def docx() -> bytes:
    return archive(word__document_dot_xml="<w:document/>", docProps__core_dot_xml="<cp:creator/>")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (pdf(), "report.pdf"),
        (docx(), "Report.DOCX"),
        (b"plain words", "diary.txt"),
        (b"# Heading", "list.md"),
        (picture(), "page.png"),
        (picture("JPEG"), "page.jpeg"),
    ],
)
def test_what_may_be_handed_in_is_taken(app, data, name):
    assert prepare(data, name).shown_name == name


def refused() -> dict[str, tuple[bytes, str]]:
    zipped = archive(evil_dot_html="<script>1</script>")
    return {
        "a program": (b"MZ\x90\x00" + b"\x00" * 60, "report.exe"),
        "a program that calls itself a PDF": (b"MZ\x90\x00" + b"\x00" * 60, "report.pdf"),
        "a page": (b"<!doctype html><script>1</script>", "report.html"),
        "a drawing with code": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "page.svg"),
        "an archive": (zipped, "report.zip"),
        "an archive that calls itself a document": (zipped, "report.docx"),
        "a PDF and an archive in one": (pdf() + zipped, "report.pdf"),
        "a PDF and a page in one": (b"%PDF-1.4\n<html><script>1</script>\n" + pdf(), "report.pdf"),
        "the head of a PDF alone": (b"%PDF-1.4\n", "report.pdf"),
        "a picture and an archive in one": (picture() + zipped, "page.png"),
        "a picture named as a PDF": (picture(), "page.pdf"),
        "a PDF named as a page": (pdf(), "page.html"),
        "a document with macros": (archive(word__document_dot_xml="<w/>", word__vbaProject_dot_bin="x"), "report.docx"),
        "a broken picture": (picture()[:60], "page.png"),
        "a text with binary in it": (b"words\x00words", "diary.txt"),
        "a text that is no UTF-8": (b"caf\xe9", "diary.txt"),
        "nothing": (b"", "diary.txt"),
        "too much": (b"a" * (1024**2 + 1), "diary.txt"),
    }


@pytest.mark.parametrize("case", refused())
def test_what_may_not_be_handed_in_is_refused_at_the_field(app, case):
    data, name = refused()[case]
    with pytest.raises(DomainError) as caught:
        prepare(data, name)
    assert caught.value.field == "file"


def test_a_kind_the_practical_does_not_ask_for_is_refused_and_the_kinds_are_named(app):
    with pytest.raises(DomainError, match="pdf, txt"):
        prepare(picture(), "page.png", allowed=["pdf", "txt"])


def test_a_flood_of_pixels_is_refused_before_it_is_drawn(app):
    flood = picture(size=(8_000, 6_000))
    with pytest.raises(DomainError, match="40 million"):
        prepare(flood, "page.png", most=20)


def test_a_photograph_forgets_place_and_owner_and_stands_upright(app):
    exif = Image.Exif()
    exif[0x013B], exif[0x0112] = "Tavita Lindqvist", 6  # artist; turned by 90 degrees
    exif.get_ifd(0x8825)[2] = (40.0, 24.0, 0.0)  # latitude
    photograph = picture("JPEG", exif=exif, comment=b"Tavita Lindqvist")
    kept = prepare(photograph, "page.jpg").data
    with Image.open(io.BytesIO(kept)) as seen:
        assert seen.size == (30, 40)
        assert not dict(seen.getexif())
    assert b"Lindqvist" in photograph
    assert b"Lindqvist" not in kept


def test_a_picture_forgets_its_written_notes(app):
    from PIL.PngImagePlugin import PngInfo

    notes = PngInfo()
    notes.add_text("Author", "Tavita Lindqvist")
    kept = prepare(picture(pnginfo=notes), "page.png").data
    assert b"Lindqvist" not in kept


@pytest.mark.parametrize(
    ("shown", "blind"), [("Tavita Lindqvist.pdf", "File 2.pdf"), ("x.JPEG", "File 2.jpg"), ("a.b.md", "File 2.md")]
)
def test_a_marker_reads_a_number_and_a_kind(app, shown, blind):
    assert files.blind_name(2, StoredFile(shown_name=shown)) == blind


def test_one_picture_is_drawn_at_a_time_and_others_are_asked_to_come_again(app, monkeypatch):
    """Ten pictures of 40 million pixels at once took two gigabytes and held every page for fifteen seconds."""
    monkeypatch.setattr(files, "PATIENCE_SECONDS", 0.05)
    with files._one_picture, pytest.raises(DomainError, match="in a minute"):
        prepare(picture(), "page.png")
    assert prepare(picture(), "page.png").shown_name == "page.png"


def test_a_picture_that_cannot_be_drawn_lets_the_next_one_in(app):
    with pytest.raises(DomainError):
        prepare(picture()[:-40], "page.png")
    assert not files._one_picture.locked()
