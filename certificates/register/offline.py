"""Checking an exported register with nothing but the folder and the public key of its log. Pure: no server, no database.

The folder holds `entries/<first>.jsonl` (500 leaves a file, one a line, each line the canonical bytes of its leaf),
`heads/<n>.txt` (every signed head in the order they were made) and `head.txt` (the newest). The keys that lie beside them
are there for convenience; whoever checks brings one from elsewhere.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from json import JSONDecodeError, loads
from pathlib import Path
from typing import Any

from certificates.register.leaf import Leaf, LeafInvalid
from certificates.register.merkle import Edge
from certificates.register.note import NoteInvalid, TreeHead, open_head

LINES = 500
ENTRIES, HEADS, NEWEST, KEYS = "entries", "heads", "head.txt", "keys"


class FolderUnreadable(ValueError):
    """The folder is no exported register, or a file of it cannot be read."""


@dataclass(frozen=True)
class FolderFault:
    """The first file and line that does not fit, and why."""

    place: str
    reason: str


@dataclass(frozen=True)
class FolderReport:
    """How much was checked, and the first fault or None."""

    entries: int
    heads: int
    fault: FolderFault | None

    def to_json_dict(self) -> dict[str, Any]:
        """The report as plain data."""
        fault = {"place": self.fault.place, "reason": self.fault.reason} if self.fault else None
        return {"entries": self.entries, "heads": self.heads, "fault": fault}


class _Found(Exception):
    def __init__(self, place: str, reason: str) -> None:
        super().__init__(reason)
        self.fault = FolderFault(place, reason)


def check_folder(folder: Path, keys: Sequence[bytes], kept: str = "") -> FolderReport:
    """Check every entry and every head of a folder against `keys` (32 bytes each), and against a head kept from earlier.

    Raises FolderUnreadable for a folder that holds no register.
    """
    edge = Edge()
    try:
        heads = list(_read_heads(folder, keys))
        if kept:
            heads.append(("the head that you kept", _open(kept, keys, "the head that you kept")))
        wanted: dict[int, list[tuple[str, TreeHead]]] = {}
        for place, head in heads:
            wanted.setdefault(head.size, []).append((place, head))
        for place, leaf in _read_entries(folder):
            _add(edge, place, leaf, wanted)
        _check_all_reached(wanted, edge.size)
    except _Found as found:
        return FolderReport(edge.size, 0, found.fault)
    return FolderReport(edge.size, len(heads), None)


def _add(edge: Edge, place: str, line: str, wanted: dict[int, list[tuple[str, TreeHead]]]) -> None:
    try:
        leaf = Leaf.from_json_dict(loads(line))
    except (JSONDecodeError, LeafInvalid) as problem:
        raise _Found(place, f"this is no leaf: {problem}") from problem
    if leaf.to_bytes().decode() != line:
        raise _Found(place, "it is not spelt as leaves are")
    edge.append(leaf.hash())
    for name, head in wanted.get(edge.size, ()):
        if head.root != edge.root():
            raise _Found(name, f"the first {head.size} entries are not those that it was signed over")


def _check_all_reached(wanted: dict[int, list[tuple[str, TreeHead]]], size: int) -> None:
    last = max(wanted, default=0)
    if last > size:
        raise _Found(wanted[last][0][0], f"it was signed over {last} entries, and the folder has {size}")
    if last < size:
        raise _Found(HEADS, f"no head was signed over all {size} entries: the newest covers {last}")


def _read_heads(folder: Path, keys: Sequence[bytes]) -> Iterator[tuple[str, TreeHead]]:
    before: TreeHead | None = None
    for path in sorted((folder / HEADS).glob("*.txt"), key=lambda path: (len(path.name), path.name)):
        place = f"{HEADS}/{path.name}"
        head = _open(_text(path), keys, place)
        if before is not None and (head.size < before.size or head.at < before.at):
            raise _Found(place, "it is smaller or older than the one before it")
        before = head
        yield place, head
    if before is None:
        raise FolderUnreadable(f"{folder} holds no signed head")
    if _open(_text(folder / NEWEST), keys, NEWEST) != before:
        raise _Found(NEWEST, "it is not the newest of the heads")


def _open(note: str, keys: Sequence[bytes], place: str) -> TreeHead:
    try:
        return open_head(note, keys)
    except NoteInvalid as problem:
        raise _Found(place, str(problem)) from problem


def _read_entries(folder: Path) -> Iterator[tuple[str, str]]:
    paths = sorted((folder / ENTRIES).glob("*.jsonl"), key=lambda path: (len(path.name), path.name))
    expected = 1
    for path in paths:
        if path.name != f"{expected}.jsonl":
            raise _Found(f"{ENTRIES}/{path.name}", f"the file {expected}.jsonl is missing before it")
        lines = _text(path).split("\n")
        if lines.pop() or len(lines) > LINES:
            raise _Found(f"{ENTRIES}/{path.name}", "it does not end as these files do")
        for number, line in enumerate(lines, 1):
            yield f"{ENTRIES}/{path.name}:{number}", line
        expected += LINES


def _text(path: Path) -> str:
    try:
        if not path.is_file():  # a queue or a device would be read for ever
            raise FolderUnreadable(f"{path} cannot be read")
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise FolderUnreadable(f"{path} cannot be read") from problem
