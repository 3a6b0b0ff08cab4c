"""Multiple response: several of four to six options are right. Response: the chosen codes, in the authored order.

"per-option": each option judged right earns 1/n, each misjudged one takes 1/n, never below 0. To leave the item
empty is to judge nothing and earns nothing. "all-or-nothing": the point for exactly the right options.
"""

from fractions import Fraction
from math import comb
from typing import Any

from assessments.grading.kinds import options
from assessments.grading.kinds.base import Content, Explanation, Guess, Order, ResponseInvalid, Score, is_blank
from assessments.grading.kinds.checks import check_choice
from assessments.grading.kinds.credit import share, spread
from assessments.grading.messages import N_, Fault, fault


class MultipleResponse:
    """Credit by option or for the exact set; the candidate is told how many to choose."""

    name = "multiple"
    fields = frozenset({"options", "credit"})

    def check(self, content: Content) -> list[Fault]:
        """As in Kind: four to six options, at least two right and at least one not."""
        faults = options.check_options(content, self.fields, least=4, most=6)
        faults += check_choice(content, "credit", ("per-option", "all-or-nothing"))
        if not 2 <= options.count_right(content) < options.count(content):
            faults.append(fault("options", N_("needs at least two right options and at least one that is not")))
        return faults

    def orders(self, content: Content) -> dict[str, list[str]]:
        """The options."""
        return {"options": options.option_codes(content)}

    def public(self, content: Content, order: Order | None = None) -> dict[str, Any]:
        """As in Kind; `choose` is the number of right options, which the page tells."""
        return {
            "kind": self.name,
            "stem": content["stem"],
            "choose": options.count_right(content),
            "options": options.public_options(content, order),
        }

    def normalise(self, content: Content, raw: Any) -> list[str] | None:
        """As in Kind; `raw` is a list of option codes in any order."""
        if is_blank(raw):
            return None
        codes = options.option_codes(content)
        if not isinstance(raw, list) or not all(isinstance(code, str) and code in codes for code in raw):
            raise ResponseInvalid(N_("Choose from the options."))
        return [code for code in codes if code in raw]

    def score(self, content: Content, response: list[str] | None) -> Score:
        """Credit by option or for the exact set; see above."""
        right, codes = options.right_codes(content), options.option_codes(content)
        judged = 0 if response is None else sum((code in response) == (code in right) for code in codes)
        return Score(_points(content, judged), {"right": judged, "of": len(codes)})

    def right_response(self, content: Content) -> list[str]:
        """The codes of the right options."""
        return options.right_codes(content)

    def explain(self, content: Content, response: list[str] | None) -> Explanation:
        """One part for each option."""
        return options.explain_options(content, response or [], self.score(content, response), response is not None)

    def credit_rule(self, content: Content) -> str:
        """By option or all or nothing."""
        return "per_option" if content["credit"] == "per-option" else "all_or_nothing_options"

    def blind_guess(self, content: Content) -> Guess:
        """As in Kind, for somebody who marks the told number of options at random."""
        total, right = len(content["options"]), options.count_right(content)
        return spread(
            (
                _points(content, judged=total - 2 * (right - hits)),
                Fraction(comb(right, hits) * comb(total - right, right - hits), comb(total, right)),
            )
            for hits in range(max(0, 2 * right - total), right + 1)
        )


def _points(content: Content, judged: int) -> Fraction:
    """Points for `judged` options judged right; by option, each misjudged one takes away what a right one gives."""
    total = len(content["options"])
    if content["credit"] == "all-or-nothing":
        return share(judged, total, whole=True)
    return max(share(2 * judged - total, total, whole=False), Fraction(0))
