"""Lists as spreadsheets and people save them."""

import pytest

from app.errors import DomainError
from certificates.bulk.listing import ListedRow, read_list

EXPECTED = [("AAAA-1", "Zoë Müller"), ("BBBB-2", "Ben; Beispiel")]


@pytest.fixture(autouse=True)
def _in_app(app):
    """The messages are translated."""


@pytest.mark.parametrize(
    "data",
    [
        "id,name\nAAAA-1,Zoë Müller\nBBBB-2,Ben; Beispiel\n".encode(),
        '\ufeffID;Name\r\nAAAA-1;Zoë Müller\r\nBBBB-2;"Ben; Beispiel"\r\n'.encode(),
        "id\tname\nAAAA-1\tZoë Müller\n\n\t\nBBBB-2\tBen; Beispiel".encode("utf-16"),
        "Name,Department,Certificate number\nZoë Müller,X,AAAA-1\nBen; Beispiel,Y,BBBB-2\n".encode("cp1252"),
        "AAAA-1,Zoë Müller\nBBBB-2,Ben; Beispiel\n".encode(),
    ],
)
def test_a_list_is_read_however_it_was_saved(data):
    assert [(row.number, row.name) for row in read_list(data)] == EXPECTED


def test_a_row_keeps_its_line_and_a_missing_name_is_empty():
    assert read_list(b"id,name\n\nAAAA\n") == [ListedRow(3, "AAAA", "")]


def test_a_thousand_rows_are_read_and_one_more_is_refused_with_the_figure():
    row = b"7KQ2-9XMD-4T3H-VB8C-PW5N-0RZE-J6A,Ada\n"
    assert len(read_list(b"id,name\n" + row * 1_000)) == 1_000
    with pytest.raises(DomainError, match=r"1,001 rows. At most 1,000"):
        read_list(b"id,name\n" + row * 1_001)


@pytest.mark.parametrize(
    "data", [b"", b"id,name\n", b"\n\n ; \n", b'id,name\n"never ended', b"x" * 600_000, b'id,"na"me"\nx,y']
)
def test_what_is_no_list_is_refused(data):
    with pytest.raises(DomainError):
        read_list(data)


def test_cells_without_end_are_cut():
    [row] = read_list(b"id,name\n" + b"A" * 50_000 + b"," + b"B" * 50_000)
    assert (len(row.number), len(row.name)) == (300, 300)
