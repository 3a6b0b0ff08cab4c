"""Attacks by pictures and documents that say they are badges: what they cost, and what they may make us believe."""

import hmac
import json
import time
import zlib

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from certificates.badges import baking, jwt, proving, svg_parts
from certificates.badges.check import BadgeVerdict, check_badge
from certificates.badges.png_parts import Chunk, write_chunks
from tests.certificates.badges.workshop import DID, NOW, public_der

SVG = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'
PATIENCE = 2.0
"""Seconds; each of these took from two to ten before it was bounded, or would take minutes."""


def judged(data):
    """The verdict on a file, and how long it took; no key is ours."""
    begun = time.monotonic()
    check = check_badge(data, resolve=lambda _method: None, now=NOW)
    return check, time.monotonic() - begun


@pytest.mark.parametrize(
    "drawing",
    [
        SVG.format("<g/>" * 1_000_000),
        SVG.format("<g>" * 400_000 + "</g>" * 400_000),
        SVG.format("<g a='1'/>" * 100_000),
        "<svg " + " ".join(f'a{number}="1"' for number in range(300_000)) + "/>",
        SVG.format("<!---->" * 600_000),
    ],
    ids=["many", "deep", "many with attributes", "many attributes", "many remarks"],
)
def test_a_drawing_of_very_many_parts_is_not_parsed(drawing):
    with pytest.raises(baking.BakingRefused, match="too many parts"):
        baking.unbake(drawing.encode())
    check, seconds = judged(drawing.encode())
    assert (check.verdict, seconds < PATIENCE) == (BadgeVerdict.UNREADABLE, True)


def test_the_bound_leaves_room_for_drawings_that_people_make(workshop):
    art = "<g>" + '<path d="M0 0h1" fill="red"/>' * 4_000 + "</g>"
    text = json.dumps(workshop.badge())
    assert baking.unbake(baking.bake_svg(SVG.format(art), text).encode()) == text


def test_a_drawing_is_parsed_once(monkeypatch):
    times = []
    real = svg_parts._parse
    monkeypatch.setattr(svg_parts, "_parse", lambda picture: (times.append(1), real(picture))[1])
    older = '<o:assertion xmlns:o="http://openbadges.org" verify="x"/>'
    with pytest.raises(baking.BakingRefused) as refused:
        baking.unbake(SVG.format(older).encode())
    assert (refused.value.older, times) == (True, [1])


@pytest.mark.parametrize(
    "drawing",
    [
        '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + SVG.format("&x;"),
        '<!DOCTYPE svg SYSTEM "http://127.0.0.1:9/x.dtd">' + SVG.format("x"),
        SVG.format('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/>'),
        SVG.format("<script>alert(1)</script>"),
    ],
)
def test_no_drawing_reads_a_file_or_runs(drawing):
    check, _seconds = judged(drawing.encode())
    assert check.verdict is BadgeVerdict.UNREADABLE
    assert "root:" not in repr(check)


def test_a_text_that_unfolds_to_very_much_is_refused():
    packed = b"openbadgecredential\0\1\0\0\0" + zlib.compress(b"{" * 100_000_000, 9)
    bomb = write_chunks([Chunk(b"IHDR", b"\0" * 13), Chunk(b"iTXt", packed), Chunk(b"IDAT", b""), Chunk(b"IEND", b"")])
    check, seconds = judged(bomb)
    assert (check.verdict, seconds < PATIENCE) == (BadgeVerdict.UNREADABLE, True)


KID = f"{DID}#token-1"


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none", "kid": KID},
        {"alg": "None", "kid": KID},
        {"alg": "HS256", "kid": KID},
        {"alg": ["RS256"], "kid": KID},
        {"alg": "EdDSA", "kid": KID},
        {"alg": "RS256", "kid": "../../../../etc/passwd"},
        {"alg": "RS256", "kid": [KID]},
        {"alg": "RS256", "kid": KID, "jwk": {"kty": "oct", "k": "AA"}, "jku": "http://127.0.0.1:9/"},
        {"alg": "RS256", "kid": KID, "crit": ["b64"], "b64": False},
    ],
    ids=str,
)
def test_no_header_of_a_token_makes_it_ours(workshop, header):
    """The payload is that of a badge of ours; the signature is none, ours of another header, or a MAC by our public key."""
    _head, payload, signature = workshop.token().split(".")
    signed = f"{jwt._written(json.dumps(header).encode())}.{payload}"
    der = public_der(workshop.token_key)
    pem = load_der_public_key(der).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    macs = [jwt._written(hmac.digest(secret, signed.encode(), "sha256")) for secret in (pem, der, b"")]
    for forged in ("", signature, *macs):
        check = workshop.check(f"{signed}.{forged}")
        assert check.verdict is not BadgeVerdict.OURS
        assert not check.signed


def test_many_proofs_are_not_all_worked_through(workshop, monkeypatch):
    tried = []
    monkeypatch.setattr(proving, "_prove_one", lambda *_given: tried.append(1))
    badge = workshop.badge()
    proof = {
        "type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "verificationMethod": "did:web:x.example#key",
        "proofPurpose": "assertionMethod", "proofValue": "z2",
    }  # fmt: skip
    check, _seconds = judged(json.dumps(badge | {"proof": [proof] * 3}).encode())
    assert (check.signed, tried) == (False, [])
    assert any("more proofs" in fault.detail for fault in check.faults)


@pytest.mark.parametrize(
    "text",
    [
        '{"type": 1, "type": 2}', '{"type": NaN}', '{"type": 1e999}', '{"type": "\\ud800"}', '{"a":' * 50_000 + "1" + "}" * 50_000,
        '{"type": ' + "9" * 10_000 + "}", "{" * 100, '{"__proto__": {}, "proof": {}}', '{"proof": [[[]]], "issuer": {"id": {}}}',
    ],
)  # fmt: skip
def test_odd_json_is_no_badge_of_anybody_we_know(text):
    check, seconds = judged(text.encode())
    assert check.verdict in (BadgeVerdict.UNREADABLE, BadgeVerdict.NOT_OURS)
    assert seconds < PATIENCE
