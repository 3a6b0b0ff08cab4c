"""Short text: compared with a list of accepted texts, both folded (folding.py), never by similarity.

Response: the typed text, tidied for display.
"""

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
from assessments.grading.kinds.checks import check_count, check_shared, check_text
from assessments.grading.kinds.credit import one_chance, one_point
from assessments.grading.kinds.exporting import plain_definition
from assessments.grading.kinds.folding import fold, is_storable, tidy
from assessments.grading.messages import N_, Fault, fault

LONGEST = 200
MOST_ACCEPTED = 60


class ShortText:
    """One point for an accepted text."""

    name = "short_text"
    fields = frozenset({"accepted"})

    def check(self, content: Content) -> list[Fault]:
        """As in Kind: one to sixty accepted texts of up to 200 characters."""
        accepted = content.get("accepted")
        faults = check_shared(content, self.fields)
        if not isinstance(accepted, list):
            return [*faults, fault("accepted", N_("must be a list of texts"))]
        faults += check_count("accepted", len(accepted), 1, MOST_ACCEPTED)
        for place, text in enumerate(accepted):
            faults += _check_accepted(text, f"[{place}]")
        return faults

    def orders(self, content: Content) -> dict[str, list[str]]:
        """Nothing to shuffle."""
        return {}

    def public(self, content: Content, order: Order | None = None) -> dict[str, Any]:
        """The stem."""
        return {"kind": self.name, "stem": content["stem"]}

    def normalise(self, content: Content, raw: Any) -> str | None:
        """As in Kind; `raw` is text of up to 200 characters."""
        if is_blank(raw):
            return None
        if not isinstance(raw, str):
            raise ResponseInvalid(N_("Write your answer as text."))
        if len(raw) > LONGEST:
            raise ResponseInvalid(N_("Write at most %(limit)s characters."), limit=LONGEST)
        if not is_storable(raw):
            raise ResponseInvalid(N_("The answer holds a character that cannot be shown. Type it again."))
        return tidy(raw) if fold(raw) else None

    def score(self, content: Content, response: str | None) -> Score:
        """One point when the folded text is on the folded list."""
        accepted = {fold(text) for text in content["accepted"]}
        return one_point(response is not None and fold(response) in accepted)

    def right_response(self, content: Content) -> str:
        """The first accepted text."""
        return tidy(content["accepted"][0])

    def explain(self, content: Content, response: str | None) -> Explanation:
        """One part: the text given and the first accepted one."""
        return explain_answer(content, response or "", self.right_response(content), self.score(content, response))

    def credit_rule(self, content: Content) -> str:
        """A text of the accepted list."""
        return "accepted_list"

    def blind_guess(self, content: Content) -> Guess:
        """As in Kind; a text out of the blue is taken as never right."""
        return one_chance(Fraction(0))

    def export(self, content: Content) -> dict[str, Any]:
        """As in Kind."""
        return plain_definition(content)


def _check_accepted(text: Any, place: str) -> list[Fault]:
    faults = check_text({place: text}, place, LONGEST, "accepted")
    if not faults and not fold(text):
        faults.append(fault(f"accepted{place}", N_("must not be empty")))
    return faults
