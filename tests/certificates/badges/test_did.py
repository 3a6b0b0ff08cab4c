"""did:web names and the document of keys."""

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from openbadgeslib.ob3.did import did_web_from_url, resolve_verification_method

from certificates.badges import did
from tests.certificates.badges.workshop import DID, Workshop, public_der

NAMES = [
    ("https://body.example", "did:web:body.example", "https://body.example/.well-known/did.json"),
    ("https://body.example/", "did:web:body.example", "https://body.example/.well-known/did.json"),
    ("https://Body.Example:8443", "did:web:body.example%3A8443", "https://body.example:8443/.well-known/did.json"),
    ("https://body.example/a/b/", "did:web:body.example:a:b", "https://body.example/a/b/did.json"),
    ("https://body.example/a%20b", "did:web:body.example:a%20b", "https://body.example/a%20b/did.json"),
    ("https://bücher.example", "did:web:xn--bcher-kva.example", "https://xn--bcher-kva.example/.well-known/did.json"),
    ("http://localhost:8000", "did:web:localhost%3A8000", "https://localhost:8000/.well-known/did.json"),
]


@pytest.mark.parametrize(("base", "name", "document"), NAMES)
def test_an_address_has_one_name_and_the_name_leads_to_its_document(base, name, document):
    assert did.did_of(base) == name
    assert did.document_address(name) == document


@pytest.mark.parametrize("base", [NAMES[0][0], NAMES[2][0].lower(), "https://body.example/a/b"])
def test_another_library_gives_the_same_name(base):
    assert did.did_of(base) == did_web_from_url(base)


@pytest.mark.parametrize(
    "base",
    [
        "",
        "body.example",
        "ftp://body.example",
        "https://",
        "https://a:b@body.example",
        "https://body.example:99999",
        "https://body.example?x=1",
    ],
)
def test_what_is_no_base_address_has_no_name(base):
    with pytest.raises(did.AddressUnfit):
        did.did_of(base)


def test_every_published_key_is_listed_and_those_believed_may_assert(workshop: Workshop):
    lost = did.PublicKeyEntry("badge-0", public_der(workshop.badge_key), datetime(2026, 1, 1, tzinfo=UTC))
    document = did.build_document(DID, [lost, *workshop.entries])
    kinds = [(method["id"], method["type"]) for method in document["verificationMethod"]]

    assert kinds == [(f"{DID}#badge-0", "Multikey"), (f"{DID}#badge-1", "Multikey"), (f"{DID}#token-1", "JsonWebKey")]
    assert document["assertionMethod"] == [f"{DID}#badge-1", f"{DID}#token-1"]
    assert document["verificationMethod"][0]["revoked"] == "2026-01-01T00:00:00Z"
    assert document["verificationMethod"][1]["publicKeyMultibase"].startswith("z6Mk")


@pytest.mark.parametrize("number", [0, 1])
def test_another_library_reads_our_keys_from_the_document(workshop: Workshop, number):
    import json

    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

    entry = workshop.entries[number]
    pem = resolve_verification_method(f"{DID}#{entry.key_id}", lambda _address: json.dumps(workshop.document).encode())

    read = load_pem_public_key(pem).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert read == entry.public_der


def test_other_kinds_of_keys_sign_no_badges():
    with pytest.raises(ValueError, match="Ed25519 and RSA"):
        did.build_document(DID, [did.PublicKeyEntry("x", public_der(ec.generate_private_key(ec.SECP256R1())))])


def test_keys_are_found_by_their_whole_name_only(workshop: Workshop):
    assert workshop.resolve(f"{DID}#badge-1") == public_der(workshop.badge_key)
    for other in ("badge-1", f"{DID}", f"{DID}#badge-2", "did:web:other.example#badge-1", ""):
        assert workshop.resolve(other) is None
