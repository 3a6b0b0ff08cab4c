"""Counting words, by a rule that is printed: the page counts by the same rule (static/js/essay.js), the server decides.

A word is an unbroken run of letters, digits and the marks above and below them; an apostrophe, hyphen, point or comma
between two of them does not end it ("don't", "well-known" and "3.5" are one word each). Scripts that put no space between
words are counted by their signs: each Chinese or Japanese sign is one word; in Thai, Lao, Burmese and Khmer four
begun letters of a run are one, about what a word has there.
"""

import re
import unicodedata
from functools import lru_cache

# CJK radicals, both kana, Bopomofo, ideographs, compatibility ideographs, half-width kana, and the planes beyond.
_SIGNS = re.compile(
    "[\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3041-\u312f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
# Thai and Lao, Burmese, Khmer; of these only letters and digits come here, marks are told before.
_UNSPACED = re.compile("[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff]")
_JOINING = "'\u2019.,-\u2010\u2011"
_LETTERS_A_WORD = 4
# Over the classes of the signs: M mark, S sign that is a word, U letter of an unspaced script, W other, J joining.
_WORD = re.compile("SM*|(?P<unspaced>(?:UM*)+)|(?:WM*)+(?:J(?:WM*)+)*")


def count_words(text: str) -> int:
    """How many words `text` has."""
    return sum(_words_in(found) for found in _WORD.finditer(_classes(text)))


def split_after(text: str, most: int) -> tuple[str, str]:
    """`text` in two: as far as its first `most` words go, and the rest, which markers do not read."""
    counted = 0
    for found in _WORD.finditer(_classes(text)):
        counted += _words_in(found)
        if counted > most:
            return text[: found.start()], text[found.start() :]
    return text, ""


def _words_in(found: re.Match[str]) -> int:
    run = found["unspaced"]
    return 1 if run is None else -(-run.count("U") // _LETTERS_A_WORD)


def _classes(text: str) -> str:
    """One letter for each sign of `text`."""
    return "".join(map(_class, text))


@lru_cache(maxsize=4_096)
def _class(sign: str) -> str:
    category = unicodedata.category(sign)[0]
    if category == "M":
        return "M"
    if category not in "LN":
        return "J" if sign in _JOINING else "-"
    if _SIGNS.match(sign):
        return "S"
    return "U" if _UNSPACED.match(sign) else "W"
