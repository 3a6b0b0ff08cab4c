"""Inline choice: sentences with lists to choose from. A cloze whose gaps are all chosen, and therefore name no kind."""

from typing import Any

from assessments.grading.kinds.base import Content
from assessments.grading.kinds.cloze import Cloze
from assessments.grading.kinds.gaps import SINGLE
from assessments.grading.messages import N_, Fault, fault


class InlineChoice(Cloze):
    """Credit by gap, as in a cloze; what differs is the form of the author."""

    name = "inline_choice"

    def check(self, content: Content) -> list[Fault]:
        """As in Cloze; a gap names no kind."""
        found = content.get("gaps")
        tables = enumerate(found) if isinstance(found, list) else ()
        named = [place for place, gap in tables if isinstance(gap, dict) and "kind" in gap]
        return super().check(content) + [fault(f"gaps[{n}].kind", N_("a gap has no such field")) for n in named]

    def listed(self, content: Content) -> Any:
        """The gaps as authored, each of them a choice."""
        found = content.get("gaps")
        if not isinstance(found, list):
            return found
        return [{**gap, "kind": SINGLE} if isinstance(gap, dict) else gap for gap in found]
