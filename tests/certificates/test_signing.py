"""Signing: outside programs agree, only a usable key signs, and nothing is handed out unchecked."""

import subprocess
import time
from datetime import timedelta
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm

import certificates.signing as signing
from certificates.document_check import DocumentCheck, DocumentVerdict
from certificates.keys.store import KeyState, KeyStore
from certificates.pdf.model import Medal
from certificates.pdf.render import render
from certificates.signing import DocumentSigner, SigningRefused, sign_pdf
from tests.certificates.papers import AWARDED, OPENED, PASSPHRASE, Keys, a_model, issue, make_keys
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


def test_every_file_has_the_room_for_its_signature_that_every_other_has(keys: Keys):
    sizes = {len(issue(keys, holder_name="Ada Lee")) for _ in range(5)}
    assert len(sizes) == 1


@pytest.mark.parametrize("medal", list(Medal))
def test_a_certificate_stays_under_80_kilobytes(keys: Keys, medal: Medal):
    wide = "Ÿvonne Žółtýński ÆØÅ Đặng Θεοφάνης Щукин-Юрьевич ffi ĐŁĦŊŦ abcdefghijklmnopqrstuvwxyz BCGJKMPQRUVWX"
    assert len(issue(keys, holder_name=wide, medal=medal, specimen=True)) < 80_000


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
    stranger = DocumentSigner(keys.signer.key)
    stranger.as_pyhanko().private_key = keys.root.private_key
    with pytest.raises(SigningRefused, match="does not check out: altered"):
        sign_pdf(render(a_model()), stranger, AWARDED)


def test_the_verdict_of_the_check_decides(keys: Keys, monkeypatch: pytest.MonkeyPatch):
    almost = DocumentCheck(DocumentVerdict.GENUINE_NOT_EXACT, "", ())
    monkeypatch.setattr(signing, "check_document", lambda *_: almost)
    with pytest.raises(SigningRefused, match="genuine-not-exact"):
        sign_pdf(render(a_model()), keys.signer, AWARDED)


def test_rendering_signing_and_checking_stay_cheap(keys: Keys):
    """The goal is 66 ms of processor time for one certificate on a warm process; the best of five counts."""
    issue(keys, holder_name="Warm Up")
    spent = []
    for number in range(5):
        started = time.process_time()
        issue(keys, holder_name=f"Person Number {number}")
        spent.append(time.process_time() - started)
    assert min(spent) < 0.066
