"""Where the type of the world's scripts comes from: font packages first, then the folder that an operator named.

EB Garamond and Noto Serif (certificates.pdf.fonts) set Latin, Greek and Cyrillic. Every other script has its own files
here, all under the SIL Open Font Licence. The packages are locked with the product, so that most names look the same
on every machine; from the folder come the large ones, above all Chinese, Japanese and Korean. Which files were used is
told by their `FontRecord`, to be kept with what they set.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import uharfbuzz

EAST_ASIAN = "Hani"
"""The one home of Han, Kana, Bopomofo and Hangul: one font sets all four side by side."""
_EAST_ASIAN_SCRIPTS = frozenset({"Hani", "Hira", "Kana", "Bopo", "Hang"})
_FIRST_CHOICE = {
    "Arab": ("fontpkg_amiri", "files/Amiri-Regular.ttf"),
    "Deva": ("pylopdf_fonts_hi", "NotoSerifDevanagari-Variable.ttf"),
    "Hebr": ("fontpkg_frank_ruhl_libre", "files/FrankRuhlLibre[wght].ttf"),
    "Thai": ("pylopdf_fonts_th", "NotoSerifThai-Variable.ttf"),
}
_MANY_SCRIPTS = "manimgx_fonts"
_SCALE = {"Arab": 1.14, "Hebr": 1.0, EAST_ASIAN: 0.9}
_USUAL_SCALE = 0.86
"""How large a script is set beside EB Garamond, whose small letters are small for their size."""
_FAMILIES = ("NotoSerif", "NotoNaskh", "NotoSans")
_ENDINGS = ("-Regular.ttf", "-Regular.otf", "[wght].ttf", "[wdth,wght].ttf", "-Variable.ttf", "-VF.ttf")
_COLLECTIONS = ("NotoSerifCJK-Regular.ttc", "NotoSansCJK-Regular.ttc")
_REGULAR = 400.0


@dataclass(frozen=True)
class FontRecord:
    """Which font it was: full name, version as the font itself states it, and the SHA-256 of the whole file."""

    name: str
    version: str
    sha256: str


class FontFile:
    """One font of a script: a file, or one of the fonts of a collection, at regular weight.

    `scale` is the size at which it stands beside the type of the page.
    """

    def __init__(self, path: Path, scale: float, region: str = "") -> None:
        self.path = path
        self.scale = scale
        self._region = region

    @cached_property
    def face(self) -> uharfbuzz.Face:
        """The font as HarfBuzz has it; of a collection the one whose family ends with the region."""
        import uharfbuzz

        blob = uharfbuzz.Blob.from_file_path(str(self.path))
        first = uharfbuzz.Face(blob)
        if first.count > 1:
            for number in range(first.count):
                face = uharfbuzz.Face(blob, number)
                if str(face.get_name(uharfbuzz.OTNameIdPredefined.FONT_FAMILY)).endswith(f" {self._region}"):
                    return face
        return first

    @cached_property
    def font(self) -> uharfbuzz.Font:
        """The font for shaping; its units are those of the file."""
        import uharfbuzz

        font = uharfbuzz.Font(self.face)
        font.set_variations(self.axes)
        return font

    @cached_property
    def axes(self) -> dict[str, float]:
        """Where a variable font is taken: regular weight, everything else as the font has it."""
        return {
            axis.tag: max(axis.min_value, min(axis.max_value, _REGULAR)) if axis.tag == "wght" else axis.default_value
            for axis in self.face.axis_infos
        }

    @cached_property
    def characters(self) -> uharfbuzz.Set:
        """The code points for which the font has a glyph."""
        return self.face.unicodes

    def lacking(self, text: str) -> str:
        """Return the characters of a text that the font has not; joiners need no glyph."""
        return "".join(c for c in text if c not in JOINERS and ord(c) not in self.characters)

    @cached_property
    def record(self) -> FontRecord:
        """The identity of the font. Reading a large collection takes some 50 ms, once a process."""
        return record_of(self.path, self.face)


JOINERS = "\u200c\u200d"
"""Zero width non-joiner and joiner: without ink, but they shape their neighbours."""


@cache
def hash_of(path: Path) -> str:
    """Return the SHA-256 of a font file, read once a process."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def record_of(path: Path, face: uharfbuzz.Face) -> FontRecord:
    """Return the identity of a font in a file."""
    import uharfbuzz

    named = uharfbuzz.OTNameIdPredefined
    name, version = face.get_name(named.FULL_NAME), face.get_name(named.VERSION_STRING)
    return FontRecord(str(name or path.stem), str(version or ""), hash_of(path))


