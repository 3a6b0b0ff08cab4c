"""A third verifier, in Python and of another house, looks at our badges."""

import json
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from openbadgeslib.ob3.ldp import OB3LdpVerifier
from openbadgeslib.ob3.verifier import OB3VerificationError, OB3Verifier

from app import clock
from certificates.badges import baking, jwt, picture, status_list
from tests.certificates.badges.workshop import DID, FACTS, LIST, Workshop

YEAR = timedelta(days=365)
MEDAL = picture.Medal("leaf", "#8C5A3C")


@pytest.fixture(scope="module")
def house(workshop: Workshop) -> Workshop:
    """The workshop at the time of today, because this judge looks at the clock."""
    return Workshop(clock.now().replace(microsecond=0), workshop.badge_key, workshop.token_key)


def times(house: Workshop) -> dict[str, Any]:
    return {"valid_from": house.now - YEAR, "valid_until": house.now + YEAR}


def pem(key: Any) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def web(house: Workshop):
    """Every address that the judge may ask: the DID document, nothing else."""
    return lambda _address: json.dumps(house.document).encode()


def test_a_badge_is_accepted_with_the_key_from_its_did_document(house: Workshop):
    credential = OB3LdpVerifier.for_issuer_did(DID).verify(house.badge(**times(house)), download=web(house))

    assert credential.issuer.id == DID
    assert credential.achievement.name == FACTS.achievement.name


def test_a_token_is_accepted_out_of_both_pictures(house: Workshop):
    token = house.token(**times(house))
    verifier = OB3Verifier(pem(house.token_key))
    png = baking.bake_png(picture.draw_png(MEDAL), token)
    svg = baking.bake_svg(picture.draw_svg(MEDAL, "x"), token).encode()

    for found in (verifier.extract_token_from_png(png), verifier.extract_token_from_svg(svg)):
        assert verifier.verify(found).issuer.id == DID


@pytest.mark.parametrize(
    "changes",
    [
        {"validUntil": "2099-01-01T00:00:00Z"},
        {"honours": "with distinction"},
        {"id": "urn:uuid:00000000-0000-4000-8000-000000000000"},
        {"credentialStatus": None},
    ],
)
def test_a_changed_badge_is_refused(house: Workshop, changes):
    with pytest.raises(OB3VerificationError):
        OB3LdpVerifier(pem(house.badge_key)).verify(house.badge(**times(house)) | changes)


def test_badges_that_have_run_out_are_refused(house: Workshop):
    past = {"valid_from": house.now - 2 * YEAR, "valid_until": house.now - YEAR}

    with pytest.raises(OB3VerificationError):
        OB3LdpVerifier(pem(house.badge_key)).verify(house.badge(**past))
    with pytest.raises(OB3VerificationError):
        OB3Verifier(pem(house.token_key)).verify(house.token(**past))


@pytest.mark.parametrize("revoked", [False, True])
def test_the_status_is_read_from_our_list_as_a_token(house: Workshop, revoked):
    begins = house.now - timedelta(hours=1)
    places = [FACTS.status.index] if revoked else [FACTS.status.index + 1]
    unsigned = status_list.build(status_list.ListFacts(LIST, DID, begins, begins + timedelta(days=1)), places)
    listed = jwt.encode(unsigned, house.sign_token, f"{DID}#token-1").encode()
    verifier = OB3Verifier(pem(house.token_key))
    credential = verifier.verify(house.token(**times(house)))

    if revoked:
        with pytest.raises(OB3VerificationError, match=r"(?i)revo"):
            verifier.check_status(credential, verify_list=True, download=lambda _address: listed)
    else:
        verifier.check_status(credential, verify_list=True, download=lambda _address: listed)


def test_the_hashed_address_is_the_holders(house: Workshop):
    """The other library finds its recipient by an identifier of its own making; ours is read as plain data."""
    credential = OB3LdpVerifier(pem(house.badge_key)).verify(house.badge(**times(house)))

    assert credential.recipient_id in (None, "")
