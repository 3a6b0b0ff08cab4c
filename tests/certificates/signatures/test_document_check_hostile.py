"""Files made to break the check: cut off, noisy, huge, deep, foreign. Each is answered quickly and none is trusted."""

import random
import time
from pathlib import Path

import pytest

from certificates.signatures.document_check import LARGEST_FILE, CheckReason, DocumentVerdict, check_document
from tests.certificates.papers import Keys, register

TRUSTED = {DocumentVerdict.EXACT, DocumentVerdict.GENUINE_NOT_EXACT}


def verdict_of(data: bytes, keys: Keys, *stored: bytes):
    return check_document(data, [keys.root.certificate], register(*stored))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", CheckReason.NOT_A_PDF),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 500, CheckReason.NOT_A_PDF),
        (b"%PDF-1.7\n" + b" " * LARGEST_FILE, CheckReason.TOO_BIG),
        (b"%PDF-1.7\n1 0 obj<<", CheckReason.BROKEN_FILE),
        (b"%PDF-1.7\ntrailer<</Encrypt 5 0 R>>\nstartxref\n0\n%%EOF", CheckReason.ENCRYPTED),
    ],
)
def test_what_is_no_readable_pdf_is_not_ours_with_the_reason(keys: Keys, data: bytes, reason: CheckReason):
    outcome = verdict_of(data, keys)
    assert (outcome.verdict, outcome.reasons) == (DocumentVerdict.NOT_OURS, (reason,))


def test_no_truncated_file_is_trusted(issued: bytes, keys: Keys):
    chance = random.Random(5)
    for length in [*chance.sample(range(len(issued)), 60), len(issued) - 1]:
        assert verdict_of(issued[:length], keys, issued).verdict not in TRUSTED


def test_chance_bytes_never_stop_the_check(keys: Keys):
    chance = random.Random(3)
    for _ in range(200):
        noise = chance.randbytes(chance.randrange(3_000))
        dictionary = b"/ByteRange [0 %d %d 4]" % (len(noise) + 9, len(noise) + 209)
        hostile = b"%PDF-1.7\n" + noise + b"<" + chance.randbytes(99).hex().encode() + b">" + dictionary
        assert verdict_of(hostile, keys).verdict not in TRUSTED


@pytest.mark.parametrize(
    "filling",
    [
        b"/ByteRange [0 9 20 5] ",
        b"/ByteRange [",
        b"<",
        b"%%EOF",
        b"0123-4567-",
        b"0",
        b"/M (D:",
        b"/Encrypt ",
        b"(",
        b"\0",
    ],
)
def test_the_largest_hostile_file_is_answered_quickly(keys: Keys, filling: bytes):
    data = b"%PDF-1.7\n" + filling * ((LARGEST_FILE - 9) // len(filling))
    started = time.process_time()
    assert verdict_of(data, keys).verdict not in TRUSTED
    assert time.process_time() - started < 3


def test_deep_asn1_is_answered(keys: Keys):
    deep = b"0\x80" * 40_000
    gap = b"<" + deep.hex().encode() + b">"
    start = b"%PDF-1.7\n"
    data = start + gap + b"/ByteRange [0 %d %d 0]" % (len(start), len(start) + len(gap))
    assert verdict_of(data, keys).verdict is DocumentVerdict.OTHER_SIGNER


def test_every_outside_pdf_gets_an_answer_and_none_is_ours(fixtures_dir: Path, keys: Keys, issued: bytes):
    paths = sorted((fixtures_dir / "pdf-signatures").rglob("*.pdf"))
    assert len(paths) > 100
    outcomes = {path.name: verdict_of(path.read_bytes(), keys, issued) for path in paths}
    ours = {DocumentVerdict.EXACT, DocumentVerdict.GENUINE_NOT_EXACT, DocumentVerdict.ALTERED}
    assert not [name for name, outcome in outcomes.items() if outcome.verdict in ours]
    assert outcomes["minimal-two-fields-signed-twice.pdf"].verdict is DocumentVerdict.OTHER_SIGNER
    assert outcomes["pades-with-old-style-signing-cert-attr.pdf"].verdict is DocumentVerdict.OTHER_SIGNER
    assert outcomes["minimal.pdf"].verdict is DocumentVerdict.UNSIGNED
    assert outcomes["minimal-aes256.pdf"].reasons == (CheckReason.ENCRYPTED,)


def test_outside_pdfs_with_our_certificate_pasted_on_are_never_trusted(fixtures_dir: Path, keys: Keys, issued: bytes):
    for path in sorted((fixtures_dir / "pdf-signatures").rglob("*.pdf"))[::6]:
        for pasted in (path.read_bytes() + issued, issued + path.read_bytes()):
            assert verdict_of(pasted, keys, issued).verdict not in TRUSTED
