"""Keys and signatures in base58."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.badges.multikey import MultikeyInvalid, decode_base58, decode_key, encode_base58, encode_key
from tests.certificates.badges.workshop import Workshop, public_der


@given(st.binary(min_size=1, max_size=100))
def test_bytes_come_back_whatever_they_are(data):
    assert decode_base58(encode_base58(data)) == data


def test_a_published_key_is_read_and_written_again(fixtures_dir):
    text = json.loads((fixtures_dir / "credentials/w3c-eddsa/keyPair.json").read_text())["publicKeyMultibase"]

    assert encode_key(decode_key(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "z", "6MkrJ", "z6Mk0", "zOIl", "z" + "1" * 500, "z6Mk", "zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme"],
)
def test_other_texts_are_refused(text):
    with pytest.raises(MultikeyInvalid):
        decode_key(text)


def test_an_rsa_key_has_no_multikey_text_here(workshop: Workshop):
    with pytest.raises(MultikeyInvalid):
        encode_key(public_der(workshop.token_key))
