"""What a printed code holds: an address of ours with a number, an address of somebody else, or neither. Pure.

A forged paper can carry a genuine number behind a foreign address, so the number in such an address is never taken for an
answer. Addresses are compared as they are written, character by character: no name is translated, no port filled in,
nothing decoded. Whatever is not exactly ours is foreign, however alike it looks.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote

LONGEST_CODE = 2_000
LONGEST_HOST = 253
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_WEB = re.compile(r"https?://([^/\\?#]*)(.*)", re.IGNORECASE | re.DOTALL)
_BARE = re.compile(r"([^/\\?#\s]+\.[^/\\?#\s]+)(/.*)", re.DOTALL)
_ENTRY = re.compile(r"/v/([0-9A-Za-z-]{1,120})/?(?:[?#].*)?", re.IGNORECASE | re.DOTALL)


class CodeKind(StrEnum):
    """What a code is to us."""

    OURS = "ours"
    FOREIGN = "foreign"
    NO_ADDRESS = "no-address"


@dataclass(frozen=True)
class Code:
    """What was read. `number` is what stands where our addresses have the number, not checked in any way.

    `host` is where a foreign code leads, as text to be shown and never followed; `resembles` says that it is made to
    look like ours: letters of other scripts, or our name within another.
    """

    kind: CodeKind
    number: str = ""
    host: str = ""
    resembles: bool = False


def read_code(text: str, own: Collection[str]) -> Code:
    """Judge the text of a code. `own` are our base addresses, such as `https://body.example` or with a port or a path."""
    text = text.strip()[:LONGEST_CODE]
    web = _WEB.fullmatch(text) or _BARE.fullmatch(text)
    if web is None:
        scheme = _SCHEME.match(text)
        return Code(CodeKind.FOREIGN, host=_shown(text)) if scheme else Code(CodeKind.NO_ADDRESS)
    authority, rest = web.groups()
    if rest.startswith("\\"):  # programs differ in where such an address leads; ours hold no backslash
        return Code(CodeKind.FOREIGN, host=_shown(authority + rest), resembles=_resembles(authority, own))
    number = ""
    for base in own:
        host, path = _parts(base)
        entry = _ENTRY.fullmatch(rest[len(path) :]) if rest.lower().startswith(path) else None
        number = number or (entry.group(1) if entry else "")
        if _same(authority, host):
            return Code(CodeKind.OURS, entry.group(1)) if entry else Code(CodeKind.NO_ADDRESS)
    host = authority.rpartition("@")[2]  # what stands before it is a name to log in with, and a favourite disguise
    return Code(CodeKind.FOREIGN, number, _shown(host or text), _resembles(authority, own))


def _parts(base: str) -> tuple[str, str]:
    """Host with its port, and path, of one of our base addresses, in lower case."""
    host, slash, path = base.lower().partition("://")[2].partition("/")
    return host, (slash + path).rstrip("/")


def _same(authority: str, host: str) -> bool:
    """ASCII only: lower-casing a few letters of other scripts gives plain ones (the Kelvin sign is a k then)."""
    return authority.isascii() and authority.lower() == host


def _resembles(authority: str, own: Collection[str]) -> bool:
    plain = unicodedata.normalize("NFKC", unquote(authority)).casefold()
    names = {_parts(base)[0].partition(":")[0] for base in own}
    strange = not authority.isascii() or "xn--" in plain
    return strange or "@" in plain or any(name in plain for name in names)


def _shown(host: str) -> str:
    """A foreign host as text: cut off, and without characters that hide or turn what stands around them."""
    visible = "".join(c if unicodedata.category(c)[0] != "C" else "\N{REPLACEMENT CHARACTER}" for c in host)
    return visible[:LONGEST_HOST]
