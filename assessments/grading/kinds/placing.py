"""Placing: each label is put on the place where it belongs, on a picture or in one of several named places.

A label may belong nowhere; candidates are told whether some do. With `one_each` every place takes exactly one label,
else a place takes as many as one likes. Response: public code of a label -> code of a place (A, B ...); labels that
were put nowhere are left out. A part is a label that belongs somewhere; a label put wrongly counts as wrong.
"""

from fractions import Fraction
from typing import Any

from assessments.grading.kinds.arrangements import chance_of_hits
from assessments.grading.kinds.base import (
    Content,
    Explanation,
    Guess,
    Order,
    Part,
    ResponseInvalid,
    Score,
    is_blank,
    ordered,
)
from assessments.grading.kinds.checks import TEXT_LIMIT, check_rows, check_shared, check_text
from assessments.grading.kinds.cloze import CREDIT
from assessments.grading.kinds.credit import spread
from assessments.grading.kinds.credit_rules import PER_PART, Counts, PartGuess, blind, check_credit, points, rule_of
from assessments.grading.kinds.exporting import plain_definition
from assessments.grading.kinds.hotspot import check_places
from assessments.grading.kinds.pictures import Place, check_picture, lettered, public_picture, public_position, size_of
from assessments.grading.kinds.public_codes import public_code
from assessments.grading.messages import N_, Fault, fault

LEAST_SLOTS, MOST_SLOTS = 2, 8
LEAST_LABELS, MOST_LABELS = 2, 12
# What stands in Part.given and Part.expected of a label that lies or belongs nowhere.
NOWHERE = "nowhere"
_LABEL_FIELDS = frozenset({"code", "text", "slot", "feedback"})
_SLOT_FIELDS = frozenset({"code", "text"})

Slots = dict[str, Place]


class Placing:
    """Credit by label."""

    name = "placing"
    fields = frozenset({"picture", "slots", "labels", "one_each", "credit"})

    def check(self, content: Content) -> list[Fault]:
        """As in Kind: two to eight places, two to twelve labels, of which at least two belong to a place."""
        faults = check_shared(content, self.fields) + _check_slots(content) + _check_labels(content)
        if not isinstance(content.get("one_each", False), bool):
            faults.append(fault("one_each", N_("must be true or false")))
        return faults or _check_key(content)

    def orders(self, content: Content) -> dict[str, list[str]]:
        """The labels; sorted by public code, so that even an unshuffled list tells nothing."""
        return {"labels": sorted(_labels(content))}

    def public(self, content: Content, order: Order | None = None) -> dict[str, Any]:
        """Stem, places with their codes, labels in the given order, and whether some labels belong nowhere."""
        labels = _labels(content)
        shown = ordered(sorted(labels), (order or {}).get("labels"))
        face = {
            "kind": self.name,
            "stem": content["stem"],
            "one_each": _one_each(content),
            "spare": len(_key(content)) < len(labels),
            "slots": [_public_slot(content, code, slot) for code, slot in _slots(content).items()],
            "labels": [{"code": code, "text": labels[code]["text"]} for code in shown],
        }
        return face | ({"picture": public_picture(content)} if "picture" in content else {})

    def normalise(self, content: Content, raw: Any) -> dict[str, str] | None:
        """As in Kind; `raw` is an object of label -> place, where blanks count as not placed."""
        if is_blank(raw):
            return None
        labels, slots = _labels(content), _slots(content)
        if not isinstance(raw, dict) or not all(isinstance(code, str) and code in labels for code in raw):
            raise ResponseInvalid(N_("Put the labels on the places."))
        given = {code: raw[code] for code in sorted(raw) if not is_blank(raw[code])}
        for code, slot in given.items():
            if not isinstance(slot, str) or slot not in slots:
                raise ResponseInvalid(N_("Choose one of the places."), part=code)
        if _one_each(content):
            _refuse_two_in_one(given, labels, slots)
        return given or None

    def score(self, content: Content, response: dict[str, str] | None) -> Score:
        """Credit by the rule over the labels."""
        key, given = _key(content), response or {}
        right = sum(given.get(code) == slot for code, slot in key.items())
        counts = Counts(right, len(given) - right, len(key))
        detail = {"right": counts.right, "wrong": counts.wrong, "of": counts.of}
        return Score(points(rule_of(content, PER_PART), counts), detail)

    def right_response(self, content: Content) -> dict[str, str]:
        """Each label that belongs somewhere with its place."""
        return dict(sorted(_key(content).items()))

    def explain(self, content: Content, response: dict[str, str] | None) -> Explanation:
        """One part for each label."""
        key, names, given = _key(content), _names(content), response or {}
        parts = []
        for code, label in _labels(content).items():
            expected = names[key[code]] if code in key else NOWHERE
            found = names[given[code]] if code in given else (NOWHERE if expected == NOWHERE else "")
            parts.append(Part(code, label["text"], found, expected, found == expected, label.get("feedback", "")))
        return Explanation(response is not None, self.score(content, response), tuple(parts), content["feedback"])

    def credit_rule(self, content: Content) -> str:
        """By the labels."""
        return CREDIT[rule_of(content, PER_PART)]

    def blind_guess(self, content: Content) -> Guess:
        """As in Kind, for somebody who fills each place with another label (`one_each`), or puts every label anywhere.

        Nowhere is one of the choices where labels may belong nowhere.
        """
        rule, of, slots = rule_of(content, PER_PART), len(_key(content)), len(content["slots"])
        if _one_each(content):
            labels = len(content["labels"])
            return spread(
                (points(rule, Counts(hits, slots - hits, of)), chance_of_hits(hits, slots, labels))
                for hits in range(slots + 1)
            )
        return blind(rule, of, _guesses(of, len(content["labels"]) - of, slots))

    def export(self, content: Content) -> dict[str, Any]:
        """As in Kind."""
        return plain_definition(content)


