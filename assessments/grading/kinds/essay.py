"""Essay: a text of some length, marked by people against the rubric in the item (hand_marks.py).

Response: the text, its line ends "\\n", as typed otherwise. What is too long is kept all the same, since a text must never
be lost to a limit: markers read as many words as the limit allows (words.split_after), and the candidate is told so.
"""

import unicodedata
from typing import Any

from assessments.grading.kinds.base import Content, Order, ResponseInvalid, is_blank
from assessments.grading.kinds.checks import check_shared, check_text
from assessments.grading.kinds.exporting import plain_definition
from assessments.grading.kinds.folding import tidy
from assessments.grading.kinds.hand_marks import MarkedByHand, check_marks, public_marks
from assessments.grading.messages import N_, Fault, fault

LONGEST = 40_000
MOST_WORDS = 4_000
TEMPLATE_LIMIT = 4_000


class Essay(MarkedByHand):
    """A text with limits of words, and perhaps a text to begin with."""

    name = "essay"
    fields = frozenset({"words_min", "words_max", "template", "marks"})

    def check(self, content: Content) -> list[Fault]:
        """As in Kind: the rubric, limits that fit each other, a template that is text."""
        faults = check_shared(content, self.fields) + check_marks(content) + _check_limits(content)
        return faults + (check_text(content, "template", TEMPLATE_LIMIT) if content.get("template", "") != "" else [])

    def orders(self, content: Content) -> dict[str, list[str]]:
        """Nothing to shuffle."""
        return {}

    def public(self, content: Content, order: Order | None = None) -> dict[str, Any]:
        """Stem, limits, template, and the titles and points of the rubric."""
        return {
            "kind": self.name,
            "stem": content["stem"],
            "words_min": content.get("words_min", 0),
            "words_max": content["words_max"],
            "template": content.get("template", ""),
            "marks": public_marks(content),
        }

    def normalise(self, content: Content, raw: Any) -> str | None:
        """As in Kind; `raw` is text. Signs that no page can show are left out; the bare template is no answer."""
        if is_blank(raw):
            return None
        if not isinstance(raw, str):
            raise ResponseInvalid(N_("Write your answer as text."))
        text = _shown(raw)
        if len(text) > LONGEST:
            raise ResponseInvalid(N_("Write at most %(limit)s characters."), limit=LONGEST)
        return None if tidy(text) in ("", tidy(content.get("template", ""))) else text

    def export(self, content: Content) -> dict[str, Any]:
        """As in Kind."""
        return plain_definition(content)


def _shown(raw: str) -> str:
    """`raw` with plain line ends, without control characters and lone surrogates, and without blanks at its end."""
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs"}).rstrip()


def _check_limits(content: Content) -> list[Fault]:
    least, most = content.get("words_min", 0), content.get("words_max")
    if type(most) is not int or not 1 <= most <= MOST_WORDS:
        return [fault("words_max", N_("must be a whole number from 1 to %(most)s"), most=MOST_WORDS)]
    if type(least) is not int or not 0 <= least <= most:
        return [fault("words_min", N_("must be a whole number from 0 to words_max"))]
    return []
