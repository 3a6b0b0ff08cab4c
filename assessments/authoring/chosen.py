"""What was chosen in an answer, for the kinds that offer options. Pure."""

from collections.abc import Mapping
from typing import Any

from assessments.analysis.sheets import ItemKey

_TRUTH = {True: "true", False: "false"}


def find_key(content: Mapping[str, Any]) -> ItemKey | None:
    """The options of an item in their authored order and which are right; None for kinds that offer none."""
    kind = content["kind"]
    if kind in ("single", "multiple"):
        right = frozenset(option["code"] for option in content["options"] if option.get("right") is True)
        return ItemKey(tuple(option["code"] for option in content["options"]), right)
    if kind == "true_false":
        return ItemKey(tuple(_TRUTH.values()), frozenset({_TRUTH[content["answer"]]}))
    return None


def chosen_codes(content: Mapping[str, Any], response: Any) -> tuple[str, ...]:
    """The codes that a canonical response chose; empty for an unanswered item and for kinds without options."""
    if response is None or find_key(content) is None:
        return ()
    if isinstance(response, bool):
        return (_TRUTH[response],)
    return tuple(response) if isinstance(response, list) else (str(response),)


def option_texts(content: Mapping[str, Any]) -> dict[str, str]:
    """The text of each option by its code; empty for kinds without options, and for true and false."""
    return {option["code"]: option["text"] for option in content.get("options", []) if "text" in option}