def _guesses(belonging: int, spare: int, slots: int) -> list[PartGuess]:
    choices = slots + (spare > 0)
    nowhere = {(0, 0): Fraction(1, choices)} if spare else {}
    label: PartGuess = {(1, 0): Fraction(1, choices), (0, 1): Fraction(slots - 1, choices), **nowhere}
    other: PartGuess = {(0, 1): Fraction(slots, choices), **nowhere}
    return [label] * belonging + [other] * spare


def _check_slots(content: Content) -> list[Fault]:
    """On a picture the places have positions, in a list they have none."""
    if "picture" not in content:
        faults = check_rows(content, "slots", LEAST_SLOTS, MOST_SLOTS, ("text",))
        return faults + _check_fields(content, "slots", _SLOT_FIELDS, N_("a place of a list has no such field"))
    size, known = size_of(content), _SLOT_FIELDS | {"x", "y"}
    return check_picture(content) + check_places(content, "slots", LEAST_SLOTS, MOST_SLOTS, known, size)


def _check_labels(content: Content) -> list[Fault]:
    faults = check_rows(content, "labels", LEAST_LABELS, MOST_LABELS, ("text",))
    faults += _check_fields(content, "labels", _LABEL_FIELDS, N_("a label has no such field"))
    for number, label in enumerate(_tables(content, "labels")):
        if label.get("feedback", "") != "":
            faults += check_text(label, "feedback", TEXT_LIMIT, f"labels[{number}].")
    return faults


def _check_fields(content: Content, field: str, known: frozenset[str], words: str) -> list[Fault]:
    rows = enumerate(_tables(content, field))
    return [fault(f"{field}[{n}].{name}", words) for n, row in rows for name in row if name not in known]


def _check_key(content: Content) -> list[Fault]:
    """Labels of places that do not exist, and keys that leave nothing to place."""
    slots = [slot["code"] for slot in content["slots"]]
    wanted = [label.get("slot", "") for label in content["labels"]]
    faults = [
        fault(f"labels[{number}].slot", N_("is none of the places"))
        for number, slot in enumerate(wanted)
        if slot != "" and slot not in slots
    ]
    placed = [slot for slot in wanted if slot != ""]
    if len(placed) < LEAST_LABELS:
        faults.append(fault("labels", N_("at least two labels must belong to a place")))
    if _one_each(content) and not faults and sorted(placed) != sorted(slots):
        faults.append(fault("labels", N_("with one_each exactly one label belongs to each place")))
    return faults + check_credit(content, tuple(CREDIT), len(placed))


def _refuse_two_in_one(given: dict[str, str], labels: dict[str, Place], slots: Slots) -> None:
    """Raises ResponseInvalid when two labels lie on the same place."""
    taken: dict[str, str] = {}
    for code, slot in given.items():
        if slot in taken:
            names = {"place": slots[slot]["text"], "one": labels[taken[slot]]["text"], "other": labels[code]["text"]}
            raise ResponseInvalid(
                N_("Only one label can be put on “%(place)s”: “%(one)s” or “%(other)s”."), part=code, **names
            )
        taken[slot] = code


def _tables(content: Content, field: str) -> list[dict[str, Any]]:
    rows = content.get(field)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _one_each(content: Content) -> bool:
    return bool(content.get("one_each", False))


def _labels(content: Content) -> dict[str, Place]:
    """Public code -> label."""
    return {public_code(label["text"]): label for label in content["labels"]}


def _slots(content: Content) -> Slots:
    """A, B, C ... for the places: in reading order on a picture, as authored in a list."""
    if "picture" in content:
        return lettered(content, content["slots"])
    return {chr(ord("A") + number): slot for number, slot in enumerate(content["slots"])}


def _key(content: Content) -> dict[str, str]:
    """Public code of each label that belongs somewhere -> code of its place."""
    by_code = {slot["code"]: code for code, slot in _slots(content).items()}
    return {code: by_code[label["slot"]] for code, label in _labels(content).items() if label.get("slot", "") != ""}


def _names(content: Content) -> dict[str, str]:
    """Code of each place -> what it is called, with its letter where the picture shows it."""
    on_picture = "picture" in content
    return {code: f"{code}: {slot['text']}" if on_picture else slot["text"] for code, slot in _slots(content).items()}


def _public_slot(content: Content, code: str, slot: Place) -> dict[str, Any]:
    position = public_position(content, slot) if "picture" in content else {}
    return {"code": code, "text": slot["text"], **position}
