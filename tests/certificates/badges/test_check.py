"""The check of a badge in all its forms: ours, altered, of others, and bytes that mean no good."""

import json
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates.badges import baking, jwt, picture
from certificates.badges.check import BadgeVerdict, check_badge
from certificates.badges.credential import CONTEXTS, Issuer, StatusPlace, build
from certificates.badges.faults import FaultKind
from certificates.badges.multikey import encode_key
from certificates.badges.reading import LARGEST_CREDENTIAL, LARGEST_FILE, BadgeFormat
from tests.certificates.badges.workshop import DID, FACTS, LIST, NOW, Workshop, public_der

MEDAL = picture.Medal("wreath", "#A97820")


@pytest.fixture(scope="session")
def forms(workshop: Workshop) -> dict[str, bytes]:
    """One badge in every form in which it leaves the house."""
    text, token = json.dumps(workshop.badge(), ensure_ascii=False), workshop.token()
    svg = picture.draw_svg(MEDAL, "A medal")
    return {
        "json": text.encode(),
        "jwt": token.encode() + b"\n",
        "png": baking.bake_png(picture.draw_png(MEDAL), text),
        "svg": baking.bake_svg(svg, text).encode(),
        "png-jwt": baking.bake_png(picture.draw_png(MEDAL), token),
        "svg-jwt": baking.bake_svg(svg, token).encode(),
    }


@pytest.mark.parametrize("form", ["json", "jwt", "png", "svg", "png-jwt", "svg-jwt"])
def test_ours_is_known_in_every_form(workshop: Workshop, forms, form):
    found = workshop.check(forms[form])

    assert (found.verdict, found.faults) == (BadgeVerdict.OURS, ())
    assert found.form is BadgeFormat(form.partition("-")[0])
    assert (found.signed, found.ours) == (True, True)
    assert found.method == f"{DID}#{'token-1' if 'jwt' in form else 'badge-1'}"
    assert found.status == StatusPlace(LIST, 94_567)
    assert (found.issuer, found.issuer_name) == (DID, FACTS.issuer.name)
    assert (found.number, found.holder_name) == (FACTS.number, FACTS.holder_name)
    assert (found.credential_id, found.achievement_name) == (FACTS.credential_id, FACTS.achievement.name)


def test_the_time_of_signing_is_told_by_proofs(workshop: Workshop):
    assert workshop.check(workshop.badge()).signed_at == NOW


def test_dates_are_named_without_making_it_somebody_elses(workshop: Workshop):
    early = workshop.check(workshop.badge(), FACTS.valid_from - timedelta(days=1))
    late = workshop.check(workshop.token(), NOW + timedelta(days=4_000))

    assert (early.verdict, early.kinds) == (BadgeVerdict.OURS, {FaultKind.NOT_YET_VALID})
    assert (late.verdict, late.kinds) == (BadgeVerdict.OURS, {FaultKind.EXPIRED})


