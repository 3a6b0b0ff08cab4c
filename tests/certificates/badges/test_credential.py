"""What a badge states, and what it can not be made to state."""

import json
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from jsonschema import Draft201909Validator

from certificates.badges.credential import (
    BadgeAchievement,
    FactsInvalid,
    Issuer,
    StatusPlace,
    build,
    identity_hash,
    new_salt,
)
from tests.certificates.badges.workshop import DID, FACTS, LIST, NOW, Workshop

ONE_OF_THE_CLASS = {"type": "array", "items": {"type": "string"}, "minItems": 1}
STRICT_FORM = {
    "type": "object",
    "required": ["@context", "id", "type", "credentialSubject", "issuer", "validFrom"],
    "properties": {
        "@context": {"type": "array", "minItems": 2},
        "type": ONE_OF_THE_CLASS,
        "proof": {"type": "array"},
        "credentialStatus": {"type": "object", "required": ["type"]},
        "evidence": {"type": "array", "items": {"required": ["type"], "properties": {"type": ONE_OF_THE_CLASS}}},
        "issuer": {"type": "object", "required": ["id", "type"], "properties": {"type": ONE_OF_THE_CLASS}},
        "credentialSubject": {
            "type": "object",
            "required": ["type", "achievement"],
            "properties": {
                "type": ONE_OF_THE_CLASS,
                "identifier": {
                    "type": "array",
                    "items": {
                        "required": ["type", "hashed", "identityHash", "identityType"],
                        "properties": {"type": {"const": "IdentityObject"}, "hashed": {"type": "boolean"}},
                    },
                },
                "achievement": {
                    "required": ["id", "type", "criteria", "description", "name"],
                    "properties": {
                        "type": ONE_OF_THE_CLASS,
                        "tag": {"type": "array"},
                        "image": {"required": ["id", "type"]},
                    },
                },
            },
        },
    },
}
"""The shapes that the tables of Open Badges 3.0 ask for, where the standard is stricter than its own JSON-LD."""
OFFICIAL = "credentials/ob30-schema/ob_v3p0_achievementcredential_schema.json"


def test_a_badge_says_who_earned_what_from_whom_until_when_and_where_its_status_is():
    badge = build(FACTS)

    assert badge["id"] == FACTS.credential_id
    assert badge["issuer"] == {
        "id": DID,
        "type": ["Profile"],
        "name": "The Body & Sons <e.V.>",
        "url": FACTS.issuer.url,
    }
    assert (badge["validFrom"], badge["validUntil"]) == ("2026-11-06T09:30:00Z", "2029-11-21T09:30:00Z")
    assert badge["credentialSubject"]["licenseNumber"] == FACTS.number
    assert badge["credentialSubject"]["achievement"]["criteria"] == {"narrative": FACTS.achievement.criteria}
    assert [piece["narrative"] for piece in badge["evidence"]] == [piece.narrative for piece in FACTS.evidence]
    assert badge["credentialStatus"] == {
        "id": f"{LIST}#94567",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "94567",
        "statusListCredential": LIST,
    }


def test_the_holder_is_a_name_and_a_salted_hash():
    name, mail = build(FACTS)["credentialSubject"]["identifier"]

    assert (name["identityType"], name["identityHash"], name["hashed"]) == ("name", FACTS.holder_name, False)
    assert (
        mail["identityHash"] == "sha256$" + sha256(b"ingrid@mail.example00112233445566778899aabbccddeeff").hexdigest()
    )
    assert (mail["identityType"], mail["hashed"], mail["salt"]) == ("emailAddress", True, FACTS.salt)
    assert "mail.example" not in json.dumps(build(FACTS)).lower()


def test_a_holder_proves_an_address_in_any_case():
    assert identity_hash(" INGRID@mail.example ", FACTS.salt) == identity_hash(FACTS.email, FACTS.salt)
    assert identity_hash(FACTS.email, FACTS.salt) != identity_hash(FACTS.email, new_salt())


def test_salts_are_never_the_same():
    assert len({new_salt() for _ in range(200)}) == 200
    assert len(new_salt()) == 32


def test_what_is_not_known_is_left_out():
    plain = BadgeAchievement(FACTS.achievement.address, "Name", "Description.", "Criteria.")
    badge = build(replace(FACTS, email="", valid_until=None, evidence=(), achievement=plain))

    assert "validUntil" not in badge
    assert "evidence" not in badge
    assert len(badge["credentialSubject"]["identifier"]) == 1
    assert not badge["credentialSubject"]["achievement"].keys() & {"tag", "image"}


@pytest.mark.parametrize(
    "changes",
    [
        {"credential_id": "0b2a2c0e-6f0d-4c7e-9d51-2f4f5a3f7a10"},
        {"issuer": Issuer("body.example", "Body", "https://body.example")},
        {"issuer": Issuer(DID, "Body", "https://body.example/with space")},
        {"status": StatusPlace("/status/1", 1)},
        {"status": StatusPlace(LIST, -1)},
        {"salt": "short"},
        {"holder_name": " "},
        {"valid_from": NOW.replace(tzinfo=None)},
        {"valid_until": FACTS.valid_from},
        {"valid_until": FACTS.valid_from - timedelta(days=1)},
        {"achievement": replace(FACTS.achievement, picture="badge.png")},
    ],
)
def test_facts_that_contradict_themselves_are_refused(changes):
    with pytest.raises(FactsInvalid):
        replace(FACTS, **changes)


def test_a_signed_badge_has_the_strict_form(workshop: Workshop):
    faults = [fault.message for fault in Draft201909Validator(STRICT_FORM).iter_errors(workshop.badge())]

    assert faults == []


@pytest.mark.parametrize(
    "loosen", [{"proof": {}}, {"credentialStatus": [{"type": "x"}]}, {"type": "VerifiableCredential"}]
)
def test_the_strict_form_would_notice(workshop: Workshop, loosen):
    assert not Draft201909Validator(STRICT_FORM).is_valid(workshop.badge() | loosen)


def test_the_official_schema_accepts_a_signed_badge(workshop: Workshop, fixtures_dir: Path):
    file = fixtures_dir / OFFICIAL
    if not file.exists():
        pytest.skip(f"the official schema of Open Badges 3.0 is not among the outside data ({OFFICIAL})")
    schema = Draft201909Validator(json.loads(file.read_text()))

    assert [fault.message for fault in schema.iter_errors(workshop.badge())] == []
    assert not schema.is_valid({**workshop.badge(), "issuer": None})
