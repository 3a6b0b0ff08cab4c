"""What the pages of the item bank call things: kinds, states, flags, orders. Figures as readers see them."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from assessments.analysis.flags import FLAG_WORDS
from assessments.authoring.listing import Row
from assessments.items.models import StimulusVersion

KINDS: dict[str, Any] = {
    "single": _l("One answer"),
    "multiple": _l("Several answers"),
    "true_false": _l("True or false"),
    "inline_choice": _l("Lists in a text"),
    "matching": _l("Match"),
    "ordering": _l("Put in order"),
    "placing": _l("Place labels"),
    "hotspot": _l("Point at a picture"),
    "cloze": _l("Gaps in a text"),
    "short_text": _l("Short text"),
    "numeric": _l("Number"),
    "parametrised": _l("Numbers that vary"),
    "essay": _l("Essay"),
    "file_answer": _l("File"),
}
STATES: dict[str, Any] = {
    "ready": _l("Ready"),
    "draft": _l("Draft"),
    "in_review": _l("In review"),
    "retired": _l("Retired"),
}
STATE_TONES = {"ready": "success", "draft": "neutral", "in_review": "info", "retired": "neutral"}
FLAGS: dict[str, Any] = {
    "check_key": _l("Check key"),
    "wrong_option": _l("Wrong option chosen by the able"),
    "weak": _l("Weak discrimination"),
    "too_hard": _l("Too hard"),
    "too_easy": _l("Too easy"),
    "dead_option": _l("Dead option"),
    "asked_often": _l("Asked often"),
    "resting": _l("Resting"),
    "pilot": _l("Pilot"),
    "provisional": _l("Provisional"),
    "few_answers": _l("Few answers"),
    "healthy": _l("Healthy"),
}
FLAG_TONES = {
    "check_key": "danger", "wrong_option": "danger", "weak": "warning", "too_hard": "warning", "too_easy": "warning",
    "dead_option": "warning", "asked_often": "warning", "resting": "warning", "pilot": "info", "provisional": "info",
    "few_answers": "neutral", "healthy": "success",
}  # fmt: skip
THINKING: dict[str, Any] = {"understand": _l("Understand"), "apply": _l("Apply")}
SORTS: dict[str, Any] = {
    "need": _l("what needs you first"),
    "code": _l("number"),
    "answers": _l("most answers"),
    "facility": _l("hardest first"),
    "discrimination": _l("weakest first"),
    "newest": _l("most versions"),
}
DECISIONS: dict[str, Any] = {"approved": _l("Approved"), "returned": _l("Returned")}


def flag_tags(row: Row) -> list[tuple[str, str]]:
    """The flags of an item as words with their tones, the most pressing first."""
    return [(_flag_words(name, row), FLAG_TONES[name]) for name in row.flags]


def _flag_words(name: str, row: Row) -> str:
    if name == "dead_option":
        return _("Dead option %(codes)s", codes=row.dead_options)
    if name == "wrong_option":
        codes = ", ".join(flag["option"] for flag in row.found if flag["name"] == name)
        return _("Look at option %(codes)s", codes=codes)
    return str(FLAGS[name])


def version_tags(row: Row) -> list[tuple[str, str]]:
    """What is being worked on beside the version in use, or instead of one."""
    shown = [state for state in ("in_review", "draft", "retired") if state in row.states]
    return [(str(STATES[state]), STATE_TONES[state]) for state in shown]


CHOICES: dict[str, Any] = {
    "per-option": _l("each option judged right earns, each misjudged takes away"),
    "per-pair": _l("each right pair earns its share"),
    "per-part": _l("each right part earns its share"),
    "all-or-nothing": _l("the whole point or nothing"),
    "plus-minus": _l("right ones earn, wrong ones take away"),
    "halves": _l("half the point with one slip"),
    "adjacent-pairs": _l("each right neighbour earns its share"),
    "longest-run": _l("the longest right stretch counts"),
    "exact-positions": _l("each step in its very place earns its share"),
    "absolute": _l("in the unit of the answer"),
    "percent": _l("per cent of the answer"),
    "significant": _l("significant figures"),
}


def choice_words(names: Iterable[str]) -> list[tuple[str, str]]:
    """The choices of a field with their words."""
    return [(name, str(CHOICES.get(name, name))) for name in names]


def pairs(names: Iterable[str]) -> list[tuple[str, str]]:
    """Choices that are called what they are."""
    return [(name, name) for name in names]


def case_choices(cases: Iterable[StimulusVersion]) -> list[tuple[str, str]]:
    """The cases of a bank to choose from."""
    return [(version.stimulus.code, f"{version.stimulus.code}: {version.title}") for version in cases]


def people(public_ids: Iterable[str], names: Mapping[str, str]) -> str:
    """Who wrote a version, by name; what a folder brought in has no writer."""
    found = [names.get(one, _("somebody who left")) for one in public_ids if one]
    return ", ".join(found) or _("brought in from the course folder")


def flag_sentence(flag: Mapping[str, Any]) -> str:
    """A flag as the sentence the analysis says, with its figures."""
    figures = {"value": figure(flag["value"]), "threshold": figure(flag["threshold"]), "option": flag["option"]}
    return _(FLAG_WORDS[flag["name"]]) % figures


def kind_words(name: str) -> str:
    """What authors call a kind of item."""
    return str(KINDS.get(name, name))


def tone_of(row: Row) -> str:
    """The tone of an item's figures: that of its most pressing flag, where the flag speaks of them."""
    tones = {FLAG_TONES[flag["name"]] for flag in row.found}
    return "danger" if "danger" in tones else ("warning" if tones else "success")


def figure(value: Decimal | float | None) -> str:
    """A share or a correlation to two places in the reader's language, with a true minus sign; a dash for none."""
    if value is None:
        return "–"
    rounded = Decimal(str(value)).quantize(Decimal("0.01"))
    return format_decimal(rounded or abs(rounded), format="0.00").replace("-", "−")


def share(value: float | None) -> str:
    """A share as whole per cent; a dash for none."""
    return "–" if value is None else f"{round(value * 100)} %"


def interval(ends: Any) -> str:
    """The two ends of an interval in words; empty for none."""
    return "" if not ends else _("%(low)s to %(high)s", low=figure(ends[0]), high=figure(ends[1]))
