"""What was chosen in an answer, for the kinds that offer options. Pure."""

from collections.abc import Mapping
from typing import Any

from assessments.analysis.answering import chosen, find_key


def chosen_codes(content: Mapping[str, Any], response: Any) -> tuple[str, ...]:
    """The codes that a canonical response chose; empty for an unanswered item and for kinds without options."""
    return () if find_key(content) is None else chosen(response)


def option_texts(content: Mapping[str, Any]) -> dict[str, str]:
    """The text of each option by its code; empty for kinds without options, and for true and false."""
    return {option["code"]: option["text"] for option in content.get("options", []) if "text" in option}
