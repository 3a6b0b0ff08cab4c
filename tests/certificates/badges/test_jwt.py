"""Badges as tokens: what stands in them, and who may have signed."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace

import pytest
from joserfc.jwk import OKPKey
from joserfc.jws import serialize_compact

from certificates.badges import jwt
from certificates.badges.credential import build
from tests.certificates.badges.workshop import DID, FACTS, Workshop, public_der


def part(token: str, number: int) -> dict:
    text = token.split(".")[number]
    return json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def written(value: dict) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_a_token_is_the_credential_with_the_claims_beside_it(workshop: Workshop):
    token = workshop.token()
    claims = {"iss": DID, "jti": FACTS.credential_id, "nbf": 1793957400, "exp": 1889947800}

    assert part(token, 0) == {"alg": "RS256", "typ": "vc+jwt", "kid": f"{DID}#token-1"}
    assert part(token, 1) == build(FACTS) | claims
    jwt.verify(token, public_der(workshop.token_key))


def test_a_badge_without_end_has_no_expiry(workshop: Workshop):
    assert "exp" not in part(workshop.token(valid_until=None), 1)


@pytest.mark.parametrize("place", [30, 300, 900, -10])
def test_one_changed_character_is_noticed(workshop: Workshop, place):
    token = workshop.token()
    letter = "A" if token[place] != "A" else "B"
    spoiled = token[:place] + letter + token[place:][1:]

    with pytest.raises(jwt.TokenInvalid):
        jwt.verify(spoiled, public_der(workshop.token_key))


def test_nobody_talks_us_into_another_algorithm(workshop: Workshop):
    head, payload, signature = workshop.token().split(".")
    for algorithm in ("none", "HS256", "RS512", "EdDSA"):
        forged = f"{written({'alg': algorithm, 'kid': f'{DID}#token-1'})}.{payload}.{signature}"
        with pytest.raises(jwt.TokenInvalid):
            jwt.verify(forged, public_der(workshop.token_key))
    assert part(f"{head}.{payload}.", 0)["alg"] == "RS256"


def test_tokens_of_ed25519_keys_are_read(workshop: Workshop):
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    pem = workshop.badge_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    token = serialize_compact({"alg": "Ed25519"}, b'{"a":1}', OKPKey.import_key(pem), algorithms=["Ed25519"])

    jwt.verify(token, public_der(workshop.badge_key))
    with pytest.raises(jwt.TokenInvalid):
        jwt.verify(token, public_der(workshop.token_key))


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c", "W10.W10.", "e30.e30.AA.AA", "é.é.é", "e30.bnVsbA.AA"])
def test_what_is_no_token_is_refused(token):
    with pytest.raises(jwt.TokenInvalid):
        jwt.read(token)


def test_a_proof_has_no_place_in_a_token(workshop: Workshop):
    with pytest.raises(jwt.TokenInvalid, match="proof"):
        jwt.encode(workshop.badge(), workshop.sign_token, f"{DID}#token-1")
    assert jwt.encode(build(replace(FACTS, evidence=())), workshop.sign_token, "kid")
