"""Cutting a line into runs that one font sets in one direction.

A run of the scripts that the page's own type sets has no font of its own; the others go to the fonts of
certificates.pdf.catalogue and are shaped. Characters of no script (blanks, hyphens, figures) stay with what stands
before them (Unicode Standard, annex 24, section 5.1).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from certificates.pdf import catalogue
from certificates.pdf.directions import levels
from certificates.pdf.fonts import Style, is_plain, missing_glyphs

_BEFORE_THEIR_LETTER = frozenset("เแโใไເແໂໃໄ")
"""Vowels of Thai and Lao that stand before the consonant they belong to."""
_JOINING_CLASS = 9
"""Canonical combining class of signs that join two consonants into one (virama)."""
_STACKING = "\u17d2"
"""The sign that does so in Khmer, whose class is 9 only by name."""


@dataclass(frozen=True)
class Run:
    """A part of a line in logical order: its level, its script's home ("" for the page's own type) and its font."""

    text: str
    level: int
    home: str
    font: catalogue.FontFile | None

    @property
    def is_right_to_left(self) -> bool:
        """Whether the run is read from the right."""
        return self.level % 2 == 1


@dataclass
class _Part:
    """A letter with everything that belongs to it, while its home is being found; None: of no script."""

    text: str
    level: int
    home: str | None


def graphemes(text: str) -> list[str]:
    """Cut a text where a line may be cut in need: letters with their marks, joined consonants kept whole."""
    found: list[str] = []
    for character in text:
        if found and _continues(found[-1], character):
            found[-1] += character
        else:
            found.append(character)
    return found


def itemise(text: str, style: Style, base: int) -> tuple[Run, ...]:
    """Cut a normalised line into runs in logical order; `base` is the level of the whole text."""
    of_character = levels(text, base)
    parts: list[_Part] = []
    at = 0
    for letter in graphemes(text):
        parts.append(_Part(letter, of_character[at], _home(letter, style)))
        at += len(letter)
    _settle(parts)
    fonts = {
        home: catalogue.choose_font(home, "".join(part.text for part in parts if part.home == home))
        for home in {part.home for part in parts}
        if home
    }
    _return_to_plain(parts, style, fonts)
    return tuple(
        Run("".join(part.text for part in group), group[0].level, group[0].home or "", fonts.get(group[0].home or ""))
        for group in _groups(parts)
    )


def faults(text: str, style: Style, base: int) -> tuple[str, str]:
    """Return what cannot be set: characters of scripts that have no font here, and characters that fonts lack."""
    scriptless = lacking = ""
    for run in itemise(text, style, base):
        if not run.home:
            lacking += missing_glyphs(run.text, style)
        elif run.font is None:
            scriptless += run.text.replace(" ", "")
        else:
            lacking += run.font.lacking(run.text)
    return scriptless, lacking


def _continues(letter: str, character: str) -> bool:
    if unicodedata.category(character) in {"Mn", "Mc", "Me"} or character in catalogue.JOINERS:
        return True
    last = letter.rstrip(catalogue.JOINERS)[-1:]
    joins = unicodedata.combining(last) == _JOINING_CLASS or last == _STACKING if last else False
    return (joins or last in _BEFORE_THEIR_LETTER) and unicodedata.category(character) == "Lo"


def _home(letter: str, style: Style) -> str | None:
    """Where a letter is set: "" the page's own type, None not yet known, else the home of its script."""
    from fontTools import unicodedata as scripts

    known = [code for code in map(scripts.script, letter) if code not in {"Zyyy", "Zinh", "Zzzz"}]
    if not known:
        return None
    return "" if is_plain(letter, style) else catalogue.home_of(known[0])


def _settle(parts: Sequence[_Part]) -> None:
    """Let letters of no script go with the one before, else with the one after; in one direction."""
    from_right = next((part.home for part in parts if part.level % 2 and part.home), "")
    for previous, part in zip([None, *parts], parts, strict=False):
        if part.home is None and previous is not None and previous.level == part.level:
            part.home = previous.home
    for following, part in zip([None, *reversed(parts)], reversed(parts), strict=False):
        if part.home is None and following is not None and following.level == part.level:
            part.home = following.home
    for part in parts:
        if part.home is None:
            part.home = from_right if part.level % 2 else ""


def _return_to_plain(parts: Sequence[_Part], style: Style, fonts: dict[str, catalogue.FontFile | None]) -> None:
    """Set in the page's own type what the font of the neighbours lacks."""
    for part in parts:
        font = fonts.get(part.home or "")
        if font is not None and part.level % 2 == 0 and font.lacking(part.text) and is_plain(part.text, style):
            part.home = ""


def _groups(parts: Sequence[_Part]) -> list[list[_Part]]:
    groups: list[list[_Part]] = []
    for part in parts:
        if groups and (groups[-1][0].level, groups[-1][0].home) == (part.level, part.home):
            groups[-1].append(part)
        else:
            groups.append([part])
    return groups
