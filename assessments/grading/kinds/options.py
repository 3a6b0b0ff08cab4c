"""What single choice and multiple response share: a list of options, some of them right."""

from typing import Any

from assessments.grading.kinds.base import Content, Explanation, Order, Part, Score, ordered
from assessments.grading.kinds.checks import TEXT_LIMIT, check_rows, check_shared, check_text
from assessments.grading.messages import N_, Fault, fault

OPTION_FIELDS = frozenset({"code", "text", "right", "feedback"})

# What stands in Part.given and Part.expected of an option.
CHOSEN = "chosen"
NOT_CHOSEN = "not_chosen"


def check_options(content: Content, own: frozenset[str], least: int, most: int) -> list[Fault]:
    """Faults of the shared fields and of the options, their flags and their feedback included."""
    faults = check_shared(content, own) + check_rows(content, "options", least, most, ("text",))
    for place, option in enumerate(_tables(content)):
        faults += _check_option(option, f"options[{place}].")
    return faults


def count(content: Content) -> int:
    """How many options there are; 0 where there are no proper options."""
    return len(_tables(content))


def count_right(content: Content) -> int:
    """How many options are marked right; 0 where there are no proper options."""
    return sum(option.get("right") is True for option in _tables(content))


def option_codes(content: Content) -> list[str]:
    """The codes of the options as authored."""
    return [option["code"] for option in content["options"]]


def right_codes(content: Content) -> list[str]:
    """The codes of the right options as authored."""
    return [option["code"] for option in content["options"] if option.get("right") is True]


def public_options(content: Content, order: Order | None) -> list[dict[str, Any]]:
    """Code and text of each option in the shown order, nothing else. Raises OrderInvalid."""
    texts = {option["code"]: option["text"] for option in content["options"]}
    shown = ordered(option_codes(content), (order or {}).get("options"))
    return [{"code": code, "text": texts[code]} for code in shown]


def explain_options(content: Content, chosen: list[str], score: Score, answered: bool) -> Explanation:
    """One part for each option: whether it was chosen and whether it should have been."""
    parts = tuple(_part(option, option["code"] in chosen) for option in content["options"])
    return Explanation(answered, score, parts, content["feedback"])


def _tables(content: Content) -> list[dict[str, Any]]:
    options = content.get("options")
    return [option for option in options if isinstance(option, dict)] if isinstance(options, list) else []


def _check_option(option: dict[str, Any], path: str) -> list[Fault]:
    faults = [
        fault(path + str(name), N_("an option has no such field")) for name in option if name not in OPTION_FIELDS
    ]
    if not isinstance(option.get("right", False), bool):
        faults.append(fault(path + "right", N_("must be true or false")))
    if "feedback" in option and option["feedback"] != "":
        faults += check_text(option, "feedback", TEXT_LIMIT, path)
    return faults


def _part(option: dict[str, Any], chosen: bool) -> Part:
    right = option.get("right") is True
    return Part(
        code=option["code"],
        text=option["text"],
        given=CHOSEN if chosen else NOT_CHOSEN,
        expected=CHOSEN if right else NOT_CHOSEN,
        right=chosen == right,
        feedback=option.get("feedback", ""),
    )
