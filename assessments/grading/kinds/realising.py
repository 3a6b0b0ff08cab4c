"""From a stored definition to what one candidate is asked: the one step between an item bank and an attempt.

Only parametrised items change by it. `order` is what an attempt keeps with a question: its shuffles, and for a
parametrised item the number of the variant. What is shown, answered, scored and stored with the outcome is the realised
definition, so that a record replays without any formula.
"""

from collections.abc import Mapping
from random import Random
from typing import Any

from assessments.grading.kinds.base import Content
from assessments.grading.kinds.parametrised import Parametrised, Unrealised, pool, variant

VARIANT = "variant"
Uses = Mapping[int, int]


def has_variants(content: Content) -> bool:
    """Whether candidates get different questions from this definition."""
    return bool(content["kind"] == Parametrised.name)


def realise(content: Content, order: Mapping[str, Any] | None) -> Content:
    """The definition of what was asked: the variant that the order names, or the definition itself.

    Raises Unrealised when the order of a parametrised item names no variant, VariantInvalid when it cannot be made.
    """
    if not has_variants(content):
        return content
    number = (order or {}).get(VARIANT)
    if not isinstance(number, int):
        raise Unrealised("the order of a parametrised item names its variant")
    return variant(content, number)


def pick_variant(content: Content, rng: Random, used: Uses | None = None) -> dict[str, Any]:
    """Which variant a new attempt gets, as the first entry of its order; empty for items without variants.

    In a pool the variants used least come first; `used` tells how often each was given. `rng` decides among those.
    """
    if not has_variants(content):
        return {}
    if "variants" not in content:
        return {VARIANT: rng.randint(1, pool(content))}
    counts = {number: (used or {}).get(number, 0) for number in range(1, pool(content) + 1)}
    least = min(counts.values())
    return {VARIANT: rng.choice([number for number, count in counts.items() if count == least])}
