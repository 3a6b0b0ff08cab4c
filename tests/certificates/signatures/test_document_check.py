"""Files that employers upload: ours, almost ours, forged, foreign and broken. Each gets its one answer."""

import io
import random
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pikepdf
import pypdf
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pypdf.annotations import FreeText
from reportlab.pdfgen.canvas import Canvas

from certificates.keys.authority import Subject, Window, make_document_signer
from certificates.keys.store import OpenKey
from certificates.pdf.render import render
from certificates.signatures.document_check import CheckReason, DocumentVerdict, check_document
from certificates.signatures.finding import list_signatures
from certificates.signatures.signing import DocumentSigner, _signed, sign_pdf
from tests.certificates.papers import (
    AWARDED,
    NUMBER,
    OPENED,
    Keys,
    a_badge,
    a_model,
    issue,
    make_keys,
    page_text,
    register,
)
from tests.conftest import tool

TRUSTED = {DocumentVerdict.EXACT, DocumentVerdict.GENUINE_NOT_EXACT}


def verdict_of(data: bytes, keys: Keys, *stored: bytes):
    return check_document(data, [keys.root.certificate], register(*stored))


def painted_over(issued: bytes) -> bytes:
    """The certificate with another name painted over the page in an incremental update."""
    writer = IncrementalPdfFileWriter(io.BytesIO(issued))
    forged = StreamObject(stream_data=b"1 1 1 rg 150 280 550 60 re f 0 0 0 rg BT /F1 40 Tf 200 300 Td (Mallory) Tj ET")
    writer.add_stream_to_page(0, writer.add_object(forged))
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def annotated(issued: bytes) -> bytes:
    """The certificate with a note over the name, as a common editor saves it."""
    writer = pypdf.PdfWriter(io.BytesIO(issued), incremental=True)
    writer.add_annotation(0, FreeText(text="Mallory", rect=(150, 280, 700, 350)))
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def attachment_replaced(issued: bytes) -> bytes:
    """The certificate with another file in the place of the attached one, in an incremental update."""
    writer = IncrementalPdfFileWriter(io.BytesIO(issued))
    [_, specification] = writer.root["/Names"]["/EmbeddedFiles"]["/Names"]
    embedded = specification.get_object()["/EF"].raw_get("/F")
    stream = embedded.get_object()
    stream._data, stream._encoded_data = b'{"name": "Mallory"}', None
    writer.mark_update(embedded)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def signed_again(issued: bytes, stranger: Keys) -> bytes:
    """The certificate with a second signature, for which its prohibition of changes has been taken out."""
    writer = IncrementalPdfFileWriter(io.BytesIO(issued))
    del writer.root["/Perms"]
    writer.update_root()
    freed = io.BytesIO()
    writer.write(freed)
    signer = PdfSigner(
        PdfSignatureMetadata(field_name="Second", md_algorithm="sha256"),
        stranger.signer.as_pyhanko(),
        new_field_spec=SigFieldSpec("Second"),
    )
    return signer.sign_pdf(IncrementalPdfFileWriter(freed)).getvalue()


def test_the_issued_file_is_exact(issued: bytes, keys: Keys):
    outcome = verdict_of(issued, keys, issued)
    assert outcome.verdict is DocumentVerdict.EXACT
    assert (outcome.number, outcome.number_is_signed, outcome.signed_at) == (NUMBER, True, AWARDED)
    assert outcome.signer_fingerprint == keys.signer.fingerprint
    assert [revision.covered for revision in outcome.revisions] == [True, True]
    assert outcome.revisions[-1].end == len(issued)


def test_a_genuine_file_that_nobody_stored_is_not_exact(issued: bytes, keys: Keys):
    outcome = verdict_of(issued, keys)
    assert (outcome.verdict, outcome.reasons) == (DocumentVerdict.GENUINE_NOT_EXACT, (CheckReason.HASH_UNKNOWN,))
    assert (outcome.number, outcome.number_is_signed) == (NUMBER, True)


