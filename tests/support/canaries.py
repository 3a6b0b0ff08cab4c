"""Canaries: words and numbers that stand only where a candidate may not look, and a nose for them in any answer.

They are looked for in the bytes as they came, in what HTML, JSON and addresses mean by them, in hexadecimal, in base64 at
each of its three places, and in what the session cookie holds.
"""

import base64
import html
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from itertools import chain
from urllib.parse import unquote_plus

from werkzeug.test import TestResponse

WORD = "zqcanary"
NEED = "zqneeded"  # what a person told the office in private; in their own copy of their data it may stand
ANSWER, NEARNESS = "27182818284.5", "3141592653.25"
NEAR_ANSWER = "28000000000"  # right, and not to be told from any number that somebody typed
NUMBERS = ("27182818", "31415926")
ENOUGH = 40  # signs shown around a find


def encoded(text: str) -> Iterator[str]:
    """The signs that must stand in base64 of anything that holds `text`, for each place it can begin at."""
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + text.encode()).decode().rstrip("=")
        sure = whole[-(-before * 8 // 6) : (before + len(text)) * 8 // 6]
        yield sure
        yield sure.translate(str.maketrans("+/", "-_"))


_PLAIN = (WORD, NEED, *NUMBERS)
_CODED = frozenset(
    chain.from_iterable(encoded(form) for text in _PLAIN for form in (text, text.upper(), text.capitalize()))
)
_HEX = tuple(text.encode().hex() for text in (WORD, NEED, *NUMBERS))


def sniff(text: str, but: str = "") -> str:
    """The surroundings of the first canary in a text, empty if there is none; `but` is one that may stand there."""
    folded = text.lower()
    for word in (*_PLAIN, *_HEX):
        if word != but and (at := folded.find(word)) >= 0:
            return text[max(at - ENOUGH, 0) : at + ENOUGH]
    coded = next((code for code in _CODED if code in text), "")
    return coded and f"in base64: {coded}"


def told_by(response: TestResponse, but: str = "") -> str:
    """What a response tells of a canary, in its head or in its body, however it is written; empty for nothing."""
    views = chain(
        _readings(str(response.headers)),
        _cookies(response),
        _bodies(response),
    )
    return next(filter(None, (sniff(view, but) for view in views)), "")


def _bodies(response: TestResponse) -> Iterator[str]:
    data = response.get_data()
    if response.mimetype == "application/zip":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            yield " ".join(packed.namelist())
            for name in packed.namelist():
                yield from _readings(packed.read(name).decode("utf-8", "replace"))
        return
    yield from _readings(data.decode("utf-8", "replace"))


def _readings(text: str) -> Iterator[str]:
    """A text as it stands and as HTML, addresses and JSON mean it; what is the same again is left out."""
    yield text
    if "&" in text:
        yield html.unescape(text)
    if "%" in text:
        yield unquote_plus(text)
    if "\\" in text:
        yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    if text[:1] in "{[":
        try:
            yield json.dumps(json.loads(text), ensure_ascii=False)
        except ValueError:
            return


def _cookies(response: TestResponse) -> Iterator[str]:
    for line in response.headers.getlist("Set-Cookie"):
        sealed = line.partition("=")[2].partition(";")[0]
        packed = sealed.startswith(".")
        payload = sealed.lstrip(".").partition(".")[0]
        try:
            held = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
            yield (zlib.decompress(held) if packed else held).decode("utf-8", "replace")
        except (ValueError, zlib.error):
            continue
