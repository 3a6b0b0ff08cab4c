"""Cloze: a text with gaps to type in or to choose for, each judged apart (gaps.py).

Response: number of the gap in the text -> what fills it; gaps left open are left out.
"""

from typing import Any

from assessments.grading.kinds import gaps
from assessments.grading.kinds.base import Content, Explanation, Guess, Order, Score
from assessments.grading.kinds.checks import check_shared
from assessments.grading.kinds.credit_rules import (
    ALL_OR_NOTHING,
    HALVES,
    PER_PART,
    PLUS_MINUS,
    blind,
    check_credit,
    points,
    rule_of,
)
from assessments.grading.kinds.exporting import plain_definition
from assessments.grading.messages import Fault

# The printed rule of each name; the first is the rule of an item that names none.
CREDIT = {PER_PART: "per_part", ALL_OR_NOTHING: "all_or_nothing", PLUS_MINUS: "plus_minus", HALVES: "halves"}


class Cloze:
    """Credit by gap."""

    name = "cloze"
    fields = frozenset({"text", "gaps", "credit"})

    def check(self, content: Content) -> list[Fault]:
        """As in Kind: one to twenty gaps, each marked once in the text."""
        listed = self.listed(content)
        faults = check_shared(content, self.fields) + gaps.check_gaps(content, listed)
        return faults + check_credit(content, tuple(CREDIT), len(listed) if isinstance(listed, list) else 0)

    def listed(self, content: Content) -> Any:
        """The gaps as authored, each with its kind; whatever stands there in a definition not checked yet."""
        return content.get("gaps")

    def orders(self, content: Content) -> dict[str, list[str]]:
        """The options of each gap that is chosen; sorted by public code, so that even an unshuffled list tells nothing."""
        return gaps.orders_of(self._gaps(content))

    def public(self, content: Content, order: Order | None = None) -> dict[str, Any]:
        """Stem, the text in pieces, and what may be seen of each gap."""
        return {
            "kind": self.name,
            "stem": content["stem"],
            "lines": gaps.pieces(content["text"]),
            "gaps": gaps.public_gaps(self._gaps(content), order),
        }

    def normalise(self, content: Content, raw: Any) -> dict[str, Any] | None:
        """As in Kind; `raw` is an object of gap number -> text or code, where blanks count as not given."""
        return gaps.read_gaps(self._gaps(content), raw)

    def score(self, content: Content, response: dict[str, Any] | None) -> Score:
        """Credit by the rule over the gaps."""
        counts = gaps.counts_of(self._gaps(content), response)
        detail = {"right": counts.right, "wrong": counts.wrong, "of": counts.of}
        return Score(points(rule_of(content, PER_PART), counts), detail)

    def right_response(self, content: Content) -> dict[str, Any]:
        """Each gap with what fills it."""
        return {code: gaps.filling(gap).right_response(gaps.as_item(gap)) for code, gap in self._gaps(content).items()}

    def explain(self, content: Content, response: dict[str, Any] | None) -> Explanation:
        """One part for each gap, with the gap's own explanation."""
        parts = tuple(gaps.parts_of(content["text"], self._gaps(content), response))
        return Explanation(response is not None, self.score(content, response), parts, content["feedback"])

    def credit_rule(self, content: Content) -> str:
        """By the gaps."""
        return CREDIT[rule_of(content, PER_PART)]

    def blind_guess(self, content: Content) -> Guess:
        """As in Kind, for somebody who chooses at random and leaves open what has to be typed."""
        found = self._gaps(content)
        return blind(rule_of(content, PER_PART), len(found), gaps.guesses_of(found))

    def export(self, content: Content) -> dict[str, Any]:
        """As in Kind."""
        return plain_definition(content)

    def _gaps(self, content: Content) -> dict[str, gaps.Gap]:
        return gaps.numbered(content["text"], self.listed(content))
