"""The model of a certificate: complete, without contradictions, and the same after years in a store."""

import json
from datetime import datetime

import pytest

from certificates.numbers import new_number
from certificates.pdf.model import CertificateModel, Medal, ModelInvalid, Signatory, Wording
from tests.certificates.papers import ADDRESS, NUMBER, a_model


@pytest.mark.parametrize(
    "changes", [{}, {"valid_through": None, "signatories": ()}, {"specimen": True, "language": "el"}]
)
def test_a_model_comes_back_from_its_json_as_it_was(changes):
    model = a_model("Ζωή O'Brien <b>", Medal.SPRIG, **changes)
    stored = model.canonical_json()
    assert CertificateModel.from_json_dict(json.loads(stored)) == model
    assert CertificateModel.from_json_dict(json.loads(stored)).canonical_json() == stored


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"qr_payload": ADDRESS.replace(NUMBER, new_number())}, "does not lead to the number"),
        ({"qr_payload": f"HTTPS://BODY.EXAMPLE.EVIL.TEST/V/{NUMBER}"}, "another host"),
        ({"qr_payload": f"HTTPS://EVIL.TEST/BODY.EXAMPLE/V/{NUMBER}"}, "another host"),
        ({"qr_payload": f"HTTPS://BÖDY.EXAMPLE/V/{NUMBER}"}, "plain characters"),
        ({"number": NUMBER.lower(), "qr_payload": ADDRESS.replace(NUMBER, NUMBER.lower())}, "canonical"),
        ({"number": NUMBER[:-1] + "2"}, "canonical"),
        ({"dated": datetime(2026, 11, 6)}, "zone"),
        ({"signatories": (Signatory("A", "B"),) * 3}, "2 signatories"),
    ],
)
def test_a_certificate_that_contradicts_itself_is_refused(changes, message):
    with pytest.raises(ModelInvalid, match=message):
        a_model(**changes)


def test_a_damaged_store_is_told_apart_from_a_model():
    for damage in ({"surprise": 1}, {"wording": {"nonsense": "x"}}):
        with pytest.raises(ModelInvalid, match="stored certificate model"):
            CertificateModel.from_json_dict(a_model().to_json_dict() | damage)


def test_the_advice_names_the_domain_and_never_asks_to_believe_a_code():
    text = a_model().check_text
    assert text == "Go to body.example/verify and type the number. The address must begin with body.example."
    printed = " ".join(vars(Wording()).values()).lower()
    assert not [word for word in ("believe", "trust", "scan") if word in printed]
