"""Signing: outside programs agree, only a usable key signs, and nothing is handed out unchecked."""

import io
import random
import subprocess
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto.x509 import Certificate
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

import certificates.signatures.signing as signing
from certificates.keys.store import KeyState, KeyStore
from certificates.pdf.design import SHIPPED, Design, DesignSignatory
from certificates.pdf.model import Medal
from certificates.pdf.render import render
from certificates.signatures.document_check import DocumentCheck, DocumentVerdict, check_document
from certificates.signatures.signing import DocumentSigner, SigningRefused, sign_pdf
from tests.certificates.papers import (
    AWARDED,
    OPENED,
    PASSPHRASE,
    Keys,
    a_badge,
    a_model,
    a_scan,
    issue,
    make_keys,
    register,
)
from tests.conftest import tool


def test_pdfsig_finds_the_whole_document_signed(issued: bytes, tmp_path: Path):
    path = tmp_path / "certificate.pdf"
    path.write_bytes(issued)
    told = subprocess.run([tool("pdfsig"), path], capture_output=True, text=True, check=False).stdout
    assert "Signature Validation: Signature is Valid." in told
    assert "Total document signed" in told
    assert "ETSI.CAdES.detached" in told
    assert "Signing Time: Nov 06 2026" in told


def test_qpdf_finds_no_error(issued: bytes, tmp_path: Path):
    path = tmp_path / "certificate.pdf"
    path.write_bytes(issued)
    told = subprocess.run([tool("qpdf"), "--check", path], capture_output=True, check=False)
    assert told.returncode == 0, told.stdout


def test_the_signature_certifies_and_allows_no_change(issued: bytes, tmp_path: Path):
    path = tmp_path / "certificate.pdf"
    path.write_bytes(issued)
    with path.open("rb") as file:
        reader = PdfFileReader(file)
        [signature] = reader.embedded_signatures
        assert signature.docmdp_level is MDPPerm.NO_CHANGES
        assert "/DocMDP" in reader.root["/Perms"]
        assert signature.self_reported_timestamp == AWARDED


def test_pyhanko_finds_a_document_with_files_whole_unchanged_and_trusted(keys: Keys):
    signed = issue(keys, (a_badge(),))
    [signature] = PdfFileReader(io.BytesIO(signed)).embedded_regular_signatures
    root = Certificate.load(keys.root.certificate.public_bytes(Encoding.DER))
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=[root], moment=AWARDED))
    assert status.bottom_line
    assert status.docmdp_ok
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert check_document(signed, [keys.root.certificate], register(signed)).verdict is DocumentVerdict.EXACT


def test_every_file_has_the_room_for_its_signature_that_every_other_has(keys: Keys):
    sizes = {len(issue(keys, holder_name="Ada Lee")) for _ in range(5)}
    assert len(sizes) == 1


@pytest.mark.parametrize("medal", list(Medal))
@pytest.mark.parametrize("design", SHIPPED, ids=lambda design: design.code)
def test_a_certificate_with_signatures_and_a_badge_stays_under_80_kilobytes(keys: Keys, design: Design, medal: Medal):
    wide = "Ÿvonne Žółtýński ÆØÅ Đặng Θεοφάνης Щукин-Юрьевич ffi ĐŁĦŊŦ abcdefghijklmnopqrstuvwxyz BCGJKMPQRUVWX"
    people = tuple(DesignSignatory(name, "President", a_scan()) for name in ("Ina Probe", "Ugo Prova"))
    worn = replace(design, signatories=people)
    page = render(worn.dress(a_model(wide, medal, specimen=True)), (a_badge(random.Random(1).randbytes(3_000)),), worn)
    assert len(sign_pdf(page, keys.signer, AWARDED)) < 80_000


def test_a_key_signs_only_in_its_window_and_while_active(tmp_path: Path):
    body = make_keys(tmp_path, leaf_days=100)
    page = render(a_model())
    for moment in (OPENED - timedelta(seconds=1), OPENED + timedelta(days=101)):
        with pytest.raises(SigningRefused, match="may not sign at"):
            sign_pdf(page, body.signer, moment)
    store, key_id = KeyStore(tmp_path / "keys"), body.signer.key.record.key_id
    store.change_state(key_id, KeyState.RETIRED)
    with pytest.raises(SigningRefused, match="may not sign"):
        sign_pdf(page, DocumentSigner(store.open_key(key_id, PASSPHRASE)), OPENED + timedelta(days=5))


def test_a_root_never_signs_a_document(tmp_path: Path):
    make_keys(tmp_path)
    store = KeyStore(tmp_path / "keys")
    [root] = [record for record in store.list_records() if record.issuer_id == record.key_id]
    with pytest.raises(SigningRefused, match="not for signing documents"):
        DocumentSigner(store.open_key(root.key_id, PASSPHRASE))


def test_a_document_without_the_empty_field_is_refused(keys: Keys, issued: bytes):
    with pytest.raises(SigningRefused):
        sign_pdf(issued, keys.signer, AWARDED)


def test_a_document_that_does_not_check_out_is_not_handed_out(keys: Keys):
    """A signer whose key and certificate do not belong together makes a signature that must not leave the house."""
    mismatched = replace(keys.signer.key, private_key=keys.root.private_key)
    stranger = DocumentSigner(mismatched)
    with pytest.raises(SigningRefused, match="does not check out: altered"):
        sign_pdf(render(a_model()), stranger, AWARDED)


def test_the_verdict_of_the_check_decides(keys: Keys, monkeypatch: pytest.MonkeyPatch):
    almost = DocumentCheck(DocumentVerdict.GENUINE_NOT_EXACT, "", ())
    monkeypatch.setattr(signing, "check_document", lambda *_: almost)
    with pytest.raises(SigningRefused, match="genuine-not-exact"):
        sign_pdf(render(a_model()), keys.signer, AWARDED)


def test_rendering_signing_and_checking_stay_cheap(keys: Keys):
    """The goal is 66 ms of processor time for one certificate on a warm process; the best of five counts."""
    issue(keys, (a_badge(),), holder_name="Warm Up")
    spent = []
    for number in range(5):
        started = time.process_time()
        issue(keys, (a_badge(),), holder_name=f"Person Number {number}")
        spent.append(time.process_time() - started)
    assert min(spent) < 0.066
