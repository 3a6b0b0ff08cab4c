"""How texts are made comparable: exactly, never by similarity."""

import unicodedata

# Phones and word processors type these by themselves in place of the plain character.
_TYPED_FOR = str.maketrans({"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u201c": '"', "\u201d": '"', "\u2010": "-"})


def tidy(text: str) -> str:
    """`text` as a person sees it: composed (NFC), trimmed, each run of white space one blank."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def fold(text: str) -> str:
    """The text that is compared: NFKC, invisible format characters dropped, case folded, white space collapsed.

    Typographic apostrophes, quotes and the true hyphen count as their plain keys. Folding twice changes nothing.
    """
    visible = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKD", visible).casefold())
    folded = unicodedata.normalize("NFKC", folded.casefold())
    return " ".join(folded.translate(_TYPED_FOR).split())


def is_storable(text: str) -> bool:
    """False for control characters and lone surrogates, which databases and JSON readers refuse."""
    return not any(unicodedata.category(sign) in {"Cc", "Cs"} and not sign.isspace() for sign in text)
