"""From the stored inputs of attempts to sheets: what was chosen, what it earned, and the keys of the options.

An answer that is no choice of options (a number, an order, a text) stands as one code, its canonical JSON, so that equal
answers are equal; gaps of a cloze likewise. Answers that wait for a marker are left out, since unmarked is never zero.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from assessments.analysis.sheets import Answer, ItemKey, Sheet
from assessments.grading.canonical import canonical_json
from assessments.grading.kinds.base import Content
from assessments.grading.scoring import ItemInput, item_points

_WORDS = {True: "true", False: "false"}


def sheet_of(
    person: str, items: Iterable[ItemInput], versions: Mapping[str, str], pilots: Iterable[ItemInput] = ()
) -> Sheet:
    """The sheet of one attempt. `versions` names the version of each item code, "F1-001@3" say; pilots score nothing.

    Raises KeyError for a code without a version.
    """
    answers = [(item, True) for item in items] + [(item, False) for item in pilots]
    made = [find_answer(item, versions[item.code], scored) for item, scored in answers]
    return Sheet(person, tuple(answer for answer in made if answer is not None))


def find_answer(item: ItemInput, version: str, scored: bool = True) -> Answer | None:
    """One answer of a sheet; None while a person has still to mark it."""
    points = item_points(item)
    if points is None:
        return None
    return Answer(version, float(points), item.response is not None, chosen(item.response), scored=scored)


def chosen(response: Any) -> tuple[str, ...]:
    """The codes of a canonical response: options where it holds options, else one code for the whole of it."""
    if response is None:
        return ()
    if isinstance(response, bool):
        return (_WORDS[response],)
    if isinstance(response, str):
        return (response,)
    if isinstance(response, list) and all(isinstance(code, str) for code in response):
        return tuple(response)
    return (canonical_json(response),)


def find_key(content: Content) -> ItemKey | None:
    """The options of an item and which are right, for kinds that choose among options; None for all others."""
    if content["kind"] == "true_false":
        return ItemKey(("true", "false"), frozenset({_WORDS[content["answer"]]}))
    options = content.get("options")
    if content["kind"] not in ("single", "multiple") or not isinstance(options, list):
        return None
    return ItemKey(
        tuple(option["code"] for option in options),
        frozenset(option["code"] for option in options if option.get("right") is True),
    )
