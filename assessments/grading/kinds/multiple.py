"""Multiple response: several of four to six options are right. Response: the chosen codes, in the authored order.

The parts of credit_rules.py are here the options as they were judged: chosen or left, rightly or not.
To leave the item empty is to judge nothing and earns nothing.
"""

from fractions import Fraction
from math import comb
from typing import Any

from assessments.grading.kinds import options
from assessments.grading.kinds.base import Content, Explanation, Guess, Order, ResponseInvalid, Score, is_blank
from assessments.grading.kinds.credit import spread
from assessments.grading.kinds.credit_rules import (
    ALL_OR_NOTHING,
    HALVES,
    PER_OPTION,
    PER_PART,
    PLUS_MINUS,
    Counts,
    check_credit,
    points,
    rule_of,
)
from assessments.grading.kinds.exporting import plain_definition
from assessments.grading.messages import N_, Fault, fault

# The printed rule of each name; the first is the rule of an item that names none.
CREDIT = {
    PER_OPTION: "per_option",
    ALL_OR_NOTHING: "all_or_nothing_options",
    PER_PART: "per_part_options",
    PLUS_MINUS: "per_option",
    HALVES: "halves_options",
}


class MultipleResponse:
    """Credit by the options judged; the candidate is told how many to choose."""

    name = "multiple"
    fields = frozenset({"options", "credit"})

    def check(self, content: Content) -> list[Fault]:
        """As in Kind: four to six options, at least two right and at least one not."""
        faults = options.check_options(content, self.fields, least=4, most=6)
        faults += check_credit(content, tuple(CREDIT), options.count(content))
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
        """Credit by the rule over the options judged."""
        right, codes = options.right_codes(content), options.option_codes(content)
        judged = 0 if response is None else sum((code in response) == (code in right) for code in codes)
        return Score(judged_points(content, judged, len(codes)), {"right": judged, "of": len(codes)})

    def right_response(self, content: Content) -> list[str]:
        """The codes of the right options."""
        return options.right_codes(content)

    def explain(self, content: Content, response: list[str] | None) -> Explanation:
        """One part for each option."""
        return options.explain_options(content, response or [], self.score(content, response), response is not None)

    def credit_rule(self, content: Content) -> str:
        """By the options judged."""
        return CREDIT[rule_of(content, PER_OPTION)]

    def blind_guess(self, content: Content) -> Guess:
        """As in Kind, for somebody who marks the told number of options at random."""
        return guess_of_marks(content, len(content["options"]), options.count_right(content))

    def export(self, content: Content) -> dict[str, Any]:
        """As in Kind."""
        return plain_definition(content)


def judged_points(content: Content, judged: int, total: int) -> Fraction:
    """Points for `judged` of `total` options judged rightly. An empty answer judges none: give 0."""
    return points(rule_of(content, PER_OPTION), Counts(judged, total - judged, total))


def guess_of_marks(content: Content, total: int, right: int) -> Guess:
    """How points fall to somebody who marks `right` of `total` options at random."""
    return spread(
        (
            judged_points(content, total - 2 * (right - hits), total),
            Fraction(comb(right, hits) * comb(total - right, right - hits), comb(total, right)),
        )
        for hits in range(max(0, 2 * right - total), right + 1)
    )
