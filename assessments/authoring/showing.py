"""One version of an item as its page shows it: as a candidate meets it, and the key with the feedback."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from flask_babel import gettext as _

from assessments.grading.kinds.base import Part
from assessments.grading.kinds.options import CHOSEN, NOT_CHOSEN
from assessments.grading.kinds.realising import has_variants, pick_variant, realise
from assessments.grading.kinds.registry import is_marked_by_hand, kind
from assessments.grading.messages import Fault
from assessments.items.definitions import check_written
from assessments.items.rendering import public_view

# The first variants of an item whose numbers vary, so that its author sees more than one.
VARIANTS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One line of the key: a part of the item, what is right there, and the feedback of that part."""

    text: str
    expected: str
    is_right: bool
    feedback: str


@dataclass(frozen=True, slots=True)
class Showing:
    """A version without faults: `question` is what the template of its kind takes."""

    question: dict[str, Any]
    key: tuple[KeyLine, ...]
    feedback: str


def faults_in_words(definition: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Pairs of path and sentence in the reader's language, for a definition that is not sound yet."""
    return [(fault.path, sentence(fault)) for fault in check_written(definition)]


def sentence(fault: Fault) -> str:
    """What is wrong, in the reader's language."""
    words = _(fault.message.text)
    return words % fault.message.values if fault.message.values else words


def find_showing(definition: Mapping[str, Any], variant: int = 1) -> Showing | None:
    """How a version looks; None while its definition has faults. `variant` chooses one where the numbers vary."""
    if check_written(definition):
        return None
    order = pick_variant(definition, Random(variant)) or None  # noqa: S311  an example, nobody's exam
    content = realise(definition, order)
    return Showing(public_view(definition, order), tuple(_key(content)), content["feedback"])


def list_variants(definition: Mapping[str, Any]) -> list[Showing]:
    """Further examples of an item whose numbers vary; empty for others."""
    if not has_variants(definition):
        return []
    found = (find_showing(definition, variant) for variant in range(2, 2 + VARIANTS_SHOWN))
    return [one for one in found if one is not None]


def _key(content: Mapping[str, Any]) -> list[KeyLine]:
    if is_marked_by_hand(content):
        return [KeyLine(row["title"], str(row["points"]), True, row.get("guidance", "")) for row in content["marks"]]
    shown = kind(content["kind"])
    parts = shown.explain(content, shown.right_response(content)).parts
    return [_line(part, len(parts)) for part in parts]


def _line(part: Part, count: int) -> KeyLine:
    if part.expected in (CHOSEN, NOT_CHOSEN):
        is_right = part.expected == CHOSEN
        return KeyLine(part.text, _("right") if is_right else _("wrong"), is_right, part.feedback)
    words = {"true": _("True"), "false": _("False")}
    expected = words.get(part.expected, part.expected)
    return KeyLine(part.text if count > 1 else "", expected, True, part.feedback)
