"""Practice with items: shown shuffled, answered as often as wanted, with feedback at once. Nothing is kept."""

import re
from dataclasses import dataclass
from random import Random
from typing import Any

from assessments.grading.kinds.base import ResponseInvalid
from assessments.grading.kinds.realising import realise
from assessments.grading.kinds.registry import kind
from assessments.grading.messages import Message
from assessments.items.models import ItemVersion
from assessments.items.rendering import Told, public_view, shuffled_order, told

SEED = re.compile(r"[0-9a-f]{8}")


@dataclass(frozen=True)
class Practised:
    """A practice item as its page shows it: before an answer, with one that cannot be read, or with feedback."""

    code: str
    item: dict[str, Any]
    seed: str
    answer: Any = None
    error: Message | None = None
    told: Told | None = None


def show(version: ItemVersion, seed: str) -> Practised:
    """The item with its parts in the order of `seed`, not answered yet."""
    return Practised(version.content["code"], public_view(version.content, _order(version, seed)), seed)


def answer(version: ItemVersion, seed: str, raw: Any) -> Practised:
    """The item with the answer `raw` and what there is to say of it."""
    shown = show(version, seed)
    content = realise(version.content, _order(version, seed))
    try:
        response = kind(content["kind"]).normalise(content, raw)
    except ResponseInvalid as error:
        return Practised(shown.code, shown.item, seed, raw, error.message)
    return Practised(shown.code, shown.item, seed, response, None, told(content, response))


def _order(version: ItemVersion, seed: str) -> dict[str, Any]:
    """The order of the parts, and the variant of an item that has variants, as `seed` says."""
    content = version.content
    return shuffled_order(content, Random(f"{seed}/{content['code']}"))  # noqa: S311  an order, not a secret
