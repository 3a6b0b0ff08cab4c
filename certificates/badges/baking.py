"""Baked badges: a credential carried inside its own picture (Open Badges 3.0, section 5.3).

In a PNG it is the text of one iTXt chunk with the keyword `openbadgecredential`; in an SVG the element
`openbadges:credential`, JSON as its content or a token as its attribute `verify`.
"""

from certificates.badges.png_parts import (
    SIGNATURE,
    PictureInvalid,
    find_texts,
    has_keyword,
    read_chunks,
    text_chunk,
    write_chunks,
)
from certificates.badges.svg_parts import found_credentials, place_credential

KEYWORD, OLDER_KEYWORD = "openbadgecredential", "openbadges"


class BakingRefused(ValueError):
    """A picture that cannot carry a badge, carries none, carries more than one, or one of an older standard."""

    def __init__(self, message: str, *, older: bool = False) -> None:
        super().__init__(message)
        self.older = older


def bake_png(picture: bytes, text: str) -> bytes:
    """Return a PNG that carries a credential, JSON or token. Raises BakingRefused, also for one that carries one."""
    try:
        chunks = list(read_chunks(picture))
    except PictureInvalid as problem:
        raise BakingRefused(str(problem)) from problem
    if has_keyword(chunks, KEYWORD):
        raise BakingRefused("the picture carries a badge already")
    first = next((place for place, chunk in enumerate(chunks) if chunk.kind == b"IDAT"), None)
    if first is None:
        raise BakingRefused("the PNG has no picture in it")
    return write_chunks([*chunks[:first], text_chunk(KEYWORD, text), *chunks[first:]])


def bake_svg(picture: str, text: str) -> str:
    """Return an SVG that carries a credential; text that begins with a brace is JSON, other a token. Raises BakingRefused."""
    try:
        return place_credential(picture, text, token=not text.lstrip().startswith("{"))
    except PictureInvalid as problem:
        raise BakingRefused(str(problem)) from problem


def unbake(picture: bytes) -> str:
    """Return the credential that a PNG or SVG carries, as it stands there. Raises BakingRefused."""
    try:
        found, older = _found_in_png(picture) if picture.startswith(SIGNATURE) else found_credentials(picture)
    except PictureInvalid as problem:
        raise BakingRefused(str(problem)) from problem
    if len(found) > 1:
        raise BakingRefused("the picture carries more than one badge")
    if not found or not found[0].strip():
        raise BakingRefused("the picture carries no badge of Open Badges 3.0", older=older)
    return found[0]


def _found_in_png(picture: bytes) -> tuple[list[str], bool]:
    chunks = list(read_chunks(picture))
    return find_texts(chunks, KEYWORD), has_keyword(chunks, OLDER_KEYWORD)
