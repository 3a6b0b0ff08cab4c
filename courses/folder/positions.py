"""Where in a TOML text each key and list entry stands, since `tomllib` does not tell.

The text has passed `tomllib`, so this scanner only follows it and need not judge it.
"""

import re

Path = tuple[str | int, ...]
BARE = re.compile(r"[A-Za-z0-9_-]+")
SCALAR = re.compile(r"[^,\]}#\n]+")
SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)+")
MOST_DEPTH = 50


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.lines: dict[Path, int] = {(): 1}
        self.counts: dict[Path, int] = {}
        self._line, self._counted_to = 1, 0

    def line(self) -> int:
        self._line += self.text.count("\n", self._counted_to, self.at)
        self._counted_to = self.at
        return self._line

    def note(self, path: Path) -> None:
        self.lines.setdefault(path, self.line())

    def space(self) -> None:
        match = SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def takes(self, mark: str) -> bool:
        if not self.text.startswith(mark, self.at):
            return False
        self.at += len(mark)
        return True

    def document(self) -> None:
        table: Path = ()
        self.space()
        while self.at < len(self.text):
            if self.takes("[["):
                table = self._next_of_list()
            elif self.takes("["):
                table = self._inside(self._keys())
                self.note(table)
                self.takes("]")
            else:
                self._pair(table, 0)
            self.space()

    def _next_of_list(self) -> Path:
        self.space()
        path = self._inside(self._keys(), last=False)
        self.space()
        self.takes("]]")
        self.counts[path] = self.counts.get(path, -1) + 1
        self.note(path)
        self.note((*path, self.counts[path]))
        return (*path, self.counts[path])

    def _inside(self, keys: Path, last: bool = True) -> Path:
        path: Path = ()
        for place, key in enumerate(keys, 1):
            path = (*path, key)
            if path in self.counts and (last or place < len(keys)):
                path = (*path, self.counts[path])
        return path

    def _keys(self) -> Path:
        keys: list[str | int] = []
        while True:
            self.space()
            keys.append(self._key())
            self.space()
            if not self.takes("."):
                return tuple(keys)

    def _key(self) -> str:
        match = BARE.match(self.text, self.at)
        if match:
            self.at = match.end()
            return match.group()
        begin = self.at
        self._string()
        if self.at == begin:
            self.at += 1  # cannot happen in valid TOML; never stand still
        return self.text[begin + 1 : self.at - 1]

    def _pair(self, table: Path, depth: int) -> None:
        self.space()
        line = self.line()
        path = (*table, *self._keys())
        self.lines.setdefault(path, line)
        self.takes("=")
        self.space()
        self._value(path, depth + 1)

    def _value(self, path: Path, depth: int) -> None:
        if depth > MOST_DEPTH:
            self.at = len(self.text)
        elif self.takes("["):
            self._entries(path, "]", depth)
        elif self.takes("{"):
            self._entries(path, "}", depth)
        elif self.text[self.at : self.at + 1] in ("'", '"'):
            self._string()
        else:
            match = SCALAR.match(self.text, self.at)
            self.at = match.end() if match else self.at + 1

    def _entries(self, path: Path, end: str, depth: int) -> None:
        place = 0
        self.space()
        while self.at < len(self.text) and not self.takes(end):
            if end == "]":
                self.note((*path, place))
                self._value((*path, place), depth + 1)
            else:
                self._pair(path, depth + 1)
            place += 1
            self.space()
            self.takes(",")
            self.space()

    def _string(self) -> None:
        for mark in ('"""', "'''", '"', "'"):
            if self.takes(mark):
                self._to_end_of_string(mark)
                return

    def _to_end_of_string(self, mark: str) -> None:
        while self.at < len(self.text) and not self.text.startswith(mark, self.at):
            self.at += 2 if self.text[self.at] == "\\" and mark[0] == '"' else 1
        self.at += len(mark)
        while len(mark) == 3 and self.text.startswith(mark[0], self.at):
            self.at += 1  # up to two more quotes belong to the string


def positions(text: str) -> dict[Path, int]:
    """Line of every key, table and list entry of a valid TOML text: `("item", 2, "options", 0, "text")` to 41."""
    scanner = _Scanner(text)
    scanner.document()
    return scanner.lines


def line_of(lines: dict[Path, int], path: Path) -> int:
    """The line of `path`, or of the nearest thing around it."""
    while path not in lines:
        path = path[:-1]
    return lines[path]


def parse_path(text: str) -> Path:
    """`options[1].text` as a tuple."""
    return tuple(int(part) if part.isdigit() else part for part in re.findall(r"[^.\[\]]+", text))
