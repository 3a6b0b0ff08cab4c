"""The kinds of item by name."""

from assessments.grading.kinds.base import Content, Kind
from assessments.grading.kinds.cloze import Cloze
from assessments.grading.kinds.essay import Essay
from assessments.grading.kinds.file_answer import FileAnswer
from assessments.grading.kinds.hand_marks import MarkedByHand
from assessments.grading.kinds.hotspot import Hotspot
from assessments.grading.kinds.inline_choice import InlineChoice
from assessments.grading.kinds.matching import Matching
from assessments.grading.kinds.multiple import MultipleResponse
from assessments.grading.kinds.numeric import Numeric
from assessments.grading.kinds.ordering import Ordering
from assessments.grading.kinds.parametrised import Parametrised
from assessments.grading.kinds.placing import Placing
from assessments.grading.kinds.short_text import ShortText
from assessments.grading.kinds.single import SingleChoice
from assessments.grading.kinds.true_false import TrueFalse

# Order of the author's list: choosing, arranging, writing, and what is marked by hand or drawn by number.
_EVERY: tuple[Kind, ...] = (
    SingleChoice(),
    MultipleResponse(),
    TrueFalse(),
    InlineChoice(),
    Matching(),
    Ordering(),
    Placing(),
    Hotspot(),
    Cloze(),
    ShortText(),
    Numeric(),
    Parametrised(),
    Essay(),
    FileAnswer(),
)
KINDS: dict[str, Kind] = {kind.name: kind for kind in _EVERY}


class KindUnknown(ValueError):
    """No item kind has this name."""


def kind(name: object) -> Kind:
    """The kind called `name`. Raises KindUnknown, also for what is no text at all."""
    if not isinstance(name, str) or name not in KINDS:
        raise KindUnknown(f"no item kind is called {name!r:.60}")
    return KINDS[name]


def is_marked_by_hand(content: Content) -> bool:
    """Whether people mark the answers to this item. Raises KindUnknown."""
    return isinstance(kind(content["kind"]), MarkedByHand)
