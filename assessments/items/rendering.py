"""Showing an item and reading what a plain form answers, alike for every kind.

A kind is one pure file of `grading/kinds` and one template here, `items/<kind>.html`, with the macro `question`.
The template chooses the shape of its answer by the names of its fields: `answer` is one text, `answer.list` gathers
texts, `answer.map.<key>` gathers an object. The ES module reads forms by the same rule.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from flask import Blueprint
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from assessments.grading.kinds.base import Explanation, Order, Part
from assessments.grading.kinds.options import CHOSEN, NOT_CHOSEN
from assessments.grading.kinds.placing import NOWHERE
from assessments.grading.kinds.realising import pick_variant, realise
from assessments.grading.kinds.registry import is_marked_by_hand, kind
from assessments.grading.kinds.words import count_words
from assessments.grading.wording import CREDIT_RULES
from assessments.items import pictures

blueprint = Blueprint("items", __name__, template_folder="templates")
blueprint.add_app_template_filter(count_words, "count_words")
blueprint.add_url_rule("/items/media/<token>", "picture", pictures.show)
LIST, MAP = "answer.list", "answer.map."


def read_answer(form: "MultiDict[str, str]") -> Any:
    """What a form answers, as Kind.normalise takes it; None when it holds no field of an answer."""
    mapped = {name.removeprefix(MAP): value for name, value in form.items() if name.startswith(MAP)}
    if mapped:
        return mapped
    return form.getlist(LIST) if LIST in form else form.get("answer")


def shuffled_order(content: Mapping[str, Any], rng: Random, chosen: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The lists of an item in an order drawn by `rng`, to be stored with the question.

    The order also names the variant of an item that has variants: `chosen` (realising.pick_variant), or one by `rng`.
    """
    variant = pick_variant(content, rng) if chosen is None else chosen
    lists = kind(content["kind"]).orders(content)
    for codes in lists.values():
        rng.shuffle(codes)
    return {**variant, **lists}


def public_view(content: Mapping[str, Any], order: Order | None) -> dict[str, Any]:
    """What a candidate may see of an item, and the rule by which it earns its point, as a key and in words."""
    content = realise(content, order)
    shown = kind(content["kind"])
    rule = shown.credit_rule(content)
    face = shown.public(content, order)
    if "picture" in face:
        face["picture"]["address"] = pictures.address_of(content)
    return face | {"rule": rule, "rule_text": CREDIT_RULES[rule]}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of feedback: a part of the item, what belongs to it, and whether that is right."""

    text: str
    expected: str
    right: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """Feedback as a page shows it: a word with its tone, why, and the parts worth naming."""

    word: str
    tone: str
    feedback: str
    lines: tuple[Line, ...]


def told(content: Mapping[str, Any], response: Any) -> Told:
    """Feedback on a response, for practice and for nothing else: it names what is right.

    `content` is realised. What people mark gets no word of judgement: the reader compares it with the feedback.
    """
    if is_marked_by_hand(content) and response is not None:
        return Told(_("Compare it yourself"), "neutral", content["feedback"], ())
    explained = kind(content["kind"]).explain(content, response)
    if not explained.answered:
        word, tone = _("No answer yet"), "neutral"
    elif explained.score.exact == 1:
        word, tone = _("Right"), "success"
    else:
        word, tone = (_("Partly right"), "warning") if explained.score.exact else (_("Not right"), "danger")
    return Told(word, tone, explained.feedback, tuple(_lines(explained, content.get("unit", ""))))


def _lines(explained: Explanation, unit: str) -> Iterator[Line]:
    """The parts worth naming: whatever is not right, and what is right where there was more than one thing to get."""
    is_right = explained.score.exact == 1
    for part in explained.parts:
        if CHOSEN in (part.given, part.expected):
            if not is_right or part.feedback:
                yield Line(part.text, _choice_words(part), part.expected == CHOSEN, part.feedback)
        elif part.given != NOT_CHOSEN and not (is_right and len(explained.parts) == 1):
            yield _expected_line(part, len(explained.parts) > 1, unit)


def _choice_words(part: Part) -> str:
    if part.right:
        return ""
    return _("Right, and not chosen") if part.expected == CHOSEN else _("Chosen, and not right")


def _expected_line(part: Part, is_one_of_many: bool, unit: str) -> Line:
    words = {"true": _("True"), "false": _("False"), NOWHERE: _("belongs nowhere")}
    expected = f"{words.get(part.expected, part.expected)} {unit}".strip()
    return Line(f"{part.text} →" if is_one_of_many else _("The answer is"), expected, part.right, part.feedback)
