"""Reading the layout tables of an OpenType font: small capitals, kerning and the places of combining marks.

ReportLab draws the glyphs of a TrueType file and knows nothing of these tables. Without them "To" has a hole, small
capitals are shrunk capitals, and a grave accent on "Ọ" lands in the letter. Read here are single substitutions of a
feature (GSUB type 1), pair adjustment (GPOS type 2) and mark attachment (GPOS types 4 and 6), straight or by way of an
extension. All numbers are font units. Source: OpenType specification 1.9.1, chapters "Common table formats", "GSUB"
and "GPOS".
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_EXTENSION_OF = {"GSUB": 7, "GPOS": 9}
_X_ADVANCE = 0x0004
Anchor = tuple[int, int]


class _Reader:
    """Big-endian numbers at offsets of one byte string."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def u16(self, at: int) -> int:
        return int.from_bytes(self.data[at : at + 2], "big")

    def u32(self, at: int) -> int:
        return int.from_bytes(self.data[at : at + 4], "big")

    def s16(self, at: int) -> int:
        return int.from_bytes(self.data[at : at + 2], "big", signed=True)

    def u16s(self, at: int, count: int) -> tuple[int, ...]:
        return struct.unpack_from(f">{count}H", self.data, at)

    def coverage(self, at: int) -> dict[int, int]:
        """A coverage table: glyph to its index."""
        count = self.u16(at + 2)
        if self.u16(at) == 1:
            return {glyph: index for index, glyph in enumerate(self.u16s(at + 4, count))}
        covered = {}
        for number in range(count):
            first, last, start = self.u16s(at + 4 + 6 * number, 3)
            covered.update({glyph: start + glyph - first for glyph in range(first, last + 1)})
        return covered

    def classes(self, at: int) -> dict[int, int]:
        """A class definition: glyph to its class; glyphs that are absent have class 0."""
        if self.u16(at) == 1:
            start, count = self.u16s(at + 2, 2)
            return {start + index: value for index, value in enumerate(self.u16s(at + 6, count))}
        found = {}
        for number in range(self.u16(at + 2)):
            first, last, value = self.u16s(at + 4 + 6 * number, 3)
            found.update(dict.fromkeys(range(first, last + 1), value))
        return found

    def anchor(self, at: int) -> Anchor:
        return self.s16(at + 2), self.s16(at + 4)


@dataclass(frozen=True)
class _PairsByGlyph:
    """GPOS 2.1: some pairs, each with its own value."""

    values: dict[tuple[int, int], int]

    def find(self, left: int, right: int) -> int | None:
        return self.values.get((left, right))


@dataclass(frozen=True)
class _PairsByClass:
    """GPOS 2.2: every pair whose left glyph is covered, by the classes of both."""

    covered: dict[int, int]
    left: dict[int, int]
    right: dict[int, int]
    values: list[list[int]]

    def find(self, left: int, right: int) -> int | None:
        if left not in self.covered:
            return None
        return self.values[self.left.get(left, 0)][self.right.get(right, 0)]


@dataclass(frozen=True)
class _Attachment:
    """GPOS 4.1 or 6.1: where marks of each class sit on a base, or on another mark."""

    marks: dict[int, tuple[int, Anchor]]
    bases: dict[int, dict[int, Anchor]]

    def find(self, base: int, mark: int) -> Anchor | None:
        if mark not in self.marks or base not in self.bases:
            return None
        kind, (mark_x, mark_y) = self.marks[mark]
        place = self.bases[base].get(kind)
        return None if place is None else (place[0] - mark_x, place[1] - mark_y)


