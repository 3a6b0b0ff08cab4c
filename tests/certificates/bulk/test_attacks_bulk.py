"""Attacks on the check of many: archives that lie, lists that are none, records that we never signed, and what it all costs."""

import csv
import io
import json
import random
import zipfile
from contextlib import suppress

import pytest

from app import clock, limits
from app.errors import DomainError
from certificates.bulk import archive as archive_room
from certificates.bulk import checking, routes
from certificates.bulk.archive import ArchivedFile, read_archive
from certificates.bulk.listing import read_list
from certificates.lifecycle.status import Status
from certificates.signatures.document_check import DocumentVerdict
from tests.certificates.scenes import send
from tests.factories.certificates import certify

NUL_ID = json.dumps(
    {"type": ["VerifiableCredential"], "id": "urn:uuid:\0", "credentialSubject": {}, "proof": {}}
).encode()


def packed(*files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files:
            made.writestr(name, data)
    return target.getvalue()


def without_names(data):
    """The same archive with every name taken out of its directory: zipfile reads such entries, and stumbles over them."""
    changed = bytearray(data)
    start = changed.find(b"PK\x01\x02")
    end = changed.find(b"PK\x05\x06")
    directory = b""
    while changed[start : start + 4] == b"PK\x01\x02":
        name, extra, remark = (int.from_bytes(changed[start + at : start + at + 2], "little") for at in (28, 30, 32))
        directory += bytes(changed[start : start + 28]) + b"\0\0" + bytes(changed[start + 30 : start + 46])
        start += 46 + name + extra + remark
    tail = bytearray(changed[end:])
    tail[12:16] = len(directory).to_bytes(4, "little")
    return bytes(changed[: data.find(b"PK\x01\x02")]) + directory + bytes(tail)


def test_an_entry_without_a_name_is_left_aside(visit, app):
    archive = without_names(packed(("a.pdf", b"%PDF-1.7")))
    with pytest.raises(DomainError, match="no file"):
        list(read_archive(archive))
    answer = send(visit, "/verify/bulk", {}, file=(archive, "x.zip"))
    assert answer.status_code == 422


def test_no_damage_of_an_archive_is_a_fault_of_ours(app):
    chance = random.Random(20_261_122)
    good = packed(*((f"{number}.pdf", b"%PDF-1.4" + chance.randbytes(200)) for number in range(4)))
    for _time in range(3_000):
        bad = bytearray(good)
        for _change in range(chance.randint(1, 6)):
            place = chance.randrange(len(bad))
            if chance.random() < 0.7:
                bad[place] = chance.choice((0, 255, chance.randrange(256)))
            else:
                del bad[place : place + chance.randint(1, 8)]
        with suppress(DomainError):
            list(read_archive(bytes(bad)))


def test_no_list_is_a_fault_of_ours(app):
    chance = random.Random(20_261_122)
    for _time in range(3_000):
        with suppress(DomainError):
            read_list(bytes(chance.choices(b'",;\t\n\r\0\x0bAid\xff\xfe=', k=chance.randint(0, 60))))


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "..\\..\\x.pdf", "C:\\x.pdf", "\x1b[2Jx.pdf", "<b>x.pdf"]
)
def test_a_name_in_an_archive_is_a_word_and_no_path(visit, app, monkeypatch, name):
    monkeypatch.setattr("builtins.open", lambda path, *_more, **_named: pytest.fail(f"{path} was opened"))
    [found] = read_archive(packed((name, b"x")))
    monkeypatch.undo()
    assert found.data == b"x"
    page = send(visit, "/verify/bulk", {}, file=(packed((name, b"x")), "x.zip")).get_data(as_text=True)
    assert "<b>x.pdf" not in page


def test_files_that_take_very_long_do_not_hold_the_house(app, monkeypatch):
    """After the time for all of them the others are answered as not read, and nothing is looked into any more."""
    seconds = iter([0.0, 1.0, 2.0, 40.0, 41.0])
    files = [ArchivedFile(f"{number}.pdf", b"%PDF-1.7\nstartxref\n0\n%%EOF") for number in range(4)]
    found = checking.check_files(files, clock.now(), ticks=lambda: next(seconds))
    assert [outcome.document for outcome in found] == [DocumentVerdict.UNSIGNED, DocumentVerdict.UNSIGNED, None, None]
    assert {outcome.status for outcome in found} == {Status.UNKNOWN}
    assert not any(outcome.is_good for outcome in found)


def test_nothing_is_unpacked_for_an_address_that_has_had_enough(visit, app, monkeypatch):
    monkeypatch.setattr(routes, "CHECKED", limits.Limit("few", 10, 3_600))
    rows = b"id,name\n" + b"x,y\n" * 10
    assert send(visit, "/verify/bulk", {}, file=(rows, "x.csv")).status_code == 200
    monkeypatch.setattr(archive_room.zipfile, "ZipFile", lambda *_given: pytest.fail("it was unpacked"))
    assert send(visit, "/verify/bulk", {}, file=(b"PK\x03\x04", "x.zip")).status_code == 429


@pytest.mark.parametrize("where", ["/verify/bulk", "/verify"])
def test_an_identifier_that_no_database_holds_costs_no_answer(visit, app, where):
    """PostgreSQL takes no NUL: one such file must not take the answers of the others with it."""
    certify()
    data, name = (packed(("a.json", NUL_ID), ("b.txt", b"hello")), "x.zip") if "bulk" in where else (NUL_ID, "a.json")
    answer = send(visit, where, {}, file=(data, name))
    assert answer.status_code == 200


def take(visit, record, form="csv"):
    text = record if isinstance(record, str) else json.dumps(record)
    return visit.post("/verify/bulk/record", {"record": text, "form": form})


def test_no_cell_of_a_record_is_a_formula_not_even_in_its_head(visit, app):
    evil = ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x"]
    answer = take(visit, {"proof": None, "results": [{head: head for head in evil}], "checked_at": "=1"})
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"), newline="")))
    assert [row[:-1] for row in rows] == [[f"'{text}" for text in evil]] * 2
    assert rows[1][-1] == "'=1"


@pytest.mark.parametrize("form", ["csv", "json"])
@pytest.mark.parametrize(
    "text",
    [
        '{"proof": null, "results": [{"a": "\\ud800"}], "checked_at": "x"}',
        '{"proof": {"jws": "..", "kid": []}, "results": [], "checked_at": 1}',
        '{"proof": {"jws": "eyJhbGciOiJub25lIn0.."}, "results": [], "checked_at": 1}',
        "[]", "null", "7", '"x"', "[" * 100_000, '{"proof": null, "results": {"0": 1}, "checked_at": 1}',
        '{"proof": null, "results": [{"a": 1}, {"b": 1}], "checked_at": 1}',
    ],
)  # fmt: skip
def test_what_is_no_record_is_refused_in_words(visit, app, text, form):
    certify()
    answer = take(visit, text, form)
    assert answer.status_code < 500
    assert answer.status_code == 409 or "\\ud800" in text