def test_the_filling_of_the_signature_can_change_and_the_file_is_genuine_but_not_ours(issued: bytes, keys: Keys):
    [slot] = list_signatures(issued)
    changed = bytearray(issued)
    changed[slot.gap_end - 3] = ord("7")
    outcome = verdict_of(bytes(changed), keys, issued)
    assert outcome.verdict is DocumentVerdict.GENUINE_NOT_EXACT


def test_a_digit_of_the_embedded_root_can_change_and_the_file_is_genuine_but_not_ours(issued: bytes, keys: Keys):
    """The certificates inside the container are not signed: a simple reader sees nothing."""
    root = keys.root.certificate.public_bytes(Encoding.DER).hex().upper().encode()
    place = issued.index(root) + len(root) - 20
    changed = bytearray(issued)
    changed[place] = ord("0") if changed[place] != ord("0") else ord("1")
    outcome = verdict_of(bytes(changed), keys, issued)
    assert (outcome.verdict, outcome.reasons) == (DocumentVerdict.GENUINE_NOT_EXACT, (CheckReason.HASH_UNKNOWN,))


@pytest.mark.parametrize("tail", [b"\n", b"\r\n\r\n", b"\n% kept by a mail program\n", b"\0" * 20])
def test_bytes_that_show_nothing_leave_it_genuine(issued: bytes, keys: Keys, tail: bytes):
    outcome = verdict_of(issued + tail, keys, issued)
    assert (outcome.verdict, outcome.reasons) == (
        DocumentVerdict.GENUINE_NOT_EXACT,
        (CheckReason.BYTES_AFTER_SIGNATURE,),
    )


@pytest.mark.parametrize("tail", [b"\n%1 0 obj<<>>endobj", b"\n%startxref 12", b"\n%PDF-1.7\ntrailer<<>>"])
def test_bytes_that_could_show_something_make_it_altered(issued: bytes, keys: Keys, tail: bytes):
    assert verdict_of(issued + tail, keys, issued).verdict is DocumentVerdict.ALTERED


@pytest.mark.parametrize("forge", [painted_over, annotated])
def test_a_name_painted_over_in_an_update_is_altered_though_simple_readers_see_a_valid_signature(
    issued: bytes, keys: Keys, forge, tmp_path: Path
):
    forged = forge(issued)
    assert forged.startswith(issued)
    outcome = verdict_of(forged, keys, issued)
    assert (outcome.verdict, outcome.reasons) == (DocumentVerdict.ALTERED, (CheckReason.UPDATE_AFTER_SIGNATURE,))
    assert (outcome.number, outcome.number_is_signed) == (NUMBER, True)
    assert [revision.covered for revision in outcome.revisions] == [True, True, False]
    path = tmp_path / "forged.pdf"
    path.write_bytes(forged)
    told = subprocess.run([tool("pdfsig"), path], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in told, "the attack is real: a simple reader is content"


def test_an_attached_file_that_was_exchanged_is_altered(keys: Keys):
    issued = issue(keys, (a_badge(),))
    assert pypdf.PdfReader(io.BytesIO(issued)).attachments["credential.json"] == [a_badge().data]
    forged = attachment_replaced(issued)
    assert pypdf.PdfReader(io.BytesIO(forged)).attachments["credential.json"] == [b'{"name": "Mallory"}']
    outcome = verdict_of(forged, keys, issued)
    assert (outcome.verdict, outcome.reasons) == (DocumentVerdict.ALTERED, (CheckReason.UPDATE_AFTER_SIGNATURE,))
    assert (outcome.number, outcome.number_is_signed) == (NUMBER, True)


def test_an_attached_file_that_was_exchanged_in_place_is_altered(keys: Keys):
    issued = issue(keys, (a_badge(bytes(range(256)) * 8),))
    with pikepdf.open(io.BytesIO(issued)) as pdf:
        raw = next(iter(pdf.attachments.values())).get_file().obj.read_raw_bytes()
    assert issued.count(raw) == 1
    outcome = verdict_of(issued.replace(raw, bytes(len(raw))), keys, issued)
    assert (outcome.verdict, outcome.reasons) == (DocumentVerdict.ALTERED, (CheckReason.SIGNATURE_BROKEN,))


def test_a_second_signature_is_refused_and_a_forced_one_makes_it_altered(
    issued: bytes, keys: Keys, strangers_keys: Keys
):
    extra = PdfSigner(
        PdfSignatureMetadata(field_name="Second", md_algorithm="sha256"),
        strangers_keys.signer.as_pyhanko(),
        new_field_spec=SigFieldSpec("Second"),
    )
    with pytest.raises(SigningError):
        extra.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(issued)))
    forced = signed_again(issued, strangers_keys)
    assert len(list_signatures(forced)) == 2
    outcome = verdict_of(forced, keys, issued)
    assert (outcome.verdict, outcome.reasons) == (DocumentVerdict.ALTERED, (CheckReason.UPDATE_AFTER_SIGNATURE,))


