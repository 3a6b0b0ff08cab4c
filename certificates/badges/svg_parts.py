"""SVG as far as baking needs it: where the root begins, and the one element that carries a credential."""

import re
from xml.parsers.expat import ExpatError
from xml.sax.saxutils import escape, quoteattr

from certificates.badges.png_parts import PictureInvalid

SVG = "http://www.w3.org/2000/svg"
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
OLDER_NAMESPACE = "http://openbadges.org"
LARGEST = 5 * 1024 * 1024
DEEPEST = 200
MOST_MARKS = 20_000
"""Elements and attributes of a drawing, told by their marks before it is parsed: each costs time, and badges have few."""

_ROOT = re.compile(r"<svg\b(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
_ASIDE = re.compile(r"<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^\[>]*>", re.DOTALL)


def place_credential(picture: str, text: str, *, token: bool) -> str:
    """Return the picture with a credential as the first child of its root: a token in `verify`, JSON as CDATA.

    Raises PictureInvalid for what is no SVG, for a picture that carries a credential, and for text that XML cannot hold.
    """
    carried, _older = found_credentials(picture.encode())
    if any(carried):
        raise PictureInvalid("the picture carries a credential already")
    start = _after_aside(picture)
    root = _ROOT.match(picture, start)
    if root is None or root.group().endswith("/>"):
        raise PictureInvalid("the SVG does not begin with a plain root that has content")
    opened = f'<openbadges:credential xmlns:openbadges="{NAMESPACE}"'
    if token:
        element = f"{opened} verify={quoteattr(text)}></openbadges:credential>"
    else:
        element = f"{opened}><![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]></openbadges:credential>"
    return picture[: root.end()] + element + picture[root.end() :]


def _after_aside(picture: str) -> int:
    """Where the root begins: behind declaration, comments and document type."""
    place = len(picture) - len(picture.lstrip("\ufeff \t\r\n"))
    while aside := _ASIDE.match(picture, place):
        place = aside.end()
        place += len(picture[place:]) - len(picture[place:].lstrip())
    return place


def found_credentials(picture: bytes) -> tuple[list[str], bool]:
    """Return the credentials that an SVG carries, tokens and JSON alike, and whether it carries one of an older standard.

    Raises PictureInvalid for what is no SVG, for entities of its own making and for a file beyond LARGEST bytes, MOST_MARKS
    or DEEPEST elements inside one another.
    """
    root = _parse(picture)
    if root.tag not in (f"{{{SVG}}}svg", "svg"):
        raise PictureInvalid("not an SVG")
    elements = root.iter(f"{{{NAMESPACE}}}credential")
    found = [element.get("verify") or "".join(element.itertext()).strip() for element in elements]
    return found, any(str(element.tag).startswith(f"{{{OLDER_NAMESPACE}}}") for element in root.iter())


def _parse(picture: bytes):  # type: ignore[no-untyped-def]
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    if len(picture) > LARGEST:
        raise PictureInvalid("the SVG is too large")
    if picture.count(b"<") + picture.count(b"=") > MOST_MARKS:
        raise PictureInvalid("the SVG has too many parts")
    try:
        root = fromstring(picture)
    except (ParseError, ExpatError, DefusedXmlException, ValueError, LookupError, RecursionError) as problem:
        raise PictureInvalid("the SVG cannot be read") from problem
    _refuse_depth(root)
    return root


def _refuse_depth(root) -> None:  # type: ignore[no-untyped-def]
    row = [root]
    for _level in range(DEEPEST):
        row = [child for element in row for child in element]
        if not row:
            return
    raise PictureInvalid("the SVG is nested too deeply")


def escaped(text: str) -> str:
    """Return text as it stands between the tags of an SVG."""
    return escape(text)
