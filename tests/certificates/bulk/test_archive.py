"""Archives, honest and hostile: what comes out is counted, whatever the archive says of itself."""

import io
import struct
import time
import tracemalloc
import zipfile

import pytest

from app.errors import DomainError
from certificates.bulk.archive import LARGEST_FILE, MOST_FILES, read_archive


@pytest.fixture(autouse=True)
def _in_app(app):
    """The messages are translated."""


def pack(files, packed_by=zipfile.ZIP_DEFLATED):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", packed_by) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return target.getvalue()


def read(data):
    return [(file.name, file.data) for file in read_archive(data)]


def test_files_come_in_their_order_and_chaff_is_left_out():
    files = [("b.pdf", b"two"), ("folder/a.pdf", b"one"), ("__MACOSX/._a.pdf", b"x"), (".DS_Store", b"x")]
    assert read(pack(files)) == files[:2]


def test_a_path_that_climbs_is_only_a_name():
    assert read(pack([("../../etc/passwd", b"x"), ("/root/x", b"y")])) == [
        ("../../etc/passwd", b"x"),
        ("/root/x", b"y"),
    ]


def test_two_hundred_files_are_read_and_one_more_is_refused():
    assert len(read(pack([(f"{n}.pdf", b"x") for n in range(MOST_FILES)]))) == MOST_FILES
    with pytest.raises(DomainError, match="more than 200"):
        read(pack([(f"{n}.pdf", b"x") for n in range(MOST_FILES + 1)]))


def test_a_bomb_is_not_unpacked():
    bomb = pack([("bomb.pdf", bytes(500 * 1024**2)), ("good.pdf", b"good")])
    tracemalloc.start()
    began = time.perf_counter()
    found = read(bomb)
    seconds, (_now, peak) = time.perf_counter() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == [("bomb.pdf", None), ("good.pdf", b"good")]
    assert peak < 16 * 1024**2
    assert seconds < 2


def test_one_that_lies_about_its_size_is_counted_all_the_same():
    data = bytearray(pack([("bomb.pdf", bytes(50 * 1024**2))]))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.index(mark) + offset
        data[at : at + 4] = struct.pack("<I", 10)
    assert [name for name, found in read(bytes(data)) if found and len(found) > LARGEST_FILE] == []


def test_many_large_files_together_are_refused():
    import random

    chance = random.Random(7)
    block = chance.randbytes(60_000) + bytes(1_800_000)  # packed thirty to one: each within its own bounds
    with pytest.raises(DomainError, match="100 MB"):
        read(pack([(f"{n}.pdf", block) for n in range(60)]))


def test_files_that_share_their_bytes_are_counted_each_time():
    data = bytearray(pack([(f"{n:03}.pdf", b"x" * 1_000) for n in range(100)]))
    first, at = data.index(b"PK\x01\x02"), 0
    while (at := data.find(b"PK\x01\x02", max(at + 1, first))) > 0:
        data[at + 42 : at + 46] = struct.pack("<I", 0)  # every entry points at the first file
    try:
        total = sum(len(found or b"") for _name, found in read(bytes(data)))
    except DomainError:
        total = 0
    assert total <= 100_000


@pytest.mark.parametrize("packed_by", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing_are_not_read(packed_by):
    assert read(pack([("a.pdf", b"x" * 100)], packed_by)) == [("a.pdf", None)]


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"PK\x05\x06" + bytes(18), b"PK\x03\x04" + b"\x00" * 500])
def test_what_is_no_archive_or_empty_is_refused(data):
    with pytest.raises(DomainError):
        read(data)


def test_a_table_with_a_million_entries_is_refused_before_it_is_read():
    with pytest.raises(DomainError, match="more than 200"):
        read(b"PK\x03\x04" + b"PK\x01\x02" * 100_000)


def test_a_damaged_or_locked_file_is_not_read_and_the_others_are():
    data = bytearray(pack([("a.pdf", b"a" * 500), ("b.pdf", b"b" * 500)], zipfile.ZIP_STORED))
    data[data.index(b"aaaa")] = 0
    assert [found is None for _name, found in read(bytes(data))] == [True, False]