def test_a_signature_transplanted_onto_another_certificate_is_altered(issued: bytes, keys: Keys):
    """The container and byte range of a genuine certificate, put into an unsigned one of another name."""
    other = issue(keys, holder_name="Mallory Muster")
    [ours], [theirs] = list_signatures(issued), list_signatures(other)
    forged = other[: theirs.gap_start] + issued[ours.gap_start : ours.gap_end] + other[theirs.gap_end :]
    outcome = verdict_of(forged, keys, issued, other)
    assert (outcome.verdict, outcome.reasons) == (DocumentVerdict.ALTERED, (CheckReason.SIGNATURE_BROKEN,))


def test_every_flipped_byte_of_the_signed_part_is_found(issued: bytes, keys: Keys):
    [slot] = list_signatures(issued)
    chance = random.Random(11)
    places = [place for place in chance.sample(range(len(issued)), 400) if not slot.gap_start <= place < slot.gap_end]
    for place in places[:300]:
        changed = bytearray(issued)
        changed[place] ^= 1 << chance.randrange(8)
        assert verdict_of(bytes(changed), keys, issued).verdict not in TRUSTED, place


def test_a_changed_word_of_the_document_is_altered(issued: bytes, keys: Keys):
    assert b"/Author (The Body of Examples)" in issued
    changed = issued.replace(b"/Author (The Body of Examples)", b"/Author (The Body of Specimen)", 1)
    outcome = verdict_of(changed, keys, issued)
    assert (outcome.verdict, outcome.reasons) == (DocumentVerdict.ALTERED, (CheckReason.SIGNATURE_BROKEN,))
    assert not outcome.number_is_signed


def test_a_strangers_signature_in_the_same_style_is_another_signer(issued: bytes, keys: Keys, strangers_keys: Keys):
    forged = issue(strangers_keys, holder_name="Mallory")
    outcome = verdict_of(forged, keys, issued)
    assert (outcome.verdict, outcome.reasons) == (DocumentVerdict.OTHER_SIGNER, (CheckReason.SIGNER_UNKNOWN,))
    assert outcome.signer == verdict_of(issued, keys).signer, "the names are copied, so names prove nothing"
    assert (outcome.number, outcome.number_is_signed) == (NUMBER, False)


def test_a_certificate_for_another_purpose_under_our_root_signs_nothing(keys: Keys, tmp_path: Path):
    """The root itself may not sign documents: a file signed with it is not believed."""
    key = keys.signer.key
    misused = replace(key, private_key=keys.root.private_key, chain=(keys.root.certificate, keys.root.certificate))
    signed = _signed(render(a_model()), DocumentSigner(misused), AWARDED, None)
    assert verdict_of(signed, keys, signed).verdict is DocumentVerdict.OTHER_SIGNER


