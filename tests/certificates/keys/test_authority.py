"""The root and the document signer: what their certificates allow, and when they refuse to be made."""

from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from certificates.keys.authority import (
    AuthorityRefused,
    Subject,
    Window,
    make_document_signer,
    make_revocation_list,
    make_root,
)
from tests.certificates.papers import OPENED, Keys

YEAR = timedelta(days=365)


def allowed(certificate: x509.Certificate) -> set[str]:
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
    )
    return {name for name in names if getattr(usage.value, name)}


def test_a_root_vouches_and_does_not_sign_documents(keys: Keys):
    root = keys.root.certificate
    constraints = root.extensions.get_extension_for_class(x509.BasicConstraints)
    assert (constraints.critical, constraints.value.ca, constraints.value.path_length) == (True, True, 0)
    assert allowed(root) == {"key_cert_sign", "crl_sign"}
    root.verify_directly_issued_by(root)


def test_a_document_signer_signs_documents_and_nothing_else(keys: Keys):
    leaf = keys.leaf.certificate
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert allowed(leaf) == {"digital_signature", "content_commitment"}
    leaf.verify_directly_issued_by(keys.root.certificate)
    public_key = leaf.public_key()
    assert isinstance(public_key, ec.EllipticCurvePublicKey)
    assert public_key.curve.name == "secp256r1"


def test_a_document_signer_names_a_revocation_list_and_no_ocsp_service(keys: Keys):
    extensions = keys.leaf.certificate.extensions
    [point] = extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    assert point.full_name[0].value == "https://body.example/root.crl"
    with pytest.raises(x509.ExtensionNotFound):
        extensions.get_extension_for_class(x509.AuthorityInformationAccess)


def test_a_signer_is_never_valid_outside_the_window_of_its_root():
    root = make_root(Subject("Root", "Body"), Window(OPENED, OPENED + YEAR))
    with pytest.raises(AuthorityRefused, match="outside the window"):
        make_document_signer(root, Subject("Signer", "Body"), Window(OPENED, OPENED + 2 * YEAR))


@pytest.mark.parametrize("name", ["", "x" * 65])
def test_a_name_that_no_reader_accepts_is_refused(name):
    with pytest.raises(AuthorityRefused, match="1 to 64 characters"):
        make_root(Subject(name, "Body"), Window(OPENED, OPENED + YEAR))


def test_a_window_needs_a_zone_and_a_duration():
    with pytest.raises(AuthorityRefused, match="zone"):
        Window(datetime(2026, 1, 1), datetime(2027, 1, 1))
    with pytest.raises(AuthorityRefused, match="ends before"):
        Window(OPENED, OPENED)


def test_a_revoked_signer_stands_in_the_signed_list_of_its_root(keys: Keys):
    serial = keys.leaf.certificate.serial_number
    der = make_revocation_list(keys.root, [(serial, OPENED + YEAR)], OPENED + YEAR, OPENED + 2 * YEAR, number=1)
    revocations = x509.load_der_x509_crl(der)
    assert revocations.is_signature_valid(keys.root.certificate.public_key())
    entry = revocations.get_revoked_certificate_by_serial_number(serial)
    assert entry is not None
    assert entry.revocation_date_utc == OPENED + YEAR
    assert revocations.get_revoked_certificate_by_serial_number(serial + 1) is None
