"""The proof suite against the published vectors, and against whoever changes one thing."""

import json
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from certificates.badges import proofs
from certificates.badges.credential import build
from certificates.badges.linked_data import TermUndefined, canonical_form, expand
from certificates.badges.multikey import decode_base58, decode_key
from tests.certificates.badges.workshop import DID, FACTS, NOW, Workshop, public_der


@pytest.fixture(scope="module")
def vectors(fixtures_dir: Path) -> Path:
    return fixtures_dir / "credentials/w3c-eddsa"


def published(vectors: Path, name: str) -> Any:
    text = (vectors / name).read_text()
    return json.loads(text) if name.endswith(".json") else text


def test_the_published_vector_byte_by_byte(vectors):
    unsigned = published(vectors, "unsigned.json")
    keys = published(vectors, "keyPair.json")
    signed = published(vectors, "eddsa-rdfc-2022/signedDataInt.json")
    secret = Ed25519PrivateKey.from_private_bytes(decode_base58(keys["privateKeyMultibase"])[2:])
    created = datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC)

    secured = proofs.secure(unsigned, secret.sign, signed["proof"]["verificationMethod"], created)

    assert secured == signed | {"proof": [signed["proof"]]}
    proofs.verify(signed, signed["proof"], decode_key(keys["publicKeyMultibase"]))


def test_each_step_of_the_published_vector(vectors):
    unsigned, options = (
        published(vectors, "unsigned.json"),
        published(vectors, "eddsa-rdfc-2022/proofConfigDataInt.json"),
    )
    document = canonical_form(expand(unsigned).document)
    config = canonical_form(expand(options).document)

    assert document.decode() == published(vectors, "eddsa-rdfc-2022/canonDocDataInt.txt")
    assert config.decode() == published(vectors, "eddsa-rdfc-2022/proofCanonDataInt.txt")
    assert sha256(document).hexdigest() == published(vectors, "eddsa-rdfc-2022/docHashDataInt.txt")
    assert proofs.signed_bytes(unsigned, options).hex() == published(vectors, "eddsa-rdfc-2022/combinedHashDataInt.txt")


def test_a_badge_is_proven_by_its_key_and_by_no_other(workshop: Workshop):
    badge = workshop.badge()
    other = Ed25519PrivateKey.from_private_bytes(b"another key that nobody has heard"[:32])

    proofs.verify(badge, badge["proof"][0], public_der(workshop.badge_key))
    with pytest.raises(proofs.ProofInvalid, match="does not fit"):
        proofs.verify(badge, badge["proof"][0], public_der(other))
    with pytest.raises(proofs.ProofInvalid, match="Ed25519"):
        proofs.verify(badge, badge["proof"][0], public_der(workshop.token_key))


@pytest.mark.parametrize(
    "changes",
    [
        {"created": "2026-11-22T09:30:00.000Z"},
        {"created": "2026-11-22T10:30:00+01:00"},
        {"proofPurpose": "authentication"},
        {"verificationMethod": f"{DID}#badge-2"},
        {"proofValue": "z" + "1" * 88},
        {"proofValue": "no base58"},
        {"cryptosuite": "eddsa-jcs-2022"},
        {"remark": "a key that no context defines"},
    ],
)
def test_nothing_in_a_proof_can_be_changed_or_added(workshop: Workshop, changes):
    badge = workshop.badge()

    with pytest.raises(proofs.ProofInvalid):
        proofs.verify(badge, badge["proof"][0] | changes, public_der(workshop.badge_key))


def test_other_contexts_prove_something_else(workshop: Workshop):
    badge = workshop.badge()
    badge["@context"] = [badge["@context"][0], "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json"]

    with pytest.raises(proofs.ProofInvalid):
        proofs.verify(badge, badge["proof"][0], public_der(workshop.badge_key))


def test_nothing_is_signed_that_would_stay_uncovered(workshop: Workshop):
    asked: list[bytes] = []
    with pytest.raises(TermUndefined, match="honours"):
        proofs.secure(
            build(FACTS) | {"honours": "yes"}, lambda data: bytes(asked.append(data) or 64), f"{DID}#badge-1", NOW
        )

    assert asked == []


def test_the_signer_sees_64_bytes_and_answers_with_64(workshop: Workshop):
    asked: list[bytes] = []
    with pytest.raises(proofs.ProofInvalid, match="64"):
        proofs.secure(build(FACTS), lambda data: asked.append(data) or b"short", f"{DID}#badge-1", NOW)

    assert [len(data) for data in asked] == [64]


def test_a_secured_credential_is_not_secured_again(workshop: Workshop):
    with pytest.raises(proofs.ProofInvalid, match="already"):
        workshop.secure(workshop.badge())


def test_times_are_written_in_utc_to_the_second():
    moment = datetime(2026, 11, 22, 10, 30, 7, 999_999, tzinfo=timezone(timedelta(hours=1)))

    assert proofs.written_time(moment) == "2026-11-22T09:30:07Z"
    with pytest.raises(ValueError, match="zone"):
        proofs.written_time(moment.replace(tzinfo=None))
