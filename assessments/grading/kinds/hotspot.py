"""Hotspot: which of the lettered places of a picture are meant.

The regions are the key and never leave the server: a place is right when it lies in one. Candidates choose among the
places, by their letters or on the picture, so that a sure hand earns nothing that a keyboard or a screen reader cannot.
Response: the letters of the chosen places, sorted. Credit as in multiple response; with one right place it is whole.
"""

from fractions import Fraction
from typing import Any

from assessments.grading.kinds.base import Content, Explanation, Guess, Order, Part, ResponseInvalid, Score, is_blank
from assessments.grading.kinds.checks import TEXT_LIMIT, check_count, check_rows, check_shared, check_text
from assessments.grading.kinds.credit import one_chance, one_point
from assessments.grading.kinds.credit_rules import PER_OPTION, check_credit, rule_of
from assessments.grading.kinds.exporting import plain_definition
from assessments.grading.kinds.multiple import CREDIT, guess_of_marks, judged_points
from assessments.grading.kinds.options import CHOSEN, NOT_CHOSEN
from assessments.grading.kinds.pictures import (
    Place,
    check_apart,
    check_picture,
    check_position,
    lettered,
    public_picture,
    public_position,
    size_of,
)
from assessments.grading.kinds.regions import check_region, contains
from assessments.grading.messages import N_, Fault, fault

LEAST_PLACES, MOST_PLACES = 3, 12
MOST_REGIONS = 12
_PLACE_FIELDS = frozenset({"code", "text", "x", "y", "feedback"})


class Hotspot:
    """Credit by the places judged; the candidate is told how many to choose."""

    name = "hotspot"
    fields = frozenset({"picture", "places", "regions", "credit"})

    def check(self, content: Content) -> list[Fault]:
        """As in Kind: a picture, three to twelve places on it, and regions of which each holds a place."""
        size = size_of(content)
        faults = check_shared(content, self.fields) + check_picture(content)
        faults += check_places(content, "places", LEAST_PLACES, MOST_PLACES, _PLACE_FIELDS, size)
        faults += _check_regions(content, size)
        return faults or _check_key(content)

    def orders(self, content: Content) -> dict[str, list[str]]:
        """Nothing to shuffle: the letters follow the picture."""
        return {}

    def public(self, content: Content, order: Order | None = None) -> dict[str, Any]:
        """Stem, picture, places with their letters, and how many to choose."""
        return {
            "kind": self.name,
            "stem": content["stem"],
            "picture": public_picture(content),
            "choose": len(self.right_response(content)),
            "places": [
                {"code": letter, "text": place["text"], **public_position(content, place)}
                for letter, place in _places(content).items()
            ],
        }

    def normalise(self, content: Content, raw: Any) -> list[str] | None:
        """As in Kind; `raw` is a list of letters, or the one letter of a place."""
        if is_blank(raw):
            return None
        letters, chosen = _places(content), [raw] if isinstance(raw, str) else raw
        if not isinstance(chosen, list) or not all(isinstance(code, str) and code in letters for code in chosen):
            raise ResponseInvalid(N_("Choose from the lettered places."))
        if len(self.right_response(content)) == 1 and len(set(chosen)) > 1:
            raise ResponseInvalid(N_("Choose one place only."))
        return [letter for letter in letters if letter in chosen]

    def score(self, content: Content, response: list[str] | None) -> Score:
        """Credit by the rule over the places judged, or the point for the one right place."""
        right, letters = self.right_response(content), _places(content)
        if len(right) == 1:
            return one_point(response == right)
        judged = 0 if response is None else sum((code in response) == (code in right) for code in letters)
        return Score(judged_points(content, judged, len(letters)), {"right": judged, "of": len(letters)})

    def right_response(self, content: Content) -> list[str]:
        """The letters of the places that lie in a region."""
        return [letter for letter, place in _places(content).items() if _is_right(content, place)]

    def explain(self, content: Content, response: list[str] | None) -> Explanation:
        """One part for each place."""
        parts = tuple(
            _part(letter, place, letter in (response or []), _is_right(content, place))
            for letter, place in _places(content).items()
        )
        return Explanation(response is not None, self.score(content, response), parts, content["feedback"])

    def credit_rule(self, content: Content) -> str:
        """One right place, or by the places judged."""
        return "one_right" if len(self.right_response(content)) == 1 else CREDIT[rule_of(content, PER_OPTION)]

    def blind_guess(self, content: Content) -> Guess:
        """As in Kind, for somebody who chooses the told number of places at random."""
        total, right = len(content["places"]), len(self.right_response(content))
        return one_chance(Fraction(1, total)) if right == 1 else guess_of_marks(content, total, right)

    def export(self, content: Content) -> dict[str, Any]:
        """As in Kind."""
        return plain_definition(content)


def check_places(
    content: Content, field: str, least: int, most: int, known: frozenset[str], size: tuple[int, int]
) -> list[Fault]:
    """Faults of a list of places on a picture; `known` are the fields that a place may have."""
    faults = check_rows(content, field, least, most, ("text",))
    rows = content.get(field)
    tables = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    for number, place in enumerate(tables):
        path = f"{field}[{number}]."
        faults += [fault(path + str(name), N_("a place has no such field")) for name in place if name not in known]
        faults += check_position(place, path, size)
        if place.get("feedback", "") != "":
            faults += check_text(place, "feedback", TEXT_LIMIT, path)
    return faults + check_apart(field, tables, size[0])


def _check_regions(content: Content, size: tuple[int, int]) -> list[Fault]:
    regions = content.get("regions")
    if not isinstance(regions, list):
        return [fault("regions", N_('must be a list of tables { shape = "circle", ... }'))]
    faults = check_count("regions", len(regions), 1, MOST_REGIONS)
    return faults + [
        found for number, region in enumerate(regions) for found in check_region(region, f"regions[{number}]", size)
    ]


def _check_key(content: Content) -> list[Fault]:
    """Regions without a place, too many right places, and a credit rule where there is nothing to share."""
    places = content["places"]
    faults = [
        fault(f"regions[{number}]", N_("holds none of the places"))
        for number, region in enumerate(content["regions"])
        if not any(contains(region, place["x"], place["y"]) for place in places)
    ]
    right = sum(_is_right(content, place) for place in places)
    if right == len(places):
        faults.append(fault("regions", N_("must leave out at least one of the places")))
    if right == 1 and "credit" in content:
        faults.append(fault("credit", N_("has no meaning with a single right place; leave it away")))
    return faults + (check_credit(content, tuple(CREDIT), len(places)) if right > 1 else [])


def _places(content: Content) -> dict[str, Place]:
    return lettered(content, content["places"])


def _is_right(content: Content, place: Place) -> bool:
    return any(contains(region, place["x"], place["y"]) for region in content["regions"])


def _part(letter: str, place: Place, chosen: bool, right: bool) -> Part:
    return Part(
        code=letter,
        text=f"{letter}: {place['text']}",
        given=CHOSEN if chosen else NOT_CHOSEN,
        expected=CHOSEN if right else NOT_CHOSEN,
        right=chosen == right,
        feedback=place.get("feedback", ""),
    )
