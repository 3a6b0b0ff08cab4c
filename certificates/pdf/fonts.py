"""The type of the certificate: EB Garamond, with Noto Serif for what it lacks, and what neither can set.

Both are embedded, under the SIL Open Font Licence, from the packages fontpkg-eb-garamond and fontpkg-noto-serif. They
cover Latin, Greek and Cyrillic with combining marks and make up what is called plain here. Every other script goes
through certificates.pdf.itemising to fonts of its own; a text for which there is no font is refused with the reason,
never set wrong.
"""

import threading
import unicodedata
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path

import fontpkg

from certificates.pdf.catalogue import JOINERS, FontRecord, hash_of, record_of
from certificates.pdf.opentype import LayoutTables

_FAMILIES = ("EB Garamond", "Noto Serif")
MOST_MARKS = 3
"""Combining marks that one letter may carry; living languages stay at two or three."""

_JOINING_SCRIPTS = frozenset((
    "ARABIC", "BALINESE", "BENGALI", "DEVANAGARI", "ETHIOPIC", "GUJARATI", "GURMUKHI", "HEBREW", "JAVANESE",
    "KANNADA", "KHMER", "LAO", "MALAYALAM", "MONGOLIAN", "MYANMAR", "NKO", "ORIYA", "SINHALA", "SUNDANESE",
    "SYRIAC", "TAMIL", "TELUGU", "THAANA", "THAI", "TIBETAN",
))  # fmt: skip


class Style(StrEnum):
    """A cut of the type."""

    ROMAN = "roman"
    ITALIC = "italic"
    SMALL_CAPITALS = "small-capitals"


class TextProblem(StrEnum):
    """Why a text cannot be printed."""

    EMPTY = "empty"
    CONTROL = "control"
    SCRIPT = "script"
    GLYPH = "glyph"
    MARKS = "marks"
    LENGTH = "length"


class NameNotRenderable(ValueError):
    """A name or other text that cannot be printed faithfully.

    `problem` says why, `characters` are the ones at fault in their order, and `field` is the part of the certificate.
    """

    def __init__(self, problem: TextProblem, characters: str = "", field: str = "") -> None:
        named = ", ".join(describe_character(character) for character in characters)
        super().__init__(f"{field or 'text'} cannot be printed ({problem.value}){': ' + named if named else ''}")
        self.problem = problem
        self.characters = characters
        self.field = field


def describe_character(character: str) -> str:
    """Return how a message names a character: its code point and Unicode name, and itself where it can be shown."""
    name = unicodedata.name(character, "unnamed")
    shown = f" “{character}”" if character.isprintable() and not unicodedata.combining(character) else ""
    return f"U+{ord(character):04X} {name}{shown}"


class Face:
    """One font file in one cut, ready to be embedded, with its layout tables."""

    def __init__(self, family: str, style: Style) -> None:
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.ttfonts import TTFont

        slant = "italic" if style is Style.ITALIC else "normal"
        self.path = Path(fontpkg.path(family, 400, slant, nearest=True))
        self.name = f"Laurel-{family.replace(' ', '')}-{style.value}"
        # asciiReadable would embed the whole of ASCII in every document
        self.font = TTFont(self.name, str(self.path), asciiReadable=False, shapable=False)
        # two cuts of one file need two names, or the second would share the first's subset
        self.font.face.name = self.name.encode()
        if style is Style.SMALL_CAPITALS:
            self._take_small_capitals()
        pdfmetrics.registerFont(self.font)

    @cached_property
    def tables(self) -> LayoutTables:
        """The layout tables of the font file."""
        return LayoutTables(self.path.read_bytes())

    @cached_property
    def record(self) -> FontRecord:
        """The identity of the font, to be kept with what it set."""
        import uharfbuzz

        return record_of(self.path, uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(self.path))))

    def to_em(self, units: int) -> float:
        """Turn font units into thousandths of an em, the measure of ReportLab's widths."""
        return units * 1000 / float(self.font.face.unitsPerEm)

    def glyph(self, character: str) -> int | None:
        """Return the index of the character's glyph, or None when the font lacks it."""
        return self.font.face.charToGlyph.get(ord(character)) or None

    def advance(self, character: str) -> float:
        """Return the advance of a character in thousandths of an em."""
        return float(self.font.face.getCharWidth(ord(character)))

    def _take_small_capitals(self) -> None:
        """Let lower-case letters lead to the small capital glyphs, so that the text stays what was written."""
        face = self.font.face
        replaced = self.tables.small_capitals
        for code, glyph in list(face.charToGlyph.items()):
            if glyph in replaced:
                face.charToGlyph[code] = replaced[glyph]
                face.charWidths[code] = self.to_em(face.hmetrics[replaced[glyph]][0])


