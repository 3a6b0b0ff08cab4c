"""Hotspot: lettered places of a picture, and the regions that only the server knows."""

import json
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grading.kinds.base import ResponseInvalid
from assessments.grading.kinds.regions import contains
from assessments.grading.kinds.registry import kind
from tests.assessments.grading.item_contents import hotspot_items, item_content, properties
from tests.assessments.grading.kinds.test_checks import faults_of
from tests.assessments.grading.kinds.test_credit_rules import tally

ONE_RIGHT = [{"shape": "circle", "x": 100, "y": 45, "radius": 20}]


def test_letters_follow_the_picture_and_never_the_file() -> None:
    content = item_content("hotspot")
    turned = content | {"places": content["places"][::-1]}

    face = kind("hotspot").public(content)

    assert [(place["code"], place["text"]) for place in face["places"]] == [
        ("A", "upper drawer, left"),
        ("B", "upper drawer, right"),
        ("C", "lower drawer, left"),
        ("D", "lower drawer, right"),
    ]
    assert face["places"][0] == {"code": "A", "text": "upper drawer, left", "x": 125, "y": 56}
    assert face["picture"] == {"alt": "A desk with four drawers.", "height": 500}
    assert kind("hotspot").public(turned) == face


def test_the_places_in_a_region_are_the_right_ones() -> None:
    asked, content = kind("hotspot"), item_content("hotspot")

    assert asked.right_response(content) == ["C", "D"]
    assert [asked.score(content, chosen).exact for chosen in (["C", "D"], ["C"], ["A", "C"], ["A", "B"])] == [
        1,
        Fraction(1, 2),
        0,
        0,
    ]


def test_one_right_place_earns_the_whole_point_and_takes_one_choice() -> None:
    asked, content = kind("hotspot"), item_content("hotspot", regions=ONE_RIGHT)

    assert asked.check(content) == []
    assert asked.public(content)["choose"] == 1
    assert [asked.score(content, asked.normalise(content, raw)).exact for raw in ("A", ["A"], ["B"])] == [1, 1, 0]
    assert asked.blind_guess(content) == {1: Fraction(1, 4), 0: Fraction(3, 4)}
    with pytest.raises(ResponseInvalid, match="one place only"):
        asked.normalise(content, ["A", "B"])


@pytest.mark.parametrize("raw", [["Z"], ["A", 1], {"A": "on"}, "AB", [["A"]], 7, [None]])
def test_what_is_no_place_is_refused(raw: Any) -> None:
    with pytest.raises(ResponseInvalid, match="lettered places"):
        kind("hotspot").normalise(item_content("hotspot"), raw)


@properties
@given(hotspot_items())
def test_a_blind_guess_is_what_trying_every_choice_gives(content: dict[str, Any]) -> None:
    asked = kind("hotspot")
    letters = [place["code"] for place in asked.public(content)["places"]]
    tries = combinations(letters, len(asked.right_response(content)))

    guess = {points: chance for points, chance in asked.blind_guess(content).items() if chance}

    assert guess == tally(asked.score(content, list(chosen)).exact for chosen in tries)


@properties
@given(hotspot_items())
def test_no_region_and_no_name_of_the_file_is_in_the_public_face(content: dict[str, Any]) -> None:
    face = json.dumps(kind("hotspot").public(content))

    for secret in ("region", "radius", "points", "shape", "desk-plan", "file", "sha256"):
        assert secret not in face


SQUARE = {"shape": "polygon", "points": [[10, 10], [30, 10], [30, 30], [10, 30]]}
NOTCHED = {"shape": "polygon", "points": [[0, 0], [40, 0], [40, 40], [20, 10], [0, 40]]}


