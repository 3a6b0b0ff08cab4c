"""Parametrised: a question with numbers that differ from candidate to candidate.

The definition wraps a template of another kind (numeric, single or short_text). `variant` makes the question of that kind
for one number; from there on nothing knows that it was drawn. An attempt keeps the number (`order["variant"]`) and
realising.realise makes the same question again whenever it is shown, answered or scored.
"""

import re
from collections.abc import Mapping
from typing import Any

from assessments.grading.kinds.base import Content, Explanation, Guess, Order, Score
from assessments.grading.kinds.checks import SHARED_FIELDS
from assessments.grading.kinds.exporting import plain_definition
from assessments.grading.kinds.numeric import Numeric
from assessments.grading.kinds.parametrised_checks import check_definition
from assessments.grading.kinds.short_text import ShortText
from assessments.grading.kinds.single import SingleChoice
from assessments.grading.kinds.variants import (
    MOST_NUMBER,
    Drawn,
    VariantInvalid,
    compute,
    draw_values,
    judge,
    number_text,
)
from assessments.grading.messages import N_, Fault, Message, fault

INNER = {kind.name: kind for kind in (Numeric(), ShortText(), SingleChoice())}
SAMPLE = 100
MOST_REPORTED = 5
PREVIEWED = 20
# Fields of a numeric template that hold formulas, not text.
_FORMULAS = ("answer", "tolerance")
_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class Unrealised(TypeError):
    """A parametrised item was asked what only one of its variants can answer; realising.realise comes first."""


class Parametrised:
    """A template, its parameters, and the variants they make."""

    name = "parametrised"
    fields = frozenset({"parameters", "conditions", "variants", "template"})

    def check(self, content: Content) -> list[Fault]:
        """As in Kind: the definition, then each variant of the pool, or the first hundred where there is none."""
        faults = check_definition(content, self.fields, {name: kind.fields for name, kind in INNER.items()})
        return faults or _check_variants(content)

    def orders(self, content: Content) -> dict[str, list[str]]:
        """What a variant lets shuffle; the same for all of them."""
        made = variant(content, 1)
        return INNER[made["kind"]].orders(made)

    def public(self, content: Content, order: Order | None = None) -> dict[str, Any]:
        """The variant named by the order. Raises Unrealised without one."""
        number = (order or {}).get("variant")
        if not isinstance(number, int):
            raise Unrealised("which variant is shown?")
        made = variant(content, number)
        return INNER[made["kind"]].public(made, order)

    def normalise(self, content: Content, raw: Any) -> Any:
        """Raises Unrealised: a variant reads responses."""
        raise Unrealised("which variant is answered?")

    def score(self, content: Content, response: Any) -> Score:
        """Raises Unrealised: a variant scores."""
        raise Unrealised("which variant is scored?")

    def right_response(self, content: Content) -> Any:
        """Raises Unrealised: each variant has an answer of its own."""
        raise Unrealised("which variant is answered?")

    def explain(self, content: Content, response: Any) -> Explanation:
        """Raises Unrealised: a variant explains."""
        raise Unrealised("which variant is explained?")

    def credit_rule(self, content: Content) -> str:
        """That of the template."""
        made = variant(content, 1)
        return INNER[made["kind"]].credit_rule(made)

    def blind_guess(self, content: Content) -> Guess:
        """That of the template, which is the same for all variants."""
        made = variant(content, 1)
        return INNER[made["kind"]].blind_guess(made)

    def export(self, content: Content) -> dict[str, Any]:
        """As in Kind."""
        return plain_definition(content)


def variant(content: Content, number: int) -> dict[str, Any]:
    """The question of the template's kind that variant `number` (from 1) is. Raises VariantInvalid."""
    if isinstance(number, bool) or not 1 <= number <= MOST_NUMBER:
        raise VariantInvalid("variants", Message(N_("there is no such variant")))
    drawn = draw_values(content, number)
    made = {name: value for name, value in content.items() if name in SHARED_FIELDS}
    for name in ("stem", "feedback"):
        made[name] = _filled(content[name], drawn)
    return made | _template(content["template"], drawn)


def pool(content: Content) -> int:
    """How many variants may be drawn: the listed pool, or as many as there are numbers."""
    return int(content.get("variants") or MOST_NUMBER)


def preview(content: Content, count: int = PREVIEWED) -> list[dict[str, Any]]:
    """The first `count` variants for an author to read. Raises VariantInvalid."""
    return [variant(content, number) for number in range(1, min(count, pool(content)) + 1)]


def _template(template: Mapping[str, Any], drawn: Drawn) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, value in template.items():
        if template["kind"] == Numeric.name and name in _FORMULAS:
            path = f"template.{name}"
            made[name] = number_text(compute(value, drawn, path), template.get("places"), path)
        elif name == "options":
            made[name] = [_option(option, drawn, f"template.options[{n}]") for n, option in enumerate(value)]
        elif name != "places":
            made[name] = _deeply_filled(value, drawn)
    return made


def _option(option: Mapping[str, Any], drawn: Drawn, path: str) -> dict[str, Any]:
    made = {name: _deeply_filled(value, drawn) for name, value in option.items()}
    if isinstance(option.get("right"), str):
        made["right"] = judge(option["right"], drawn, f"{path}.right")
    return made


def _deeply_filled(value: Any, drawn: Drawn) -> Any:
    if isinstance(value, str):
        return _filled(value, drawn)
    if isinstance(value, list):
        return [_deeply_filled(part, drawn) for part in value]
    if isinstance(value, dict):
        return {name: _deeply_filled(part, drawn) for name, part in value.items()}
    return value


def _filled(text: str, drawn: Drawn) -> str:
    """`text` with each {name} replaced; braces around anything else stay."""
    return _PLACE.sub(lambda found: drawn.texts.get(found[1], found[0]), text)


def _check_variants(content: Content) -> list[Fault]:
    """Faults of the variants, a few of them with their number: there may be as many as variants."""
    faults: list[Fault] = []
    for number in range(1, min(pool(content), content.get("variants") or SAMPLE) + 1):
        for found in _check_variant(content, number):
            message = Message(N_("variant %(number)s: %(what)s"), {"number": number, "what": found.message})
            faults.append(Fault(found.path, message))
        if len(faults) >= MOST_REPORTED:
            break
    return faults


def _check_variant(content: Content, number: int) -> list[Fault]:
    try:
        made = variant(content, number)
    except VariantInvalid as error:
        return [Fault(error.path, error.message)]
    faults = INNER[made["kind"]].check(made)
    left = _PLACE.search(" ".join((made["stem"], made["feedback"])))
    if left:
        faults.append(fault("stem", N_("there is no number or text called %(name)s"), name=left[1]))
    return faults