def altered(badge: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    copy = json.loads(json.dumps(badge))
    *steps, last = path.split(".")
    place = copy
    for step in steps:
        place = place[int(step)] if step.isdigit() else place[step]
    place[int(last) if last.isdigit() else last] = value
    return copy


CHANGES = [
    ("credentialSubject.achievement.name", "Grand Master", FaultKind.SIGNATURE),
    ("credentialSubject.identifier.0.identityHash", "Somebody Else", FaultKind.SIGNATURE),
    ("validUntil", "2099-01-01T00:00:00Z", FaultKind.SIGNATURE),
    ("credentialStatus.statusListIndex", "1", FaultKind.SIGNATURE),
    ("credentialStatus", [], FaultKind.STATUS),
    ("credentialStatus", None, FaultKind.STATUS),
    ("credentialStatus.type", "None", FaultKind.TYPE),
    ("honours", "with distinction", FaultKind.TERM),
    ("credentialSubject.honours", "with distinction", FaultKind.TERM),
    ("proof.0.remark", "x", FaultKind.PROOF_SHAPE),
    ("proof.0.created", "2020-01-01T00:00:00Z", FaultKind.SIGNATURE),
    ("issuer.id", "did:web:other.example", FaultKind.ISSUER),
    ("type", ["VerifiableCredential"], FaultKind.NOT_A_BADGE),
    ("@context", [CONTEXTS[1], CONTEXTS[0]], FaultKind.CONTEXT),
    ("@context", [*CONTEXTS, {"honours": "https://example.org/h"}], FaultKind.CONTEXT),
    ("@context", [CONTEXTS[0], "https://example.org/mine"], FaultKind.CONTEXT_UNKNOWN),
    ("termsOfUse", None, FaultKind.FIELD),
    ("credentialSubject.achievement.tag", [], FaultKind.FIELD),
    ("name", ["Advanced Professional"], FaultKind.FIELD),
    ("evidence", [[]], FaultKind.FIELD),
    ("id", "no address", FaultKind.IDENTIFIER),
    ("validFrom", "yesterday", FaultKind.DATE),
    ("validUntil", "2020-01-01T00:00:00Z", FaultKind.DATE),
    ("credentialSubject", {}, FaultKind.SUBJECT),
    ("credentialSubject.achievement.criteria", None, FaultKind.FIELD),
]


@pytest.mark.parametrize(("path", "value", "kind"), CHANGES, ids=[f"{path}-{kind}" for path, _value, kind in CHANGES])
def test_whatever_was_changed_is_named_and_it_is_ours_no_more(workshop: Workshop, path, value, kind):
    found = workshop.check(altered(workshop.badge(), path, value))

    assert found.verdict is BadgeVerdict.ALTERED
    assert kind in found.kinds, found.faults


def test_moving_a_signed_date_out_of_sight_is_noticed(workshop: Workshop):
    """Written as a whole address the date stays signed, but whoever reads `validUntil` would find none."""
    badge = workshop.badge()
    badge["https://www.w3.org/2018/credentials#validUntil"] = {
        "@type": "http://www.w3.org/2001/XMLSchema#dateTime",
        "@value": badge.pop("validUntil"),
    }
    found = workshop.check(badge)

    assert FaultKind.SIGNATURE not in found.kinds, "the trick itself works"
    assert FaultKind.TERM in found.kinds
    assert found.verdict is BadgeVerdict.ALTERED


def test_a_second_proof_or_one_for_another_purpose_is_refused(workshop: Workshop):
    badge = workshop.badge()
    twice = badge | {"proof": badge["proof"] * 2}
    many = badge | {"proof": badge["proof"] * 200}
    login = altered(badge, "proof.0.proofPurpose", "authentication")

    assert FaultKind.PROOF_SHAPE in workshop.check(twice).kinds
    assert workshop.check(twice).verdict is BadgeVerdict.ALTERED
    assert workshop.check(many).kinds == {FaultKind.PROOF_SHAPE}
    assert FaultKind.PROOF_PURPOSE in workshop.check(login).kinds
    assert workshop.check(login).verdict is BadgeVerdict.NOT_OURS


def test_without_proof_a_badge_in_our_name_is_nobodys(workshop: Workshop):
    found = workshop.check(build(FACTS))

    assert (found.verdict, found.issuer) == (BadgeVerdict.NOT_OURS, DID)
    assert found.kinds == {FaultKind.PROOF_MISSING}


def test_a_forger_with_keys_of_his_own_is_not_us(workshop: Workshop):
    """The same names, the same DID, the same pictures: only the key is another."""
    forger = Workshop(badge_key=Ed25519PrivateKey.generate(), token_key=workshop.token_key)
    copy = altered(forger.badge(), "proof.0.verificationMethod", f"{DID}#badge-9")
    found = workshop.check(copy)
    posing = workshop.check(forger.badge())

    assert (found.verdict, found.kinds) == (BadgeVerdict.NOT_OURS, {FaultKind.METHOD_UNKNOWN})
    assert (posing.verdict, posing.kinds) == (BadgeVerdict.ALTERED, {FaultKind.SIGNATURE})


def test_a_key_of_ours_cannot_sign_for_another_issuer(workshop: Workshop):
    found = workshop.check(workshop.badge(issuer=Issuer("did:web:other.example", "Other", "https://other.example")))

    assert (found.signed, found.kinds) == (True, {FaultKind.ISSUER})
    assert found.verdict is BadgeVerdict.ALTERED


def test_a_badge_signed_by_a_key_that_is_its_own_address_is_whole_and_not_ours(workshop: Workshop):
    stranger = Ed25519PrivateKey.generate()
    text = encode_key(public_der(stranger))
    facts = replace(FACTS, issuer=Issuer(f"did:key:{text}", "Stranger", "https://stranger.example"))
    from certificates.badges import proofs

    badge = proofs.secure(build(facts), stranger.sign, f"did:key:{text}#{text}", NOW)

    assert (workshop.check(badge).verdict, workshop.check(badge).signed) == (BadgeVerdict.NOT_OURS, True)
    spoiled = workshop.check(altered(badge, "name", "Other"))
    assert (spoiled.signed, spoiled.kinds) == (False, {FaultKind.SIGNATURE})


def test_a_token_whose_claims_say_something_else_is_altered(workshop: Workshop):
    credential = build(FACTS)
    longer = jwt.encode(credential | {"exp": 4_000_000_000}, workshop.sign_token, f"{DID}#token-1")
    head = jwt.encode(credential, workshop.sign_token, f"{DID}#token-1")
    shown = workshop.check(longer)

    assert workshop.check(head).verdict is BadgeVerdict.OURS
    assert shown.verdict is BadgeVerdict.OURS, "claims are written last and win"
    assert shown.credential == credential


def test_a_key_inside_a_token_is_not_believed(workshop: Workshop, fixtures_dir):
    """The sample brings the key that fits it along in its header."""
    found = workshop.check((fixtures_dir / "credentials/ob30-1edtech/simple-jwt_v1.png").read_bytes())

    assert (found.signed, found.ours, found.verdict) == (False, False, BadgeVerdict.NOT_OURS)
    assert {FaultKind.METHOD_UNKNOWN, FaultKind.STANDARD} <= found.kinds


NO_GOOD = {
    "nothing": b"",
    "zeros": bytes(1_000),
    "text": b"hello",
    "null": b"null",
    "list": b"[]",
    "number": b"{1}",
    "cut": b'{"type": ["VerifiableCredential"',
    "twice": b'{"type": "a", "type": "b"}',
    "not a number": b'{"type": NaN}',
    "endless": b'{"type": 1e999}',
    "half a character": b'{"type": "\\ud800"}',
    "latin": '{"type": "é"}'.encode("latin-1"),
    "deep": b'{"type":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "deep enough": b'{"type":' + b'{"a":' * 60 + b"1" + b"}" * 60 + b"}",
    "many": json.dumps({"type": list(range(10_000))}).encode(),
    "long": b'{"type": "' + b"a" * (LARGEST_CREDENTIAL + 1) + b'"}',
    "huge": b"{" + b" " * LARGEST_FILE + b"}",
    "other json": b'{"format": "something", "entries": []}',
    "half a token": b"eyJhbGciOiJSUzI1NiJ9.e30",
    "empty token": b"eyJhbGciOiJSUzI1NiJ9..",
    "digits": b'{"type": ' + b"9" * 5_000 + b"}",
}


@pytest.mark.parametrize("name", NO_GOOD)
def test_what_is_no_badge_is_unreadable_for_a_reason(workshop: Workshop, name):
    found = workshop.check(NO_GOOD[name])

    assert found.verdict is BadgeVerdict.UNREADABLE
    assert found.kinds <= {FaultKind.PARSE, FaultKind.SIZE}
    assert found.faults
    assert (found.issuer, found.holder_name, found.number, found.status) == ("", "", "", None)


def test_an_older_badge_is_called_older(workshop: Workshop):
    older = {"@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "badge": "https://body.example/b"}

    assert workshop.check(older).kinds == {FaultKind.STANDARD}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = sorted(build(FACTS)) + ["proof", "termsOfUse", "issuanceDate", "refreshService", "credentialSchema"]


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), json_values, max_size=4))
def test_no_value_in_any_place_makes_it_fall_or_makes_it_ours(workshop: Workshop, forms, changes):
    whole = json.loads(forms["json"])
    found = workshop.check(json.dumps(whole | changes))

    assert (found.verdict is BadgeVerdict.OURS) == (found.credential == whole)


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=300),
    st.integers(0, 100_000),
    st.sampled_from(["json", "jwt", "png", "svg", "png-jwt", "svg-jwt"]),
)
def test_no_bytes_in_any_place_make_it_fall(workshop: Workshop, forms, junk, place, form):
    data = forms[form]
    at = place % len(data)
    found = workshop.check(data[:at] + junk + data[at + len(junk) :])

    assert found.verdict in BadgeVerdict
    assert workshop.check(junk).verdict is BadgeVerdict.UNREADABLE


LABORIOUS = {
    "poisoned": {
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "result": [{"type": ["Result"], "alignment": [{"type": ["Alignment"]}] * 30}] * 9,
        }
    },
    "contexts": {"credentialSubject": [{"id": "urn:x:1", "@context": list(CONTEXTS)}] * 400},
    "nested": {
        "@context": [*CONTEXTS, {"a": {"@id": "urn:a", "@context": list(CONTEXTS)}}],
        "evidence": [{"a": {"a": 1}}] * 400,
    },
    "types": {"evidence": [{"type": "Evidence", "name": "x"}] * 600},
}


@pytest.mark.parametrize("name", LABORIOUS)
def test_a_document_made_to_cost_time_costs_little(workshop: Workshop, name):
    """Whoever names a key of ours gets a signature checked; that must not be a way to keep the server busy."""
    document = json.dumps(workshop.badge() | LABORIOUS[name])
    began = time.process_time()
    found = workshop.check(document)

    assert found.verdict is not BadgeVerdict.OURS
    assert time.process_time() - began < 3


def test_the_check_needs_no_key_to_answer():
    found = check_badge(b"{}", resolve=lambda _method: None, now=NOW)

    assert found.verdict is BadgeVerdict.UNREADABLE
