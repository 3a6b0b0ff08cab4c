"""Reading one lesson: front matter between `+++` lines, then Markdown with blocks."""

import re
from dataclasses import dataclass

from courses.folder.files import Folder, TomlFile, Unreadable
from courses.folder.model import LessonFile
from courses.folder.shapes import CODE, Field, check_table, code, flag, line, list_of, one_of, whole

FENCE = "+++"
BLOCKS = ("key", "example", "reflect", "try", "note", "summary", "check")
TECHNIQUES = ("T1", "T2", "T3", "T4", "T5", "T6")
MOST_CHARACTERS = 60_000
MARK = re.compile(r" {0,3}:{3,}[ \t]*(?P<name>[^\s:]*)[ \t]*(?P<title>.*?)[ \t]*$")
CODE_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
TOP_HEADING = re.compile(r" {0,3}#(\s|$)")
LINK = re.compile(r"\]\(\s*<?([^)\s>]*)")
GOOD_LINK = re.compile(r"(https?://|mailto:|/(?!/)|#)", re.IGNORECASE)

FIELDS: dict[str, Field] = {
    "code": code(),
    "title": line(120),
    "minutes": whole(1, 240),
    "objective": line(),
    "techniques": list_of(one_of(*TECHNIQUES), most=len(TECHNIQUES)),
    "own": flag(),
}


@dataclass(frozen=True)
class CheckMark:
    """A `::: check` block: the item code it names and its line."""

    code: str
    line: int


@dataclass(frozen=True)
class ReadLesson:
    """A lesson with its front matter's places and the items it shows."""

    lesson: LessonFile
    source: TomlFile
    checks: tuple[CheckMark, ...]


def read_lesson(folder: Folder, name: str) -> ReadLesson:
    """Read and check one lesson. Raises Unreadable when there is nothing to go on with; faults are noted."""
    whole_text = folder.text(name)
    lines = whole_text.split("\n")
    end = _end_of_front(folder, name, lines)
    source = folder.parse(name, "\n".join(lines[1:end]), first=2)
    values = check_table(source, source.data, FIELDS)
    body = "\n".join(lines[end + 1 :]).strip("\n")
    checks = _Body(folder, name, lines, end + 1).read()
    if len(body) > MOST_CHARACTERS:
        folder.fault(name, end + 2, f"the text is longer than {MOST_CHARACTERS:,} characters")
    if not body.strip():
        folder.fault(name, end + 1, "the lesson has no text")
    return ReadLesson(LessonFile(**values, text=body + "\n", file=name), source, checks)


def _end_of_front(folder: Folder, name: str, lines: list[str]) -> int:
    if lines[0].rstrip() != FENCE:
        folder.fault(name, 1, f"must begin with a line {FENCE}")
        raise Unreadable
    for place, content in enumerate(lines[1:], 1):
        if content.rstrip() == FENCE:
            return place
    folder.fault(name, 1, f"the front matter has no closing line {FENCE}")
    raise Unreadable


class _Body:
    """Follows the text line by line: code fences, blocks, headings and links."""

    def __init__(self, folder: Folder, name: str, lines: list[str], begin: int) -> None:
        self.folder, self.name, self.lines, self.begin = folder, name, lines, begin
        self.fence = ""
        self.block: tuple[str, int] | None = None
        self.checks: list[CheckMark] = []

    def fault(self, at: int, message: str) -> None:
        self.folder.fault(self.name, at, message)

    def read(self) -> tuple[CheckMark, ...]:
        for at, content in enumerate(self.lines[self.begin :], self.begin + 1):
            if not self._in_code(content):
                self._line(at, content)
        if self.block:
            self.fault(self.block[1], f"the block “{self.block[0]}” is not closed by a line :::")
        return tuple(self.checks)

    def _in_code(self, content: str) -> bool:
        match = CODE_FENCE.match(content)
        if self.fence:
            if match and match.group(1).startswith(self.fence) and not content[match.end() :].strip():
                self.fence = ""
            return True
        self.fence = match.group(1) if match else ""
        return bool(match)

    def _line(self, at: int, content: str) -> None:
        mark = MARK.match(content)
        if mark and mark["name"]:
            self._open(at, mark["name"], mark["title"])
        elif mark and not mark["title"]:
            self._close(at)
        else:
            self._words(at, content)

    def _open(self, at: int, name: str, title: str) -> None:
        if self.block:
            self.fault(at, f"a block begins inside the block “{self.block[0]}” of line {self.block[1]}")
        if name not in BLOCKS:
            self.fault(at, f"there is no block “{name:.40}”; there are: {', '.join(BLOCKS)}")
        elif name == "check":
            self._check(at, title)
        self.block = (name, at)

    def _check(self, at: int, title: str) -> None:
        if not title:
            self.fault(at, "the check block names no item, as in “::: check F1-Q03”")
        elif not CODE.fullmatch(title):
            self.fault(at, f"“{title:.60}” is no item code")
        else:
            self.checks.append(CheckMark(title, at))

    def _close(self, at: int) -> None:
        if not self.block:
            self.fault(at, "a line ::: closes a block that was never begun")
        self.block = None

    def _words(self, at: int, content: str) -> None:
        if self.block and self.block[0] == "check" and content.strip():
            self.fault(at, "a check block stays empty: the question comes from the item")
        if TOP_HEADING.match(content):
            self.fault(at, "headings in a lesson begin at ##; # is the title of the page")
        for target in LINK.findall(content):
            if not GOOD_LINK.match(target):
                self.fault(at, f"the link to “{target:.80}” leads to no address (https://, mailto:, / or #)")
