"""Timestamps of an authority: asked over HTTP, checked before use, and never left out in silence."""

import io
import time
from datetime import timedelta

import pytest
from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from certificates.pdf.render import render
from certificates.signatures import signing, timestamps
from certificates.signatures.document_check import CheckReason, DocumentVerdict, check_document
from certificates.signatures.finding import list_signatures
from certificates.signatures.signing import SigningRefused, TimestampMissing, sign_pdf
from certificates.signatures.timestamps import TimestampRefused, TimestampServer
from tests.certificates.papers import AWARDED, Keys, a_model, issue, register
from tests.support.timestamping import make_stamper, reply_of, serving, stamping


@pytest.fixture(scope="module")
def stamper():
    """An authority whose clock is a little ahead of ours."""
    return make_stamper(AWARDED + timedelta(seconds=7))


@pytest.fixture(scope="module")
def stamped(keys: Keys, stamper) -> bytes:
    """A certificate with a timestamp from a server."""
    with serving(stamping(stamper)) as address:
        return sign_pdf(render(a_model()), keys.signer, AWARDED, authority=TimestampServer(address))


def container_of(signed: bytes) -> cms.ContentInfo:
    [slot] = list_signatures(signed)
    return cms.ContentInfo.load(slot.contents)


def with_container(signed: bytes, container: cms.ContentInfo) -> bytes:
    """The same file with another container in the room of the signature."""
    [slot] = list_signatures(signed)
    digits = container.dump().hex().encode()
    room = slot.gap_end - slot.gap_start - 2
    return signed[: slot.gap_start] + b"<" + digits.ljust(room, b"0") + b">" + signed[slot.gap_end :]


def test_a_stamped_certificate_is_exact_and_tells_both_times(stamped: bytes, keys: Keys, caplog):
    outcome = check_document(stamped, [keys.root.certificate], register(stamped))
    assert caplog.records == [], "an authority whose root nobody holds is no fault"
    assert outcome.verdict is DocumentVerdict.EXACT
    assert (outcome.signed_at, outcome.stamped_at) == (AWARDED, AWARDED + timedelta(seconds=7))
    assert len(stamped) < 80_000


def test_a_certificate_without_a_timestamp_tells_our_time_alone(keys: Keys):
    plain = issue(keys)
    outcome = check_document(plain, [keys.root.certificate], register(plain))
    assert (outcome.signed_at, outcome.stamped_at) == (AWARDED, None)


def test_pyhanko_trusts_the_whole_once_it_trusts_both_roots(stamped: bytes, keys: Keys, stamper):
    [signature] = PdfFileReader(io.BytesIO(stamped)).embedded_regular_signatures
    root = asn1_x509.Certificate.load(keys.root.certificate.public_bytes(Encoding.DER))
    trust = ValidationContext(trust_roots=[root, stamper.tsa_cert], moment=AWARDED + timedelta(days=1))
    status = validate_pdf_signature(signature, trust)
    assert status.bottom_line
    assert status.timestamp_validity.timestamp == AWARDED + timedelta(seconds=7)


def test_every_stamped_file_has_one_size(keys: Keys, stamper):
    def ask(request: bytes) -> bytes:
        return reply_of(stamper, request)

    sizes = {len(sign_pdf(render(a_model()), keys.signer, AWARDED, authority=ask)) for _ in range(3)}
    assert len(sizes) == 1


def test_a_timestamp_that_was_taken_out_leaves_the_file_genuine_but_not_ours(stamped: bytes, keys: Keys):
    container = container_of(stamped)
    del container["content"]["signer_infos"][0]["unsigned_attrs"]
    outcome = check_document(with_container(stamped, container), [keys.root.certificate], register(stamped))
    assert (outcome.verdict, outcome.reasons) == (DocumentVerdict.GENUINE_NOT_EXACT, (CheckReason.HASH_UNKNOWN,))
    assert outcome.stamped_at is None