def test_a_stripped_signature_is_unsigned(issued: bytes, keys: Keys):
    reader = pypdf.PdfReader(io.BytesIO(issued))
    writer = pypdf.PdfWriter()
    del reader.pages[0]["/Annots"]
    writer.add_page(reader.pages[0])
    target = io.BytesIO()
    writer.write(target)
    stripped = target.getvalue()
    assert b"/ByteRange" not in stripped
    assert "Ada Beispiel" in page_text(stripped), "the page looks the same"
    outcome = verdict_of(stripped, keys, issued)
    assert (outcome.verdict, outcome.reasons) == (DocumentVerdict.UNSIGNED, (CheckReason.NO_SIGNATURE,))
    assert not outcome.number_is_signed


def test_a_rendered_page_that_was_never_signed_is_unsigned(keys: Keys):
    outcome = verdict_of(render(a_model()), keys)
    assert (outcome.verdict, outcome.number) == (DocumentVerdict.UNSIGNED, NUMBER)


def test_our_container_glued_to_another_page_is_altered(issued: bytes, keys: Keys):
    """The oldest forgery: our signature lifted out and put into a document of one's own."""
    target = io.BytesIO()
    Canvas(target).save()
    [slot] = list_signatures(issued)
    page = target.getvalue()
    container = issued[slot.gap_start : slot.gap_end]
    dictionary = b"<</Type/Sig/ByteRange [0 %d %d 20]/M (D:20261106120000Z)/Contents " % (
        len(page),
        len(page) + len(container),
    )
    forged = page + container + dictionary + b" " * 20
    assert verdict_of(forged, keys, issued).verdict is DocumentVerdict.ALTERED


def test_a_container_moved_to_where_other_content_shows_is_not_trusted(issued: bytes, keys: Keys):
    """Signature wrapping: the signed bytes are all there, and something else between them."""
    [slot] = list_signatures(issued)
    extra = b" 9 0 obj<</Mallory true>>endobj "
    gap = issued[slot.gap_start : slot.gap_end] + extra
    ranges = b"/ByteRange [0 %d %d %d]" % (slot.gap_start, slot.gap_start + len(gap), slot.end - slot.gap_end)
    wrapped = issued[: slot.gap_start] + gap + issued[slot.gap_end :] + b"\n% " + ranges
    assert verdict_of(wrapped, keys, issued).verdict not in TRUSTED


def test_an_old_certificate_stays_genuine_after_its_signers_certificate_ended(tmp_path: Path):
    body = make_keys(tmp_path, leaf_days=400)
    old = issue(body)
    assert body.leaf.window.not_after < AWARDED + timedelta(days=400)
    assert verdict_of(old, body, old).verdict is DocumentVerdict.EXACT


def test_a_signature_outside_the_window_of_its_key_is_not_believed(keys: Keys):
    window = Window(OPENED, OPENED + timedelta(days=10))
    late = make_document_signer(keys.root, Subject("Late", "Body"), window)
    record = keys.signer.key.record
    signer = DocumentSigner(OpenKey(record, late.private_key, (late.certificate, keys.root.certificate)))
    signed = _signed(render(a_model()), signer, AWARDED, None)
    outcome = verdict_of(signed, keys, signed)
    assert (outcome.verdict, outcome.reasons) == (DocumentVerdict.OTHER_SIGNER, (CheckReason.SIGNER_OUTSIDE_WINDOW,))


def test_a_root_we_do_not_hold_makes_even_a_stored_file_foreign(issued: bytes, strangers_keys: Keys):
    assert verdict_of(issued, strangers_keys, issued).verdict is DocumentVerdict.OTHER_SIGNER
    assert check_document(issued, [], register(issued)).verdict is DocumentVerdict.OTHER_SIGNER


def test_pyhanko_agrees_about_the_genuine_file(issued: bytes):
    [signature] = PdfFileReader(io.BytesIO(issued)).embedded_signatures
    signature.compute_integrity_info()
    assert signature.evaluate_signature_coverage().name == "ENTIRE_FILE"


def test_a_second_signature_cannot_be_added_by_us(issued: bytes, keys: Keys):
    with pytest.raises(ValueError, match="cannot be signed"):
        sign_pdf(issued, keys.signer, AWARDED)
