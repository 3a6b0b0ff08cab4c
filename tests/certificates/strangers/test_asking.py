"""Reading files of strangers: what can be read is read, and nothing that they hold reaches the server."""

import io
import struct
import subprocess
import sys
import zlib

import pytest
from PIL import Image

from certificates.strangers import asking
from certificates.strangers.asking import PROJECT, NotRead
from certificates.strangers.photograph import MOST_PIXELS, read_codes
from certificates.strangers.room import Refused
from tests.certificates.papers import NUMBER, a_badge, issue
from tests.certificates.scenes import a_code, photograph

SHARED = 16


def refusal(call, *files):
    with pytest.raises(NotRead) as refused:
        call(*files)
    return refused.value.code


def a_png(width, height, rows=b""):
    """A PNG that claims a size, with whatever rows."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class TestPhotographs:
    def test_every_photograph_of_the_collection_is_read(self, fixtures_dir):
        found = sorted((fixtures_dir / "qr" / "zxing").rglob("*.png"))
        missed = []
        for path in found:
            wanted = path.with_suffix(".txt").read_bytes().decode().strip()
            if wanted not in [text.strip() for text in read_codes(path.read_bytes())["texts"]]:
                missed.append(path.name)
        assert len(found) == 61
        assert missed == []
        assert asking.read_codes(found[0].read_bytes()) == read_codes(found[0].read_bytes())["texts"]

    def test_the_texts_beside_them_are_no_photographs(self, fixtures_dir):
        found = sorted((fixtures_dir / "qr" / "zxing").rglob("*.txt"))
        for path in found:
            with pytest.raises(Refused, match="picture"):
                read_codes(path.read_bytes())
        assert len(found) == 61

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
    def test_a_photo_of_a_paper_gives_the_text_of_its_code(self, kind):
        assert asking.read_codes(photograph(a_code(f"HTTPS://BODY.TEST/V/{NUMBER}"), kind)) == [
            f"HTTPS://BODY.TEST/V/{NUMBER}"
        ]

    def test_several_codes_are_all_told(self):
        page = Image.new("L", (900, 500), "white")
        page.paste(a_code("one"), (20, 50))
        page.paste(a_code("two"), (480, 50))
        assert sorted(asking.read_codes(photograph(page))) == ["one", "two"]

    def test_a_photo_without_a_code_holds_nothing(self):
        assert asking.read_codes(photograph(Image.new("L", (400, 300), "grey"))) == []

    @pytest.mark.parametrize(
        "data", [b"", b"GIF89a", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b"<svg/>", b"II*\x00" + bytes(90)]
    )
    def test_what_is_no_photo_is_refused(self, data):
        assert refusal(asking.read_codes, data) == "picture"

    def test_a_picture_that_claims_more_pixels_than_cameras_make_is_not_unpacked(self):
        assert refusal(asking.read_codes, a_png(50_000, 50_000)) == "size"
        assert refusal(asking.read_codes, a_png(MOST_PIXELS // 1_000 + 1, 1_000)) == "size"

    def test_a_picture_cut_off_is_unreadable(self):
        whole = photograph(a_code("x"), "PNG")
        assert refusal(asking.read_codes, whole[: len(whole) // 2]) == "unreadable"


class TestPapers:
    def test_a_certificate_says_what_stands_on_it(self, keys):
        [paper] = asking.read_papers(issue(keys, (a_badge(),)))
        assert {"Ada Beispiel", "6 November 2026", NUMBER} <= set(paper["lines"])
        assert "Ada Beispiel" in paper["title"]
        assert len(paper["badges"]) == 1

    def test_a_paper_that_nobody_can_read_says_so_and_the_other_is_read(self, keys):
        junk, whole = asking.read_papers(b"%PDF-1.7 junk", issue(keys))
        assert junk == {"title": None, "lines": None, "notes": None, "badges": None}
        assert "Ada Beispiel" in whole["lines"]

    def test_no_file_of_the_collection_hurts(self, fixtures_dir):
        found = sorted((fixtures_dir / "pdf-signatures").rglob("*.pdf"))[:SHARED]
        papers = asking.read_papers(*[path.read_bytes() for path in found])
        assert len(papers) == len(found) == SHARED


class TestTheRoom:
    def test_nothing_of_the_environment_goes_along(self, monkeypatch):
        monkeypatch.setenv("LAUREL_SECRET_KEY", "a secret")
        monkeypatch.setattr(asking, "START", "import os, json; print(json.dumps(dict(os.environ)))")
        assert "LAUREL_SECRET_KEY" not in asking._run("codes", ())

    def test_it_may_not_take_more_memory_or_write_a_file(self, tmp_path):
        start = (
            f"import sys; sys.path.insert(0, {str(PROJECT)!r}); from certificates.strangers import room; room.shut_in()"
        )
        greedy = subprocess.run([sys.executable, "-c", f"{start}; b'x' * 10**9"], capture_output=True, text=True)
        writing = f"{start}; open({str(tmp_path / 'kept')!r}, 'w').write('x' * 9)"
        subprocess.run([sys.executable, "-c", writing], capture_output=True)
        assert "MemoryError" in greedy.stderr
        assert not (tmp_path / "kept").exists() or (tmp_path / "kept").read_bytes() == b""

    def test_one_that_does_not_end_is_ended(self, monkeypatch):
        monkeypatch.setattr(asking, "SECONDS", 0.5)
        monkeypatch.setattr(asking, "START", "import time; time.sleep(60)")
        assert refusal(asking.read_codes, b"") == "unreadable"

    def test_one_that_dies_is_only_a_file_that_was_not_read(self, monkeypatch):
        monkeypatch.setattr(asking, "START", "import os; os.kill(os.getpid(), 11)")
        assert refusal(asking.read_codes, b"") == "unreadable"

    def test_more_at_once_than_are_served_wait_and_are_told(self, monkeypatch):
        monkeypatch.setattr(asking, "SECONDS", 0.2)
        for _ in range(asking.MOST_AT_ONCE):
            asking._free.acquire()
        try:
            assert refusal(asking.read_codes, b"") == "busy"
        finally:
            asking._free.release(asking.MOST_AT_ONCE)


def test_a_photo_that_is_huge_on_paper_only_is_still_bounded():
    """Twelve million pixels of one colour take a few kilobytes as a file and are unpacked within the bounds."""
    target = io.BytesIO()
    Image.new("L", (4_000, 3_000), "white").save(target, "PNG")
    assert asking.read_codes(target.getvalue()) == []
