"""Reading files of the folder: bounded, UTF-8, and never outside of it."""

import os
import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from courses.folder import positions
from courses.folder.model import Fault

MOST_BYTES = 1_000_000
MOST_IN_FOLDER = 500
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
AT_LINE = re.compile(r"^(.*?) \(at line (\d+), column \d+\)$", re.DOTALL)


class Unreadable(Exception):
    """A file that cannot be used at all; the fault has been noted."""


@dataclass(frozen=True)
class TomlFile:
    """A TOML text that was read, with the lines of its keys. `first` is the line its text begins on."""

    name: str
    data: dict[str, Any]
    lines: dict[positions.Path, int]
    folder: "Folder"
    first: int = 1

    def fault(self, path: positions.Path, message: str) -> None:
        """Note a fault at `path`, or at the nearest thing around it."""
        self.folder.fault(self.name, self.line(path), message)

    def line(self, path: positions.Path) -> int:
        """The line of `path` in the file."""
        return positions.line_of(self.lines, path) + self.first - 1


class Folder:
    """The folder being read and the faults found so far."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.faults: list[Fault] = []

    def fault(self, name: str, line: int, message: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(name, line, message))

    @contextmanager
    def _noted(self, name: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.fault(name, 1, f"cannot be read: {error.strerror or error}")
            raise Unreadable from error
        except ValueError as error:  # a NUL in a name, among others
            self.fault(name, 1, f"cannot be read: {error}")
            raise Unreadable from error

    def has(self, name: str) -> bool:
        """Whether something of that name is there, a broken link included."""
        return os.path.lexists(self.root / name)

    def text(self, name: str) -> str:
        """The text of a file, with `\\n` line ends and without a byte order mark. Raises Unreadable, noted."""
        with self._noted(name):
            raw = self._bytes(name)
        try:
            text = raw.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            self.fault(name, raw.count(b"\n", 0, error.start) + 1, "is not UTF-8 here")
            raise Unreadable from error
        control = CONTROL.search(text)
        if control:
            line = text.count("\n", 0, control.start()) + 1
            self.fault(name, line, f"holds the control character U+{ord(control.group()):04X}")
            raise Unreadable
        return text

    def data(self, name: str) -> bytes:
        """The bytes of a file. Raises Unreadable, noted."""
        with self._noted(name):
            return self._bytes(name)

    def _bytes(self, name: str) -> bytes:
        path = self.root / name
        if not os.path.lexists(path):
            return self._refuse(name, "is missing")
        if not path.resolve().is_relative_to(self.root.resolve()):
            return self._refuse(name, "is a link that leads out of the folder")
        if not path.is_file():  # a folder, a pipe, a broken link
            return self._refuse(name, "is not a file")
        if path.stat().st_size > MOST_BYTES:
            return self._refuse(name, f"is larger than {MOST_BYTES:,} bytes")
        return path.read_bytes()

    def _refuse(self, name: str, message: str) -> bytes:
        self.fault(name, 1, message)
        raise Unreadable

    def toml(self, name: str) -> TomlFile:
        """A TOML file. Raises Unreadable, noted."""
        return self.parse(name, self.text(name))

    def parse(self, name: str, text: str, first: int = 1) -> TomlFile:
        """TOML from a text that begins on line `first` of the file. Raises Unreadable, noted."""
        try:
            data = tomllib.loads(text)
        except RecursionError as error:
            self.fault(name, first, "is nested too deeply")
            raise Unreadable from error
        except ValueError as error:  # TOMLDecodeError, and numbers too long to be read
            message, line = _place(str(error), text)
            self.fault(name, line + first - 1, f"is not valid TOML: {message}")
            raise Unreadable from error
        return TomlFile(name, data, positions.positions(text), self, first)

    def listed(self, name: str, ending: str) -> list[str]:
        """Names of the entries of a subfolder with this ending ("/" for folders), sorted; empty if it is not there."""
        path = self.root / name
        if not path.is_dir() or not path.resolve().is_relative_to(self.root.resolve()):
            return []  # a link out of the folder is named when a file of it is read
        try:
            with os.scandir(path) as entries:
                found = sorted(e.name for e in entries if _is_kind(e, ending) and not e.name.startswith("."))
        except OSError as error:
            self.fault(name, 1, f"cannot be read: {error.strerror or error}")
            return []
        if len(found) > MOST_IN_FOLDER:
            self.fault(name, 1, f"holds more than {MOST_IN_FOLDER} entries")
        return found[:MOST_IN_FOLDER]

    def inside(self, source: TomlFile, path: positions.Path, name: str) -> bool:
        """Whether a name given in a file stays in the folder; a fault is noted if not."""
        parts = name.split("/")
        if name.startswith("/") or "\\" in name or ":" in name:
            source.fault(path, f"{name!r:.80} must be a name within the folder, not an absolute path")
        elif ".." in parts or "." in parts or "" in parts:
            source.fault(path, f"{name!r:.80} must not lead elsewhere with “.” or “..”")
        elif len(parts) > 1:
            source.fault(path, f"{name!r:.80} must be a single name")
        elif not name.isprintable() or len(name) > 100:
            source.fault(path, f"{name!r:.80} is no name for a file")
        else:
            return True
        return False


def _is_kind(entry: os.DirEntry[str], ending: str) -> bool:
    return entry.is_dir() if ending == "/" else entry.name.endswith(ending)


def _place(message: str, text: str) -> tuple[str, int]:
    match = AT_LINE.match(message)
    if match:
        return match.group(1), int(match.group(2))
    return message, text.rstrip("\n").count("\n") + 1