def faces(style: Style) -> tuple[Face, ...]:
    """Return the faces of a cut in the order in which they are asked for a glyph. Loaded once a process."""
    with _LOADING:
        if style not in _LOADED:
            _LOADED[style] = tuple(Face(family, style) for family in _FAMILIES)
        return _LOADED[style]


_LOADING = threading.Lock()  # two faces of one name in one document would share a subset
_LOADED: dict[Style, tuple[Face, ...]] = {}


@cache
def font_hashes() -> dict[str, str]:
    """Return the SHA-256 of every font file in use by its file name, to be stored with what they rendered."""
    paths = {face.path for style in Style for face in faces(style)}
    return {path.name: hash_of(path) for path in sorted(paths)}


def normalise(text: str) -> str:
    """Return a text as it is printed: NFC, every kind of blank as a plain space, none doubled or at the ends."""
    spaced = "".join(" " if unicodedata.category(c) == "Zs" else c for c in text.strip())
    return unicodedata.normalize("NFC", " ".join(part for part in spaced.split(" ") if part))


def is_plain(text: str, style: Style = Style.ROMAN) -> bool:
    """Whether the page's own type sets a normalised text as it stands, without shaping."""
    return not any(map(_needs_shaping, text)) and not missing_glyphs(text, style)


def missing_glyphs(text: str, style: Style = Style.ROMAN) -> str:
    """Return the characters of a normalised text that cannot be set in a cut, each once and in their order.

    A letter and its marks must come from one face: what the nearest face lacks of them counts as missing.
    """
    return _once(character for cluster in clusters(text) for character in _lacking(cluster, style))


def _lacking(cluster: str, style: Style) -> str:
    lacks = ("".join(c for c in cluster if face.glyph(c) is None) for face in faces(style))
    return min(lacks, key=len)


def checked(text: str, field: str, style: Style = Style.ROMAN) -> str:
    """Return the normalised text, or raise NameNotRenderable with the reason and the characters at fault."""
    plain = normalise(text)
    if not plain:
        raise NameNotRenderable(TextProblem.EMPTY, field=field)
    for problem, characters in _faults(plain, style):
        if characters:
            raise NameNotRenderable(problem, _once(characters), field)
    return plain


def _faults(plain: str, style: Style) -> Iterator[tuple[TextProblem, str]]:
    yield TextProblem.CONTROL, _unseen(plain)
    if not is_plain(plain, style):
        # only the rare text pays for the scripts of the world
        from certificates.pdf import directions, itemising

        scriptless, lacking = itemising.faults(plain, style, directions.base_level(plain))
        yield TextProblem.SCRIPT, scriptless
        yield TextProblem.GLYPH, lacking
    yield TextProblem.MARKS, _marks_too_many(plain)


def clusters(text: str) -> list[str]:
    """Cut a text into letters, each with the combining marks that follow it."""
    found: list[str] = []
    for character in text:
        if found and unicodedata.category(character) == "Mn":
            found[-1] += character
        else:
            found.append(character)
    return found


_NEVER_PRINTED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Controls, marks of direction, surrogates, private and unassigned characters: they change or hide what is read."""


_UNSEEN_MARKS = frozenset({0x034F, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)})
"""The grapheme joiner and variation selectors: marks by category, but without any ink."""


def _unseen(text: str) -> str:
    """The characters without ink, but for joiners in a place where they give letters another form."""
    return "".join(c for place, c in enumerate(text) if _is_unseen(c) and not _shapes_letters(text, place))


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in _NEVER_PRINTED or ord(character) in _UNSEEN_MARKS


def _shapes_letters(text: str, place: int) -> bool:
    """Whether a joiner follows a virama, or a non-joiner parts two Arabic letters (RFC 5892, appendix A)."""
    before, character, after = text[place - 1 : place], text[place], text[place + 1 : place + 2]
    if character not in JOINERS or not before or not unicodedata.category(after or " ").startswith("L"):
        return False
    if unicodedata.combining(before) == _VIRAMA:
        return True
    return character == "\u200c" and all(unicodedata.bidirectional(c) == "AL" for c in (before, after))


_VIRAMA = 9
"""Canonical combining class of the signs that take the vowel from a consonant."""


def _needs_shaping(character: str) -> bool:
    if unicodedata.bidirectional(character) in {"R", "AL", "AN"}:
        return True
    return unicodedata.name(character, "").partition(" ")[0] in _JOINING_SCRIPTS


def _marks_too_many(text: str) -> str:
    """Marks without a letter before them, or beyond what one letter may carry."""
    found = ""
    for cluster in clusters(text):
        lonely = unicodedata.category(cluster[0]) == "Mn" or (cluster[0] == " " and len(cluster) > 1)
        found += cluster.strip() if lonely else cluster[1 + MOST_MARKS :]
    return _once(found)


def _once(characters: Iterable[str]) -> str:
    return "".join(dict.fromkeys(characters))