class LayoutTables:
    """The layout tables of one font file. Reading takes some 50 ms, so keep the object."""

    def __init__(self, font: bytes) -> None:
        self._font = _Reader(font)
        self._tables = dict(self._directory())
        self.small_capitals = self._single_substitutions("smcp")
        pairs = list(self._subtables("GPOS", "kern", 2))
        self._kerning = [self._read_pairs(at) for at in pairs]
        marks = list(self._subtables("GPOS", "mark", 4)) + list(self._subtables("GPOS", "mkmk", 6))
        self._attachments = [self._read_attachment(at) for at in marks]

    def kerning(self, left: int, right: int) -> int:
        """Return by how much the advance of the left glyph changes before the right one (negative: closer)."""
        for pairs in self._kerning:
            value = pairs.find(left, right)
            if value is not None:
                return value
        return 0

    def find_mark_offset(self, base: int, mark: int) -> Anchor | None:
        """Return where the origin of a mark glyph goes, seen from its base's origin; None if the font is silent."""
        for attachment in self._attachments:
            offset = attachment.find(base, mark)
            if offset is not None:
                return offset
        return None

    def glyph_box(self, glyph: int) -> tuple[int, int, int, int]:
        """Return the left, lower, right and upper edge of a glyph's ink; zeros when it has none."""
        long_offsets = self._font.u16(self._tables["head"] + 50)
        loca = self._tables["loca"]
        if long_offsets:
            start, end = self._font.u32(loca + 4 * glyph), self._font.u32(loca + 4 * glyph + 4)
        else:
            start, end = 2 * self._font.u16(loca + 2 * glyph), 2 * self._font.u16(loca + 2 * glyph + 2)
        if start == end:
            return 0, 0, 0, 0
        at = self._tables["glyf"] + start + 2
        left, lower, right, upper = (self._font.s16(at + 2 * side) for side in range(4))
        return left, lower, right, upper

    def _directory(self) -> Iterator[tuple[str, int]]:
        for number in range(self._font.u16(4)):
            entry = 12 + 16 * number
            yield self._font.data[entry : entry + 4].decode("latin-1"), self._font.u32(entry + 8)

    def _subtables(self, table: str, feature: str, kind: int) -> Iterator[int]:
        """Offsets of the subtables of one lookup type that a feature uses, in the font's order."""
        start = self._tables.get(table)
        if start is None:
            return
        lookups = start + self._font.u16(start + 8)
        for index in sorted(self._lookup_indices(start + self._font.u16(start + 6), feature)):
            lookup = lookups + self._font.u16(lookups + 2 + 2 * index)
            declared, _, count = self._font.u16s(lookup, 3)
            for offset in self._font.u16s(lookup + 6, count):
                at, actual = lookup + offset, declared
                if declared == _EXTENSION_OF[table]:
                    at, actual = at + self._font.u32(at + 4), self._font.u16(at + 2)
                if actual == kind:
                    yield at

    def _lookup_indices(self, features: int, wanted: str) -> set[int]:
        indices: set[int] = set()
        for number in range(self._font.u16(features)):
            record = features + 2 + 6 * number
            if self._font.data[record : record + 4] == wanted.encode():
                feature = features + self._font.u16(record + 4)
                indices.update(self._font.u16s(feature + 4, self._font.u16(feature + 2)))
        return indices

    def _single_substitutions(self, feature: str) -> dict[int, int]:
        found: dict[int, int] = {}
        for at in self._subtables("GSUB", feature, 1):
            covered = self._font.coverage(at + self._font.u16(at + 2))
            if self._font.u16(at) == 1:
                shift = self._font.s16(at + 4)
                found.update({glyph: glyph + shift & 0xFFFF for glyph in covered})
            else:
                targets = self._font.u16s(at + 6, self._font.u16(at + 4))
                found.update({glyph: targets[index] for glyph, index in covered.items()})
        return found

    def _read_pairs(self, at: int) -> _PairsByGlyph | _PairsByClass:
        first, second = self._font.u16s(at + 4, 2)
        shape = _ValueShape.of(first, second)
        covered = self._font.coverage(at + self._font.u16(at + 2))
        if self._font.u16(at) == 1:
            return self._read_pairs_by_glyph(at, covered, shape)
        rows, columns = self._font.u16s(at + 12, 2)
        matrix = [
            [shape.x_advance(self._font, at + 16 + (row * columns + column) * shape.size) for column in range(columns)]
            for row in range(rows)
        ]
        left, right = (self._font.classes(at + offset) for offset in self._font.u16s(at + 8, 2))
        return _PairsByClass(covered, left, right, matrix)

    def _read_pairs_by_glyph(self, at: int, covered: dict[int, int], shape: "_ValueShape") -> _PairsByGlyph:
        sets = self._font.u16s(at + 10, self._font.u16(at + 8))
        values = {}
        for left, index in covered.items():
            place = at + sets[index]
            for number in range(self._font.u16(place)):
                record = place + 2 + number * (2 + shape.size)
                values[left, self._font.u16(record)] = shape.x_advance(self._font, record + 2)
        return _PairsByGlyph(values)

    def _read_attachment(self, at: int) -> _Attachment:
        mark_cover, base_cover, kinds, mark_array, base_array = self._font.u16s(at + 2, 5)
        marks = {}
        for glyph, index in self._font.coverage(at + mark_cover).items():
            kind, offset = self._font.u16s(at + mark_array + 2 + 4 * index, 2)
            marks[glyph] = kind, self._font.anchor(at + mark_array + offset)
        bases = {}
        for glyph, index in self._font.coverage(at + base_cover).items():
            offsets = self._font.u16s(at + base_array + 2 + 2 * kinds * index, kinds)
            places = {kind: self._font.anchor(at + base_array + o) for kind, o in enumerate(offsets) if o}
            bases[glyph] = places
        return _Attachment(marks, bases)


@dataclass(frozen=True)
class _ValueShape:
    """How the two value records of a pair lie in memory: their size in bytes and where the first's advance is."""

    size: int
    advance_at: int | None

    @classmethod
    def of(cls, first: int, second: int) -> "_ValueShape":
        before = (first & (_X_ADVANCE - 1)).bit_count() * 2
        size = 2 * (first.bit_count() + second.bit_count())
        return cls(size, before if first & _X_ADVANCE else None)

    def x_advance(self, font: _Reader, at: int) -> int:
        return 0 if self.advance_at is None else font.s16(at + self.advance_at)
