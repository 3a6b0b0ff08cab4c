"""Signed heads: notes as other programs write and read them, and nothing else."""

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from certificates.register import note
from certificates.register.note import NoteInvalid, TreeHead

# The example of the Go module golang.org/x/mod/sumdb/note, which the form of signed notes comes from.
PETERS_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
PETERS_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

SECRET = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = SECRET.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
HEAD = TreeHead("body.test/register", 42, bytes(range(32)), datetime(2026, 11, 6, 12, 0, tzinfo=UTC))


@pytest.fixture
def signed():
    return note.sign_head(HEAD, SECRET.sign, KEY)


def peter():
    import base64

    return base64.b64decode(PETERS_KEY.split("+", 2)[2])[1:]


def test_the_published_example_is_read():
    assert note.open_note(PETERS_NOTE, [peter()]).endswith("what your problem is.\n")
    assert note.verifier_key("PeterNeumann", peter()) == PETERS_KEY


def test_a_changed_word_in_it_is_refused():
    with pytest.raises(NoteInvalid, match="does not fit"):
        note.open_note(PETERS_NOTE.replace("answer", "reason"), [peter()])


def test_a_head_comes_back_as_it_was_signed(signed):
    assert note.open_head(signed, [peter(), KEY]) == HEAD
    assert signed.split("\n")[:4] == [
        "body.test/register", "42", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "time 2026-11-06T12:00:00Z",
    ]  # fmt: skip


def test_a_key_that_did_not_sign_is_not_enough(signed):
    with pytest.raises(NoteInvalid, match="none of the known keys"):
        note.open_head(signed, [peter()])


def test_a_signature_of_somebody_unknown_beside_ours_is_let_be(signed):
    unknown = "— witness.test AAAAAAAA\n"
    assert note.open_head(signed + unknown, [KEY]) == HEAD


@pytest.mark.parametrize(
    ("old", "new"), [("42", "43"), ("AAEC", "BBEC"), ("12:00", "12:01"), ("body.test/r", "b.test/r")]
)
def test_every_line_is_signed(signed, old, new):
    with pytest.raises(NoteInvalid):
        note.open_head(signed.replace(old, new, 1), [KEY])


@pytest.mark.parametrize("text", ["", "\n\n", "a\n\nb\n", "a\n\n— name !!\n", "a" * 30_000 + "\n\n— n AAAAAAAA\n"])
def test_what_is_no_note_is_refused(text):
    with pytest.raises(NoteInvalid):
        note.open_note(text, [KEY])


@pytest.mark.parametrize(
    "text",
    ["a\n1\nAA==\ntime 2026-11-06T12:00:00Z\n", "a\n01\n" + "A" * 43 + "=\ntime 2026-11-06T12:00:00Z\n", "a\n1\n",
     "a\n1\n" + "A" * 43 + "=\nnoon\n", "a\n1\n" + "A" * 43 + "=\ntime noon\n", "a\n-1\n" + "A" * 43 + "=\ntime x\n"],
)  # fmt: skip
def test_a_note_that_is_no_head_is_refused(text):
    with pytest.raises(NoteInvalid):
        note.read_head(text)


def test_a_key_of_another_kind_is_refused():
    other = X25519PrivateKey.generate().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    with pytest.raises(NoteInvalid, match="Ed25519"):
        note.key_from_der(other)
    with pytest.raises(NoteInvalid, match="not a public key"):
        note.key_from_pem(b"nothing")
    own = SECRET.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assert note.key_from_pem(own) == KEY