@pytest.mark.parametrize(
    ("region", "inside", "outside"),
    [
        ({"shape": "circle", "x": 20, "y": 20, "radius": 5}, [(20, 20), (25, 20), (23, 24)], [(26, 20), (24, 24)]),
        (
            {"shape": "rectangle", "x": 5, "y": 6, "width": 10, "height": 2},
            [(5, 6), (15, 8)],
            [(4, 7), (10, 9), (16, 7)],
        ),
        (SQUARE, [(10, 10), (20, 30), (20, 20), (30, 15)], [(9, 20), (31, 20), (20, 31), (20, 9), (5, 10), (40, 30)]),
        (NOTCHED, [(20, 9), (5, 30), (35, 30), (20, 10)], [(20, 11), (20, 39), (41, 5)]),
    ],
)
def test_a_point_on_the_edge_lies_inside(region: Any, inside: list[Any], outside: list[Any]) -> None:
    assert all(contains(region, x, y) for x, y in inside)
    assert not any(contains(region, x, y) for x, y in outside)


@properties
@given(st.integers(0, 40), st.integers(0, 40), st.booleans())
def test_a_rectangle_is_the_polygon_of_its_corners_in_either_direction(x: int, y: int, turned: bool) -> None:
    corners = SQUARE["points"][::-1] if turned else SQUARE["points"]
    rectangle = {"shape": "rectangle", "x": 10, "y": 10, "width": 20, "height": 20}

    assert contains({"shape": "polygon", "points": corners}, x, y) == contains(rectangle, x, y)


CLOSE = "places: two places lie closer than a twentieth of the width: p1, q"
CORNERS = "regions[0].points: must be a list of 3 to 40 corners [x, y] within the picture"
WHOLE = {"shape": "rectangle", "x": 0, "y": 0, "width": 800, "height": 400}
PLACES = item_content("hotspot")["places"]
PICTURE = item_content("hotspot")["picture"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"picture": "desk.png"}, "picture: must be a table { file = ..., alt = ..., width = ..., height = ... }"),
        ({"picture": PICTURE | {"alt": " "}}, "picture.alt: must not be empty"),
        ({"picture": PICTURE | {"file": "../desk.png"}}, "picture.file: must be the plain name of a .png or .jpg file"),
        ({"picture": PICTURE | {"file": "desk.svg"}}, "picture.file: must be the plain name of a .png or .jpg file"),
        ({"picture": PICTURE | {"width": 0}}, "picture.width: must be a number of pixels from 1 to 10000"),
        ({"picture": PICTURE | {"width": True}}, "picture.width: must be a number of pixels from 1 to 10000"),
        ({"picture": PICTURE | {"sha256": "x"}}, "picture.sha256: must be 64 hexadecimal digits, or left away"),
        ({"places": PLACES[:2]}, "places: needs 3 to 12 entries, has 2"),
        ({"places": [*PLACES, PLACES[0] | {"code": "q", "text": "q"}]}, CLOSE),
        ({"places": [*PLACES, {"code": "q", "text": "q", "x": 801, "y": 1}]}, "places[4].x: must be a number of pixels from 0 to 800"),
        ({"places": [*PLACES, {"code": "q", "text": "q", "x": 1, "y": 1, "right": True}]}, "places[4].right: a place has no such field"),
        ({"regions": []}, "regions: needs 1 to 12 entries, has 0"),
        ({"regions": [{"shape": "star"}]}, "regions[0]: must be a table with shape circle, rectangle or polygon"),
        ({"regions": [ONE_RIGHT[0] | {"radius": 0}]}, "regions[0].radius: must be a number of pixels up to 800"),
        ({"regions": [ONE_RIGHT[0] | {"width": 3}]}, "regions[0].width: a circle has no such field"),
        ({"regions": [{"shape": "polygon", "points": [[1, 1], [2, 2]]}]}, CORNERS),
        ({"regions": [{"shape": "circle", "x": 400, "y": 200, "radius": 3}]}, "regions[0]: holds none of the places"),
        ({"regions": [WHOLE]}, "regions: must leave out at least one of the places"),
        ({"regions": ONE_RIGHT, "credit": "halves"}, "credit: has no meaning with a single right place; leave it away"),
        ({"credit": "most"}, "credit: must be one of: per-option, all-or-nothing, per-part, plus-minus, halves"),
    ],
)  # fmt: skip
def test_a_fault_names_the_field_and_what_is_wrong(changes: dict[str, Any], expected: str) -> None:
    assert expected in faults_of("hotspot", **changes)
