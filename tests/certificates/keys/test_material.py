"""The three kinds of keys: what their signatures look like, and that another message or key does not fit."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from certificates.keys.authority import AuthorityRefused, Subject, Window, make_root
from certificates.keys.material import (
    Algorithm,
    algorithm_of,
    holds,
    make_plain_key,
    public_der,
    public_pem,
    read_public,
    sign_with,
)
from tests.certificates.papers import OPENED

WINDOW = Window(OPENED, OPENED + timedelta(days=100))


@pytest.fixture(scope="module")
def privates():
    plain = {kind: make_plain_key(kind, "Body", WINDOW).private_key for kind in (Algorithm.ED25519, Algorithm.RS256)}
    return plain | {Algorithm.P256: make_root(Subject("Root", "Body"), WINDOW).private_key}


@pytest.mark.parametrize(("kind", "size"), [(Algorithm.ED25519, 64), (Algorithm.RS256, 256)])
def test_a_signature_has_the_size_of_its_standard(privates, kind, size):
    assert len(sign_with(privates[kind], b"message")) == size


@pytest.mark.parametrize("kind", list(Algorithm))
def test_a_signature_fits_its_message_and_its_key_alone(privates, kind):
    signature, public = sign_with(privates[kind], b"message"), privates[kind].public_key()
    assert algorithm_of(privates[kind]) is algorithm_of(public) is kind
    assert holds(public, signature, b"message")
    assert not holds(public, signature, b"massage")
    assert not holds(public, bytes([signature[0] ^ 1]) + signature[1:], b"message")
    other = next(key for name, key in privates.items() if name is not kind).public_key()
    assert not holds(other, signature, b"message")


@pytest.mark.parametrize("kind", list(Algorithm))
def test_a_public_half_is_read_back_from_either_form(privates, kind):
    public = privates[kind].public_key()
    assert public_der(read_public(public_pem(public))) == public_der(read_public(public_der(public)))


@pytest.mark.parametrize(
    "weak", [lambda: rsa.generate_private_key(65537, 1024), lambda: ec.generate_private_key(ec.SECP384R1())]
)
def test_a_key_of_another_kind_or_size_is_none_of_ours(weak):
    with pytest.raises(AuthorityRefused):
        algorithm_of(weak())


def test_a_key_that_needs_a_certificate_is_not_made_without_one():
    with pytest.raises(AuthorityRefused, match="certificate"):
        make_plain_key(Algorithm.P256, "Body", WINDOW)


def test_what_is_no_public_key_is_refused():
    for text in ("", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"):
        with pytest.raises(ValueError):  # noqa: PT011  the library says it in many ways
            read_public(text)


def test_ed25519_signs_the_same_message_the_same_way(privates):
    assert isinstance(privates[Algorithm.ED25519], ed25519.Ed25519PrivateKey)
    assert sign_with(privates[Algorithm.ED25519], b"m") == sign_with(privates[Algorithm.ED25519], b"m")
