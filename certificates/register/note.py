"""The signed head of the tree, as a note that other programs can read. Pure.

The form is that of the C2SP specifications `tlog-checkpoint` and `signed-note`: lines with the origin of the log, its size
and its root in base64; one extension line with the time; an empty line; and a line for each signature. The signature is
Ed25519 over the text up to and without the empty line. A key is named by the origin and the first four bytes of
SHA-256(name || newline || 0x01 || key).
"""

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from certificates.register.merkle import HASH_BYTES

ED25519 = b"\x01"
DASH = "\N{EM DASH} "
TIME = "time "
MOST_CHARACTERS = 20_000


class NoteInvalid(ValueError):
    """A text that is no signed head, or that none of the given keys signed."""


@dataclass(frozen=True)
class TreeHead:
    """What is signed: the size and the root (32 bytes) of the tree of `origin` at a moment with a zone."""

    origin: str
    size: int
    root: bytes
    at: datetime

    def to_text(self) -> str:
        """The text of the note, which ends with a newline."""
        moment = self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n{TIME}{moment}\n"


def origin_of(domain: str) -> str:
    """How the log of a body is called: its domain and the place of the register."""
    return f"{domain}/register"


def key_from_der(data: bytes) -> bytes:
    """The 32 bytes of an Ed25519 key in its SubjectPublicKeyInfo. Raises NoteInvalid for a key of another kind."""
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    return _raw(load_der_public_key, data)


def key_from_pem(data: bytes) -> bytes:
    """The 32 bytes of an Ed25519 key in a PEM file. Raises NoteInvalid for a key of another kind."""
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    return _raw(load_pem_public_key, data)


def _raw(load: Callable[[bytes], object], data: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    try:
        key = load(data)
    except ValueError as problem:
        raise NoteInvalid("this is not a public key") from problem
    if not isinstance(key, Ed25519PublicKey):
        raise NoteInvalid("the key of a log is an Ed25519 key")
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def key_hash(name: str, key: bytes) -> bytes:
    """The four bytes that name a key in a signature line."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + key).digest()[:4]


def verifier_key(name: str, key: bytes) -> str:
    """The key in the one-line form that tools for signed notes take."""
    return f"{name}+{key_hash(name, key).hex()}+{base64.b64encode(ED25519 + key).decode()}"


def sign_head(head: TreeHead, sign: Callable[[bytes], bytes], key: bytes) -> str:
    """The signed note of a head. `sign` gives the 64 bytes of an Ed25519 signature, `key` is its public half."""
    text = head.to_text()
    named = base64.b64encode(key_hash(head.origin, key) + sign(text.encode())).decode()
    return f"{text}\n{DASH}{head.origin} {named}\n"


def open_note(note: str, keys: Iterable[bytes]) -> str:
    """The text of a note that at least one of these keys signed. Raises NoteInvalid."""
    text, empty, lines = note.rpartition("\n\n")
    if not empty or not lines.endswith("\n") or len(note) > MOST_CHARACTERS:
        raise NoteInvalid("this is not a signed note")
    text += "\n"
    known = list(keys)
    signers = [_check_line(line, text, known) for line in lines.rstrip("\n").split("\n")]
    if not any(signers):
        raise NoteInvalid("none of the known keys signed it")
    return text


def has_signed(note: str, key: bytes) -> bool:
    """Whether a note carries a good signature of this key."""
    try:
        open_note(note, [key])
    except NoteInvalid:
        return False
    return True


def _check_line(line: str, text: str, keys: list[bytes]) -> bool:
    """True for a good signature of a known key, False for a key that nobody knows. Raises NoteInvalid for a bad one."""
    if not line.startswith(DASH):
        raise NoteInvalid("there is something else where the signatures are")
    name, _, encoded = line.removeprefix(DASH).partition(" ")
    try:
        packed = base64.b64decode(encoded, validate=True)
    except binascii.Error as problem:
        raise NoteInvalid("a signature is not written in base64") from problem
    for key in keys:
        if key_hash(name, key) == packed[:4]:
            _check_signature(key, packed[4:], text)
            return True
    return False


def _check_signature(key: bytes, signature: bytes, text: str) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, text.encode())
    except InvalidSignature as problem:
        raise NoteInvalid("its signature does not fit its text") from problem


def read_head(text: str) -> TreeHead:
    """The head in the text of a note, whose signature the caller has checked. Raises NoteInvalid."""
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < 4 or not all(lines) or not lines[3].startswith(TIME):
        raise NoteInvalid("the text of a head has an origin, a size, a root and a time")
    origin, size, root, moment = lines[:4]
    if not size.isascii() or not size.isdecimal() or str(int(size)) != size:
        raise NoteInvalid("the size of a tree is a plain number")
    try:
        found = base64.b64decode(root, validate=True)
        at = datetime.strptime(moment.removeprefix(TIME), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as problem:  # binascii.Error is one
        raise NoteInvalid("the root or the time of a head cannot be read") from problem
    if len(found) != HASH_BYTES:
        raise NoteInvalid("a root has 32 bytes")
    return TreeHead(origin, int(size), found, at)


def open_head(note: str, keys: Iterable[bytes]) -> TreeHead:
    """The head of a note that one of these keys signed. Raises NoteInvalid."""
    return read_head(open_note(note, keys))
