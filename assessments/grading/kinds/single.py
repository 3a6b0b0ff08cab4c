"""Single choice: exactly one of three to five options is right. Response: the code of the chosen option."""

from fractions import Fraction
from typing import Any

from assessments.grading.kinds import options
from assessments.grading.kinds.base import Content, Explanation, Guess, Order, ResponseInvalid, Score, is_blank
from assessments.grading.kinds.credit import one_chance, one_point
from assessments.grading.kinds.exporting import plain_definition
from assessments.grading.messages import N_, Fault, fault


class SingleChoice:
    """One point for the right option."""

    name = "single"
    fields = frozenset({"options"})

    def check(self, content: Content) -> list[Fault]:
        """As in Kind: three to five options, exactly one of them right."""
        faults = options.check_options(content, self.fields, least=3, most=5)
        if options.count_right(content) != 1:
            faults.append(fault("options", N_("needs exactly one right option")))
        return faults

    def orders(self, content: Content) -> dict[str, list[str]]:
        """The options."""
        return {"options": options.option_codes(content)}

    def public(self, content: Content, order: Order | None = None) -> dict[str, Any]:
        """Stem and options."""
        return {"kind": self.name, "stem": content["stem"], "options": options.public_options(content, order)}

    def normalise(self, content: Content, raw: Any) -> str | None:
        """As in Kind; `raw` is the code of an option."""
        if is_blank(raw):
            return None
        if not isinstance(raw, str) or raw not in options.option_codes(content):
            raise ResponseInvalid(N_("Choose one of the options."))
        return raw

    def score(self, content: Content, response: str | None) -> Score:
        """One point for the right option."""
        return one_point(response in options.right_codes(content))

    def right_response(self, content: Content) -> str:
        """The code of the right option."""
        return options.right_codes(content)[0]

    def explain(self, content: Content, response: str | None) -> Explanation:
        """One part for each option."""
        chosen = [] if response is None else [response]
        return options.explain_options(content, chosen, self.score(content, response), response is not None)

    def credit_rule(self, content: Content) -> str:
        """One answer is right."""
        return "one_right"

    def blind_guess(self, content: Content) -> Guess:
        """Each option is as likely as the others."""
        return one_chance(Fraction(1, len(content["options"])))

    def export(self, content: Content) -> dict[str, Any]:
        """As in Kind."""
        return plain_definition(content)
