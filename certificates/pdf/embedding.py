"""Putting the fonts of shaped runs into the document, each with the glyphs in use and nothing else.

The codes of the content stream are the glyph numbers of the font file, in two bytes, under Identity-H (ISO 32000-2,
9.7.4). Every glyph in use has its width and a Unicode value (ISO 14289-1, 7.21). TrueType outlines keep their glyph
numbers; of CFF outlines the glyphs in use are packed, and their numbers go into the charset as CIDs (9.7.4.2).
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from certificates.pdf.catalogue import FontFile

if TYPE_CHECKING:
    from reportlab.pdfbase import pdfdoc
    from reportlab.pdfgen.canvas import Canvas

_NEEDED = {"glyf", "loca", "head", "hhea", "hmtx", "maxp", "CFF ", "fvar", "gvar", "avar", "HVAR", "MVAR"}
"""Tables that a program in a PDF needs, and those by which a variable font is brought to one weight."""
_SYMBOLIC = 4
_MOST_PAIRS = 100
"""How many lines one block of a character map may have (Adobe Technical Note 5411)."""


class EmbeddedFont:
    """One font of one document. ReportLab calls `addObjects` when it writes the file."""

    def __init__(self, file: FontFile, number: int) -> None:
        self.file = file
        self.name = f"W{number}"
        self._texts: dict[int, str] = {}

    def use(self, glyph: int, text: str) -> bool:
        """Take a glyph into the document; returns whether it stands there for this text and no other."""
        return self._texts.setdefault(glyph, text) == text

    def addObjects(self, doc: pdfdoc.PDFDocument) -> None:
        """Add the font and everything it needs to the objects of the document."""
        from reportlab.pdfbase import pdfdoc

        base = f"{self._tag()}+{self._postscript_name()}"
        program = self._program()
        is_cff = "CFF " in self.file.face.table_tags
        glyphs = sorted(self._texts)
        descendant = {
            "Type": pdfdoc.PDFName("Font"),
            "Subtype": pdfdoc.PDFName("CIDFontType0" if is_cff else "CIDFontType2"),
            "BaseFont": pdfdoc.PDFName(base),
            "CIDSystemInfo": pdfdoc.PDFDictionary({"Registry": "(Adobe)", "Ordering": "(Identity)", "Supplement": 0}),
            "FontDescriptor": doc.Reference(self._descriptor(doc, base, program), f"fontDescriptor:{base}"),
            "DW": 1000,
            "W": pdfdoc.PDFArray([part for glyph in glyphs for part in (glyph, pdfdoc.PDFArray([self._width(glyph)]))]),
        }
        if not is_cff:
            descendant["CIDToGIDMap"] = pdfdoc.PDFName("Identity")
        below = doc.Reference(pdfdoc.PDFDictionary(descendant), f"descendant:{base}")
        whole = {
            "Type": pdfdoc.PDFName("Font"),
            "Subtype": pdfdoc.PDFName("Type0"),
            "BaseFont": pdfdoc.PDFName(base),
            "Encoding": pdfdoc.PDFName("Identity-H"),
            "DescendantFonts": pdfdoc.PDFArray([below]),
            "ToUnicode": doc.Reference(_stream(unicode_map(self._texts)), f"toUnicode:{base}"),
        }
        doc.idToObject["BasicFonts"].dict[self.name] = doc.Reference(pdfdoc.PDFDictionary(whole), f"font:{base}")

    def _descriptor(self, doc: pdfdoc.PDFDocument, base: str, program: bytes) -> pdfdoc.PDFDictionary:
        from reportlab.pdfbase import pdfdoc

        em = 1000 / self.file.face.upem
        extents = self.file.font.get_font_extents("ltr")
        box = (-1000, round(extents.descender * em), 2000, round(extents.ascender * em))
        descriptor = {
            "Type": pdfdoc.PDFName("FontDescriptor"),
            "FontName": pdfdoc.PDFName(base),
            "Flags": _SYMBOLIC,
            "FontBBox": pdfdoc.PDFArray(list(box)),
            "ItalicAngle": 0,
            "Ascent": box[3],
            "Descent": box[1],
            "CapHeight": box[3],
            "StemV": 80,
        }
        stream = _stream(program)
        if "CFF " in self.file.face.table_tags:
            stream.dictionary["Subtype"] = pdfdoc.PDFName("CIDFontType0C")
            descriptor["FontFile3"] = doc.Reference(stream, f"fontFile:{base}")
        else:
            stream.dictionary["Length1"] = len(program)
            descriptor["FontFile2"] = doc.Reference(stream, f"fontFile:{base}")
        return pdfdoc.PDFDictionary(descriptor)

    def _width(self, glyph: int) -> str:
        return f"{self.file.font.get_glyph_h_advance(glyph) * 1000 / self.file.face.upem:.5g}"

    def _program(self) -> bytes:
        """The font file with the glyphs in use, at one weight; or the bare CFF table for that kind of outlines."""
        if "CFF " not in self.file.face.table_tags:
            return self._subset(keep_numbers=True)
        return _with_cids(self._subset(keep_numbers=False), sorted(self._texts)) or _outlines(
            self._subset(keep_numbers=True)
        )

    def _subset(self, *, keep_numbers: bool) -> bytes:
        import uharfbuzz as hb

        wanted = hb.SubsetInput()
        wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NO_LAYOUT_CLOSURE
        if keep_numbers:
            wanted.flags |= hb.SubsetFlags.RETAIN_GIDS
        wanted.glyph_set.update(sorted(self._texts))
        dropped = sorted(set(self.file.face.table_tags) - _NEEDED)
        wanted.drop_table_tag_set.update([int.from_bytes(tag.encode("latin-1"), "big") for tag in dropped])
        for axis, place in self.file.axes.items():
            wanted.pin_axis_location(self.file.face, axis, place)
        return bytes(hb.subset(self.file.face, wanted).blob.data)

    def _tag(self) -> str:
        """Six capitals that stand for the glyphs in use (ISO 32000-2, 9.9.2)."""
        digest = hashlib.sha256(f"{self.file.path.name} {sorted(self._texts)}".encode()).digest()
        return "".join(chr(ord("A") + byte % 26) for byte in digest[:6])

    def _postscript_name(self) -> str:
        import uharfbuzz as hb

        name = str(self.file.face.get_name(hb.OTNameIdPredefined.POSTSCRIPT_NAME) or self.file.path.stem)
        return "".join(c for c in name if c.isascii() and (c.isalnum() or c == "-"))


def font_in(canvas: Canvas, file: FontFile) -> EmbeddedFont:
    """Return the font of a file in the document of a canvas; the first call takes it in."""
    taken = [font for font in canvas._doc.delayedFonts if isinstance(font, EmbeddedFont)]
    for font in taken:
        if font.file is file:
            return font
    font = EmbeddedFont(file, len(taken) + 1)
    canvas._doc.delayedFonts.append(font)
    return font


def unicode_map(texts: dict[int, str]) -> bytes:
    """Return the character map that gives each code its text (ISO 32000-2, 9.10.3)."""
    lines = [f"<{glyph:04X}> <{text.encode('utf-16-be').hex().upper()}>" for glyph, text in sorted(texts.items())]
    blocks = [lines[at : at + _MOST_PAIRS] for at in range(0, len(lines), _MOST_PAIRS)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{body}\n"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")


def _stream(content: bytes) -> pdfdoc.PDFStream:
    from reportlab.pdfbase import pdfdoc

    stream = pdfdoc.PDFStream(content=content)
    stream.filters = [pdfdoc.PDFZCompress]
    return stream


def _with_cids(program: bytes, glyphs: Sequence[int]) -> bytes:
    """Return the CFF table of a packed font whose glyphs go by CIDs, with their former numbers as CIDs.

    Empty when they go by names: codes are then glyph numbers, and the font must keep them (ISO 32000-2, 9.7.4.2).
    """
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(program))
    top = font["CFF "].cff.topDictIndex[0]
    if not hasattr(top, "ROS"):
        return b""
    names = [".notdef", *(f"cid{glyph:05d}" for glyph in glyphs if glyph)]
    top.charset = names
    top.CharStrings.charStrings = {name: number for number, name in enumerate(names)}
    top.CIDCount = max(glyphs) + 1
    return bytes(font["CFF "].compile(font))


def _outlines(program: bytes) -> bytes:
    import uharfbuzz as hb

    return bytes(hb.Face(program).reference_table("CFF ").data)
