"""Items that ask nearly the same: a warning for the writer, never a bar. Pure: texts in, codes out.

Stems are folded to words; two are alike when enough of their neighbouring pairs of words are the same (Jaccard
similarity of w-shingles, Broder 1997, On the resemblance and containment of documents). Very short stems have few
pairs, so their words themselves count beside them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from assessments.grading.kinds.folding import fold

# From this share on a reader sees the same question twice; found by trying on the Foundation bank (137 items, no pair).
ALIKE_FROM = 0.5
MOST_SHOWN = 5
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Alike:
    """An item that asks nearly the same: its code and the share (0 to 1) of what both have of what either has."""

    code: str
    share: float


def alike(stem: str, others: Mapping[str, str]) -> list[Alike]:
    """The items of `others` (code to stem) that ask nearly what `stem` asks, the nearest first, at most five."""
    own = shingles(stem)
    found = (Alike(code, likeness(own, shingles(other))) for code, other in others.items())
    near = [one for one in found if one.share >= ALIKE_FROM]
    return sorted(near, key=lambda one: (-one.share, one.code))[:MOST_SHOWN]


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Jaccard similarity of two sets: 1 for equal ones, 0 for those that share nothing or hold nothing."""
    return len(one & other) / len(one | other) if one and other else 0.0


def shingles(text: str) -> frozenset[str]:
    """The words of a text and its neighbouring pairs of words, folded."""
    return frozenset(_parts(_WORD.findall(fold(text))))


def _parts(words: list[str]) -> Iterator[str]:
    yield from words
    yield from (" ".join(pair) for pair in pairwise(words))
