"""Questions of the kinds that take more than a list of options, as the style guide shows them."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.home.style_guide_marked import samples
from assessments.items.rendering import public_view


def questions() -> list[tuple[str, str, dict[str, Any], Any]]:
    """Name of the kind, id on the page, what a candidate sees, and the answer it is shown with."""
    return [
        (_("Gaps in a text"), "style-cloze", _shown(_cloze()), {"1": _("the team that sold it")}),
        (_("Choices in a sentence"), "style-inline", _shown(_inline_choice()), None),
        (_("Places of a picture"), "style-hotspot", _shown(_hotspot()), ["B"]),
        (_("Labels on places"), "style-placing", _shown(_placing()), None),
        (_("Labels on a picture"), "style-placing-picture", _shown(_placing_on_picture()), None),
        *((name, uid, _shown(content) | added, answer) for name, uid, content, answer, added in samples()),
    ]


def _shown(content: dict[str, Any]) -> dict[str, Any]:
    face = public_view({"feedback": "-", **content}, None)
    if "picture" in face:
        face["picture"]["address"] = url_for("static", filename="img/sample-plan.svg")
    return face


def _choice(code: str, *texts: str) -> dict[str, Any]:
    return {"code": code, "options": [{"code": text, "text": text, "right": not n} for n, text in enumerate(texts)]}


def _cloze() -> dict[str, Any]:
    gaps: list[dict[str, Any]] = [
        {"code": "who", "kind": "short_text", "accepted": ["-"]},
        {"code": "months", "kind": "numeric", "answer": "12", "tolerance": "0", "unit": _("months")},
        {"kind": "single", **_choice("act", _("renewed"), _("closed"))},
    ]
    text = _("An account belongs to {{who}} and is read after {{months}}.\n\nThen it is {{act}}.")
    return {"kind": "cloze", "stem": _("Complete the rule."), "text": text, "gaps": gaps}


def _inline_choice() -> dict[str, Any]:
    gaps = [_choice("how", _("freely"), _("for a discount")), _choice("often", _("once"), _("every time it is told"))]
    text = _("A reference is given {{how}} and counts {{often}}.")
    return {"kind": "inline_choice", "stem": _("Make the sentence right."), "text": text, "gaps": gaps}


def _picture() -> dict[str, Any]:
    words = _("Four boxes. Above: customer (A) and account team (B). Below: office (C) and archive (D).")
    return {"file": "plan.png", "alt": words, "width": 1000, "height": 560}


def _places() -> list[dict[str, Any]]:
    at = {_("Customer"): (200, 190), _("Account team"): (800, 190), _("Office"): (200, 450), _("Archive"): (800, 450)}
    return [{"code": text, "text": text, "x": x, "y": y} for text, (x, y) in at.items()]


def _hotspot() -> dict[str, Any]:
    region = {"shape": "rectangle", "x": 0, "y": 400, "width": 1000, "height": 100}
    return {
        "kind": "hotspot",
        "stem": _("Which two keep a copy?"),
        "picture": _picture(),
        "places": _places(),
        "regions": [region],
    }


def _labels(*texts: str) -> list[dict[str, Any]]:
    return [{"code": str(n), "text": text, "slot": f"s{n}"} for n, text in enumerate(texts)]


def _placing() -> dict[str, Any]:
    slots = [{"code": f"s{n}", "text": text} for n, text in enumerate((_("Before"), _("During"), _("After")))]
    labels = _labels(_("Ask for consent"), _("Keep to what was agreed"), _("Thank the customer in writing"))
    spare = {"code": "spare", "text": _("Promise a discount")}
    stem = _("When does each of these happen?")
    return {"kind": "placing", "stem": stem, "slots": slots, "labels": [*labels, spare]}


def _placing_on_picture() -> dict[str, Any]:
    slots = [place | {"code": f"s{n}"} for n, place in enumerate(_places())]
    labels = _labels(_("speaks"), _("asks"), _("decides"), _("keeps"))
    stem = _("Who does what?")
    return {
        "kind": "placing",
        "stem": stem,
        "picture": _picture(),
        "slots": slots,
        "labels": labels,
        "one_each": True,
    }
