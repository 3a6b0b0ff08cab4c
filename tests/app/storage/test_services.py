"""Keeping files: bytes before rows, names of our own, downloads that no browser runs."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app import transaction
from app.errors import DomainError
from app.extensions import db
from app.storage.models import StoredFile
from app.storage.services import MOST_FILES_A_PERSON, as_attachment, clean_name, keep, keep_own, read
from app.storage.stores import FolderStore, ObjectStore

PDF = b"%PDF-1.7\nhello\n%%EOF\n"
NAUGHTY = [
    "../../etc/passwd", "..\\..\\boot.ini", "/abs/olute.pdf", "C:\\x\\y.pdf", "", ".", "..", "...", " . ", ".htaccess", "a\x00b.pdf",
    "a\r\nSet-Cookie: x=1.pdf", 'a";b=".pdf', "\u202egnp.exe", "\ufeffx.pdf", "x" * 5_000 + ".pdf", "x." + "y" * 5_000, "é\u0301.pdf",
    "简历.pdf", "\ud800.pdf", "a/", "a\u2028b.pdf", "%2e%2e%2fx.pdf", "con.pdf", "x.pdf ", "-rf.pdf", "$(id).pdf", "\U0001f600.pdf",
]  # fmt: skip


def kept(name="report.pdf", data=PDF, owner="ana", **more):
    given_more = {"purpose": "submission", "owner": owner, "allowed": {"pdf", "md"}, "most_bytes": 1_000_000} | more
    return keep(data, name, **given_more)


@pytest.mark.parametrize("name", NAUGHTY)
def test_a_clean_name_is_short_one_line_and_leads_nowhere(name):
    assert_clean(clean_name(name))


@given(st.text(max_size=300))
def test_any_name_comes_out_clean(name):
    assert_clean(clean_name(name))


def assert_clean(name):
    assert 0 < len(name) <= 120
    assert not set(name) & set("/\\\x00\r\n\u202e\u2028")
    assert name.strip(". ") == name.strip()
    assert name.encode()


def test_a_name_that_is_good_already_stays(app):
    assert clean_name("Mi currículum (v2).pdf") == "Mi currículum (v2).pdf"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a.pdf", "a.pdf"),
        ("A.PDF", "A.PDF"),
        ("a.html", "a.html.pdf"),
        ("a.exe", "a.exe.pdf"),
        ("a", "a.pdf"),
        ("pdf", "pdf.pdf"),
    ],
)
def test_a_file_is_offered_under_the_ending_of_what_it_is(app, name, shown):
    assert kept(name).shown_name == shown


def test_a_kept_file_comes_back_byte_for_byte_and_its_row_tells_the_digest(app, session):
    row = kept()
    transaction.commit()
    assert read(row) == PDF
    assert (row.media_type, row.size, row.sha256) == ("application/pdf", len(PDF), hashlib.sha256(PDF).hexdigest())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"data": b""}, "empty"),
        ({"most_bytes": 3}, "larger"),
        ({"data": b"<html>", "name": "x.pdf"}, "kind"),
        ({"allowed": {"docx"}}, "kind"),
        ({"data": b"text", "name": "x.txt"}, "kind"),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_field(app, changes, words):
    with pytest.raises(DomainError, match=words) as refused:
        kept(**changes)
    assert refused.value.field == "file"


def test_nobody_fills_the_disk(app, session):
    row = {"purpose": "p", "owner": "ana", "shown_name": "x", "media_type": "m", "sha256": "0" * 64}
    first = kept()
    stored_at = first.stored_at
    session.add_all(
        StoredFile(public_id=f"f{n}", size=1, stored_at=stored_at, **row) for n in range(MOST_FILES_A_PERSON - 1)
    )
    session.flush()
    with pytest.raises(DomainError, match="full"):
        kept()
    kept(owner="bea")
    first.deleted_at = stored_at
    session.flush()
    kept()


def test_the_bytes_of_everyone_count_together(app, session):
    row = kept()
    row.size = 1024**3
    session.flush()
    with pytest.raises(DomainError, match="full"):
        kept()


def test_a_disk_that_fails_leaves_no_row(app, session, monkeypatch):
    def full(_name, _data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(app.extensions["store"], "put", full)
    with pytest.raises(OSError, match="space"):
        kept()
    transaction.commit()
    assert session.scalars(select(StoredFile)).all() == []


def test_a_crash_between_file_and_row_leaves_a_file_at_most(app, session):
    row = kept()
    name = row.public_id
    db.session.rollback()
    assert session.scalars(select(StoredFile)).all() == []
    assert app.extensions["store"].get(name) == PDF
    assert all(app.extensions["store"].get(found.public_id) for found in session.scalars(select(StoredFile)))


@pytest.mark.parametrize("name", [name for name in NAUGHTY if "\ud800" not in name])
def test_a_download_is_never_run_and_its_name_cannot_add_a_header(app, name):
    row = keep_own(b"<script>alert(1)</script>", clean_name(name), "text/html; charset=utf-8", purpose="p", owner="o")
    with app.test_request_context():
        answer = as_attachment(row)
    headers = dict(answer.headers)
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("sandbox")
    assert all("\n" not in value and "\r" not in value for value in headers.values())
    assert "Set-Cookie" not in headers


def test_a_folder_keeps_whole_files_or_none(tmp_path, monkeypatch):
    store = FolderStore(tmp_path / "files")
    store.put("abcdef", b"one")
    monkeypatch.setattr("os.fsync", lambda _handle: (_ for _ in ()).throw(OSError(5, "I/O error")))
    with pytest.raises(OSError, match="I/O"):
        store.put("abxxxx", b"two")
    assert store.get("abcdef") == b"one"
    with pytest.raises(FileNotFoundError):
        store.get("abxxxx")
    assert [path.name for path in (tmp_path / "files").rglob("*") if path.is_file()] == ["abcdef"]


@pytest.mark.parametrize("name", ["../x", "a/b", "", "a.b", "..", "a\x00"])
def test_a_folder_knows_only_names_of_ours(tmp_path, name):
    store = FolderStore(tmp_path)
    for act in (store.get, store.delete, lambda given_name: store.put(given_name, b"x")):
        with pytest.raises(ValueError, match="stored name"):
            act(name)


@pytest.fixture(params=["folder", "object store"])
def store(request, tmp_path):
    if request.param == "folder":
        return FolderStore(tmp_path / "files")
    from obstore.store import MemoryStore

    return ObjectStore(MemoryStore(), "laurel/files")


def test_every_store_gives_back_what_it_took_and_forgets_what_it_should(store):
    store.put("abc123", b"\x00bytes")
    assert store.get("abc123") == b"\x00bytes"
    store.delete("abc123")
    store.delete("abc123")
    with pytest.raises(FileNotFoundError):
        store.get("abc123")


def test_every_naughty_string_makes_a_clean_name(fixtures_dir):
    strings = json.loads((fixtures_dir / "html-security" / "blns.json").read_text(encoding="utf-8"))
    assert len(strings) > 500
    for text in strings:
        assert_clean(clean_name(text))