def test_the_timestamp_of_another_certificate_says_nothing_of_this_one(stamped: bytes, keys: Keys, stamper):
    other = sign_pdf(render(a_model()), keys.signer, AWARDED, authority=lambda asked: reply_of(stamper, asked))
    container, stolen = container_of(stamped), container_of(other)
    container["content"]["signer_infos"][0]["unsigned_attrs"] = stolen["content"]["signer_infos"][0]["unsigned_attrs"]
    outcome = check_document(with_container(stamped, container), [keys.root.certificate], register(stamped))
    assert outcome.verdict is not DocumentVerdict.EXACT
    assert outcome.stamped_at is None


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (make_stamper(AWARDED - timedelta(days=1)), "clock"),
        (make_stamper(AWARDED, ExtendedKeyUsageOID.CODE_SIGNING), "for timestamps alone"),
    ],
)
def test_a_timestamp_of_another_day_or_of_another_kind_of_key_is_refused(keys: Keys, wrong, message):
    with pytest.raises(TimestampMissing, match=message):
        sign_pdf(render(a_model()), keys.signer, AWARDED, authority=lambda request: reply_of(wrong, request))


def test_a_timestamp_of_something_else_is_refused(keys: Keys, stamper):
    kept: list[bytes] = []

    def replay(request: bytes) -> bytes:
        kept.append(reply_of(stamper, request))
        return kept[0]

    sign_pdf(render(a_model()), keys.signer, AWARDED, authority=replay)
    with pytest.raises(TimestampMissing):
        sign_pdf(render(a_model("Somebody Else")), keys.signer, AWARDED, authority=replay)


def test_a_timestamp_with_a_flipped_bit_is_refused(keys: Keys, stamper):
    def garble(request: bytes) -> bytes:
        reply = bytearray(reply_of(stamper, request))
        reply[-3] ^= 1
        return bytes(reply)

    with pytest.raises(TimestampMissing, match="does not hold"):
        sign_pdf(render(a_model()), keys.signer, AWARDED, authority=garble)


def test_a_token_that_is_too_large_for_its_room_is_told_and_nothing_handed_out(keys: Keys, stamper, monkeypatch):
    monkeypatch.setattr(signing, "BYTES_RESERVED", 3600)
    monkeypatch.setattr(signing, "BYTES_FOR_TIMESTAMP", 400)
    with pytest.raises(SigningRefused, match="cannot be signed"):
        sign_pdf(render(a_model()), keys.signer, AWARDED, authority=lambda request: reply_of(stamper, request))


def test_noise_is_no_timestamp(keys: Keys):
    for noise in (b"", b"0\x80" * 99, b"<html>"):
        with pytest.raises(TimestampMissing):
            sign_pdf(render(a_model()), keys.signer, AWARDED, authority=lambda _, reply=noise: reply)


def fail(handler, _) -> None:
    handler.send_error(503)


def flood(handler, _) -> None:
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(b"0" * (timestamps.LARGEST_REPLY + 9))


def sleep(handler, _) -> None:
    time.sleep(0.5)


def drip(handler, _) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _step in range(20):
        handler.wfile.write(b"0")
        handler.wfile.flush()
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("answer", "message"),
    [(fail, "answered 503"), (flood, "larger than"), (sleep, "did not answer"), (drip, "took longer")],
)
def test_a_server_that_fails_floods_sleeps_or_drips_is_given_up(monkeypatch, answer, message):
    monkeypatch.setattr(timestamps, "SECONDS_PER_STEP", 0.2)
    monkeypatch.setattr(timestamps, "SECONDS_IN_ALL", 0.3)
    with serving(answer) as address, pytest.raises(TimestampRefused, match=message):
        TimestampServer(address)(b"a request")


def test_a_server_that_is_not_there_is_said_so(keys: Keys):
    with serving(fail) as address:
        pass
    with pytest.raises(TimestampMissing, match=r"no timestamp: 127\.0\.0\.1 did not answer"):
        sign_pdf(render(a_model()), keys.signer, AWARDED, authority=TimestampServer(address))


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://tsa.example/", "tsa.example", "http://"])
def test_only_web_addresses_are_asked(address: str):
    with pytest.raises(ValueError, match="not the address"):
        TimestampServer(address)
