"""The list of all files of an exported folder with their hashes, and the signed note over that list. Pure.

The note has the form of the register's heads (C2SP signed-note), under the name `<domain>/export`, so a signature over a
list can never pass as one over a head or an answer.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from certificates.exit_kit.layout import FORMAT, MANIFEST, NOTE
from certificates.register.note import DASH, NoteInvalid, key_hash, open_note


class KitBroken(ValueError):
    """A file of the folder is missing, is not the one that was signed, or cannot be read; `path` names it."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path, self.reason = path, reason


@dataclass(frozen=True)
class Listed:
    """What the list says of one file: SHA-256 in hex, and bytes."""

    sha256: str
    size: int

    def find_difference(self, data: bytes) -> str:
        """Why these bytes are not the file, or nothing."""
        if hashlib.sha256(data).hexdigest() == self.sha256:
            return ""
        size = f"it has {len(data)} bytes instead of {self.size}" if len(data) != self.size else "a byte was changed"
        return f"it is not the file that was signed: {size}"


@dataclass(frozen=True)
class Manifest:
    """Whose export it is, of what moment, and its files by path. `good_until` ends what the status lists say of themselves."""

    issuer: str
    domain: str
    base_address: str
    dids: tuple[str, ...]
    specimen: bool
    made_at: datetime
    good_until: datetime
    entries: int
    certificates: int
    files: Mapping[str, Listed]

    def to_bytes(self) -> bytes:
        """The list as its file holds it."""
        files = {path: {"sha256": file.sha256, "size": file.size} for path, file in sorted(self.files.items())}
        told = vars(self) | {
            "dids": list(self.dids),
            "made_at": self.made_at.isoformat(),
            "good_until": self.good_until.isoformat(),
            "files": files,
        }
        return (json.dumps({"format": FORMAT} | told, ensure_ascii=False, indent=1) + "\n").encode()


def read_manifest(data: bytes) -> Manifest:
    """Read the list. Raises KitBroken for what is none, or of a later form than is known here."""
    try:
        told = json.loads(data)
        if told.pop("format") != FORMAT:
            raise KitBroken(MANIFEST, "it is of another form than this program reads")
        files = {path: Listed(str(file["sha256"]), int(file["size"])) for path, file in told.pop("files").items()}
        moments: dict[str, Any] = {name: datetime.fromisoformat(told.pop(name)) for name in ("made_at", "good_until")}
        return Manifest(files=files, dids=tuple(told.pop("dids")), **moments, **told)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise problem if isinstance(problem, KitBroken) else KitBroken(MANIFEST, "it cannot be read") from problem


def name_of(domain: str) -> str:
    """The name under which exports of a body are signed."""
    return f"{domain}/export"


def _text(data: bytes, manifest: Manifest) -> str:
    made = manifest.made_at.isoformat()
    return f"{name_of(manifest.domain)}\n{MANIFEST} {hashlib.sha256(data).hexdigest()}\ntime {made}\n"


def sign_manifest(data: bytes, sign: Callable[[bytes], bytes], key: bytes) -> str:
    """The note over a list. `sign` gives the 64 bytes of an Ed25519 signature, `key` is its public half of 32 bytes."""
    manifest = read_manifest(data)
    text, name = _text(data, manifest), name_of(manifest.domain)
    signature = base64.b64encode(key_hash(name, key) + sign(text.encode())).decode()
    return f"{text}\n{DASH}{name} {signature}\n"


def open_manifest(data: bytes, note: str, keys: Iterable[bytes]) -> Manifest:
    """The list, if one of these keys signed it. Raises KitBroken naming the list or the note."""
    try:
        text = open_note(note, keys)
    except NoteInvalid as problem:
        raise KitBroken(NOTE, str(problem)) from problem
    named = next((line for line in text.split("\n") if line.startswith(f"{MANIFEST} ")), "")
    if named.removeprefix(f"{MANIFEST} ") != hashlib.sha256(data).hexdigest():
        raise KitBroken(MANIFEST, "it is not the list that was signed: a byte was changed")
    manifest = read_manifest(data)
    if _text(data, manifest) != text:
        raise KitBroken(NOTE, "it was signed for the list of another body or moment")
    return manifest


def read_json(path: str, data: bytes) -> Any:
    """The JSON in a file of the folder. Raises KitBroken."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as problem:
        raise KitBroken(path, "it cannot be read") from problem
