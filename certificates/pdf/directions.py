"""The direction of each character of a line, and the order in which its parts stand from left to right.

The Unicode bidirectional algorithm (UAX 9) for one line without explicit marks of direction, which no text may hold
that is printed here. The weak, neutral and implicit rules are those of python-bidi; paired brackets (rule N0), which
that library passes over, and the order of whole runs (rule L2) are here.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Any

LEFT_TO_RIGHT, RIGHT_TO_LEFT = 0, 1
_LEFT_TO_RIGHT_MARK = "\u200e"
_LETTERS = "\u0590-\u065f\u066a-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff"
_FROM_RIGHT = re.compile(f"[{_LETTERS}](?:[^\\w]*[{_LETTERS}])*")
"""A stretch of letters of scripts that run from the right, with the blanks and signs between them but no figure."""


def base_level(text: str) -> int:
    """Return the level of a line: 1 when its first letter belongs to a script that runs from the right, else 0."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in {"L", "R", "AL"}:
            return RIGHT_TO_LEFT if kind != "L" else LEFT_TO_RIGHT
    return LEFT_TO_RIGHT


def levels(text: str, base: int) -> list[int]:
    """Return the embedding level of every character; odd ones run from the right."""
    from bidi import algorithm

    storage = algorithm.get_empty_storage()
    storage["base_level"], storage["base_dir"] = base, "LR"[base]
    counted = [character for character in text if not _is_passed_over(character)]
    algorithm.get_embedding_levels(counted, storage)
    algorithm.calc_level_runs(storage)
    algorithm.resolve_weak_types(storage)
    _resolve_brackets(storage["chars"], "LR"[base])
    algorithm.resolve_neutral_types(storage, False)
    algorithm.resolve_implicit_levels(storage, False)
    return list(_spread(text, [int(entry["level"]) for entry in storage["chars"]], base))


def visual_order(run_levels: Sequence[int]) -> list[int]:
    """Return the numbers of runs from left to right (rule L2)."""
    order = list(range(len(run_levels)))
    for level in range(max(run_levels, default=0), 0, -1):
        start = 0
        while start < len(order):
            end = start
            while end < len(order) and run_levels[order[end]] >= level:
                end += 1
            order[start:end] = order[start:end][::-1]
            start = max(end, start + 1)
    return order


def for_readers(text: str) -> str:
    """Return a text of both directions as programs that extract text have to find it on a line.

    They turn round every stretch of letters that runs from the right, and nothing else, where most of the page runs
    from the left; a mark of direction shows them where such a stretch ends.
    """
    turned = _FROM_RIGHT.sub(lambda found: found.group()[::-1] + _LEFT_TO_RIGHT_MARK, text)
    return turned.removesuffix(_LEFT_TO_RIGHT_MARK)


def _is_passed_over(character: str) -> bool:
    """Joiners and the like have no direction of their own (rule X9)."""
    return unicodedata.bidirectional(character) == "BN"


def _spread(text: str, found: list[int], base: int) -> Iterator[int]:
    """Give a character that was passed over the level of the one before it."""
    remaining = iter(found)
    last = base
    for character in text:
        if not _is_passed_over(character):
            last = next(remaining)
        yield last


def _resolve_brackets(entries: list[dict[str, Any]], embedding: str) -> None:
    """Give both brackets of a pair one direction (rule N0)."""
    for opening, closing in _pairs(entries):
        inside = {_strong(entry["type"]) for entry in entries[opening + 1 : closing]} - {""}
        if not inside:
            continue
        direction = embedding
        if embedding not in inside:
            before = (_strong(entry["type"]) for entry in reversed(entries[:opening]))
            direction = next((kind for kind in before if kind), embedding)
        for bracket in (opening, closing):
            entries[bracket]["type"] = direction
            _take_along(entries[bracket + 1 :], direction)


def _take_along(following: list[dict[str, Any]], direction: str) -> None:
    """Marks on a bracket go with it."""
    for entry in takewhile(lambda entry: entry["orig"] == "NSM", following):
        entry["type"] = direction


def _strong(kind: str) -> str:
    return {"L": "L", "R": "R", "AL": "R", "EN": "R", "AN": "R"}.get(kind, "")


def _pairs(entries: list[dict[str, Any]]) -> list[tuple[int, int]]:
    """The places of paired brackets, by their openings (definition BD16)."""
    from bidi.mirror import MIRRORED

    open_ones: list[tuple[str, int]] = []
    found = []
    for place, entry in enumerate(entries):
        category = unicodedata.category(entry["ch"]) if entry["type"] == "ON" else ""
        if category == "Ps" and entry["ch"] in MIRRORED:
            open_ones.append((MIRRORED[entry["ch"]], place))
        elif category == "Pe":
            for depth in range(len(open_ones) - 1, -1, -1):
                if open_ones[depth][0] == entry["ch"]:
                    found.append((open_ones[depth][1], place))
                    del open_ones[depth:]
                    break
    return sorted(found)
