"""What changed between two versions of a text, line by line and word by word. Pure: texts in, lines out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

AROUND = 1
LONGEST_COMPARED = 3_000
WORDS = re.compile(r"\s+|\w+|[^\w\s]")
LEAST_ALIKE = 0.3


@dataclass(frozen=True)
class Piece:
    """Some words of a line, and whether they are what differs in it."""

    text: str
    differs: bool = False


@dataclass(frozen=True)
class Line:
    """A line of the comparison: `kind` is same, added, removed, or gap (lines left out, all the same)."""

    kind: str
    pieces: tuple[Piece, ...] = ()

    @property
    def text(self) -> str:
        """The whole line."""
        return "".join(piece.text for piece in self.pieces)


def compare(old: str, new: str) -> list[Line]:
    """The lines that differ, each with its neighbours; blank lines are passed over. Empty when nothing differs."""
    before, after = _lines(old), _lines(new)
    groups = SequenceMatcher(None, before, after).get_grouped_opcodes(AROUND)
    shown: list[Line] = []
    end = 0
    for group in groups:
        if group[0][1] > end:
            shown.append(Line("gap"))
        for tag, i1, i2, j1, j2 in group:
            shown.extend(_changed(before[i1:i2], after[j1:j2]) if tag != "equal" else _whole("same", before[i1:i2]))
        end = group[-1][2]
    if shown and end < len(before):
        shown.append(Line("gap"))
    return shown


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def _whole(kind: str, lines: list[str]) -> Iterator[Line]:
    return (Line(kind, (Piece(line),)) for line in lines)


def _changed(removed: list[str], added: list[str]) -> Iterator[Line]:
    paired = min(len(removed), len(added))
    for old, new in zip(removed, added, strict=False):
        yield from _within(old, new)
    yield from _whole("removed", removed[paired:])
    yield from _whole("added", added[paired:])


def _within(old: str, new: str) -> tuple[Line, Line]:
    whole = Line("removed", (Piece(old),)), Line("added", (Piece(new),))
    if max(len(old), len(new)) > LONGEST_COMPARED:
        return whole
    if SequenceMatcher(None, old.split(), new.split()).ratio() < LEAST_ALIKE:
        return whole
    words_before, words_after = WORDS.findall(old), WORDS.findall(new)
    steps = SequenceMatcher(None, words_before, words_after).get_opcodes()
    gone = tuple(Piece("".join(words_before[i1:i2]), tag != "equal") for tag, i1, i2, _, _ in steps if i2 > i1)
    come = tuple(Piece("".join(words_after[j1:j2]), tag != "equal") for tag, _, _, j1, j2 in steps if j2 > j1)
    return Line("removed", gone), Line("added", come)
