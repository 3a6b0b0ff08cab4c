"""Showing an item and reading what a plain form answers, alike for every kind.

A kind is one pure file of `grading/kinds` and one template here, `items/<kind>.html`, with the macro `question`.
The template chooses the shape of its answer by the names of its fields: `answer` is one text, `answer.list` gathers
texts, `answer.map.<key>` gathers an object. The ES module reads forms by the same rule.
"""

from collections.abc import Mapping
from random import Random
from typing import Any

from flask import Blueprint
from werkzeug.datastructures import MultiDict

from assessments.grading.kinds.base import Order
from assessments.grading.kinds.registry import kind

blueprint = Blueprint("items", __name__, template_folder="templates")
LIST, MAP = "answer.list", "answer.map."


def read_answer(form: "MultiDict[str, str]") -> Any:
    """What a form answers, as Kind.normalise takes it; None when it holds no field of an answer."""
    mapped = {name.removeprefix(MAP): value for name, value in form.items() if name.startswith(MAP)}
    if mapped:
        return mapped
    return form.getlist(LIST) if LIST in form else form.get("answer")


def shuffled_order(content: Mapping[str, Any], rng: Random) -> dict[str, list[str]]:
    """The lists of an item in an order drawn by `rng`, to be stored with the question."""
    order = kind(content["kind"]).orders(content)
    for codes in order.values():
        rng.shuffle(codes)
    return order


def public_view(content: Mapping[str, Any], order: Order | None) -> dict[str, Any]:
    """What a candidate may see of an item, and the key of the rule by which it earns its point."""
    shown = kind(content["kind"])
    return shown.public(content, order) | {"rule": shown.credit_rule(content)}