def home_of(script: str) -> str:
    """Return the script whose fonts set a script (ISO 15924 codes)."""
    return EAST_ASIAN if script in _EAST_ASIAN_SCRIPTS else script


def use_folder(folder: Path | None) -> None:
    """Look for further fonts in a folder and those below it, from now on; None: in none."""
    _FOLDER[0] = folder


def folder() -> Path | None:
    """Return the folder of further fonts."""
    return _FOLDER[0]


_FOLDER: list[Path | None] = [None]


def list_fonts(home: str, text: str) -> tuple[FontFile, ...]:
    """Return the fonts for a home of scripts, the preferred one first; `text` tells the region of Han characters."""
    region = region_of(text) if home == EAST_ASIAN else ""
    return _list_fonts(home, region, folder())


def choose_font(home: str, text: str) -> FontFile | None:
    """Return the font that lacks the fewest characters of a text, or None when the script has no font here."""
    fonts = list_fonts(home, text)
    return min(fonts, key=lambda font: len(font.lacking(text)), default=None)


def region_of(text: str) -> str:
    """Return whose forms of Han characters a text wants: JP, KR, SC or TC.

    Kana and Hangul tell. Han alone belongs to the first national standard that has all of its characters.
    """
    if any("\u3040" <= c <= "\u30ff" for c in text):
        return "JP"
    if any("\uac00" <= c <= "\ud7a3" or "\u1100" <= c <= "\u11ff" for c in text):
        return "KR"
    for region, standard in (("SC", "gb2312"), ("TC", "big5"), ("JP", "euc_jp"), ("KR", "euc_kr")):
        if _is_within(text, standard):
            return region
    return "SC"


def _is_within(text: str, standard: str) -> bool:
    try:
        "".join(c for c in text if c >= "\u2e80").encode(standard)
    except UnicodeEncodeError:
        return False
    return True


@cache
def _list_fonts(home: str, region: str, extra: Path | None) -> tuple[FontFile, ...]:
    scale = _SCALE.get(home, _USUAL_SCALE)
    paths = [*_packaged(home), *(_in_folder(home, region, extra) if extra else ())]
    return tuple(FontFile(path, scale, region) for path in paths)


def _packaged(home: str) -> Iterator[Path]:
    wanted = [_FIRST_CHOICE[home]] if home in _FIRST_CHOICE else []
    wanted.append((_MANY_SCRIPTS, f"NotoSans{_noto_name(home)}[wght].ttf"))
    for package, name in wanted:
        found = find_spec(package)
        for place in (found and found.submodule_search_locations) or ():
            if (Path(place) / name).is_file():
                yield Path(place) / name


def _in_folder(home: str, region: str, extra: Path) -> Iterator[Path]:
    known = _files_of(extra)
    if home == EAST_ASIAN:
        single = [f"{family}{part}-Regular.otf" for family in _FAMILIES for part in (region, f"CJK{region.lower()}")]
        names = [*_COLLECTIONS, *single, *(name.replace(".otf", ".ttf") for name in single)]
    else:
        names = [f"{family}{_noto_name(home)}{ending}" for family in _FAMILIES for ending in _ENDINGS]
    yield from (known[name] for name in names if name in known)


@cache
def _files_of(extra: Path) -> dict[str, Path]:
    """The font files below a folder by their names; of two with one name the first by its path."""
    found: dict[str, Path] = {}
    for path in sorted(extra.rglob("Noto*")):
        if path.suffix.lower() in {".ttf", ".otf", ".ttc"}:
            found.setdefault(path.name, path)
    return found


def _noto_name(home: str) -> str:
    """The English name of a script as the Noto files have it."""
    from fontTools import unicodedata

    return str(unicodedata.script_name(home, default=home)).replace(" ", "").replace("_", "")
