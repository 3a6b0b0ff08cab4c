"""Comparing the name that somebody typed with the one in the register. Pure.

Unicode NFC, then case folding (The Unicode Standard, 3.13, "Default Caseless Matching"): writing differs between keyboards
and lists, and a difference of that kind is no other person. Letters and accents do count.
"""

import unicodedata

_DROPPED = "'’‘`´ʼ"  # written or left out in one and the same name


def normal_name(name: str) -> str:
    """A name for comparing: no case, no punctuation, one space between its parts; empty for one without letters."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
    return " ".join("".join(_plain(character) for character in folded).split())


def same_name(typed: str, registered: str) -> bool:
    """Whether two names are the same but for how they are written. An empty name is never the same."""
    normal = normal_name(typed)
    return bool(normal) and normal == normal_name(registered)


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if character in _DROPPED or category == "Cf":
        return ""
    return " " if category[0] in "PZC" else character
