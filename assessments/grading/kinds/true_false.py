"""True or false. Response: a boolean; the texts "true" and "false" of a plain form are read too."""

from fractions import Fraction
from typing import Any

from assessments.grading.kinds.base import (
    Content,
    Explanation,
    Guess,
    Order,
    ResponseInvalid,
    Score,
    explain_answer,
    is_blank,
)
from assessments.grading.kinds.checks import check_shared
from assessments.grading.kinds.credit import one_chance, one_point
from assessments.grading.kinds.exporting import plain_definition
from assessments.grading.messages import N_, Fault, fault

_FORM_VALUES = {"true": True, "false": False}


class TrueFalse:
    """One point for the right word."""

    name = "true_false"
    fields = frozenset({"answer"})

    def check(self, content: Content) -> list[Fault]:
        """As in Kind: the answer is a boolean."""
        faults = check_shared(content, self.fields)
        if not isinstance(content.get("answer"), bool):
            faults.append(fault("answer", N_("must be true or false")))
        return faults

    def orders(self, content: Content) -> dict[str, list[str]]:
        """Nothing to shuffle."""
        return {}

    def public(self, content: Content, order: Order | None = None) -> dict[str, Any]:
        """The stem; the page offers true and false."""
        return {"kind": self.name, "stem": content["stem"]}

    def normalise(self, content: Content, raw: Any) -> bool | None:
        """As in Kind; `raw` is a boolean or the text "true" or "false"."""
        if is_blank(raw):
            return None
        if isinstance(raw, bool):
            return raw
        if not isinstance(raw, str) or raw not in _FORM_VALUES:
            raise ResponseInvalid(N_("Choose true or false."))
        return _FORM_VALUES[raw]

    def score(self, content: Content, response: bool | None) -> Score:
        """One point for the right word."""
        return one_point(response is content["answer"])

    def right_response(self, content: Content) -> bool:
        """The answer."""
        return bool(content["answer"])

    def explain(self, content: Content, response: bool | None) -> Explanation:
        """One part: the word given and the word expected."""
        return explain_answer(content, _word(response), _word(content["answer"]), self.score(content, response))

    def credit_rule(self, content: Content) -> str:
        """One answer is right."""
        return "one_right"

    def blind_guess(self, content: Content) -> Guess:
        """Even chances."""
        return one_chance(Fraction(1, 2))

    def export(self, content: Content) -> dict[str, Any]:
        """As in Kind."""
        return plain_definition(content)


def _word(value: bool | None) -> str:
    return "" if value is None else str(value).lower()
