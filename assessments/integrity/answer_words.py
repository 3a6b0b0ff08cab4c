"""An answer and its key in a few words, for officers who compare sheets."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from assessments.grading.kinds.base import Content, Part
from assessments.grading.kinds.options import CHOSEN, NOT_CHOSEN
from assessments.grading.kinds.registry import is_marked_by_hand, kind
from assessments.grading.kinds.words import count_words


@dataclass(frozen=True, slots=True)
class Words:
    """What was answered, and what would have been right, line by line."""

    given: tuple[str, ...]
    expected: tuple[str, ...]


def answer_words(content: Content, response: Any) -> Words:
    """The words for a canonical response to a realised item."""
    if is_marked_by_hand(content):
        return Words(_by_hand(response), (_("Marked by a person"),))
    parts = kind(content["kind"]).explain(content, response).parts
    if any(CHOSEN in (part.given, part.expected) or NOT_CHOSEN in (part.given, part.expected) for part in parts):
        given = tuple(_option(part) for part in parts if part.given == CHOSEN)
        return Words(given or (_("No answer"),), tuple(_option(part) for part in parts if part.expected == CHOSEN))
    if response is None:
        return Words((_("No answer"),), tuple(_line(part, part.expected, parts) for part in parts))
    given = tuple(_line(part, part.given, parts) for part in parts)
    return Words(given, tuple(_line(part, part.expected, parts) for part in parts))


def _option(part: Part) -> str:
    return f"{part.code}: {part.text}"


def _line(part: Part, value: str, parts: tuple[Part, ...]) -> str:
    words = {"true": _("True"), "false": _("False"), "": _("No answer")}
    shown = words.get(value, value)
    return f"{part.text} → {shown}" if len(parts) > 1 else shown


def _by_hand(response: Any) -> tuple[str, ...]:
    if response is None:
        return (_("No answer"),)
    if isinstance(response, str):
        words = count_words(response)
        return (ngettext("A text of %(num)s word", "A text of %(num)s words", words),)
    return (_("A file"),)
