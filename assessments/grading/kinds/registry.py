"""The kinds of item by name."""

from assessments.grading.kinds.base import Kind
from assessments.grading.kinds.matching import Matching
from assessments.grading.kinds.multiple import MultipleResponse
from assessments.grading.kinds.numeric import Numeric
from assessments.grading.kinds.ordering import Ordering
from assessments.grading.kinds.short_text import ShortText
from assessments.grading.kinds.single import SingleChoice
from assessments.grading.kinds.true_false import TrueFalse

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (SingleChoice(), MultipleResponse(), TrueFalse(), Matching(), Ordering(), Numeric(), ShortText())
}


class KindUnknown(ValueError):
    """No item kind has this name."""


def kind(name: object) -> Kind:
    """The kind called `name`. Raises KindUnknown, also for what is no text at all."""
    if not isinstance(name, str) or name not in KINDS:
        raise KindUnknown(f"no item kind is called {name!r:.60}")
    return KINDS[name]
