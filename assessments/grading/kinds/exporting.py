"""The definition of an item as plain values that can be written to a file and read again as the same item."""

from typing import Any

from assessments.grading.canonical import plain
from assessments.grading.kinds.base import Content

# What authors look for first and last; the fields of the kind stand between, in the order of their author.
_FIRST = ("code", "kind", "topic", "objective", "thinking", "technique", "stem")
_LAST = ("feedback",)


def plain_definition(content: Content) -> dict[str, Any]:
    """A copy of `content` without loss: it checks, scores and hashes as the original does, and shares no list with it."""
    own = [name for name in content if name not in _FIRST + _LAST]
    return {name: plain(content[name]) for name in (*_FIRST, *own, *_LAST) if name in content}
