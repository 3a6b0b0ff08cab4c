"""PNG as a list of chunks (ISO/IEC 15948, section 5): enough to lay a text into a picture and to find it again."""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_CHUNKS = 20_000
LONGEST_TEXT = 512 * 1024
"""Bytes that one text of a picture may have, also when it unfolds from a compressed chunk."""


class PictureInvalid(ValueError):
    """A file that is no picture of the kind, or one that hides too much."""


@dataclass(frozen=True)
class Chunk:
    """One chunk: its type of four letters, and its data."""

    kind: bytes
    data: bytes


def read_chunks(picture: bytes) -> Iterator[Chunk]:
    """Yield the chunks up to and with IEND. Raises PictureInvalid for a wrong length or check sum, or for none at all."""
    if not picture.startswith(SIGNATURE):
        raise PictureInvalid("not a PNG")
    place = len(SIGNATURE)
    for _number in range(MOST_CHUNKS):
        head = picture[place : place + 8]
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        end = place + 8 + length
        if len(head) < 8 or end + 4 > len(picture):
            raise PictureInvalid("the PNG ends in the middle of a chunk")
        data = picture[place + 8 : end]
        if zlib.crc32(kind + data) != int.from_bytes(picture[end : end + 4], "big"):
            raise PictureInvalid("a chunk of the PNG has a wrong check sum")
        yield Chunk(kind, data)
        if kind == b"IEND":
            return
        place = end + 4
    raise PictureInvalid("the PNG has too many chunks")


def write_chunks(chunks: Iterable[Chunk]) -> bytes:
    """Return the PNG that is made of these chunks."""
    return SIGNATURE + b"".join(_written(chunk) for chunk in chunks)


def _written(chunk: Chunk) -> bytes:
    body = chunk.kind + chunk.data
    return len(chunk.data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")


def text_chunk(keyword: str, text: str) -> Chunk:
    """Return an uncompressed iTXt chunk without language."""
    return Chunk(b"iTXt", keyword.encode("latin-1") + b"\0\0\0\0\0" + text.encode())


def find_texts(chunks: Iterable[Chunk], keyword: str) -> list[str]:
    """Return the texts of all iTXt chunks with a keyword. Raises PictureInvalid for one that is broken or too long."""
    wanted = keyword.encode("latin-1") + b"\0"
    return [
        _text(chunk.data[len(wanted) :]) for chunk in chunks if chunk.kind == b"iTXt" and chunk.data.startswith(wanted)
    ]


def has_keyword(chunks: Iterable[Chunk], keyword: str) -> bool:
    """Say whether any text chunk, of the kinds tEXt, zTXt and iTXt, has this keyword."""
    wanted = keyword.encode("latin-1") + b"\0"
    return any(chunk.kind in (b"tEXt", b"zTXt", b"iTXt") and chunk.data.startswith(wanted) for chunk in chunks)


def _text(data: bytes) -> str:
    """The text behind keyword: compressed or not, two bytes about that, language, translated keyword."""
    flags, _, rest = data[:2], *_after(data[2:])
    _, text = _after(rest)
    if flags not in (b"\0\0", b"\1\0"):
        raise PictureInvalid("a text of the PNG is compressed in an unknown way")
    if flags[0]:
        text = _unfold(text)
    if len(text) > LONGEST_TEXT:
        raise PictureInvalid("a text of the PNG is too long")
    try:
        return text.decode()
    except UnicodeDecodeError as problem:
        raise PictureInvalid("a text of the PNG is not in UTF-8") from problem


def _after(data: bytes) -> tuple[bytes, bytes]:
    before, found, rest = data.partition(b"\0")
    if not found:
        raise PictureInvalid("a text of the PNG is cut off")
    return before, rest


def _unfold(data: bytes) -> bytes:
    unpacking = zlib.decompressobj()
    try:
        text = unpacking.decompress(data, LONGEST_TEXT + 1)
    except zlib.error as problem:
        raise PictureInvalid("a compressed text of the PNG is broken") from problem
    if len(text) <= LONGEST_TEXT and not unpacking.eof:
        raise PictureInvalid("a compressed text of the PNG is cut off")
    return text
